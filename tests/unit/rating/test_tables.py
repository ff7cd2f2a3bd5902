"""The price tables against sums taken from the carriers' published figures, and published anchors."""

import csv
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lib.rating.delivery_area import DELIVERY_AREA_TIERS, fedex_delivery_area
from lib.rating.packages import PACKAGES
from lib.rating.rules import (
    doordash_rules,
    nonstandard_fee,
    parcel_rules,
    usps_rules,
)
from lib.rating.tariffs import NO_PRICE, PriceGrid, Tariff, TariffError, load_tariffs, read_tariff, tariff
from lib.rating.transit import transit_for
from lib.rating.zones import zone_chart

DATA = Path(__file__).parents[2] / "data" / "rating"
SUMS = DATA / "table_sums.csv"
QUOTES = DATA / "quotes_by_hand.toml"
UPS_2026 = date(2026, 6, 1)


def published_sums() -> list[dict[str, str]]:
    with SUMS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def table(carrier: str, code: str, effective: str) -> Tariff:
    return next(
        each
        for each in load_tariffs()
        if (each.carrier, each.code, each.effective.isoformat()) == (carrier, code, effective)
    )


def price(grid: PriceGrid, weight: float, zone: int) -> int:
    return int(grid.cents_for(np.array([weight]), np.array([zone]))[0])


@pytest.mark.parametrize("row", published_sums(), ids=lambda row: "-".join(list(row.values())[:5]))
def test_grid_holds_the_published_cells(row: dict[str, str]) -> None:
    grid = table(row["carrier"], row["code"], row["effective"]).grids[row["service"], row["package"]]
    cents = grid.cents.astype(np.int64)
    weights = np.outer(np.arange(1, len(grid.weights) + 1), np.array(grid.zones) + 1)
    assert grid.cents.min() > 0
    assert grid.cents.size == int(row["cells"])
    assert int((cents * weights).sum()) == int(row["weighted"])
    sums = dict(zip(grid.zones, cents.sum(axis=0).tolist(), strict=True))
    assert sums == {int(z): int(s) for z, s in (pair.split(":") for pair in row["sums"].split())}


def test_tables_hold_no_grid_beyond_the_published_ones() -> None:
    ours = {(t.carrier, t.code, t.effective.isoformat(), *key) for t in load_tariffs() for key in t.grids}
    published = {tuple(list(row.values())[:5]) for row in published_sums()}
    assert ours == published
    assert sum(grid.cents.size for t in load_tariffs() for grid in t.grids.values()) == 40_167


@pytest.mark.parametrize("each", load_tariffs(), ids=lambda t: f"{t.carrier}-{t.code}-{t.effective}")
def test_price_never_falls_with_weight_or_zone(each: Tariff) -> None:
    for grid in each.grids.values():
        mainland = [i for i, zone in enumerate(grid.zones) if 1 <= zone <= 8]
        assert (np.diff(grid.cents, axis=0) >= 0).all(), grid.service
        assert (np.diff(grid.cents[:, mainland], axis=1) >= 0).all(), grid.service


def test_fedex_first_overnight_is_31_dollars_above_priority_to_100_lb() -> None:
    grids = table("fedex", "list", "2026-01-05").grids
    for package in ("envelope", "package"):
        first, priority = grids["first_overnight", package], grids["priority_overnight", package]
        assert first.zones == priority.zones
        assert set((first.cents - priority.cents)[first.weights <= 100].ravel().tolist()) == {3100}


def test_published_anchors() -> None:
    ground = table("fedex", "list", "2026-01-05").grids["ground", "package"]
    weights = np.arange(1, 6, dtype=np.float64)
    assert ground.cents_for(weights, np.array([5])).tolist() == [1400, 1566, 1681, 1773, 1853]
    advantage = table("usps", "commercial", "2025-10-05").grids["ground_advantage", "parcel"]
    assert price(advantage, 1, 1) == 710
    for effective, cents in (("2025-10-05", 1260), ("2026-01-19", 1170), ("2026-04-26", 1365)):
        box = table("usps", "retail", effective).grids["priority_mail", "small_flat_rate_box"]
        assert price(box, 12, 5) == cents


