"""The bodies of the API page on exports, word for word, to their files; and every filter of every resource."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lib import runtime
from lib.directory.contacts import LocalContacts
from lib.directory.groups import LocalGroups
from lib.directory.inferences import LocalInferences
from lib.directory.locations import LocalLocations
from lib.exports.catalogue import RESOURCES
from lib.exports.service import LocalExports
from lib.models.base import parse_instant
from lib.models.contacts import ContactCreate
from lib.models.errors import InvalidRequest
from lib.models.exports import ExportCreate
from lib.models.groups import GroupCreate
from lib.models.inferences import ShippingLabelInferenceCreate
from lib.models.locations import LocationCreate
from lib.models.shipments import Shipment, TrackingUpdateInput
from lib.models.trackers import TrackerCreate
from lib.store.database import writing
from lib.store.filterable import FILTERS
from lib.store.shipments import SHIPMENTS
from lib.tracking.service import LocalTrackers
from tests.contract.test_exports import downloaded, finished
from tests.generate import make_shipment

BODIES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "export_bodies.json").read_text(encoding="utf-8")
)
GROUP = "grp_19asti9p9u8sBaiJVPxFUF"
# The page's epochs are 2024-11-30 and 2024-12-18, each at 19:00 UTC.
INSIDE, EDGE, BEFORE = "2024-12-01T05:00:00Z", "2024-11-30T19:00:00Z", "2024-11-30T18:59:59.999Z"
UPS, UPS_LATE, FEDEX = "1Z999AA10123456784", "1Z12345E6605272234", "986578788855"


class Clock:
    """The moment at which the desk believes to be."""

    def __init__(self) -> None:
        self.now = parse_instant(INSIDE)

    def __call__(self) -> datetime:
        return self.now

    def set(self, moment: str) -> None:
        self.now = parse_instant(moment)


@pytest.fixture(scope="module")
def exports(worker_runtime: runtime.Runtime) -> LocalExports:
    """The exports of a desk with records of every resource, some that the page's bodies ask for and some not."""
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        for module in ("lib.store.resources", "lib.tracking.service", "lib.tracking.reporting"):
            patch.setattr(f"{module}.utc_now", clock)
        for fill in (fill_directory, fill_inferences, fill_trackers):
            fill(worker_runtime, clock)
    with writing(worker_runtime.engine).begin() as connection:
        SHIPMENTS.insert(connection, list(some_shipments()))
    return LocalExports(worker_runtime.engine, worker_runtime.files, sign=str)


def fill_directory(held: runtime.Runtime, clock: Clock) -> None:
    """Locations Tempe and alpine, four groups, three contacts of which two are in the page's group."""
    locations, groups = LocalLocations(held.engine), LocalGroups(held.engine)
    clock.set("2024-11-01T12:00:00Z")
    locations.create(
        LocationCreate.model_validate({
            "id": "loc_a", "name": "Tempe", "code": "AZ1", "service_levels": ["two_day", "ground"],
            "holidays": ["2026-12-25"], "users": [{"id": "user_1", "name": "A user"}, {"id": "user_2", "name": "B"}],
            "last_audited_at": "2026-07-01T04:00:00Z", "metadata": {"area": "west"},
        })
    )  # fmt: skip
    clock.set("2024-11-02T12:00:00Z")
    locations.create(LocationCreate(id="loc_b", name="alpine"))
    clock.set("2024-11-01T12:00:00Z")
    groups.create(GroupCreate(id=GROUP, name="Group A", resource="contact"))
    groups.create(GroupCreate(id="grp_b", name="group b", resource="contact"))
    groups.create(GroupCreate(id="grp_loc", name="Places", resource="location"))
    clock.set("2024-11-02T12:00:00Z")
    groups.create(
        GroupCreate(id="grp_c", name="Group C", resource="contact", location_id="loc_a", metadata={"area": "west"})
    )
    contacts = LocalContacts(held.engine)
    clock.set("2024-12-25T19:30:45Z")
    contacts.create(
        ContactCreate.model_validate({
            "id": "ctct_first", "name": "First contact", "alternate_names": ["A name", "Another name"],
            "email": "name@example.com", "alternate_emails": ["other@example.com"], "phone": "+12125550100",
            "groups": [GROUP, "grp_b"], "locations": ["loc_a"], "is_primary": True, "notes": "=1+1",
            "metadata": {"department": "Sales", "level": 3},
        })
    )  # fmt: skip
    clock.set("2024-07-04T16:00:00Z")
    contacts.create(
        ContactCreate.model_validate(
            {"id": "ctct_second", "name": "Second contact", "groups": [GROUP], "address": "Tempe, AZ 85282"}
        )
    )
    contacts.create(ContactCreate(id="ctct_third", name="Third contact"))


