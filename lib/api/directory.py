"""/contacts, /groups, /locations, /addresses, /fulfillments: what shipments refer to."""

from typing import Annotated, Any

from pydantic import Field

from lib.api.lists import ListParameters, PageLimit
from lib.api.resources import ResourceRoutes
from lib.models.contacts import Contact, ContactCreate, ContactUpdate
from lib.models.fulfillments import Fulfillment, FulfillmentCreate, FulfillmentUpdate
from lib.models.groups import Group, GroupCreate, GroupUpdate
from lib.models.kept_addresses import AddressCreate, AddressUpdate, KeptAddress
from lib.models.locations import Location, LocationCreate, LocationUpdate

_FEW = 10
_LINE = "500 7th ave, New York, NY, 10018"
_ADDRESS = {"line1": "500 7th ave", "line2": "Floor 10", "city": "New York", "state": "NY", "postal_code": "10018"}
_EXAMPLE_CONTACT: dict[str, Any] = {
    "name": "A name", "email": "name@example.com", "phone": "+12125550100", "address": _LINE,
    "metadata": {"department": "Sales"},
}  # fmt: skip
_EXAMPLE_FULFILLMENT: dict[str, Any] = {
    "order_number": "ORDER-12345",
    "parcels": [
        {
            "length": 10, "width": 10, "height": 10, "weight": 70,
            "contents": [{"name": "Dispatch Roasters Coffee", "attributes": ["cold_storage"]}],
        }
    ],
}  # fmt: skip


class ContactFilters(ListParameters):
    """What a list of contacts can be narrowed by. `_relevance` and `_similarity` order what a `search` found."""

    limit: PageLimit = _FEW
    group_id: Annotated[str | None, Field(description="One group, or several with commas: any of them.")] = None
    location_id: Annotated[str | None, Field(description="One location, or several with commas.")] = None
    address_hash: Annotated[str | None, Field(description="The hash of an address, whatever its second line.")] = None


class GroupFilters(ListParameters):
    """What a list of groups can be narrowed by."""

    limit: PageLimit = _FEW
    resource: Annotated[str | None, Field(description="contact or location.")] = None
    location_id: str | None = None


class AddressFilters(ListParameters):
    """What a list of addresses can be narrowed by."""

    hash: Annotated[str | None, Field(description="The same for every second line.")] = None


class FulfillmentFilters(ListParameters):
    """What a list of fulfillments can be narrowed by."""

    status: Annotated[str | None, Field(description="One status, or several with commas.")] = None
    order_number: str | None = None
    location_id: str | None = None


_RESOURCES = (
    ResourceRoutes(
        name="contact",
        plural="contacts",
        prefix="ctct",
        of=lambda desk: desk.contacts,
        model=Contact,
        create=ContactCreate,
        update=ContactUpdate,
        filters=ContactFilters,
        example=_EXAMPLE_CONTACT,
        update_example={"phone": "+12125550101", "metadata": {"department": None}},
    ),
    ResourceRoutes(
        name="group",
        plural="groups",
        prefix="grp",
        of=lambda desk: desk.groups,
        model=Group,
        create=GroupCreate,
        update=GroupUpdate,
        filters=GroupFilters,
        example={"name": "Group A", "resource": "contact"},
        update_example={"name": "Group B", "remove": ["ctct_abc123xyz"]},
    ),
    ResourceRoutes(
        name="location",
        plural="locations",
        prefix="loc",
        of=lambda desk: desk.locations,
        model=Location,
        create=LocationCreate,
        update=LocationUpdate,
        filters=ListParameters,
        example={"name": "A warehouse", "code": "NY1", "address": _LINE, "holidays": ["2026-12-25"]},
        update_example={"operating_hours": {"saturday": {"active": True, "open": "10:00", "close": "14:00"}}},
    ),
    ResourceRoutes(
        name="address",
        plural="addresses",
        prefix="addr",
        of=lambda desk: desk.addresses,
        model=KeptAddress,
        create=AddressCreate,
        update=AddressUpdate,
        filters=AddressFilters,
        example=_ADDRESS,
        update_example={"line2": "Floor 11"},
    ),
    ResourceRoutes(
        name="fulfillment",
        plural="fulfillments",
        prefix="ful",
        of=lambda desk: desk.fulfillments,
        model=Fulfillment,
        create=FulfillmentCreate,
        update=FulfillmentUpdate,
        filters=FulfillmentFilters,
        example=_EXAMPLE_FULFILLMENT,
        update_example={"status": "shipped"},
    ),
)

routers = tuple(resource.router() for resource in _RESOURCES)