def test_retail_without_the_holiday_increase_differs_by_the_published_bands() -> None:
    with_peak = table("usps", "retail", "2025-10-05").grids["ground_advantage", "parcel"]
    without = table("usps", "retail", "2026-01-19").grids["ground_advantage", "parcel"]
    weights = np.array([1.0, 10.0, 25.0, 70.0])
    for zone, increase in ((2, [40, 60, 95, 300]), (8, [50, 100, 200, 575])):
        zones = np.array([zone])
        difference = with_peak.cents_for(weights, zones) - without.cents_for(weights, zones)
        assert difference.tolist() == increase


def test_weight_takes_the_first_row_that_reaches_it() -> None:
    grid = table("usps", "retail", "2026-04-26").grids["ground_advantage", "parcel"]
    weight = np.array([0.25, 0.2500001, 1.0 + 1e-12, 1.01, 70.0, 70.01, 0.0, -1.0, np.nan])
    got = grid.cents_for(weight, np.array([1]))
    rows = [0, 1, 4, 5, 73]
    assert got[:5].tolist() == grid.cents[rows, 0].tolist()
    assert got[5:].tolist() == [NO_PRICE] * 4
    assert grid.cents_for(np.array([1.0]), np.array([0, 10, 44, -1, 500])).tolist() == [NO_PRICE] * 5


def test_ups_letter_and_services_without_a_zone() -> None:
    grids = table("ups", "daily", "2025-12-22").grids
    assert price(grids["next_day_air_early", "letter"], 0.5, 2) == 6730
    assert price(grids["next_day_air_early", "package"], 1, 45) == NO_PRICE
    assert price(grids["three_day_select", "package"], 1, 44) == NO_PRICE
    assert ("ground", "letter") not in grids
    assert np.isinf(grids["ground", "per_lb_over_150"].weights).all()


def test_choice_of_list_by_ship_date_and_service() -> None:
    assert tariff("ups", "daily", UPS_2026).effective == date(2025, 12, 22)  # type: ignore[union-attr]
    older = tariff("ups", "daily", date(2025, 12, 21))
    assert older is not None
    assert older.covers(date(2025, 12, 21))
    before_all = tariff("ups", "daily", date(2020, 1, 1))
    assert before_all is not None
    assert (before_all.effective, before_all.covers(date(2020, 1, 1))) == (date(2024, 12, 23), False)
    assert tariff("ups", "retail", UPS_2026) is None
    assert tariff("usps", "retail", UPS_2026, service="next_day_air") is None


@pytest.mark.parametrize(
    ("day", "service", "package", "effective", "covered"),
    [
        (date(2025, 12, 1), "priority_mail", "parcel", date(2025, 10, 5), True),
        (date(2026, 1, 19), "priority_mail", "parcel", date(2026, 1, 19), True),
        (date(2026, 4, 26), "priority_mail", "parcel", date(2026, 4, 26), True),
        (date(2026, 4, 26), "priority_mail_express", "parcel", date(2026, 1, 19), True),
        (date(2027, 1, 18), "priority_mail", "parcel", date(2026, 4, 26), False),
    ],
)
def test_usps_retail_list_per_service(day: date, service: str, package: str, effective: date, covered: bool) -> None:
    chosen = tariff("usps", "retail", day, service=service, package=package)
    assert chosen is not None
    assert (chosen.effective, chosen.covers(day)) == (effective, covered)


def test_usps_commercial_falls_back_per_package_where_the_increase_is_not_published() -> None:
    day = date(2026, 6, 1)
    ground = tariff("usps", "commercial", day, service="ground_advantage", package="parcel")
    cubic = tariff("usps", "commercial", day, service="ground_advantage", package="cubic_0.10")
    zoned = tariff("usps", "commercial", day, service="priority_mail", package="parcel")
    assert [each.effective.isoformat() for each in (ground, cubic, zoned) if each] == [
        "2026-01-19",
        "2025-10-05",
        "2025-10-05",
    ]


