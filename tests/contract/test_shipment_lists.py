"""Lists of shipments by every filter of the reference, on both databases. What is expected was worked out by hand."""

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from lib.models.errors import InvalidRequest
from lib.models.lists import ListQuery, Page
from lib.models.shipments import QuoteRequest, Shipment
from lib.models.statuses import STATUSES
from lib.models.team import TeamSettings
from lib.runtime import Runtime
from lib.shipping.service import LocalShipments
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from tests.examples import QUOTABLE

# Weeks are counted from a Thursday: d is the first instant of one, c the last of the one before.
KEPT: dict[str, dict[str, Any]] = {
    "a": {
        "created_at": "2026-01-05T09:00:00Z", "updated_at": "2026-04-01T00:00:00Z", "status": "delivered",
        "provider": "ups", "tags": ["fragile", "priority"], "location_id": "loc_1", "order_number": "ORDER-1",
        "tracking_number": "1Z999AA10123456784", "metadata": {"department": "Sales", "cost center": "1, 2"},
        "recipient": "Zoë Müller",
    },
    "b": {
        "created_at": "2026-01-05T09:00:00Z", "updated_at": "2026-01-05T09:00:00Z", "status": "in_transit",
        "provider": "ups", "tags": ["fragile"], "location_id": "loc_1", "order_number": "ORDER-10",
        "metadata": {"department": "Lab", "cost center": "1"}, "recipient": "Straße & Söhne", "layout_id": "lay_1",
    },
    "c": {
        "created_at": "2026-01-07T23:59:59.999Z", "updated_at": "2026-01-08T00:00:00Z", "status": "delayed",
        "provider": "usps", "type": "inbound", "tags": ["priority"], "location_id": "loc_2", "order_number": "50%",
        "metadata": {"department": "Sales", "urgent": True, "floors": 3}, "recipient": "Łukasz O'Neil",
    },
    "d": {
        "created_at": "2026-01-08T00:00:00Z", "updated_at": "2026-02-01T00:00:00Z", "status": "return_to_sender",
        "provider": "fedex", "tags": [], "order_number": "50_", "recipient": "東京 Traders",
        "rate_types": ["delivery", "pickup"], "metadata": {"floors": 2.5, "nested": {"a": 1}},
    },
    "e": {
        "created_at": "2026-03-01T12:00:00Z", "updated_at": "2026-03-02T00:00:00Z", "status": "canceled",
        "provider": "usps", "tags": ["priority", "re,called"], "location_id": "loc_1", "order_number": "505",
        "recipient": "Muller Sons", "sender_address_id": "addr_dock",
    },
    "f": {
        "created_at": "2026-03-31T23:00:00Z", "updated_at": "2026-03-31T23:00:00Z", "status": "rates_generated",
        "tags": ["fragile"], "order_number": "ORDER-1", "rate_types": [], "recipient": "müllerei",
        "metadata": {"department": "sales"}, "layout_id": "lay_2", "sender_address_id": "addr_dock",
    },
    "g": {
        "created_at": "2026-04-01T00:00:00Z", "updated_at": "2026-04-01T00:00:00Z", "status": "out_for_delivery",
        "provider": "self", "tags": ["Fragile"], "location_id": "loc_2", "recipient": "Anna Maria Zoete",
        "rate_types": ["pickup", "received"], "metadata": {"department": "100%"},
    },
}  # fmt: skip

