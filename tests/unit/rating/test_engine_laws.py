"""Laws that every price list and rule must keep, whatever the parcel."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.models.errors import InvalidRequest
from lib.models.options import ShipmentOptions
from lib.models.rates import Provider, Rate, ServiceLevel
from lib.models.team import TeamSettings
from lib.rating.batch import RateTable, rate_many, zip_numbers
from lib.rating.lots import PACKAGE_LIST
from lib.rating.quoting import RatingParcel, RatingRequest, quote
from lib.rating.selection import badges, cheapest_first, recommended
from tests.unit.rating.engine_cases import BOOKS_ONLY_SERVICES, ZIPS, lists, prices, request, ship_times, zips

laws = settings(max_examples=60, deadline=None)
teams = st.builds(TeamSettings, usps_price_list=lists, books_only_services=st.just(BOOKS_ONLY_SERVICES))

# Where a rule begins or a list ends, and a hair beyond.
_EDGES_LB = (0.25, 1, 20, 50, 70, 110, 150)
_EDGES_IN = (12, 18, 22, 24, 30, 48, 54, 96, 108, 119)
weights = st.floats(0.05, 150) | st.sampled_from([edge + hair for edge in _EDGES_LB for hair in (0, 0.01)])
sides = (
    st.floats(0.5, 12)
    | st.floats(8, 30)
    | st.floats(0.5, 120)
    | st.sampled_from([edge + hair for edge in _EDGES_IN for hair in (0, 0.1)])
)
growth = st.just(0.0) | sides


@st.composite
def boxes(draw: st.DrawFn) -> RatingParcel:
    return RatingParcel(draw(weights), draw(sides), draw(sides), draw(sides), nonstandard=draw(st.booleans()))


@st.composite
def parcels(draw: st.DrawFn) -> RatingParcel:
    """A box of one's own, or now and then a carrier's."""
    box = draw(boxes())
    if draw(st.integers(0, 3)):
        return box
    package = draw(st.sampled_from(PACKAGE_LIST))
    size = (package.length_in or 6.0, package.width_in or 5.0, package.height_in or 4.0)
    return RatingParcel(box.weight, *size, package.code)


@st.composite
def requests(draw: st.DrawFn, first: st.SearchStrategy[RatingParcel] | None = None) -> RatingRequest:
    return request(
        origin_zip=draw(zips),
        destination_zip=draw(zips),
        parcels=(draw(parcels() if first is None else first), *draw(st.lists(parcels(), max_size=2))),
        residential=draw(st.booleans()),
        ship_at=draw(ship_times),
        team=draw(teams),
    )


def cheaper(before: RatingRequest, after: RatingRequest) -> dict[str, tuple[int, int]]:
    """Services of both that cost less after than before."""
    old, new = prices(before), prices(after)
    return {service: (old[service], new[service]) for service in old.keys() & new.keys() if new[service] < old[service]}


@laws
@given(requests(), weights)
def test_a_heavier_parcel_never_costs_less(asked, pounds):
    first, *others = asked.parcels
    heavier = replace(first, weight=max(first.weight, pounds))
    assert cheaper(asked, replace(asked, parcels=(heavier, *others))) == {}


_EVERY_WEIGHT = np.unique([0.05, *np.arange(0.25, 152, 0.25), *(np.arange(1, 151) + 0.01)])
_EVERY_LENGTH = np.unique([*np.arange(0.5, 168, 0.5), *(np.arange(1, 168) + 0.01)])


@st.composite
def journeys(draw: st.DrawFn) -> dict[str, Any]:
    """What `rate_many` needs beside the parcels, for as many shipments on one way as it is given parcels."""
    return {
        "origin_zip": zip_numbers([draw(zips)]),
        "destination_zip": zip_numbers([draw(zips)]),
        "residential": np.array([draw(st.booleans())]),
        "on": draw(st.dates(date(2025, 10, 6), date(2027, 3, 1))),
        "team": draw(teams),
    }


def columns(journey: dict[str, Any], weight: np.ndarray, sizes: np.ndarray, *, odd: bool) -> dict[str, list[int]]:
    """Cents by service of these boxes, each a shipment on that journey, without those that are not taken."""
    rows = {name: each.repeat(len(weight)) if isinstance(each, np.ndarray) else each for name, each in journey.items()}
    table = rate_many(weight=weight, sides=sizes, nonstandard=np.full(len(weight), odd), **rows)
    return {name: cents[cents >= 0].tolist() for name, cents in zip(table.services, table.cents.T, strict=True)}


@laws
@given(journeys(), st.tuples(sides, sides, sides), st.booleans())
def test_price_never_falls_with_weight_within_a_service_and_zone(journey, size, odd):
    for service, cents in columns(journey, _EVERY_WEIGHT, np.tile(size, (len(_EVERY_WEIGHT), 1)), odd=odd).items():
        assert cents == sorted(cents), service


@laws
@given(journeys(), weights, sides, sides, st.booleans())
def test_price_never_falls_with_length_within_a_service_and_zone(journey, pounds, width, height, odd):
    sizes = np.array([(length, width, height) for length in _EVERY_LENGTH])
    for service, cents in columns(journey, np.full(len(sizes), pounds), sizes, odd=odd).items():
        assert cents == sorted(cents), service


@laws
@given(requests(boxes()), growth, growth, growth)
def test_a_bigger_box_never_costs_less(asked, length, width, height):
    first, *others = asked.parcels
    bigger = replace(
        first, length=max(first.length, length), width=max(first.width, width), height=max(first.height, height)
    )
    assert cheaper(asked, replace(asked, parcels=(bigger, *others))) == {}


@laws
@given(requests(boxes()))
def test_packaging_that_needs_care_never_costs_less(asked):
    first, *others = asked.parcels
    plain, odd = replace(first, nonstandard=False), replace(first, nonstandard=True)
    assert cheaper(replace(asked, parcels=(plain, *others)), replace(asked, parcels=(odd, *others))) == {}


@laws
@given(requests(), parcels())
def test_one_parcel_more_never_lowers_the_total(asked, another):
    assert cheaper(asked, replace(asked, parcels=(*asked.parcels, another))) == {}


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


_START = datetime(2026, 8, 3, tzinfo=UTC)


@st.composite
def equal_offers(draw: st.DrawFn) -> list[Rate]:
    """Offers of different providers, many of them at the same price and on the same day."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        cents, days = draw(st.sampled_from([500, 500, 700])), draw(st.sampled_from([None, 1, 1, 3]))
        level = ServiceLevel(
            id="courier",
            code="ground",
            name="Courier",
            terms="",
            days=days,
            estimated_delivery=None if days is None else _START + timedelta(days=days),
        )
        provider = Provider(id=draw(st.sampled_from(["self", "marketplace"])), name=f"Courier {number}")
        rate = Rate(
            id=f"rate_{number}",
            created_at=_START,
            amount=cents,
            billed_amount=cents,
            provider=provider,
            service_level=level,
        )
        found.append(rate)
    return found