def fill_inferences(held: runtime.Runtime, clock: Clock) -> None:
    """Two that the page's body asks for, and three that miss it by carrier, service and date."""
    inferences = LocalInferences(held.engine)
    usps = {"provider_name": "USPS", "metadata": {"service": "inbound"}}
    whole = {
        **usps, "service_level_name": "Ground", "raw_text": "USPS\nA name", "weight": 2.5, "status": "checked",
        "dimensions": {"length": 10, "width": 8.5, "height": 4}, "barcode_values": ["420100189400", "9400"],
        "extracted_recipient_name": "A name", "recipient": {"name": "A name", "address": "Tempe, AZ 85282"},
        "errors": ["blurred", "torn"], "matches": [{"contact": "ctct_first", "score": 0.9}], "tags": ["fragile"],
        "location_id": "loc_a", "provider": {"id": "usps", "name": "USPS"}, "layout": "lay_1",
        "providers": [{"id": "usps", "name": "USPS"}, {"id": "ups", "name": "UPS"}],
    }  # fmt: skip
    made: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("inf_sl_inside", INSIDE, whole),
        ("inf_sl_edge", EDGE, usps),
        ("inf_sl_before", BEFORE, usps),
        ("inf_sl_ups", INSIDE, {**usps, "provider_name": "UPS"}),
        ("inf_sl_outbound", INSIDE, {"provider_name": "usps", "metadata": {"service": "outbound"}}),
    )
    for identifier, moment, fields in made:
        clock.set(moment)
        inferences.create(ShippingLabelInferenceCreate.model_validate({"id": identifier, **fields}))


def fill_trackers(held: runtime.Runtime, clock: Clock) -> None:
    """One that the page's body asks for, and two that miss it by status and date."""
    trackers = LocalTrackers(held.engine)
    for identifier, moment, number in (
        ("track_ups", INSIDE, UPS),
        ("track_fedex", INSIDE, FEDEX),
        ("track_late", "2024-12-18T19:00:00.001Z", UPS_LATE),
    ):
        clock.set(moment)
        tags, near = (["priority"], "loc_a") if identifier == "track_ups" else ([], None)
        trackers.create(
            TrackerCreate(
                id=identifier, tracking_number=number, tags=tags, location_id=near, metadata={"n": identifier}
            )
        )
        if number != FEDEX:
            trackers.add_update(identifier, TrackingUpdateInput(status="delivered"))


def some_shipments() -> Iterator[Shipment]:
    """One that the page's fourth body asks for, the others miss it by one thing each; one is from before 2024."""
    wanted = {"provider": "ups", "status": "delivered", "created_at": parse_instant(INSIDE)}
    picked_up = [rate.model_copy(update={"type": "pickup"}) for rate in make_shipment(1).rates]
    others: tuple[tuple[str, dict[str, Any]], ...] = (
        ("ship_self", {"provider": "self", "rates": picked_up}),
        ("ship_moving", {"status": "in_transit"}),
        ("ship_first", {"created_at": parse_instant("2024-01-01T05:00:00Z")}),
        ("ship_older", {"created_at": parse_instant("2024-01-01T04:59:59.999Z")}),
    )
    own = {
        "id": "ship_ups", "amount": 1850, "billed_amount": 1700, "paid": True, "tags": ["priority", "fragile"],
        "tracking_number": "PKGX-5LO98Q3-UR2VMEB", "updated_at": parse_instant("2024-12-02T05:00:00Z"),
        "metadata": {"department": "Sales"}, "location_id": "loc_a", "order_number": "ORDER-12345", "type": "inbound",
        "estimated_delivery_at": parse_instant("2024-07-04T16:00:00Z"), "layout_id": "lay_1",
    }  # fmt: skip
    first = make_shipment(0)
    on_shelf = [parcel.model_copy(update={"layout_id": "lay_1"}) for parcel in first.parcels]
    yield first.model_copy(update=wanted | own | {"parcels": on_shelf})
    plain = {"tags": [], "metadata": {}, "location_id": None, "order_number": None, "type": "outbound"}
    for number, (identifier, changes) in enumerate(others, start=1):
        yield make_shipment(number).model_copy(update=wanted | plain | changes | {"id": identifier})


