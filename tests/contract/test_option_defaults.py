"""The options table of the API page, row by row, and multi-piece shipments by its words; on both databases."""

from datetime import timedelta
from typing import Any

import pytest

from lib.models.errors import Conflict
from lib.models.options import ShipmentOptions
from lib.models.shipments import Purchase, QuoteRequest, RefreshRequest, Shipment, ShipmentCreate
from lib.models.team import Courier, CourierBand, InStorePickup, TeamSettings
from lib.runtime import Runtime
from lib.shipping.service import LocalShipments
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from tests.examples import QUOTABLE

# The table's column "Default". `rate_types` stands there as [delivery], which is what null gives.
TABLE: dict[str, Any] = {
    "verify_addresses": False,
    "provider_timeout": 15000,
    "checkout_total": 0,
    "request_provider_pickup": False,
    "providers": None,
    "service_levels": None,
    "max_delivery_days": None,
    "rate_types": None,
    "lead_time_mins": 0,
    "provider_instructions": None,
    "same_day_tip_amount": 0,
    "return_other_rates": True,
    "tracker_chained_status": "package_at_waypoint",
    "tracker_auto_close_shipments_option": "on_provider_updates",
    "tracker_auto_close_shipments_status": "delivered",
}
TEAMS: dict[str, Any] = {
    "verify_addresses": True,
    "provider_timeout": 9000,
    "checkout_total": 4500,
    "request_provider_pickup": True,
    "providers": ["usps", "ups"],
    "service_levels": ["ground", "two_day"],
    "max_delivery_days": 30,
    "rate_types": ["delivery", "pickup"],
    "lead_time_mins": 60,
    "provider_instructions": "Ring twice",
    "same_day_tip_amount": 300,
    "return_other_rates": False,
    "tracker_chained_status": "in_transit",
    "tracker_auto_close_shipments_option": "never",
    "tracker_auto_close_shipments_status": "picked_up",
}
GIVEN: dict[str, Any] = {
    "verify_addresses": False,
    "provider_timeout": 500,
    "checkout_total": 100,
    "request_provider_pickup": False,
    "providers": ["fedex"],
    "service_levels": ["next_day"],
    "max_delivery_days": 9,
    "rate_types": ["received"],
    "lead_time_mins": 5,
    "provider_instructions": "Leave it",
    "same_day_tip_amount": 100,
    "return_other_rates": True,
    "tracker_chained_status": "out_for_delivery",
    "tracker_auto_close_shipments_option": "on_shipment_chained",
    "tracker_auto_close_shipments_status": "canceled",
}
SWITCHES = {"verify_addresses", "request_provider_pickup", "return_other_rates"}
PLAIN = TeamSettings(pickup=InStorePickup(active=True))
SET = TeamSettings(default_options=ShipmentOptions(**TEAMS))
COURIER = Courier(active=True, name="Our van", bands=[CourierBand(max_weight_lb=150, max_miles=3000, price=1450)])


@pytest.fixture
def team() -> TeamSettings:
    return PLAIN


@pytest.fixture
def desk(desk_runtime: Runtime, team: TeamSettings) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, lambda: team)


def asked(desk: LocalShipments, **changes: Any) -> Shipment:
    body = {name: value for name, value in QUOTABLE.items() if name != "options"}
    return desk.create(ShipmentCreate.model_validate({**body, **changes}))


def options_of(shipment: Shipment) -> dict[str, Any]:
    return shipment.options.model_dump(include=set(TABLE))


def test_options_left_out_are_those_of_the_table(desk: LocalShipments) -> None:
    for changes in ({}, {"options": {}}, {"options": dict.fromkeys(TABLE)}):
        shipment = asked(desk, **changes)
        assert options_of(shipment) == TABLE
        assert {rate.type for rate in shipment.rates} == {"delivery"}


@pytest.mark.parametrize("team", [SET])
def test_options_of_the_settings_stand_in_for_the_tables(desk: LocalShipments) -> None:
    assert options_of(asked(desk)) == TEAMS


@pytest.mark.parametrize("team", [SET])
@pytest.mark.parametrize("name", TABLE)
def test_an_option_that_is_given_holds_alone(desk: LocalShipments, name: str) -> None:
    assert options_of(asked(desk, options={name: GIVEN[name]})) == {**TEAMS, name: GIVEN[name]}