@laws
@given(equal_offers(), st.randoms(use_true_random=False))
def test_the_order_of_equal_providers_changes_nothing(offers, chance):
    shuffled = chance.sample(offers, len(offers))
    assert sorted(shuffled, key=cheapest_first) == sorted(offers, key=cheapest_first)
    assert recommended(shuffled) == recommended(offers)
    assert badges(shuffled) == badges(offers)


numbers = st.floats(allow_nan=True, allow_infinity=True)
zip_texts = st.sampled_from(ZIPS) | st.from_regex(r"\d{5}(-\d{4})?", fullmatch=True) | st.text(max_size=12)
packages = st.none() | st.text(max_size=8) | st.sampled_from([package.code for package in PACKAGE_LIST])
some = st.floats(0.1, 40)
any_parcels = st.builds(RatingParcel, numbers, numbers, numbers, numbers, packages, st.booleans()) | st.builds(
    RatingParcel, some, some, some, some, packages
)


@laws
@given(zip_texts, zip_texts, st.lists(any_parcels, max_size=3), st.booleans(), ship_times)
def test_no_question_crashes_a_quote(origin, destination, given_parcels, home, ship_at):
    """Either the fields at fault are named, or every provider says without an error what came of it."""
    asked = request(
        origin_zip=origin,
        destination_zip=destination,
        parcels=tuple(given_parcels),
        residential=home,
        ship_at=ship_at,
    )
    named: list[str] | None = None
    found = None
    try:
        found = quote(asked)
    except InvalidRequest as problem:
        named = problem.fields
    assert named if found is None else {each.status for each in found.outcomes} <= {"rates", "filtered", "not_served"}
    assert found is None or all(rate.amount > 0 for rate in found.rates)


@laws
@given(
    st.lists(
        st.tuples(
            st.integers(-(2**63), 2**63 - 1) | st.integers(0, 99_999), st.integers(0, 99_999), numbers, numbers, numbers
        ),
        max_size=5,
    ),
    st.sampled_from(range(-1, len(PACKAGE_LIST))),
)
def test_no_numbers_crash_the_batch(rows, package):
    columns = np.array([row[2:] for row in rows], np.float64).reshape(-1, 3)
    table = rate_many(
        origin_zip=np.array([row[0] for row in rows], np.int64),
        destination_zip=np.array([row[1] for row in rows], np.int64),
        weight=columns[:, 0],
        sides=columns,
        residential=np.ones(len(rows), np.bool_),
        package=np.full(len(rows), package),
        nonstandard=np.ones(len(rows), np.bool_),
        on=request().ship_at.date(),
        team=TeamSettings(),
    )
    assert isinstance(table, RateTable)
    priced = table.cents >= 0
    assert (table.cents[priced] > 0).all()
    assert (table.cents[~priced] == -1).all()
    unpriceable = ~np.isfinite(columns[:, 0]) | (columns[:, 0] <= 0)
    assert not priced[unpriceable].any()
