"""Quoting, listing and refreshing on the embedded desk, on both databases."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from lib.models.errors import Conflict, DeskError, InvalidRequest, NotFound
from lib.models.lists import ListQuery
from lib.models.shipments import QuoteRequest, RefreshRequest, Shipment, ShipmentCreate
from lib.models.team import TeamSettings
from lib.runtime import Runtime
from lib.shipping.service import LocalShipments
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from lib.store.tables import shipments
from tests.examples import EXAMPLE

TEMPE_KEPT = {
    "line1": "5000 S Arizona Mills Cir",
    "line2": "Unit # 123",
    "city": "Tempe",
    "state": "Arizona",
    "state_code": "AZ",
    "postal_code": "85282",
    "country": "United States",
    "country_code": "US",
    "formatted_address": "5000 S Arizona Mills Cir, Unit # 123, Tempe, AZ 85282",
    "textarea": "5000 S Arizona Mills Cir\nTempe, AZ 85282",
    "timezone": "America/Phoenix",
    "verified": False,
    "coordinates": {"latitude": 33.3917, "longitude": -111.9249},
}
FLOOR_TEN = {
    "line1": "500 7th ave",
    "line2": "Floor 10",
    "city": "New York",
    "state": "New York",
    "state_code": "NY",
    "postal_code": "10018",
    "country": "United States",
    "country_code": "US",
    "formatted_address": "500 7th ave, Floor 10, New York, NY 10018",
    "textarea": "500 7th ave\nNew York, NY 10018",
    "timezone": "America/New_York",
    "verified": False,
    "coordinates": {"latitude": 40.7547, "longitude": -73.9925},
}
BOX = {"length": 10, "width": 8, "height": 6, "weight": 5}
RESIDENTIAL = "The recipient has no business name, so the address is taken as residential."
CITY_FILLED = ["City New York was filled in from ZIP 10018.", "State NY was filled in from ZIP 10018."]


@pytest.fixture
def desk(desk_runtime: Runtime) -> LocalShipments:
    return LocalShipments(desk_runtime.engine, TeamSettings)


def quote_request(**changes: Any) -> QuoteRequest:
    return QuoteRequest.model_validate(
        {"sender": {"address": "10018"}, "recipient": {"address": "85282"}, "parcels": [BOX], **changes}
    )


def kept_address(shipment: Shipment, party: str) -> dict[str, Any]:
    address: dict[str, Any] = getattr(shipment, party).address.model_dump(exclude={"id", "hash"})
    return address


def refused(desk: LocalShipments, body: Mapping[str, Any]) -> DeskError:
    with pytest.raises(DeskError) as caught:
        desk.create(QuoteRequest.model_validate({**quote_request().model_dump(exclude_unset=True), **body}))
    return caught.value


def test_shipments_create_from_the_example_names_its_unknown_references(desk: LocalShipments) -> None:
    with pytest.raises(NotFound) as caught:
        desk.create(ShipmentCreate.model_validate(EXAMPLE))
    assert (caught.value.message, caught.value.fields, caught.value.code) == (
        "Nothing is stored under location_id loc_xyz, fulfillment_id ful_xyz.",
        ["location_id", "fulfillment_id"],
        "reference_not_found",
    )
    assert caught.value.details == {"not_found": {"location_id": "loc_xyz", "fulfillment_id": "ful_xyz"}}


def test_shipments_create_from_the_example_without_its_placeholders(desk: LocalShipments) -> None:
    body = {name: value for name, value in EXAMPLE.items() if name not in ("location_id", "fulfillment_id")}
    shipment = desk.create(ShipmentCreate.model_validate(body))
    for party in ("sender", "recipient"):
        assert kept_address(shipment, party) == TEMPE_KEPT
        assert getattr(shipment, party).model_dump(exclude={"address"}) == {
            "name": "Kyle Grzybowski",
            "email": "kyle.grzybowski@packagex.io",
            "phone": "+923066545454",
            "business": "",
            "contact_id": None,
            "metadata": {},
        }
    assert len(shipment.parcels) == 1
    parcel = shipment.parcels[0].model_dump(exclude={"id"}, exclude_none=True)
    assert [content.pop("id")[:5] for content in parcel["contents"]] == ["cont_", "cont_"]
    assert [content.pop("quantity") for content in parcel["contents"]] == [1, 1]
    assert parcel == {**EXAMPLE["parcel"], "nonstandard_packaging": False}
    assert shipment.options.model_dump(include=set(EXAMPLE["options"])) == EXAMPLE["options"]
    assert (shipment.type, shipment.status, shipment.paid) == ("outbound", "rates_generated", False)
    assert {outcome.provider: outcome.status for outcome in shipment.outcomes} == {
        "self": "not_served",
        "marketplace": "not_served",
        "ups": "rates",
        "upssurepost": "not_served",
        "usps": "rates",
        "fedex": "rates",
        "doordash": "not_served",
    }
    assert shipment.notes_on_rates == [
        RESIDENTIAL,
        "Addresses were checked by ZIP, city and state; whether the street exists was not.",
    ]


def test_shipments_create_keeps_what_it_returns(desk: LocalShipments) -> None:
    shipment = desk.create(quote_request(order_number="A-1", tags=["one"], metadata={"a": [1, None]}, type="inbound"))
    assert desk.retrieve(shipment.id).model_dump_json() == shipment.model_dump_json()
    assert (shipment.order_number, shipment.tags, shipment.metadata, shipment.type) == (
        "A-1",
        ["one"],
        {"a": [1, None]},
        "inbound",
    )
    assert shipment.created_at == shipment.updated_at == shipment.rates_generated_at
    assert shipment.rates
    assert all(rate.breakdown and rate.breakdown.total == rate.amount for rate in shipment.rates)
    assert shipment.recommended_rate in shipment.rates


def test_shipments_create_from_a_line_and_a_second_line(desk: LocalShipments) -> None:
    sender = {"address": "500 7th ave, New York, NY, 10018", "address_line2": "Floor 10"}
    shipment = desk.create(quote_request(sender=sender))
    assert kept_address(shipment, "sender") == FLOOR_TEN


def test_shipments_create_from_an_object_without_country(desk: LocalShipments) -> None:
    fields = {"line1": "500 7th ave", "line2": "Floor 10", "city": "New York", "state": "NY", "postal_code": "10018"}
    assert kept_address(desk.create(quote_request(sender={"address": fields})), "sender") == FLOOR_TEN


def test_shipments_create_needs_no_more_than_two_zips(desk: LocalShipments) -> None:
    shipment = desk.create(quote_request(sender={"address": {"postal_code": "10018"}}))
    assert kept_address(shipment, "sender") == {
        **FLOOR_TEN,
        "line1": "",
        "line2": "",
        "formatted_address": "New York, NY 10018",
        "textarea": "New York, NY 10018",
    }
    assert shipment.notes_on_rates == [*(f"Sender: {sentence}" for sentence in CITY_FILLED), RESIDENTIAL]


def test_shipments_create_tells_the_city_it_corrected(desk: LocalShipments) -> None:
    shipment = desk.create(quote_request(recipient={"address": "1 Main St, Mesa, AZ 85282", "business": "A shop"}))
    assert shipment.recipient.address.city == "Tempe"
    assert shipment.notes_on_rates == ["Recipient: City changed from Mesa to Tempe: ZIP 85282 is in Tempe, AZ."]


def test_shipments_create_takes_a_business_as_commercial(desk: LocalShipments) -> None:
    options = {"providers": ["ups"], "service_levels": ["ground"]}
    home = desk.create(quote_request(options=options))
    office = desk.create(quote_request(options=options, recipient={"address": "85282", "business": "  A  shop "}))
    assert office.recipient.business == "A shop"
    assert RESIDENTIAL in home.notes_on_rates
    assert RESIDENTIAL not in office.notes_on_rates
    assert home.rates[0].amount > office.rates[0].amount


@pytest.mark.parametrize(
    ("body", "fields", "message"),
    [
        (
            {"sender": "ctct_11fkZ8wQzscUj9SZaX1By1"},
            ["sender"],
            "Nothing is stored under sender ctct_11fkZ8wQzscUj9SZaX1By1.",
        ),
        (
            {"recipient": {"contact_id": "ctct_a"}},
            ["recipient.contact_id"],
            "Nothing is stored under recipient.contact_id ctct_a.",
        ),
        (
            {"sender": {"address": "addr_11fkZ8wQzscUj9SZaX1By1"}, "recipient": {"address": "loc_b"}},
            ["sender.address", "recipient.address"],
            "Nothing is stored under sender.address addr_11fkZ8wQzscUj9SZaX1By1, recipient.address loc_b.",
        ),
    ],
)
def test_shipments_create_refuses_unknown_references(
    desk: LocalShipments, body: dict[str, Any], fields: list[str], message: str
) -> None:
    error = refused(desk, body)
    assert (type(error), error.code, error.fields, error.message) == (NotFound, "reference_not_found", fields, message)


@pytest.mark.parametrize(
    ("body", "fields", "words"),
    [
        ({"recipient": {"name": "N"}}, ["recipient.address"], "Recipient: The address is empty."),
        ({"recipient": {"address": "1 Main St, Tempe AZ"}}, ["recipient.address.postal_code"], "ZIP code is missing"),
        ({"recipient": {"address": "00000"}}, ["recipient.address.postal_code"], "ZIP 00000 is not a US ZIP code"),
        (
            {"recipient": {"address": {"postal_code": "85282", "state": "Nowhere"}}},
            ["recipient.address.state"],
            '"Nowhere" is not a US state',
        ),
        (
            {"recipient": {"address": {"postal_code": "K1A 0B1", "country_code": "CA"}}},
            ["recipient.address.city", "recipient.address.state"],
            "Recipient: The city is missing",
        ),
        (
            {"sender": {"address": {"postal_code": "10018", "country_code": "Mars"}}},
            ["sender.address.country_code"],
            "is not a country. Use its code or English name",
        ),
        (
            {"sender": {"address": "10018", "email": "nobody", "phone": "12"}, "recipient": {"address": "?"}},
            ["sender.email", "sender.phone", "recipient.address.postal_code"],
            '"12" is not a phone number',
        ),
        ({"parcels": [BOX, {"type": "usps_small_flat_box"}]}, ["parcels.1.type"], "usps_small_flat_rate_box"),
    ],
)
def test_shipments_create_refuses_and_keeps_nothing(
    desk: LocalShipments, desk_runtime: Runtime, body: dict[str, Any], fields: list[str], words: str
) -> None:
    before = number_kept(desk_runtime.engine)
    error = refused(desk, body)
    assert (type(error), error.fields) == (InvalidRequest, fields)
    assert words in error.message
    assert number_kept(desk_runtime.engine) == before


def number_kept(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(shipments)) or 0


def test_shipments_retrieve_of_an_unknown_id(desk: LocalShipments) -> None:
    with pytest.raises(NotFound) as caught:
        desk.retrieve("ship_none")
    assert (caught.value.message, caught.value.fields) == ("There is no shipment ship_none.", ["shipment_id"])


def test_shipments_refresh_merges_options_and_makes_new_rates(desk: LocalShipments) -> None:
    first = desk.create(quote_request(options={"providers": ["ups", "usps"], "lead_time_mins": 30}))
    changes = {"providers": None, "service_levels": ["ground"], "verify_address": True}
    second = desk.refresh(first.id, RefreshRequest(options=changes))
    expected = {**first.options.model_dump(), "providers": None, "service_levels": ["ground"], "verify_addresses": True}
    assert second.options.model_dump() == expected
    assert {rate.provider.id for rate in second.rates} == {"ups", "usps", "fedex"}
    assert {rate.service_level.code for rate in second.rates} == {"ground"}
    assert not {rate.id for rate in first.rates} & {rate.id for rate in second.rates}
    assert second.updated_at >= second.rates_generated_at > first.updated_at
    assert (second.created_at, second.id) == (first.created_at, first.id)
    assert desk.retrieve(first.id).model_dump_json() == second.model_dump_json()


def test_shipments_refresh_refuses_wrong_options_and_changes_nothing(desk: LocalShipments) -> None:
    first = desk.create(quote_request())
    with pytest.raises(InvalidRequest) as caught:
        desk.refresh(first.id, RefreshRequest(options={"providers": ["dhl"], "lead_time_mins": "soon"}))
    assert caught.value.fields == ["options.providers.0", "options.lead_time_mins"]
    assert desk.retrieve(first.id).model_dump_json() == first.model_dump_json()
    with pytest.raises(NotFound):
        desk.refresh("ship_none", RefreshRequest())


@pytest.fixture
def listed(engine: sa.Engine, desk: LocalShipments) -> list[Shipment]:
    """Five shipments in an empty database: made an hour apart, the last two at the same moment."""
    like = desk.create(quote_request(options={"providers": ["usps"]}))
    start = datetime(2026, 3, 1, 22, tzinfo=UTC)
    hours = (0, 1, 2, 3, 3)
    made = [
        like.model_copy(
            update={
                "id": f"ship_{position}",
                "created_at": start + timedelta(hours=hour),
                "provider": ("usps", "ups", None)[position % 3],
                "status": ("delivered", "in_transit", "rates_generated")[position % 3],
            }
        )
        for position, hour in enumerate(hours)
    ]
    with writing(engine).begin() as connection:
        SHIPMENTS.insert(connection, made)
    return made


def test_shipments_list_pages_newest_first_with_ties_by_id(engine: sa.Engine, listed: list[Shipment]) -> None:
    desk = LocalShipments(engine, TeamSettings)
    assert [shipment.id for shipment in desk.list(ListQuery()).items] == [
        "ship_4",
        "ship_3",
        "ship_2",
        "ship_1",
        "ship_0",
    ]
    second = desk.list(ListQuery(page=2, limit=2))
    assert [shipment.model_dump_json() for shipment in second.items] == [
        listed[position].model_dump_json() for position in (2, 1)
    ]
    assert (second.page, second.limit, second.total_count, second.has_more) == (2, 2, 5, True)
    assert desk.list(ListQuery(page=3, limit=2)).has_more is False
    assert desk.list(ListQuery(page=4, limit=2)).items == []
    oldest = desk.list(ListQuery(direction="asc"))
    assert [shipment.id for shipment in oldest.items] == ["ship_0", "ship_1", "ship_2", "ship_3", "ship_4"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"provider": "usps"}, ["ship_3", "ship_0"]),
        ({"provider": "usps,ups"}, ["ship_4", "ship_3", "ship_1", "ship_0"]),
        ({"statuses": "completed"}, ["ship_3", "ship_0"]),
        ({"status": "in_transit", "provider": "ups"}, ["ship_4", "ship_1"]),
        ({"created_at": "lte:2026-03-01"}, ["ship_1", "ship_0"]),
        ({"created_at": "gt:2026-03-01"}, ["ship_4", "ship_3", "ship_2"]),
    ],
)
def test_shipments_list_filters(
    engine: sa.Engine, listed: list[Shipment], filters: dict[str, str], expected: list[str]
) -> None:
    assert listed
    found = LocalShipments(engine, TeamSettings).list(ListQuery(filters=filters))
    assert ([shipment.id for shipment in found.items], found.total_count) == (expected, len(expected))


def test_shipments_list_refuses_what_it_does_not_know(desk: LocalShipments) -> None:
    for query, field in (
        (ListQuery(filters={"colour": "red"}), "colour"),
        (ListQuery(filters={"status": "lost"}), "status"),
        (ListQuery(order_by="weight"), "order_by"),
    ):
        with pytest.raises(InvalidRequest) as caught:
            desk.list(query)
        assert caught.value.fields == [field]
    with pytest.raises(ValidationError):
        ListQuery(limit=501)


def test_shipments_are_kept_all_or_none(engine: sa.Engine, listed: list[Shipment]) -> None:
    fresh = listed[0].model_copy(update={"id": "ship_fresh"})
    with pytest.raises(Conflict), writing(engine).begin() as connection:
        SHIPMENTS.insert(connection, [fresh, listed[0]])
    assert number_kept(engine) == 5
