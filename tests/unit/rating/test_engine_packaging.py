"""Packaging that is no closed cardboard box: additional handling at UPS and FedEx, the nonstandard fee at USPS."""

from typing import Any

import pytest

from lib.models.parcels import ParcelInput
from lib.rating.parcels import RatingParcel, resolve_parcels
from lib.rating.quoting import quote
from lib.rating.requests import RatingRequest
from tests.unit.rating.engine_cases import request

FEES = {"additional_handling", "nonstandard_packaging"}


def tube(**changes: Any) -> RatingParcel:
    return RatingParcel(**({"weight": 5, "length": 12, "width": 8, "height": 5, "nonstandard": True} | changes))


def fees(asked: RatingRequest) -> dict[str, list[tuple[int, str]]]:
    return {
        rate.service_level.id: [(line.amount, line.rule) for line in rate.breakdown.lines if line.code in FEES]
        for rate in quote(asked).rates
        if rate.service_level.id in {"usps_ground_advantage", "ups_ground", "fedex_ground"}
    }


def test_each_carrier_has_its_fee():
    # New York to Chicago is zone 5 for all three.
    by_zone = "Not wholly in a box of corrugated cardboard; by zone"
    assert fees(request(parcels=(tube(),))) == {
        "usps_ground_advantage": [(450, "Tube, can, case or the like; fee of Apr 26, 2026")],
        "ups_ground": [(3325, by_zone)],
        "fedex_ground": [(3300, by_zone)],
    }
    assert fees(request(parcels=(tube(nonstandard=False),))) == {
        "usps_ground_advantage": [],
        "ups_ground": [],
        "fedex_ground": [],
    }


def test_only_the_highest_cause_of_additional_handling_is_charged():
    heavy, long, huge = tube(weight=60), tube(length=50), tube(length=100)
    assert fees(request(parcels=(heavy,)))["ups_ground"] == [(5625, "Over 50 lb; by zone")]
    ((cents, rule),) = fees(request(parcels=(long,)))["fedex_ground"]
    assert (cents, rule.partition(",")[0]) == (3850, "Longest side over 48 in")
    assert fees(request(parcels=(huge,)))["fedex_ground"] == []  # oversize comes in its place


def test_it_is_due_for_that_parcel_alone():
    rate = next(
        each
        for each in quote(request(parcels=(tube(nonstandard=False), tube(), tube(weight=60)))).rates
        if each.service_level.id == "ups_ground"
    )
    found = [(line.parcel, line.amount) for line in rate.breakdown.lines if line.code == "additional_handling"]
    assert found == [(1, 3325), (2, 5625)]


@pytest.mark.parametrize("package", ["ups_tube", "fedex_tube", "usps_small_flat_rate_box"])
def test_a_carriers_own_packaging_is_never_nonstandard(package: str):
    asked = request(parcels=(tube(package=package),))
    lines = [line for rate in quote(asked).rates for line in rate.breakdown.lines]
    assert lines
    assert not FEES & {line.code for line in lines}


def test_the_mark_of_the_request_reaches_the_price():
    given = [
        ParcelInput(length=12, width=8, height=5, weight=5, nonstandard_packaging=True),
        ParcelInput(length=12, width=8, height=5, weight=5),
    ]
    assert resolve_parcels(given) == (tube(), tube(nonstandard=False))