CASES: list[tuple[dict[str, str], str]] = [
    ({}, "gfedcba"),
    ({"status": "delivered"}, "a"),
    ({"status": "delivered,in_transit"}, "ba"),
    ({"statuses": "completed"}, "eda"),
    ({"statuses": "exception"}, "dc"),
    ({"statuses": "outstanding"}, "gfcb"),
    ({"statuses": "exception, canceled"}, "edc"),
    ({"statuses": ",".join(STATUSES)}, "gfedcba"),
    ({"filter": "completed"}, "eda"),
    ({"filter": "outstanding"}, "gfcb"),
    ({"filter": "exception"}, "dc"),
    ({"filter": "completed", "statuses": "exception"}, "d"),
    ({"type": "inbound"}, "c"),
    ({"type": "outbound"}, "gfedba"),
    ({"type": "outbound,inbound"}, "gfedcba"),
    ({"provider": "ups"}, "ba"),
    ({"provider": "usps,self"}, "gec"),
    ({"provider": "doordash"}, ""),
    ({"tags": "fragile"}, "fba"),
    ({"tags": "fragile,priority"}, "fecba"),
    ({"tags": "Fragile"}, "g"),
    ({"tags": "fragil"}, ""),
    ({"location_id": "loc_1"}, "eba"),
    ({"location_id": "loc_"}, ""),
    ({"layout_id": "lay_1"}, "b"),
    ({"layout_id": "lay_1,lay_2"}, "fb"),
    ({"sender_address_id": "addr_dock"}, "fe"),
    ({"rate_types": "delivery"}, "edcba"),
    ({"rate_types": "pickup"}, "gd"),
    ({"rate_types": "received,pickup"}, "gd"),
    ({"tracking_number": "1Z999AA10123456784"}, "a"),
    ({"tracking_number": "1Z999AA1"}, ""),
    ({"order_number": "ORDER-1"}, "fa"),
    ({"order_number": "50%"}, "c"),
    ({"order_number": "order-1"}, ""),
    ({"metadata.department": "Sales"}, "ca"),
    ({"metadata.department": "100%"}, "g"),
    ({"metadata.cost center": "1, 2"}, "a"),
    ({"metadata.cost center": "1"}, "b"),
    ({"metadata.urgent": "true"}, "c"),
    ({"metadata.floors": "3"}, "c"),
    ({"metadata.floors": "2.5"}, "d"),
    ({"metadata.nested": "1"}, ""),
    ({"metadata.nobody": "1"}, ""),
    ({"search": "muller"}, "fea"),
    ({"search": "MÜLLER"}, "fea"),
    ({"search": "zoe"}, "ga"),
    ({"search": "zoe mull"}, "a"),
    ({"search": "mull zoe"}, "a"),
    ({"search": "uller"}, ""),
    ({"search": "strasse"}, "b"),
    ({"search": "sohne"}, "b"),
    ({"search": "łukasz"}, "c"),
    ({"search": "o'neil"}, "c"),
    ({"search": "東京"}, "d"),
    ({"search": "order-1"}, "fba"),
    ({"search": "order 10"}, "b"),
    ({"search": "50"}, "edc"),
    ({"search": "50%"}, "edc"),
    ({"search": "50_"}, "edc"),
    ({"search": "5%5"}, "edc"),
    ({"search": "1z999aa10123456784"}, "a"),
    ({"search": "ship_e"}, "e"),
    ({"search": "%"}, ""),
    ({"search": "_"}, ""),
    ({"search": "*"}, ""),
    ({"created_at": "equals:2026-01-05"}, "ba"),
    ({"created_at": "not_equals:2026-01-05"}, "gfedc"),
    ({"created_at": "gt:2026-01-07"}, "gfed"),
    ({"created_at": "gte:2026-01-07"}, "gfedc"),
    ({"created_at": "lt:2026-01-08"}, "cba"),
    ({"created_at": "lte:2026-01-08"}, "dcba"),
    ({"created_at": "lt:2026-01-08T00:00:00Z"}, "cba"),
    ({"created_at": "lte:2026-01-08T00:00:00Z"}, "dcba"),
    ({"created_at": "gt:2026-01-08T00:00:00Z"}, "gfe"),
    ({"created_at": "bwi:2026-01-05,2026-01-08"}, "dcba"),
    ({"created_at": "bwe:2026-01-05,2026-01-08"}, "c"),
    ({"created_at": "bwe:2026-01-07,2026-01-08"}, ""),
    ({"created_at": "in:2026-01-05,2026-03-31"}, "fba"),
    ({"created_at": "in:2026-03-31,2026-01-05,2026-01-05T09:00:00Z"}, "fba"),
    ({"created_at": "not_in:2026-01-05,2026-03-31"}, "gedc"),
    ({"created_at": "equals:1775001600"}, "g"),
    ({"created_at": "equals:1775001600000"}, "g"),
    ({"updated_at": "equals:2026-04-01"}, "ga"),
    ({"updated_at": "not_equals:2026-04-01"}, "fedcb"),
    ({"updated_at": "gt:2026-03-02"}, "gfa"),
    ({"updated_at": "gte:2026-03-02"}, "gfea"),
    ({"updated_at": "lt:2026-01-08"}, "b"),
    ({"updated_at": "lte:2026-01-08"}, "cb"),
    ({"updated_at": "bwi:2026-01-08,2026-03-02"}, "edc"),
    ({"updated_at": "bwe:2026-01-08,2026-03-02"}, "d"),
    ({"updated_at": "in:2026-01-05,2026-03-31"}, "fb"),
    ({"updated_at": "not_in:2026-01-05,2026-03-31"}, "gedca"),
    ({"provider": "ups", "status": "delivered", "type": "outbound"}, "a"),
    ({"tags": "fragile", "created_at": "gte:2026-01-06"}, "f"),
    ({"tags": "fragile", "location_id": "loc_1", "search": "muller"}, "a"),
    ({"tags": "priority", "statuses": "completed", "metadata.department": "Sales"}, "a"),
    ({"search": "muller", "created_at": "not_in:2026-01-05,2026-04-01", "provider": "usps"}, "e"),
    ({"created_at": "lt:2026-02-01", "updated_at": "gte:2026-02-01"}, "da"),
    ({"location_id": "loc_1", "type": "inbound"}, ""),
    ({"status": "", "provider": "", "tags": "", "search": "", "created_at": "", "metadata.department": ""}, "gfedcba"),
]  # fmt: skip