def filed(exports: LocalExports, name: str) -> list[dict[str, str]]:
    """The rows of the file that the page's body ends in, whose header is what was asked, in that order."""
    body = BODIES[name]
    export = finished(exports, exports.create(ExportCreate.model_validate(body)).id)
    assert (export.status, export.error) == ("completed", None)
    header, *lines = csv.reader(io.StringIO(downloaded(exports, export.id).decode(), newline=""))
    assert header == list(body["csv_field_options"]["columns"])
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_page_quick_start(exports: LocalExports) -> None:
    rows = filed(exports, "quick_start")
    # The day begins at five in UTC: the one from a millisecond before is of 2023 in New York.
    assert [row["id"] for row in rows] == ["ship_ups", "ship_self", "ship_moving", "ship_first"]
    assert rows[0] == {
        "id": "ship_ups",
        "tracking_number": "PKGX-5LO98Q3-UR2VMEB",
        "status": "delivered",
        "created_at": "12/01/2024 12:00:00 AM",
    }
    assert rows[-1]["created_at"] == "01/01/2024 12:00:00 AM"


def test_page_contacts_of_a_group(exports: LocalExports) -> None:
    rows = filed(exports, "contacts")
    assert [row["id"] for row in rows] == ["ctct_second", "ctct_first"]
    assert [*rows[1].values()] == [
        "ctct_first", "First contact", "A name, Another name", "name@example.com", "other@example.com",
        "'+12125550100", "", "", "", "[]", "Group A, group b", "Tempe", "true", "'=1+1", "12/25/2024 02:30:45 PM",
        "12/25/2024 02:30:45 PM", "", "", '{"department":"Sales","level":3}', "", "", "", "",
    ]  # fmt: skip
    assert rows[0]["created_at"] == "07/04/2024 12:00:00 PM"
    assert json.loads(rows[0]["address"])["city"] == "Tempe"
    assert (rows[0]["is_primary"], rows[0]["groups"], rows[0]["locations"]) == ("false", "Group A", "")


def test_page_groups(exports: LocalExports) -> None:
    rows = filed(exports, "groups")
    assert [row["name"] for row in rows] == ["Group A", "group b", "Group C"]
    assert (rows[0]["children"], rows[0]["children_count"]) == ("First contact, Second contact", "2")
    assert [*rows[2].values()] == [
        "grp_c", "Group C", "contact", "", "0", '{"id":"loc_a","name":"Tempe"}', "11/02/2024 08:00:00 AM",
        "11/02/2024 08:00:00 AM", "", "", '{"area":"west"}', "",
    ]  # fmt: skip


def test_page_inferences(exports: LocalExports) -> None:
    rows = filed(exports, "inferences")
    assert [row["id"] for row in rows] == ["inf_sl_inside", "inf_sl_edge"]
    assert {name: cell for name, cell in rows[0].items() if cell and name not in ("recipient", "dimensions")} == {
        "id": "inf_sl_inside", "raw_text": "USPS\nA name", "layout": '{"id":"lay_1","name":""}',
        "extracted_recipient_name": "A name", "provider_name": "USPS", "service_level_name": "Ground",
        "barcode_values": "420100189400, 9400", "weight": "2.5", "matches": '[{"contact":"ctct_first","score":0.9}]',
        "status": "checked", "errors": "blurred, torn", "tags": "fragile", "created_at": "12/01/2024 12:00:00 AM",
        "updated_at": "12/01/2024 12:00:00 AM", "metadata": '{"service":"inbound"}', "location_id": "loc_a",
        "provider": '{"id":"usps","name":"USPS"}', "providers": "USPS, UPS",
    }  # fmt: skip
    assert json.loads(rows[0]["dimensions"]) == {"length": 10, "width": 8.5, "height": 4}
    assert json.loads(rows[0]["recipient"])["address"] == "Tempe, AZ 85282"
    assert (rows[1]["created_at"], rows[1]["weight"], rows[1]["provider"]) == ("11/30/2024 02:00:00 PM", "", "")