HEAD = "# carrier: ups\n# code: daily\n# name: Own\n# effective: 2027-01-04\n# source: file\n"


def test_a_users_own_list_is_read_and_chosen() -> None:
    own = read_tariff(HEAD + "service,package,weight_max_lb,2,45\nground,package,1,1200,\nground,package,2,1300,5000\n")
    grid = own.grids["ground", "package"]
    assert [price(grid, 1, 2), price(grid, 1, 45), price(grid, 2, 45)] == [1200, NO_PRICE, 5000]
    assert own.until is None
    assert tariff("ups", "daily", date(2027, 2, 1), lists=[*load_tariffs(), own]) is own


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("service,package,weight_max_lb,2\n", "carrier, code"),
        (HEAD.replace("2027-01-04", "soon") + "service,package,weight_max_lb,2\n", "year-month-day"),
        (HEAD + "service,weight,2\n", "Line 6"),
        (HEAD + "service,package,weight_max_lb\n", "Line 6"),
        (HEAD + "service,package,weight_max_lb,2,2\n", "repeats a zone"),
        (HEAD + "service,package,weight_max_lb,two\n", "not a number"),
        (HEAD + "service,package,weight_max_lb,2\nground,package,1\n", "Line 7 has 3 cells"),
        (HEAD + "service,package,weight_max_lb,2\nground,package,1,12.50\n", "Line 7"),
        (HEAD + "service,package,weight_max_lb,2\nground,package,1,-5\n", "out of range"),
        (HEAD + "service,package,weight_max_lb,2\nground,package,nan,5\n", "out of range"),
        (HEAD + "service,package,weight_max_lb,2\ng,p,2,5\ng,p,1,5\n", "must rise"),
    ],
)
def test_a_broken_list_says_what_is_wrong(text: str, told: str) -> None:
    with pytest.raises(TariffError, match=told):
        read_tariff(text)


def test_packages_point_at_rows_that_have_prices() -> None:
    flat = {"usps": ("retail",), "ups": ("simple_rate",), "fedex": ("one_rate",)}
    rate = {"usps": ("retail",), "ups": ("daily",), "fedex": ("list",)}
    assert len({package.code for package in PACKAGES.values()}) == 54
    for package in {package.code: package for package in PACKAGES.values()}.values():
        for row, codes in ((package.flat_package, flat), (package.rate_package, rate)):
            if row is None:
                continue
            priced = {key for t in load_tariffs() if t.carrier == package.carrier for key in t.grids}
            assert row in {key[1] for key in priced}, package.code
            assert package.carrier in codes
            assert all((service, row) in priced for service in package.services)


def test_both_medium_boxes_and_their_common_name_have_one_price() -> None:
    codes = ("usps_medium_flat_rate_box", "usps_medium_flat_rate_box_top_loading", "usps_medium_flat_rate_box_2")
    assert {PACKAGES[code].flat_package for code in codes} == {"medium_flat_rate_box"}
    assert PACKAGES["fedex_extra_small_box"].length_in is None
    assert PACKAGES["fedex_tube"].min_billable_lb == 9


def test_surcharges_of_ups_and_fedex() -> None:
    ups, fedex = parcel_rules("ups"), parcel_rules("fedex")
    assert (ups.residential["ground"].cents, ups.residential["express"].cents) == (650, 700)
    assert (fedex.residential["ground"].cents, fedex.residential["express"].cents) == (645, 695)
    zones = np.array([2, 3, 4, 5, 6, 7, 8, 17, 44])
    assert fedex.additional_handling.cents["weight"].for_zone(zones).tolist() == [
        4600, 5025, 5025, 5625, 5625, 5875, 5875, 5875, 5875,
    ]  # fmt: skip
    assert ups.oversize.cents["residential"].for_zone(zones[:7]).tolist() == [
        25450, 27450, 27450, 32050, 32050, 33100, 33100,
    ]  # fmt: skip
    assert ups.oversize.triggers.weight_from == date(2026, 1, 26)
    assert fedex.oversize.triggers.cubic_from == date(2026, 1, 12)
    assert {amount.status for amount in fedex.residential.values()} == {"official"}
    assert ups.residential["express"].status == "single"