@pytest.fixture(scope="module")
def desk(desk_runtime: Runtime) -> LocalShipments:
    desk = LocalShipments(desk_runtime.engine, TeamSettings)
    like = desk.create(QuoteRequest.model_validate({**QUOTABLE, "options": {"providers": ["usps"]}}))
    with writing(desk_runtime.engine).begin() as connection:
        SHIPMENTS.delete(connection, like.id)
        SHIPMENTS.insert(connection, [kept(like, name, **about) for name, about in KEPT.items()])
    return desk


def kept(like: Shipment, name: str, **about: Any) -> Shipment:
    """A shipment like the one given, under the id `ship_<name>`."""
    recipient = like.recipient.model_copy(update={"name": about.pop("recipient"), "email": ""})
    address_id, layout_id = about.pop("sender_address_id", f"addr_{name}"), about.pop("layout_id", None)
    sender = like.sender.model_copy(
        update={"name": "", "email": "", "address": like.sender.address.model_copy(update={"id": address_id})}
    )
    rates = [
        like.rates[0].model_copy(update={"id": f"rate_{name}{kind}", "type": kind})
        for kind in about.pop("rate_types", ["delivery"])
    ]
    parcels = [like.parcels[0].model_copy(update={"layout_id": layout_id})]
    parts = {"recipient": recipient, "sender": sender, "rates": rates, "parcels": parcels, "tracking_number": None}
    document = like.model_dump(exclude={*parts, "recommended_rate"}) | {"id": f"ship_{name}"} | parts | about
    return Shipment.model_validate(document)


def names(page: Page[Shipment]) -> str:
    return "".join(shipment.id.removeprefix("ship_") for shipment in page.items)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(("filters", "expected"), CASES)
def test_shipments_list_by(
    desk: LocalShipments, monkeypatch: pytest.MonkeyPatch, filters: dict[str, str], expected: str, *, many: bool
) -> None:
    """As of few shipments and as of many, which are looked for in another way."""
    if many:
        for limit in ("weeks._MANY", "weeks._MANY_IN_WEEKS", "facets._FEW_WORDS"):
            monkeypatch.setattr(f"lib.store.{limit}", 0)
    page = desk.list(ListQuery(filters=filters))
    assert (names(page), page.total_count, page.has_more) == (expected, len(expected), False)
    oldest = desk.list(ListQuery(filters=filters, direction="asc", limit=2))
    assert (names(oldest), oldest.total_count) == (expected[::-1][:2], len(expected))
    assert oldest.has_more is (len(expected) > 2)


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize(
    ("filters", "expected"),
    [({}, "gfedcba"), ({"tags": "fragile,priority"}, "fecba"), ({"created_at": "not_equals:2026-03-01"}, "gfdcba")],
)
def test_shipments_list_pages_hold_every_match_once(
    desk: LocalShipments, filters: dict[str, str], expected: str, direction: Any, limit: int
) -> None:
    found = ""
    for number in range(1, 9):
        page = desk.list(ListQuery(filters=filters, direction=direction, limit=limit, page=number))
        found += names(page)
        assert page.total_count == len(expected)
        assert page.has_more is (number * limit < len(expected))
    assert found == (expected if direction == "desc" else expected[::-1])