def test_page_shipments(exports: LocalExports) -> None:
    (row,) = filed(exports, "shipments")
    expected = {
        "id": "ship_ups", "amount": "1850", "billed_amount": "1700", "paid": "true", "provider": "ups",
        "status": "delivered", "tags": "priority, fragile", "created_at": "12/01/2024 12:00:00 AM",
        "updated_at": "12/02/2024 12:00:00 AM", "estimated_delivery_at": "07/04/2024 12:00:00 PM",
        "metadata": '{"department":"Sales"}', "_search": "",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_page_trackers(exports: LocalExports) -> None:
    (row,) = filed(exports, "trackers")
    expected = {
        "id": "track_ups", "type": "outbound", "tags": "priority", "status": "delivered", "tracking_number": UPS,
        "tracking_url": "/track/track_ups", "destination_address": "", "chained_status": "package_at_waypoint",
        "auto_close_shipments_option": "on_provider_updates", "auto_close_shipments_status": "delivered",
        "created_at": "12/01/2024 12:00:00 AM", "metadata": '{"n":"track_ups"}', "_search": "",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert [update["status"] for update in json.loads(row["tracking_updates"])] == ["created", "delivered"]


def test_page_locations(exports: LocalExports) -> None:
    rows = filed(exports, "locations")
    assert [row["name"] for row in rows] == ["alpine", "Tempe"]
    assert {name: cell for name, cell in rows[1].items() if cell and name != "operating_hours"} == {
        "id": "loc_a", "name": "Tempe", "code": "AZ1", "service_levels": "two_day, ground",
        "holidays": '[{"date":"2026-12-25","name":null}]', "users": "A user, B",
        "created_at": "11/01/2024 08:00:00 AM", "updated_at": "11/01/2024 08:00:00 AM", "metadata": '{"area":"west"}',
        "last_audited_at": "07/01/2026 12:00:00 AM",
    }  # fmt: skip
    assert json.loads(rows[1]["operating_hours"])["monday"] == {"active": True, "open": "09:00", "close": "17:00"}


# By resource the ids in the usual order of its list, then what each filter leaves of them.
USUAL = {
    "contact": ["ctct_first", "ctct_second", "ctct_third"],
    "group": [GROUP, "grp_b", "grp_c", "grp_loc"],
    "location": ["loc_b", "loc_a"],
    "shipping_label_inference": ["inf_sl_ups", "inf_sl_outbound", "inf_sl_inside", "inf_sl_edge", "inf_sl_before"],
    "shipment": ["ship_ups", "ship_self", "ship_moving", "ship_first", "ship_older"],
    "tracker": ["track_late", "track_ups", "track_fedex"],
}
FILTERED: list[tuple[str, str, str, list[str]]] = [
    ("contact", "group_id", "grp_b,grp_none", ["ctct_first"]),
    ("contact", "location_id", "loc_a", ["ctct_first"]),
    ("contact", "search", "second", ["ctct_second"]),
    ("contact", "metadata.department", "Sales", ["ctct_first"]),
    ("contact", "created_at", "equals:2024-12-25", ["ctct_first"]),
    ("contact", "updated_at", "lt:2024-12-01", ["ctct_second", "ctct_third"]),
    ("group", "resource", "location", ["grp_loc"]),
    ("group", "location_id", "loc_a", ["grp_c"]),
    ("group", "search", "places", ["grp_loc"]),
    ("group", "metadata.area", "west", ["grp_c"]),
    ("group", "created_at", "in:2024-11-02,2024-11-05", ["grp_c"]),
    ("group", "updated_at", "equals:2024-11-02T08:00:00", ["grp_c"]),
    ("location", "search", "az1", ["loc_a"]),
    ("location", "metadata.area", "west", ["loc_a"]),
    ("location", "created_at", "gt:2024-11-01", ["loc_b"]),
    ("location", "updated_at", "not_in:2024-11-02", ["loc_a"]),
    ("shipping_label_inference", "provider_name", "Ups", ["inf_sl_ups"]),
    ("shipping_label_inference", "service_level_name", "ground", ["inf_sl_inside"]),
    ("shipping_label_inference", "location_id", "loc_a", ["inf_sl_inside"]),
    ("shipping_label_inference", "status", "checked", ["inf_sl_inside"]),
    ("shipping_label_inference", "tags", "fragile", ["inf_sl_inside"]),
    ("shipping_label_inference", "search", "9400", ["inf_sl_inside"]),
    ("shipping_label_inference", "metadata.service", "outbound", ["inf_sl_outbound"]),
    ("shipping_label_inference", "created_at", "lt:1732993200", ["inf_sl_before"]),
    ("shipping_label_inference", "updated_at", "equals:1732993200000", ["inf_sl_edge"]),
    ("shipment", "provider", "self", ["ship_self"]),
    ("shipment", "status", "in_transit", ["ship_moving"]),
    ("shipment", "statuses", "outstanding", ["ship_moving"]),
    ("shipment", "filter", "outstanding", ["ship_moving"]),
    ("shipment", "type", "inbound", ["ship_ups"]),
    ("shipment", "tracking_number", "PKGX-5LO98Q3-UR2VMEB", ["ship_ups"]),
    ("shipment", "order_number", "ORDER-12345", ["ship_ups"]),
    ("shipment", "location_id", "loc_a", ["ship_ups"]),
    ("shipment", "tags", "fragile", ["ship_ups"]),
    ("shipment", "layout_id", "lay_1", ["ship_ups"]),
    ("shipment", "sender_address_id", f"addr_{0:022d}", ["ship_ups"]),
    ("shipment", "rate_types", "pickup,received", ["ship_self"]),
    ("shipment", "metadata.department", "Sales", ["ship_ups"]),
    ("shipment", "search", "UR2VMEB", ["ship_ups"]),
    ("shipment", "created_at", "bwe:2023-12-30,2024-01-02", ["ship_first", "ship_older"]),
    ("shipment", "updated_at", "gte:2024-12-02", ["ship_ups"]),
    ("tracker", "provider", "fedex,usps", ["track_fedex"]),
    ("tracker", "status", "created", ["track_fedex"]),
    ("tracker", "statuses", "outstanding", ["track_fedex"]),
    ("tracker", "filter", "outstanding", ["track_fedex"]),
    ("tracker", "tracking_number", FEDEX, ["track_fedex"]),
    ("tracker", "location_id", "loc_a", ["track_ups"]),
    ("tracker", "tags", "priority", ["track_ups"]),
    ("tracker", "search", FEDEX, ["track_fedex"]),
    ("tracker", "metadata.n", "track_late", ["track_late"]),
    ("tracker", "created_at", "not_equals:2024-12-01", ["track_late"]),
    ("tracker", "updated_at", "lte:2024-12-01T00:00:00-05:00", ["track_ups", "track_fedex"]),
]


def selected(exports: LocalExports, resource: str, /, **options: Any) -> list[str]:
    look = {"timezone": "America/New_York", "datetime_format": "yyyy-MM-dd", "columns": {"id": True}}
    body = {"resource": resource, "options": options, "csv_field_options": look}
    return [row[0] for row in exports.preview(ExportCreate.model_validate(body)).rows]


@pytest.mark.parametrize("resource", USUAL)
def test_usual_order_is_that_of_the_list(exports: LocalExports, resource: str) -> None:
    assert selected(exports, resource) == selected(exports, resource, limit="all") == USUAL[resource]
    assert selected(exports, resource, limit="2") == USUAL[resource][:2]
    newest_first = selected(exports, resource, order_by="created_at", direction="desc")
    assert sorted(newest_first) == sorted(USUAL[resource])
    assert selected(exports, resource, order_by="created_at", direction="asc") == newest_first[::-1]


@pytest.mark.parametrize(("resource", "name", "value", "expected"), FILTERED)
def test_every_filter_of_every_resource(
    exports: LocalExports, resource: str, name: str, value: str, expected: list[str]
) -> None:
    assert sorted(selected(exports, resource, **{name: value})) == sorted(expected)


def test_contacts_at_an_address(exports: LocalExports) -> None:
    hashed = json.loads(filed(exports, "contacts")[0]["address"])["hash"]
    assert selected(exports, "contact", address_hash=hashed) == ["ctct_second"]


def test_no_filter_is_forgotten() -> None:
    known = {(name, word) for name, resource in RESOURCES.items() for word in FILTERS[resource.table.name]}
    tried = {(resource, name) for resource, name, _, _ in FILTERED}
    assert known == {pair for pair in tried if not pair[1].startswith("metadata.")} | {("contact", "address_hash")}


def test_groups_are_of_contacts_or_locations(exports: LocalExports) -> None:
    assert selected(exports, "group", resource="contact,location") == USUAL["group"]
    with pytest.raises(InvalidRequest, match="“contacts” is not known; did you mean “contact”"):
        selected(exports, "group", resource="contacts")


@pytest.mark.parametrize(
    ("options", "field", "code"),
    [
        ({"order_by": "_relevance", "search": "first"}, "options.order_by", "invalid_order"),
        ({"page": 2, "limit": 10}, "options.page", "invalid_page"),
        ({"tags": "fragile"}, "options.tags", "unknown_name"),
    ],
)
def test_what_a_file_of_contacts_cannot_have(
    exports: LocalExports, options: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        selected(exports, "contact", **options)
    assert (caught.value.fields, caught.value.code) == ([field], code)
    assert selected(exports, "contact", page=1) == USUAL["contact"]
