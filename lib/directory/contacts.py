"""Contacts on the embedded desk."""

from datetime import datetime

import sqlalchemy as sa

from lib.directory.fields import Fields
from lib.directory.linking import (
    LinkedResource,
    filled,
    keep_in_groups,
    leave_groups,
    named_once,
    refuse_other_groups,
)
from lib.directory.lookup import Lookup
from lib.models.base import utc_now
from lib.models.contacts import Contact, ContactCreate, ContactFields, ContactUpdate
from lib.models.ids import new_id
from lib.models.lists import ListQuery, Page
from lib.store.directory import CONTACTS, GROUPS, LOCATIONS
from lib.store.ranking import RANKS, ranked_page


class LocalContacts(LinkedResource[Contact, ContactCreate, ContactUpdate]):
    """Keeps contacts; they and their groups know each other."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, CONTACTS)

    def list(self, query: ListQuery) -> Page[Contact]:
        """A page of contacts, by name unless asked otherwise. Raises InvalidRequest."""
        return ranked_page(self._engine, CONTACTS, query) if query.order_by in RANKS else super().list(query)

    def _made(self, request: ContactCreate, at: datetime) -> Contact:
        return Contact(id=request.id or new_id("ctct"), name=request.name, created_at=at, updated_at=at)

    def _linked(
        self, connection: sa.Connection, before: Contact | None, after: Contact, request: ContactCreate | ContactUpdate
    ) -> Contact:
        contact = _with_given(connection, after, request)
        keep_in_groups(connection, before, contact)
        return contact

    def _unlinked(self, connection: sa.Connection, kept: Contact) -> None:
        leave_groups(connection, kept, utc_now())


def _with_given(connection: sa.Connection, contact: Contact, request: ContactFields) -> Contact:
    """The contact with what the request gives, read, checked and looked up. Raises NotFound, InvalidRequest."""
    lookup = Lookup(connection)
    groups = lookup.find_all(GROUPS, {f"groups.{at}": one.id for at, one in enumerate(request.groups)})
    locations = lookup.find_all(LOCATIONS, {f"locations.{at}": one.id for at, one in enumerate(request.locations)})
    fields = Fields(lookup)
    address = fields.changed_address(contact.address, request)
    read = {
        "alternate_addresses": fields.several("alternate_addresses", request.alternate_addresses, fields.address),
        "email": fields.email("email", request.email),
        "alternate_emails": fields.several("alternate_emails", request.alternate_emails, fields.email),
        "phone": fields.phone("phone", request.phone),
        "alternate_phones": fields.several("alternate_phones", request.alternate_phones, fields.phone),
    }
    fields.refuse_wrong()
    refuse_other_groups("contact", request.groups, groups)
    read |= {"groups": named_once(request.groups, groups), "locations": named_once(request.locations, locations)}
    given = {name: value for name, value in read.items() if name in request.model_fields_set}
    return filled(contact, request, {**given, "address": address})