@pytest.mark.parametrize(
    ("order_by", "ascending"),
    # Equal ones by id; no provider comes before every provider.
    [("created_at", "abcdefg"), ("updated_at", "bcdefag"), ("status", "ecabgfd"), ("provider", "fdgabce")],
)
def test_shipments_list_in_order(desk: LocalShipments, order_by: str, ascending: str) -> None:
    assert names(desk.list(ListQuery(order_by=order_by, direction="asc"))) == ascending
    assert names(desk.list(ListQuery(order_by=order_by, direction="desc"))) == ascending[::-1]
    second = desk.list(ListQuery(order_by=order_by, direction="asc", page=2, limit=3))
    assert (names(second), second.total_count) == (ascending[3:6], 7)


def test_shipments_list_in_order_is_descending_for_created_at_only(desk: LocalShipments) -> None:
    assert names(desk.list(ListQuery(order_by="created_at"))) == "gfedcba"
    assert names(desk.list(ListQuery(order_by="provider"))) == "fdgabce"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (ListQuery(filters={"status": "lost"}), "status"),
        (ListQuery(filters={"filter": "open"}), "filter"),
        (ListQuery(filters={"type": "sideways"}), "type"),
        (ListQuery(filters={"provider": "ups,dhl"}), "provider"),
        (ListQuery(filters={"created_at": "since:2026-01-01"}), "created_at"),
        (ListQuery(filters={"created_at": "bwi:2026-01-01"}), "created_at"),
        (ListQuery(filters={"updated_at": "gte:soon"}), "updated_at"),
        (ListQuery(filters={"metadata.": "1"}), "metadata."),
        (ListQuery(filters={"colour": "red"}), "colour"),
        (ListQuery(order_by="weight"), "order_by"),
    ],
)
def test_shipments_list_names_what_is_wrong(desk: LocalShipments, query: ListQuery, field: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        desk.list(query)
    assert caught.value.fields == [field]


def test_shipments_list_counts_what_changed_since(desk: LocalShipments, desk_runtime: Runtime) -> None:
    """Whoever changes it: totals that were counted before are right at once."""
    asked = ({}, {"status": "delivered"}, {"search": "zoe"}, {"created_at": "lt:2026-01-06"}, {"tags": "fragile"})

    def totals() -> list[int]:
        return [desk.list(ListQuery(filters=filters)).total_count for filters in asked]

    def run(statement: str, **values: Any) -> None:
        with desk_runtime.engine.begin() as connection:
            connection.execute(sa.text(statement), values)

    assert totals() == [7, 1, 2, 2, 3]
    added = desk.retrieve("ship_a").model_copy(update={"id": "ship_new"})
    with writing(desk_runtime.engine).begin() as connection:
        SHIPMENTS.insert(connection, [added])
    assert totals() == [8, 2, 3, 3, 4]
    run("UPDATE shipments SET status = 'created' WHERE id = 'ship_new'")
    assert totals() == [8, 1, 3, 3, 4]
    later = round(datetime.fromisoformat("2026-03-01T00:00:00Z").timestamp() * 1000)
    run("UPDATE shipments SET created_at = :later WHERE id = 'ship_new'", later=later)
    run("UPDATE facets SET created_at = :later WHERE owner_id = 'ship_new'", later=later)
    assert totals() == [8, 1, 3, 2, 4]
    with writing(desk_runtime.engine).begin() as connection:
        SHIPMENTS.delete(connection, "ship_new")
    assert totals() == [7, 1, 2, 2, 3]


def test_shipments_list_sees_nothing_of_what_is_rolled_back(desk: LocalShipments, desk_runtime: Runtime) -> None:
    added = desk.retrieve("ship_a").model_copy(update={"id": "ship_undone"})
    with writing(desk_runtime.engine).connect() as connection, connection.begin() as transaction:
        SHIPMENTS.insert(connection, [added])
        assert desk.list(ListQuery()).total_count == 7
        transaction.rollback()
    assert desk.list(ListQuery()).total_count == 7
