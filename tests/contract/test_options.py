"""Options on the way through the desk: the team's settings under them, what is kept and what is told."""

import io
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from lib.models.options import ShipmentOptions
from lib.models.shipments import Purchase, QuoteRequest, RefreshRequest, Shipment
from lib.models.team import InStorePickup, TeamSettings
from lib.runtime import Runtime
from lib.shipping.label_service import LocalLabels
from lib.shipping.rates import with_fresh_rates
from lib.shipping.service import LocalShipments

NOT_VERIFIED = "Addresses were checked by ZIP, city and state; whether the street exists was not."
COUNTRY_ASSUMED = [
    f"{party}: No country is given; it was taken as the United States." for party in ("Sender", "Recipient")
]
SHOP = {"name": "A shop", "business": "A shop", "address": "500 7th ave, New York, NY, 10018"}
BUYER = {"name": "A buyer", "business": "A firm", "address": "5000 S Arizona Mills Cir, Tempe, AZ 85282"}
BODY = {"sender": SHOP, "recipient": BUYER, "parcels": [{"length": 10, "width": 8, "height": 6, "weight": 5}]}
TEAM = TeamSettings(
    default_options=ShipmentOptions(providers=["usps", "ups"], service_levels=["ground"], provider_timeout=4_000),
    pickup=InStorePickup(active=True, name="Front desk"),
)


@pytest.fixture
def desk(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, lambda: TEAM)


def request(**changes: Any) -> QuoteRequest:
    return QuoteRequest.model_validate({**BODY, **changes})


def services(shipment: Shipment) -> set[str]:
    return {rate.service_level.id for rate in shipment.rates}


def test_options_left_out_are_as_the_team_has_set_them(desk: LocalShipments) -> None:
    shipment = desk.create(request())
    assert shipment.options == TEAM.default_options
    assert services(shipment) == {"usps_ground_advantage", "ups_ground"}
    given = desk.create(request(options={"service_levels": ["two_day"], "providers": None}))
    assert services(given) == {"usps_priority_mail", "ups_second_day_air"}
    assert given.options.provider_timeout == 4_000
    assert desk.retrieve(given.id).options == given.options


def test_options_put_back_by_null_follow_the_team(desk: LocalShipments) -> None:
    first = desk.create(request(options={"providers": ["fedex"], "service_levels": ["ground", "two_day"]}))
    assert services(first) == {"fedex_ground", "fedex_two_day"}
    second = desk.refresh(first.id, RefreshRequest(options={"providers": False}))
    assert services(second) == {"usps_ground_advantage", "usps_priority_mail", "ups_ground", "ups_second_day_air"}


def test_options_show_pickup_rates_for_a_fulfillment(desk: LocalShipments) -> None:
    plain = desk.create(request(options={"providers": ["usps", "self"], "service_levels": ["ground", "same_day"]}))
    assert services(plain) == {"usps_ground_advantage"}
    of_fulfillment = plain.model_copy(update={"fulfillment_id": "ful_1"})
    fresh = with_fresh_rates(of_fulfillment, TEAM, plain.rates_generated_at)
    assert services(fresh) == {"usps_ground_advantage", "self_pickup"}
    assert fresh.options.rate_types is None
    named = of_fulfillment.model_copy(update={"options": plain.options.model_copy(update={"rate_types": ["delivery"]})})
    assert services(with_fresh_rates(named, TEAM, plain.rates_generated_at)) == {"usps_ground_advantage"}


def test_options_ask_for_a_pickup_that_can_be_bought(desk: LocalShipments) -> None:
    options = {"providers": ["self"], "service_levels": None, "rate_types": ["pickup"], "return_other_rates": False}
    shipment = desk.create(request(options={**options, "service_levels": ["same_day"]}))
    (rate,) = shipment.rates
    bought = desk.purchase(shipment.id, Purchase(rate_id=rate.id))
    assert (bought.amount, bought.test_label, bought.pickup_at) == (0, False, rate.pickup_at)


@pytest.mark.parametrize(
    ("sender", "recipient", "told"),
    [
        (SHOP, BUYER, []),
        (SHOP, {**BUYER, "address": "85282"}, ["Recipient: There is no street, which a label needs."]),
        (
            {**SHOP, "address": "PO Box 12, New York, NY 10018"},
            {**BUYER, "address": "Main Street, Tempe, AZ 85282"},
            [
                "Sender: A PO Box takes mail of USPS only; UPS and FedEx do not deliver there.",
                "Recipient: No house number was found in Main Street.",
            ],
        ),
    ],
)
@pytest.mark.parametrize("spelling", ["verify_address", "verify_addresses"])
def test_options_verify_addresses(
    desk: LocalShipments, sender: dict[str, str], recipient: dict[str, str], told: list[str], spelling: str
) -> None:
    asked = desk.create(request(sender=sender, recipient=recipient, options={spelling: True}))
    notes = [note for note in asked.notes_on_rates if "filled in" not in note]
    assert notes == [*COUNTRY_ASSUMED, *told, NOT_VERIFIED]
    unasked = desk.create(request(sender=sender, recipient=recipient))
    assert not {NOT_VERIFIED, *COUNTRY_ASSUMED} & set(unasked.notes_on_rates)


def test_options_verify_addresses_applies_and_tells_corrections(desk: LocalShipments) -> None:
    recipient = {**BUYER, "address": "1 Main St, Mesa, AZ 85282"}
    shipment = desk.create(request(recipient=recipient, options={"verify_address": True}))
    assert (shipment.recipient.address.city, shipment.recipient.address.verified) == ("Tempe", False)
    assert shipment.notes_on_rates == [
        "Recipient: City changed from Mesa to Tempe: ZIP 85282 is in Tempe, AZ.",
        *COUNTRY_ASSUMED,
        NOT_VERIFIED,
    ]


def test_options_print_the_instructions_on_the_label(desk: LocalShipments, desk_runtime: Runtime) -> None:
    shipment = desk.create(request(options={"provider_instructions": "Leave with the porter"}))
    bought = desk.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id))
    assert bought.options.provider_instructions == "Leave with the porter"
    label = LocalLabels(desk_runtime.engine, desk_runtime.files).retrieve(shipment.id)
    assert "Leave with the porter" in PdfReader(io.BytesIO(label.content)).pages[0].extract_text()


def test_options_of_shipments_kept_before_there_were_so_many_are_read(
    desk: LocalShipments, desk_runtime: Runtime
) -> None:
    shipment = desk.create(request())
    kept = shipment.model_dump_json().replace('"declared_value":0,"signature":"none",', "")
    assert "declared_value" not in kept
    with desk_runtime.engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE shipments SET document = :kept WHERE id = :id"), {"kept": kept, "id": shipment.id}
        )
    assert desk.retrieve(shipment.id).options == shipment.options
