"""Finding what ids refer to. What is not there is told all at once, by the wire path that named it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from lib.address.changing import with_line2
from lib.models.addresses import Address, PartyInput
from lib.models.base import Document
from lib.models.contacts import Contact
from lib.models.errors import InvalidRequest, NotFound
from lib.models.ids import looks_like_id
from lib.store.directory import ADDRESSES, CONTACTS, LOCATIONS
from lib.store.documents import Documents

Model = TypeVar("Model", bound=Document)

_OF_THE_CONTACT = ("name", "email", "phone", "business")


@dataclass(frozen=True, slots=True)
class PartyInHand:
    """A sender or recipient with what its contact says filled in, and its address where one is kept already."""

    given: PartyInput
    address: Address | None = None


class Lookup:
    """Looks references up within one connection and remembers which led nowhere."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._missing: dict[str, str] = {}
        self._without_address: dict[str, str] = {}

    def find(self, documents: Documents[Model], path: str, identifier: str | None) -> Model | None:
        """What is kept under an id that stands at this wire path; None without an id and where nothing is."""
        if identifier is None:
            return None
        return self.find_all(documents, {path: identifier}).get(identifier)

    def find_all(self, documents: Documents[Model], wanted: Mapping[str, str]) -> dict[str, Model]:
        """By its id everything that is kept of these, given as wire path → id."""
        if not wanted:
            return {}
        found = documents.some(self._connection, documents.table.c.id.in_(set(wanted.values())))
        self._missing.update({path: identifier for path, identifier in wanted.items() if identifier not in found})
        return found

    def address(self, path: str, identifier: str) -> Address | None:
        """The address under an `addr_` or `loc_` id."""
        if looks_like_id(identifier, "addr"):
            kept = self.find(ADDRESSES, path, identifier)
            return Address.model_validate(kept.model_dump()) if kept else None
        location = self.find(LOCATIONS, path, identifier)
        if location and location.address is None:
            self._without_address[path] = f"location {identifier}"
        return location.address if location else None

    def party(self, path: str, party: PartyInput | str) -> PartyInHand:
        """The party, its contact and its address looked up; what is given beside a contact goes before it."""
        given = PartyInput(contact_id=party) if isinstance(party, str) else party
        named = path if isinstance(party, str) else f"{path}.contact_id"
        contact = self.find(CONTACTS, named, given.contact_id or None)
        given = _filled(given, contact) if contact else given
        address = None
        if identifier := address_id(given.address):
            address = self.address(f"{path}.address", identifier)
        elif contact and given.address is None:
            address = contact.address
            if address is None:
                self._without_address[named] = f"contact {contact.id}"
        if address and given.address_line2:
            address = with_line2(address, given.address_line2)
        return PartyInHand(given, address)

    def refuse_missing(self) -> None:
        """Raises NotFound naming every path and id under which nothing is kept.

        Raises InvalidRequest for a contact or location that was named for its address and has none.
        """
        if self._missing:
            raise not_stored(self._missing)
        if self._without_address:
            told = " ".join(f"{path}: {named} has no address." for path, named in self._without_address.items())
            raise InvalidRequest(
                f"{told} Give it one first, or name an address.",
                fields=list(self._without_address),
                code="no_address",
            )


def address_id(given: object) -> str | None:
    """The id, where what was given as an address is the id of one or of a location."""
    text = given.strip() if isinstance(given, str) else ""
    return text if any(looks_like_id(text, prefix) for prefix in ("addr", "loc")) else None


def not_stored(references: Mapping[str, str]) -> NotFound:
    """The error for references (wire path → id) to what is not kept."""
    named = ", ".join(f"{path} {identifier}" for path, identifier in references.items())
    return NotFound(
        f"Nothing is stored under {named}.",
        fields=list(references),
        code="reference_not_found",
        details={"not_found": dict(references)},
    )


def _filled(given: PartyInput, contact: Contact) -> PartyInput:
    named = {field: getattr(given, field) or getattr(contact, field) for field in _OF_THE_CONTACT}
    return given.model_copy(update=named)
