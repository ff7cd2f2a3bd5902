"""Files of rate cards: what is read from them, and what is said about a line that is wrong."""

import io
from datetime import date

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lib.models.rate_cards import CARD_KINDS, BandRow, ChangeRow, GridRow, RateCardUpload, dollars
from lib.rating.cards.making import card_parts
from lib.rating.cards.reading import read_card
from lib.rating.cards.templates import template
from lib.rating.tariffs import TABLES, read_tariff
from tests.unit.rating.card_cases import card, problems, upload, workbook

OWN_LISTS = sorted(path.name for carrier in ("ups", "fedex", "usps") for path in TABLES.glob(f"{carrier}_*.csv"))


@pytest.mark.parametrize("kind", CARD_KINDS)
def test_a_template_is_a_card_as_it_is(kind):
    found = read_card(upload(kind, template(kind)))
    assert problems(found) == []
    assert len(found.rows) == len(template(kind).splitlines()) - 1


def test_bands_are_read_with_their_cents():
    found = read_card(upload("courier", f"{BANDS}City bikes,Same day,10,12.5,$9.05\n"))
    assert found.rows == [
        BandRow(
            line=2, provider="self", courier="City bikes", service_level="same_day", max_weight_lb=10, max_miles=12.5,
            price=905,
        )
    ]  # fmt: skip


def test_changes_name_services_in_any_spelling():
    text = "provider;service;percent\nups;UPS Ground;-12.5%\nups;ground simple rate;-1\nFedEx;;-8\n"
    assert read_card(upload("adjustment", text)).rows == [
        ChangeRow(line=2, provider="ups", service="ground", percent=-12.5),
        ChangeRow(line=3, provider="ups", service="ground_simple_rate", percent=-1),
        ChangeRow(line=4, provider="fedex", service=None, percent=-8),
    ]


def test_an_up_charge_may_be_for_everything():
    text = "provider,service,percent,amount_usd\n,,5,0.50\nself,,,1\n"
    assert read_card(upload("upcharge", text)).rows == [
        ChangeRow(line=2, provider=None, service=None, percent=5, amount=50),
        ChangeRow(line=3, provider="self", service=None, percent=0, amount=100),
    ]


def test_prices_by_zone_keep_gaps_and_rows_without_limit():
    header = "provider,service,package,max_weight_lb,2,zone 3,44\n"
    text = f"{header}ups,ground,package,1,9.10,,20\nups,ground,package,,10,11,\n"
    assert read_card(upload("negotiated", text)).rows == [
        GridRow(
            line=2, provider="ups", service="ground", package="package", max_weight_lb=1, prices={"2": 910, "44": 2000}
        ),
        GridRow(
            line=3, provider="ups", service="ground", package="package", max_weight_lb=None,
            prices={"2": 1000, "3": 1100},
        ),
    ]  # fmt: skip