def test_fuel_is_the_newest_entry_that_began() -> None:
    ups = parcel_rules("ups")
    assert ups.fuel_on(date(2026, 3, 1)) is None
    days = (date(2026, 3, 2), date(2026, 6, 14), date(2026, 6, 15))
    entries = [ups.fuel_on(day) for day in days]
    assert [(each.ground_bps, each.express_bps) for each in entries if each] == [
        (2150, 2125),
        (2150, 2125),
        (2650, 2750),
    ]


def test_usps_sizing_rules_change_with_the_day() -> None:
    rules = usps_rules()
    rows = [rules.dim_on(day) for day in (date(2025, 1, 1), date(2026, 7, 11), date(2026, 7, 12))]
    assert [(row.divisor, row.rounding) for row in rows] == [(166, "nearest"), (166, "nearest"), (139, "up")]
    fees = [
        nonstandard_fee("length_over_30", service, day)
        for service in ("priority_mail", "priority_mail_express", "ground_advantage", "media_mail")
        for day in (date(2026, 4, 25), date(2026, 4, 26))
    ]
    assert [fee and fee.cents for fee in fees] == [1800, 2100, 1800, 1800, 840, 1000, None, None]
    assert rules.cubic_max_in3 == {"priority_mail": 864, "ground_advantage": 1728}


def test_delivery_area_and_transit() -> None:
    tiers = fedex_delivery_area()
    names = [DELIVERY_AREA_TIERS[tier] for tier in tiers[[1002, 1005, 90012]]]
    assert names == ["standard", "extended", "none"]
    assert np.bincount(tiers).tolist() == [74146, 7654, 14368, 3517, 219, 68, 28]
    days = [
        transit_for("ups", "ground", 8),
        transit_for("fedex", "home_delivery", 17),
        transit_for("ups", "ground", 44),
    ]
    assert [each and (each.min_days, each.max_days) for each in days] == [(4, 5), (3, 7), None]
    assert doordash_rules().base_cents == 975


def test_hand_quotes_stand_on_rows_of_the_tables() -> None:
    quotes = tomllib.loads(QUOTES.read_text(encoding="utf-8"))["quote"]
    assert len(quotes) == 43
    for quote in quotes:
        lines = dict(quote["expected"])
        total = lines.pop("total", None)
        assert (total is None) == bool(quote.get("open_lines")), quote["name"]
        assert total in {None, sum(lines.values())}, quote["name"]
        each = table(quote["carrier"], quote["list"], quote["list_effective"].isoformat())
        assert each.covers(quote["ship_date"]), quote["name"]
        zone = quote["zone"]
        priced = [
            price(grid, weight, zone) * quote["billable_lb"].count(weight)
            for weight in set(quote["billable_lb"])
            for key, grid in each.grids.items()
            if key == (quote["service"], row_of(quote, each))
        ]
        assert sum(priced) == lines["base"], quote["name"]


def row_of(quote: dict[str, Any], each: Tariff) -> str:
    code = quote["parcels"][0].get("package")
    if code is None:
        cubic = quote["service"] == "ground_advantage" and quote["billable_lb"] == [20]
        return "cubic_0.20" if cubic else {"usps": "parcel"}.get(each.carrier, "package")
    package = PACKAGES[code]
    flat = each.code in {"retail", "commercial", "simple_rate", "one_rate"}
    return (package.flat_package if flat else package.rate_package) or ""


def test_hand_quotes_ask_for_the_zones_of_the_charts() -> None:
    for quote in tomllib.loads(QUOTES.read_text(encoding="utf-8"))["quote"]:
        name = quote["carrier"]
        if name == "fedex":
            name = "fedex_ground" if quote["service"] in {"ground", "home_delivery"} else "fedex_express"
        ends = (np.array([int(quote[end][:3])]) for end in ("from_zip", "to_zip"))
        zones, charted = zone_chart(name).lookup(*ends)
        assert (zones[0], charted[0]) == (quote["zone"], quote.get("zone_from_chart", True)), quote["name"]
