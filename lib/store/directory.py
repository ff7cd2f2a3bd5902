"""Contacts, groups, locations, addresses and fulfillments in the database."""

from collections.abc import Iterator
from typing import Any

from lib.models.addresses import Address
from lib.models.contacts import Contact
from lib.models.fulfillments import Fulfillment
from lib.models.groups import Group
from lib.models.kept import KeptDocument
from lib.models.kept_addresses import KeptAddress
from lib.models.locations import Location
from lib.store import tables
from lib.store.documents import Documents
from lib.store.facets import Facet, metadata_facets, plain, search_facets

GROUP_ID, LOCATION_ID = "group_id", "location_id"
_LONGEST = 255
_NORTH_AMERICA = "+1"


def _times(item: KeptDocument) -> dict[str, Any]:
    return {"created_at": item.created_at, "updated_at": item.updated_at}


def _named(item: Contact | Group | Location) -> dict[str, Any]:
    return {**_times(item), "name_key": plain(item.name)[:_LONGEST]}


def _contact_columns(contact: Contact) -> dict[str, Any]:
    return {
        **_named(contact),
        "email": contact.email and plain(contact.email)[:_LONGEST],
        "address_hash": contact.address and contact.address.hash,
    }


def _contact_facets(contact: Contact) -> Iterator[Facet]:
    yield from metadata_facets(contact.metadata)
    yield from (Facet(GROUP_ID, group.id) for group in contact.groups)
    yield from (Facet(LOCATION_ID, location.id) for location in contact.locations)
    phones = [phone for phone in (contact.phone, *contact.alternate_phones) if phone]
    yield from search_facets(
        contact.name,
        *contact.alternate_names,
        contact.business,
        contact.email,
        *contact.alternate_emails,
        *phones,
        *(phone.removeprefix(_NORTH_AMERICA) for phone in phones),
        contact.id_number,
        *_place_words(contact.address),
    )


def _group_columns(group: Group) -> dict[str, Any]:
    location_id = group.location and group.location.id
    return {**_named(group), "name": group.name, "resource": group.resource, "location_id": location_id}


def _group_facets(group: Group) -> Iterator[Facet]:
    yield from metadata_facets(group.metadata)
    yield from search_facets(group.name)


def _location_facets(location: Location) -> Iterator[Facet]:
    yield from metadata_facets(location.metadata)
    yield from (Facet(GROUP_ID, group.id) for group in location.groups)
    yield from search_facets(location.name, location.code, location.email, *_place_words(location.address))


def _address_facets(address: KeptAddress) -> Iterator[Facet]:
    yield from metadata_facets(address.metadata)
    yield from search_facets(*_place_words(address))


def _fulfillment_columns(fulfillment: Fulfillment) -> dict[str, Any]:
    names = ("status", "order_number", "location_id")
    return {**_times(fulfillment), **{name: getattr(fulfillment, name) for name in names}}


def _fulfillment_facets(fulfillment: Fulfillment) -> Iterator[Facet]:
    yield from metadata_facets(fulfillment.metadata)
    recipient = fulfillment.recipient
    people = (recipient.name, recipient.business, recipient.email) if recipient else ()
    items = (text for content in fulfillment.all_contents for text in (content.name, content.sku))
    yield from search_facets(fulfillment.order_number, *people, *items)


def _place_words(address: Address | None) -> tuple[str, ...]:
    if address is None:
        return ()
    return address.line1, address.line2, address.city, address.state, address.state_code, address.postal_code


CONTACTS = Documents(
    "contact", tables.contacts, Contact, columns=_contact_columns, facets=_contact_facets, order=("name", "asc")
)
GROUPS = Documents("group", tables.groups, Group, columns=_group_columns, facets=_group_facets, order=("name", "asc"))
LOCATIONS = Documents(
    "location",
    tables.locations,
    Location,
    columns=lambda location: {**_named(location), "code": location.code},
    facets=_location_facets,
    order=("name", "asc"),
)
ADDRESSES = Documents(
    "address",
    tables.addresses,
    KeptAddress,
    columns=lambda address: {**_times(address), "hash": address.hash},
    facets=_address_facets,
)
FULFILLMENTS = Documents(
    "fulfillment", tables.fulfillments, Fulfillment, columns=_fulfillment_columns, facets=_fulfillment_facets
)
