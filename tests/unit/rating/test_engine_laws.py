"""Laws that every price list and rule must keep, whatever the parcel."""

import contextlib
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.models.errors import InvalidRequest
from lib.models.options import ShipmentOptions
from lib.models.team import TeamSettings
from lib.rating.batch import rate_many, zip_numbers
from lib.rating.lots import PACKAGE_LIST, package_index
from lib.rating.quoting import RatingParcel, RatingRequest, quote
from tests.unit.rating.engine_cases import (
    BOOKS_ONLY_SERVICES,
    lists,
    parcels,
    prices,
    request,
    ship_times,
    sides,
    weights,
    zips,
)

laws = settings(max_examples=60, deadline=None)
teams = st.builds(TeamSettings, usps_price_list=lists, books_only_services=st.just(BOOKS_ONLY_SERVICES))


@st.composite
def requests(draw: st.DrawFn) -> RatingRequest:
    return request(
        origin_zip=draw(zips),
        destination_zip=draw(zips),
        parcels=tuple(draw(st.lists(parcels(), min_size=1, max_size=3))),
        residential=draw(st.booleans()),
        ship_at=draw(ship_times),
        team=draw(teams),
    )


@laws
@given(requests(), weights)
def test_a_heavier_parcel_never_costs_less(asked, pounds):
    first, *others = asked.parcels
    heavier = replace(first, weight=max(first.weight, pounds))
    before, after = prices(asked), prices(replace(asked, parcels=(heavier, *others)))
    assert {service: cents for service, cents in after.items() if cents < before.get(service, 0)} == {}


@laws
@given(requests(), sides, sides, sides)
def test_a_bigger_box_never_costs_less(asked, length, width, height):
    first, *others = asked.parcels
    bigger = replace(
        first, length=max(first.length, length), width=max(first.width, width), height=max(first.height, height)
    )
    before, after = prices(asked), prices(replace(asked, parcels=(bigger, *others)))
    assert {service: cents for service, cents in after.items() if cents < before.get(service, 0)} == {}


@laws
@given(requests(), parcels())
def test_one_parcel_more_never_lowers_the_total(asked, another):
    before, after = prices(asked), prices(replace(asked, parcels=(*asked.parcels, another)))
    assert {service: cents for service, cents in after.items() if cents < before.get(service, 0)} == {}


@laws
@given(requests())
def test_lines_sum_exactly_to_the_amount_and_nothing_is_negative(asked):
    for rate in quote(asked).rates:
        lines = [line.amount for line in rate.breakdown.lines]
        assert sum(lines) == rate.breakdown.total == rate.amount == rate.billed_amount
        assert min(lines) > 0
        assert len(rate.breakdown.parcels) == len(asked.parcels)


@laws
@given(requests(), st.permutations(["usps", "ups", "fedex", "self"]))
def test_the_order_of_providers_changes_nothing(asked, order):
    asked = replace(
        asked, options=ShipmentOptions(providers=["usps", "ups", "fedex", "self"], return_other_rates=False)
    )
    other = replace(asked, options=ShipmentOptions(providers=order, return_other_rates=False))
    assert prices(asked) == prices(other)
    assert [rate.service_level.id for rate in quote(asked).rates] == [
        rate.service_level.id for rate in quote(other).rates
    ]


numbers = st.floats(allow_nan=True, allow_infinity=True)


@laws
@given(st.text(max_size=12), zips, st.builds(RatingParcel, numbers, numbers, numbers, numbers))
def test_no_input_crashes(text, zip_code, parcel):
    for origin, destination in ((text, zip_code), (zip_code, text), (zip_code, zip_code)):
        with contextlib.suppress(InvalidRequest):
            found = quote(request(origin_zip=origin, destination_zip=destination, parcels=(parcel,)))
            assert all(rate.amount > 0 for rate in found.rates)
    table = rate_many(
        origin_zip=zip_numbers([text]),
        destination_zip=np.array([-(10**9)]),
        weight=np.array([parcel.weight]),
        sides=np.array([[parcel.length, parcel.width, parcel.height]]),
        residential=np.array([True]),
        on=request().ship_at.date(),
        team=TeamSettings(),
    )
    assert table.rates == 0


def _random_shipments(count: int) -> list[RatingRequest]:
    random = np.random.default_rng(2026)
    found = []
    for _ in range(count):
        boxes = []
        for _ in range(random.integers(1, 4)):
            if random.random() < 0.3:
                package = PACKAGE_LIST[random.integers(len(PACKAGE_LIST))]
                size = (package.length_in or 6.0, package.width_in or 5.0, package.height_in or 4.0)
                boxes.append(RatingParcel(random.uniform(0.1, 40), *size, package.code))
            else:
                boxes.append(RatingParcel(random.gamma(2, 8) + 0.05, *random.gamma(3, 6, 3)))
        found.append(
            request(
                origin_zip=f"{random.integers(0, 100_000):05d}",
                destination_zip=f"{random.integers(0, 100_000):05d}",
                parcels=tuple(boxes),
                residential=bool(random.random() < 0.5),
            )
        )
    return found


def test_the_batch_and_the_single_quote_agree_on_random_shipments():
    for team in (TeamSettings(), TeamSettings(usps_price_list="commercial", books_only_services=BOOKS_ONLY_SERVICES)):
        asked = [replace(each, team=team) for each in _random_shipments(500)]
        boxes = [parcel for each in asked for parcel in each.parcels]
        table = rate_many(
            origin_zip=zip_numbers([each.origin_zip for each in asked]),
            destination_zip=zip_numbers([each.destination_zip for each in asked]),
            weight=np.array([box.weight for box in boxes]),
            sides=np.array([(box.length, box.width, box.height) for box in boxes]),
            residential=np.array([each.residential for each in asked]),
            package=np.array([package_index(box.package) for box in boxes]),
            owner=np.repeat(np.arange(len(asked)), [len(each.parcels) for each in asked]),
            on=asked[0].ship_at.date(),
            team=team,
        )
        for row, single in enumerate(asked):
            many = {
                service: (cents, days)
                for service, cents, days in zip(table.services, table.cents[row], table.max_days[row], strict=True)
                if cents >= 0
            }
            one = {
                rate.service_level.id: (
                    rate.amount,
                    -1 if rate.service_level.days is None else rate.service_level.days,
                )
                for rate in quote(single).rates
            }
            assert many == one
        assert table.rates > 2_500