@pytest.mark.parametrize("team", [PLAIN, SET])
@pytest.mark.parametrize("nothing", [False, None])
def test_options_by_false_or_null_are_the_defaults(desk: LocalShipments, team: TeamSettings, nothing: Any) -> None:
    left = [name for name in TABLE if nothing is None or name not in SWITCHES]
    defaults = TABLE if team is PLAIN else TEAMS
    switched = {name: GIVEN[name] for name in TABLE if name not in left}
    shipment = asked(desk, options={**switched, **dict.fromkeys(left, nothing)})
    assert options_of(shipment) == {**defaults, **switched}
    changed = desk.refresh(shipment.id, RefreshRequest(options=GIVEN))
    assert options_of(changed) == GIVEN
    back = desk.refresh(shipment.id, RefreshRequest(options=dict.fromkeys(left, nothing)))
    assert options_of(back) == {**GIVEN, **{name: defaults[name] for name in left}}
    assert options_of(desk.retrieve(shipment.id)) == options_of(back)


@pytest.mark.parametrize("team", [PLAIN, SET])
@pytest.mark.parametrize("spelling", ["verify_address", "verify_addresses"])
def test_both_spellings_of_verify_addresses_are_one_option(
    desk: LocalShipments, team: TeamSettings, spelling: str
) -> None:
    shipment = asked(desk, options={spelling: True})
    assert shipment.options.verify_addresses is True
    assert desk.refresh(shipment.id, RefreshRequest(options={spelling: False})).options.verify_addresses is False
    usual = team.default_options.verify_addresses
    assert desk.refresh(shipment.id, RefreshRequest(options={spelling: None})).options.verify_addresses is usual


def test_refreshed_with_changed_options_the_rates_are_others(desk: LocalShipments) -> None:
    first = asked(desk, options={"providers": ["ups"], "service_levels": ["ground"]})
    assert {(rate.provider.id, rate.service_level.code) for rate in first.rates} == {("ups", "ground")}
    second = desk.refresh(first.id, RefreshRequest(options={"service_levels": ["two_day"]}))
    assert {(rate.provider.id, rate.service_level.code) for rate in second.rates} == {("ups", "two_day")}
    third = desk.refresh(first.id, RefreshRequest(options={"providers": None}))
    assert {rate.provider.id for rate in third.rates} == {"ups", "usps", "fedex"}
    assert not {rate.id for rate in first.rates} & {rate.id for rate in third.rates}


def test_expired_rates_are_refused_until_refreshed(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = asked(desk)
    long_ago = shipment.rates_generated_at - timedelta(minutes=15, milliseconds=1)
    with writing(desk_runtime.engine).begin() as connection:
        SHIPMENTS.update(connection, shipment.model_copy(update={"rates_generated_at": long_ago}))
    with pytest.raises(Conflict) as caught:
        desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id))
    assert caught.value.code == "rates_expired"
    fresh = desk.refresh(shipment.id, RefreshRequest())
    assert fresh.rates_generated_at > shipment.rates_generated_at
    bought = desk.purchase(shipment.id, Purchase(rate_id=fresh.rates[0].id))
    assert (bought.paid, bought.amount) == (True, fresh.rates[0].amount)


@pytest.mark.parametrize(("team", "provider"), [(PLAIN, "ups"), (TeamSettings(courier=COURIER), "self")])
def test_multi_piece_shipments_have_a_number_per_parcel_and_one_of_their_own(
    desk: LocalShipments, provider: str
) -> None:
    """The page: assign individual tracking numbers to each parcel's tracking_number property; designate one tracking
    number for the shipment's; the rates returned reflect the total cost for all parcels in the shipment.
    """
    parcel = {"length": 10, "width": 8, "height": 6, "weight": 5}
    body = {name: value for name, value in QUOTABLE.items() if name != "parcel"}
    one, three = (
        desk.create(QuoteRequest.model_validate({**body, "parcels": [parcel] * count, "options": {}}))
        for count in (1, 3)
    )

    def cheapest(shipment: Shipment) -> Any:
        return next(rate for rate in shipment.rates if rate.provider.id == provider)

    same = next(rate for rate in three.rates if rate.service_level.id == cheapest(one).service_level.id)
    # The fuel percentage is taken of the whole and rounded once.
    assert same.amount == pytest.approx(3 * cheapest(one).amount, abs=1)
    bought = desk.purchase(three.id, Purchase(rate_id=same.id))
    numbers = [each.tracking_number for each in bought.parcels]
    assert len(set(numbers)) == 3
    assert all(numbers)
    assert bought.tracking_number == numbers[0]
    assert [each.tracking_number for each in desk.retrieve(three.id).parcels] == numbers
