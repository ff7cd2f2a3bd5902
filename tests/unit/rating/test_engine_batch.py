"""The batch and the single quote: one code path, one answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lib.models.options import PROVIDERS
from lib.models.team import TeamSettings
from lib.rating.batch import RateTable, rate_many, zip_numbers
from lib.rating.delivery import transit
from lib.rating.lots import PACKAGE_LIST, package_index
from lib.rating.providers import REGISTRY
from lib.rating.quoting import RatingParcel, RatingRequest, quote
from lib.rating.requests import lot_of
from tests.unit.rating.engine_cases import BOOKS_ONLY_SERVICES, request

RETAIL = TeamSettings()
COMMERCIAL = TeamSettings(usps_price_list="commercial", books_only_services=BOOKS_ONLY_SERVICES)
Priced = dict[str, tuple[int, int, int]]


def random_shipments(count: int, team: TeamSettings, *, seed: int = 2026, most_parcels: int = 3) -> list[RatingRequest]:
    """Shipments from anywhere to anywhere, in boxes, odd shapes and carriers' packaging."""
    random = np.random.default_rng(seed)
    return [
        request(
            origin_zip=f"{random.integers(0, 100_000):05d}",
            destination_zip=f"{random.integers(0, 100_000):05d}",
            parcels=tuple(_parcel(random) for _ in range(random.integers(1, most_parcels + 1))),
            residential=bool(random.random() < 0.5),
            team=team,
        )
        for _ in range(count)
    ]


def _parcel(random: np.random.Generator) -> RatingParcel:
    if random.random() < 0.2:
        package = PACKAGE_LIST[random.integers(len(PACKAGE_LIST))]
        size = (package.length_in or 6.0, package.width_in or 5.0, package.height_in or 4.0)
        return RatingParcel(random.uniform(0.1, 40), *size, package.code)
    return RatingParcel(random.gamma(2, 8) + 0.05, *random.gamma(3, 6, 3), nonstandard=bool(random.random() < 0.1))


def batch_of(asked: Sequence[RatingRequest]) -> RateTable:
    boxes = [parcel for each in asked for parcel in each.parcels]
    return rate_many(
        origin_zip=zip_numbers([each.origin_zip for each in asked]),
        destination_zip=zip_numbers([each.destination_zip for each in asked]),
        weight=np.array([box.weight for box in boxes]),
        sides=np.array([(box.length, box.width, box.height) for box in boxes]),
        residential=np.array([each.residential for each in asked]),
        package=np.array([package_index(box.package) for box in boxes]),
        nonstandard=np.array([box.nonstandard for box in boxes]),
        owner=np.repeat(np.arange(len(asked)), [len(each.parcels) for each in asked]),
        on=asked[0].ship_at.date(),
        team=asked[0].team,
    )


def rows_of(table: RateTable) -> list[Priced]:
    """Cents, least and most days by service, for each shipment."""
    columns = list(zip(table.services, table.cents.T, table.min_days.T, table.max_days.T, strict=True))
    found: list[Priced] = [{} for _ in table.cents]
    for service, cents, least, most in columns:
        for row in np.flatnonzero(cents >= 0).tolist():
            found[row][service] = int(cents[row]), int(least[row]), int(most[row])
    return found


def alone(asked: RatingRequest) -> Priced:
    """The same for one shipment, as a quote asks its providers."""
    lot = lot_of(asked, asked.ship_at)
    return {
        prices.service.id: (int(prices.total[0]), *(int(days) for days in transit(lot, prices)[0]))
        for code in PROVIDERS
        for prices in REGISTRY[code].price(lot).prices
        if prices.total[0] >= 0
    }


@pytest.mark.parametrize("team", [RETAIL, COMMERCIAL], ids=["retail", "commercial"])
def test_ten_thousand_shipments_have_the_same_prices_alone_and_together(team: TeamSettings):
    asked = random_shipments(5_000, team)
    table = batch_of(asked)
    different = [(one, got) for one, got in zip(asked, rows_of(table), strict=True) if alone(one) != got]
    assert different == []
    assert table.rates > 40_000
    assert len(table.services) >= 25


@pytest.mark.parametrize("team", [RETAIL, COMMERCIAL], ids=["retail", "commercial"])
def test_quotes_show_what_the_batch_says(team: TeamSettings):
    asked = random_shipments(150, team, seed=7)
    for single, row in zip(asked, rows_of(batch_of(asked)), strict=True):
        rates = quote(single).rates
        shown = {
            rate.service_level.id: (
                rate.amount,
                -1 if rate.service_level.min_days is None else rate.service_level.min_days,
                -1 if rate.service_level.days is None else rate.service_level.days,
            )
            for rate in rates
        }
        assert shown == row
        assert len(shown) == len(rates)


def test_shipments_of_one_parcel_need_no_owner():
    asked = random_shipments(300, RETAIL, seed=11, most_parcels=1)
    boxes = [each.parcels[0] for each in asked]
    plain: dict[str, Any] = {
        "origin_zip": zip_numbers([each.origin_zip for each in asked]),
        "destination_zip": zip_numbers([each.destination_zip for each in asked]),
        "weight": np.array([box.weight for box in boxes]),
        "sides": np.array([(box.length, box.width, box.height) for box in boxes]),
        "residential": np.array([each.residential for each in asked]),
        "on": asked[0].ship_at.date(),
        "team": RETAIL,
    }
    table = rate_many(**plain)
    assert np.array_equal(table.cents, rate_many(**plain, owner=np.arange(300)).cents)
    unboxed = [replace(each, parcels=(replace(each.parcels[0], package=None, nonstandard=False),)) for each in asked]
    assert rows_of(table) == rows_of(batch_of(unboxed))


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch):
    asked = random_shipments(400, COMMERCIAL, seed=13)
    whole = rows_of(batch_of(asked))
    monkeypatch.setattr("lib.rating.batch._CHUNK", 37)
    assert rows_of(batch_of(asked)) == whole


def test_an_owner_that_skips_a_shipment_is_refused():
    for owner in ([0, 2], [1, 1], [1, 0], [0, 0]):
        with pytest.raises(ValueError, match="number the shipments"):
            rate_many(
                origin_zip=np.array([10001, 10001]),
                destination_zip=np.array([60601, 60601]),
                weight=np.array([1.0, 1.0]),
                sides=np.ones((2, 3)),
                residential=np.array([False, False]),
                owner=np.array(owner),
                on=request().ship_at.date(),
                team=RETAIL,
            )
