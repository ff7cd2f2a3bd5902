"""What can be exported in a shipper's words: names, usual columns, filters and orders, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from lib.desk.protocol import Desk
from lib.models.groups import GroupResource
from lib.models.lists import MAX_LIMIT, Direction, ListQuery
from lib.models.options import PROVIDERS
from lib.models.shipments import Shipment
from lib.models.statuses import STATUS_GROUPS, STATUSES
from lib.models.trackers import CARRIERS
from lib.tracking.recognition import CARRIER_NAMES
from lib.ui.exports.dates import Dates
from lib.ui.exports.filters import Choices, Entries, Filter, Metadata, Typed
from lib.ui.option_words import RATE_TYPES, level_name
from lib.ui.status_words import status_words

Order = tuple[str, Direction]


@dataclass(frozen=True, slots=True)
class Subject:
    """A resource that can be exported. `one` and `many` are nouns.

    `first` are the filters always seen, `more` the others; the first of `orders` is the usual one. `empty` says what
    to do, as Markdown, where there is nothing to export.
    """

    resource: str
    one: str
    many: str
    usual: tuple[str, ...]
    first: tuple[Filter, ...]
    more: tuple[Filter, ...]
    orders: Mapping[Order, str]
    empty: str

    @property
    def title(self) -> str:
        """As a choice: `Label scans`."""
        return self.many.capitalize()

    @property
    def filters(self) -> tuple[Filter, ...]:
        """All filters, those always seen first."""
        return (*self.first, *self.more)

    def key(self, *parts: str) -> str:
        """Where the session keeps something of this subject; also a widget's key."""
        return "_".join(("exports", self.resource, *parts))


def _carrier(code: str) -> str:
    return CARRIER_NAMES.get(code, code)


def _group_kind(kind: str) -> str:
    return f"{kind}s".capitalize()


def _word(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _locations(desk: Desk) -> dict[str, str]:
    page = desk.locations.list(ListQuery(limit=MAX_LIMIT))
    return {location.id: location.name for location in page.items}


def _contact_groups(desk: Desk) -> dict[str, str]:
    page = desk.groups.list(ListQuery(limit=MAX_LIMIT, filters={"resource": "contact"}))
    return {group.id: group.name for group in page.items}


_UPDATED = Dates("updated_at", "Last changed")
_STATUS = Choices("statuses", "Statuses", (*STATUS_GROUPS, *STATUSES), status_words, "All statuses")
_TAGS = Choices("tags", "Tags", (), str, "Type a tag and press Enter", own=True)
_LOCATION = Entries("location_id", "Location", _locations, "All locations", most=1)
_TRACKING = Typed("tracking_number", "Tracking number")
_NEWEST: dict[Order, str] = {
    ("created_at", "desc"): "Newest first",
    ("created_at", "asc"): "Oldest first",
    ("updated_at", "desc"): "Last changed first",
    ("updated_at", "asc"): "Longest unchanged first",
}
_ON_THE_ROAD: dict[Order, str] = {
    **_NEWEST,
    ("status", "asc"): "By status, A to Z",
    ("status", "desc"): "By status, Z to A",
    ("provider", "asc"): "By carrier, A to Z",
    ("provider", "desc"): "By carrier, Z to A",
}
_NAMED: dict[Order, str] = {
    ("name", "asc"): "By name, A to Z",
    ("name", "desc"): "By name, Z to A",
    **_NEWEST,
}


def _created(usual: str = "all") -> Dates:
    return Dates("created_at", "Created", usual)


def _search(placeholder: str) -> Typed:
    return Typed("search", "Search words", placeholder)


SUBJECTS: dict[str, Subject] = {
    subject.resource: subject
    for subject in (
        Subject(
            "shipment", "shipment", "shipments",
            usual=(
                "id", "created_at", "status", "provider", "amount", "billed_amount", "tracking_number",
                "order_number", "payment_reference", "estimated_delivery_at",
            ),
            first=(
                _created("last_30_days"), Choices("provider", "Carriers", PROVIDERS, _carrier, "All carriers"), _STATUS,
            ),
            more=(
                _UPDATED,
                Choices("type", "Direction", get_args(Shipment.model_fields["type"].annotation), _word, "Both ways"),
                _LOCATION,
                Choices("rate_types", "Kinds of rate", tuple(RATE_TYPES), lambda code: RATE_TYPES[code], "All kinds"),
                _TAGS, Typed("order_number", "Order number"), _TRACKING,
                _search("Name, number, city, ZIP"), Metadata(),
            ),
            orders=_ON_THE_ROAD,
            empty="Shipments you quote or buy on **Compare rates** can be exported here.",
        ),
        Subject(
            "tracker", "tracker", "trackers",
            usual=(
                "id", "created_at", "status", "tracking_number", "tracking_url", "estimated_delivery_at", "updated_at",
            ),
            first=(_created(), Choices("provider", "Carriers", CARRIERS, _carrier, "All carriers"), _STATUS),
            more=(_UPDATED, _LOCATION, _TAGS, _TRACKING, _search("Name, number, city"), Metadata()),
            orders=_ON_THE_ROAD,
            empty="Every shipment you buy on **Compare rates** is followed by a tracker. Programs follow other "
            "parcels through the API, at `/v1/trackers`.",
        ),
        Subject(
            "contact", "contact", "contacts",
            usual=("id", "name", "email", "phone", "address", "groups", "created_at"),
            first=(
                _created(), Entries("group_id", "Groups", _contact_groups, "All groups"),
                _search("Name, business, email, city, ZIP"),
            ),
            more=(_UPDATED, _LOCATION, Metadata()),
            orders={**_NAMED, ("email", "asc"): "By email, A to Z", ("email", "desc"): "By email, Z to A"},
            empty="Add the people and businesses you ship to on **Address book**, tab Contacts.",
        ),
        Subject(
            "group", "group", "groups",
            usual=("id", "name", "resource", "children_count", "created_at"),
            first=(
                _created(), Choices("resource", "Groups of", get_args(GroupResource), _group_kind, "Both kinds"),
                _search("Name"),
            ),
            more=(_UPDATED, _LOCATION, Metadata()),
            orders=_NAMED,
            empty="Make groups of contacts or of locations on **Address book**, tab Groups.",
        ),
        Subject(
            "location", "location", "locations",
            usual=("id", "name", "code", "email", "address", "operating_hours", "created_at"),
            first=(_created(), _search("Name, code, city, ZIP")),
            more=(_UPDATED, Metadata()),
            orders=_NAMED,
            empty="Add the places you ship from on **Address book**, tab Locations.",
        ),
        Subject(
            "shipping_label_inference", "label scan", "label scans",
            usual=(
                "id", "created_at", "status", "provider_name", "service_level_name", "tracking_number",
                "extracted_recipient_name", "extracted_sender_name", "order_number",
            ),
            first=(
                _created(),
                Choices("provider_name", "Carriers on the label", CARRIERS, _carrier, "All carriers", own=True),
                Choices("status", "Statuses", ("completed",), _word, "All statuses", own=True),
            ),
            more=(
                _UPDATED, Choices("service_level_name", "Services on the label", (), level_name, "Type a service and "
                "press Enter", own=True),
                _LOCATION, _TAGS, _search("Name or number on the label"), Metadata(),
            ),
            orders=_NEWEST,
            empty="Programs that read shipping labels send what they read through the API, to "
            "`/v1/shipping_label_inferences`.",
        ),
    )
}  # fmt: skip