UPS_GROUND_PACKAGES = (
    "package, per_lb_over_150, simple_rate_l, simple_rate_m, simple_rate_s, simple_rate_xl, simple_rate_xs"
)
BANDS = "courier,service_level,max_weight_lb,max_miles,price_usd\n"
WRONG = {
    "a price below zero": (
        "courier", "courier,service_level,max_weight_lb,max_miles,price_usd\nA,same_day,10,10,9\nA,same_day,5,10,-1\n",
        ["line 3, price_usd: “-1” is below zero; a price is 0.00 or more"],
    ),
    "everything in one line": (
        "marketplace", "courier,service_level,max_weight_lb,max_miles,price_usd\n,someday,0,ten,9.999\n",
        [
            "line 2, courier: is empty; give a value",
            "line 2, service_level: there is no service level “someday”; did you mean same_day?",
            "line 2, max_weight_lb: “0” is outside 0 to 2,000 lb",
            "line 2, max_miles: “ten” is not a number; write one such as 12.50",
            "line 2, price_usd: “9.999” has parts of a cent; write two decimals, such as 10.00",
        ],
    ),
    "another currency": (
        "courier",
        "courier,service_level,max_weight_lb,max_miles,price_usd,currency\nA,same_day,1,1,9,EUR\nA,same_day,2,1,€9,\n",
        [
            "line 2, currency: “EUR” cannot be used; prices are in usd",
            "line 3, price_usd: “€9” is not in US dollars; write a number such as 8.95",
        ],
    ),
    "a comma for the decimals": (
        "upcharge", "provider;service;percent;amount_usd\nups;;5;8,95\n",
        ["line 2, amount_usd: “8,95” has a comma for the decimals; write 8.95"],
    ),
    "a header that lacks a column": (
        "adjustment", "# ours\nprovider,percent\nups,-5\n",
        ["line 2: the header lacks service; it has to name provider, service, percent"],
    ),
    "an unknown service, a discount too large": (
        "adjustment", "provider,service,percent\nups,gruond,-5\nusps,,-100\ndhl,,-1\n",
        [
            "line 2, service: ups has no service “gruond”; did you mean ground?",
            "line 3, percent: “-100” is outside -99.99 to 500 percent",
            "line 4, provider: there is no provider “dhl”; known are ups, fedex, usps",
        ],
    ),
    "a discount among up-charges": (
        "upcharge", "provider,service,percent,amount_usd\nusps,,-5,0\n",
        ["line 2, percent: an up-charge is 0 or more; a discount goes into a card of adjustments"],
    ),
    "the same twice": (
        "adjustment", "provider,service,percent\nups,ground,-5\nups,UPS Ground,-6\n",
        ["line 3: says the same as line 2 once more; keep one of them"],
    ),
    "weights that fall": (
        "negotiated", "provider,service,package,max_weight_lb,2\nups,ground,package,2,9\nups,ground,package,1,8\n",
        [
            "line 3, max_weight_lb: 1 lb comes below 2 lb in line 2; the weights of a service and package have to rise",
        ],
    ),
    "an unknown zone and package": (
        "negotiated", "provider,service,package,max_weight_lb,2,9\nups,ground,package,1,,9\nups,ground,box,2,9,\n",
        [
            "line 2, 9: ups has no zone 9; its zones are 2, 3, 4, 5, 6, 7, 8, 44, 45, 46",
            f"line 3, package: there is no package of ups ground “box”; known are {UPS_GROUND_PACKAGES}",
        ],
    ),
    "no zone at all": (
        "negotiated", "provider,service,package,max_weight_lb\nups,ground,package,1\n",
        [
            "line 2: has no price; give one under at least one zone",
            "line 1: no column is a zone; add columns such as 2, 3, 4 or all",
        ],
    ),
    "an empty file": ("published", "", ["line 1: the file is empty; start from the template of this kind of card"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_line_and_what_would_be_right(name):
    kind, text, expected = WRONG[name]
    assert problems(read_card(upload(kind, text))) == expected


def test_own_prices_may_come_in_the_layouts_of_the_carriers():
    packed = workbook(UPS_Ground=[[None, "Zones", 2], [None, "1 Lbs.", 7.5]], Notes=[["ours"]])
    assert [(row.price_list, row.service, row.prices) for row in read_card(upload("negotiated", packed)).rows] == [
        (None, "ground", {"2": 750})
    ]
    usps = read_card(upload("negotiated", USPS_CSV.replace(" Retail", "")))
    assert {(row.price_list, row.service) for row in usps.rows} == {(None, "ground_advantage")}


def test_the_same_zone_twice_is_refused():
    text = "provider,service,package,max_weight_lb,2,Zone 2\nups,ground,package,1,9,10\n"
    assert problems(read_card(upload("negotiated", text)))[0] == (
        "line 1: the header has a name twice; it has to name provider, service, package, max_weight_lb"
    )


def test_prices_for_all_zones_and_for_single_ones_do_not_mix():
    text = "provider,service,package,max_weight_lb,all,2\nups,ground,package,1,9,\nups,ground,package,2,,10\n"
    assert problems(read_card(upload("negotiated", text))) == [
        "line 3, all: prices for all zones and for single ones are mixed; use the one or the other"
    ]


def test_sheets_beside_a_simple_one_are_named():
    header = ["provider", "service", "percent"]
    found = read_card(upload("adjustment", workbook(Ours=[header, ["ups", None, -5]], Others=[["x"]])))
    assert found.notes == ["Only the sheet Ours was read."]


def test_an_old_workbook_and_a_broken_one_are_told_apart():
    assert problems(read_card(upload("published", b"\xd0\xcf\x11\xe0old"))) == [
        "line 1: The file is neither XLSX nor CSV in UTF-8. Save it as “CSV UTF-8” or as XLSX."
    ]
    assert problems(read_card(upload("published", b"PK\x03\x04broken"))) == [
        "line 1: The workbook cannot be opened. Save it anew as XLSX, without a password."
    ]


def test_a_workbook_is_read_like_the_same_csv():
    header = ["courier", "service_level", "max_weight_lb", "max_miles", "price_usd"]
    csv_text = "courier,service_level,max_weight_lb,max_miles,price_usd\nA,ground,10,20.5,9.1\n"
    packed = workbook(Card=[header, ["A", "ground", 10, 20.5, 9.1]])
    assert read_card(upload("courier", packed)).rows == read_card(upload("courier", csv_text)).rows


def test_a_workbook_may_say_that_it_is_larger_than_it_is():
    made = openpyxl.load_workbook(io.BytesIO(workbook(Card=[["provider", "service", "percent"], ["ups", None, -5]])))
    made["Card"]["C5000"].number_format = "0.0%"
    held = io.BytesIO()
    made.save(held)
    assert read_card(upload("adjustment", held.getvalue())).rows == [ChangeRow(line=2, provider="ups", percent=-5)]
    made["Card"]["C150000"] = "far below"
    held = io.BytesIO()
    made.save(held)
    assert problems(read_card(upload("adjustment", held.getvalue()))) == [
        "line 1: A sheet has more than 20,000 rows, or one below line 100,000; that is not a rate card."
    ]


def test_a_cell_formatted_as_percent_is_that_percentage():
    rows = [["provider", "service", "percent"], ["ups", None, -0.125]]
    made = openpyxl.load_workbook(io.BytesIO(workbook(Card=rows)))
    made["Card"]["C2"].number_format = "0.0%"
    held = io.BytesIO()
    made.save(held)
    assert read_card(upload("adjustment", held.getvalue())).rows == [ChangeRow(line=2, provider="ups", percent=-12.5)]


@pytest.mark.parametrize("name", OWN_LISTS)
def test_every_list_of_the_project_can_be_loaded_as_a_published_one(name):
    text = (TABLES / name).read_text(encoding="utf-8")
    expected = read_tariff(text)
    found = card_parts(card("published", text, effective=expected.effective)).published
    assert [(each.carrier, each.code) for each in found] == [(expected.carrier, expected.code)]
    assert found[0].grids.keys() == expected.grids.keys()
    for key, grid in expected.grids.items():
        same = found[0].grids[key]
        assert same.zones == tuple(sorted(grid.zones))
        order = np.argsort(grid.zones)
        assert np.array_equal(same.weights, grid.weights)
        assert np.array_equal(same.cents, grid.cents[:, order])


def test_a_list_of_another_carrier_is_refused():
    text = "# carrier: dhl\n# code: x\nservice,package,weight_max_lb,2\nground,package,1,900\n"
    assert problems(read_card(upload("published", text))) == [
        "line 4: the file is of “dhl”; known are ups, fedex, usps"
    ]


UPS_GROUND = [
    [None, "UPS Ground"],
    [None, "Commercial and residential"],
    [None, "Zones", 2, 3, 44],
    [None, "1 Lbs.", 12.34, "$12.50", 30],
    [None, "2 Lbs.", 13, 13.5, "-"],
    [],
    [None, "Price per pound over 150 lbs.", 1.05, 1.1, None],
]
UPS_NEXT_DAY = [
    [None, "Zones", "102", "103", "124"],
    [None, "Letter", 40.01, 41, 60],
    [None, "1 Lbs.", 50, 51, 70.7],
    [],
    [None, "Zones", 104],
    [None, "1 Lbs.", 52],
]


def test_the_ups_workbook_is_read_by_sheet_with_zones_across():
    packed = workbook(Contents=[["What is where"]], UPS_Ground=UPS_GROUND, UPS_NDA=UPS_NEXT_DAY)
    found = read_card(upload("published", packed))
    assert problems(found) == []
    assert found.layout == "UPS daily rates workbook"
    assert found.notes == ["Not read, as they are not prices of a service within the US: Contents."]
    assert {(row.price_list, row.service, row.package, row.max_weight_lb): row.prices for row in found.rows} == {
        ("daily", "ground", "package", 1.0): {"2": 1234, "3": 1250, "44": 3000},
        ("daily", "ground", "package", 2.0): {"2": 1300, "3": 1350},
        ("daily", "ground", "per_lb_over_150", None): {"2": 105, "3": 110},
        ("daily", "next_day_air", "letter", 0.5): {"2": 4001, "3": 4100, "44": 6000},
        ("daily", "next_day_air", "package", 1.0): {"2": 5000, "3": 5100, "4": 5200, "44": 7070},
    }


def test_every_sheet_name_of_a_ups_service_is_known():
    names = ["UPS Ground", "UPS 3DA Select", "UPS 2DA", "UPS 2DA A.M.", "UPS NDA Saver", "UPS NDA", "UPS NDA Early"]
    sheets = {name.replace(" ", "_"): [[None, "Zones", 302], [None, "1 Lbs.", 9]] for name in names}
    assert [row.service for row in read_card(upload("published", workbook(**sheets))).rows] == [
        "ground", "three_day_select", "second_day_air", "second_day_air_am", "next_day_air_saver", "next_day_air",
        "next_day_air_early",
    ]  # fmt: skip


def test_a_wrong_cell_of_the_ups_workbook_is_named_with_its_sheet():
    rows = [[None, "Zones", 2, 3], [None, "1 Lbs.", 9, "call us"], [None, "1 Lbs.", 8, None]]
    assert problems(read_card(upload("published", workbook(UPS_Ground=rows)))) == [
        "UPS Ground, line 2, zone 3: “call us” is not in US dollars; write a number such as 8.95",
        "UPS Ground, line 3: has other prices than line 2 for the same weight; one of them must go",
    ]


USPS_CSV = """USPS Ground Advantage Retail
Weight Not Over (oz.),"Local, 1",2,3,4,5,6,7,8,9
4,7.90,8.05,8.15,8.30,8.60,8.75,8.95,9.45,9.45
15.999,9.55,9.95,10.20,10.60,10.95,11.35,11.95,12.90,12.90
Weight Not Over (lbs.)
1,9.55,9.95,10.20,10.60,10.95,11.35,11.95,12.90,12.90
Oversized,112.10,124.35,142.80,173.45,203.80,234.35,263.70,294.25,294.25
Nonstandard fee,4.00,4.00,4.00,4.00,4.00,4.00,4.00,4.00,4.00
"""


def test_a_usps_table_is_read_with_ounces_above_pounds():
    found = read_card(upload("published", USPS_CSV))
    assert problems(found) == []
    assert found.layout == "USPS Notice 123 tables"
    assert [
        (row.price_list, row.service, row.package, row.max_weight_lb, row.prices["1"], row.prices["9"])
        for row in found.rows
    ] == [
        ("retail", "ground_advantage", "parcel", 0.25, 790, 945),
        ("retail", "ground_advantage", "parcel", 0.99994, 955, 1290),
        ("retail", "ground_advantage", "parcel", 1.0, 955, 1290),
        ("retail", "ground_advantage", "oversized", None, 11210, 29425),
    ]
    assert found.notes == ["1 lines with prices were not read: they are of packages or fees that are not known."]


def test_a_usps_workbook_is_read_by_the_names_of_its_sheets():
    zones = ["Weight Not Over (lbs.)", *range(1, 10)]
    flat = [["Small Flat Rate Box", 13.65]]
    packed = workbook(
        PM_Retail=[["Priority Mail"], zones, *flat, [1, *[10 + zone for zone in range(1, 10)]]],
        Media_Mail_Retail=[["Media Mail"], ["Weight Not Over (lbs.)", "Price"], [1, 4.47], [2, 5.22]],
    )
    found = read_card(upload("published", packed))
    assert problems(found) == []
    assert [(row.service, row.package, row.max_weight_lb, row.prices) for row in found.rows] == [
        ("priority_mail", "small_flat_rate_box", 70.0, {"all": 1365}),
        ("priority_mail", "parcel", 1.0, {str(zone): 1000 + 100 * zone for zone in range(1, 10)}),
        ("media_mail", "parcel", 1.0, {"all": 447}),
        ("media_mail", "parcel", 2.0, {"all": 522}),
    ]


def test_a_usps_table_without_retail_or_commercial_asks_for_it():
    text = USPS_CSV.replace(" Retail", "")
    assert problems(read_card(upload("published", text)))[0] == (
        "line 3: no title says of which price list (retail or commercial) these prices are; add one above"
    )
    assert problems(read_card(upload("published", text, name="USPS commercial 2026"))) == []


def test_an_upload_has_one_file_and_an_order_of_days():
    with pytest.raises(ValidationError, match="give the file once"):
        RateCardUpload(kind="courier", name="A", effective=date(2026, 1, 1))
    with pytest.raises(ValidationError, match="the last day cannot come before the first"):
        upload("courier", "x", until=date(2026, 1, 1))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(CARD_KINDS), st.text(max_size=200) | st.binary(max_size=200), st.booleans())
def test_no_file_crashes_and_none_is_taken_without_rows(kind, content, below_header):
    if below_header and isinstance(content, str):
        content = template(kind).splitlines()[0] + "\n" + content
    found = read_card(upload(kind, content))
    assert found.rows or found.problems.count


@given(st.integers(-10_000_00, 10_000_00))
def test_amounts_in_words_read_back_as_the_same_cents(cents):
    assert round(float(dollars(cents).replace("$", "").replace(",", "")) * 100) == cents
