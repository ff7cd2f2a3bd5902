"""Contacts: people and businesses that shipments go to and come from."""

from typing import Annotated, Literal

from pydantic import Field

from lib.models.addresses import Address, AddressInput
from lib.models.base import Flag, LongText, Text
from lib.models.kept import KeptDocument, KeptFields, Name, Named, OwnId, References

MAX_ALTERNATES = 50

_Alternates = Annotated[list[Text], Field(max_length=MAX_ALTERNATES)]


class ContactFields(KeptFields):
    """What can be said of a contact beside its name.

    `address` is one line of text (with an optional second line), an object, or an `addr_`/`loc_` id. `groups` and
    `locations` are ids, or objects with an `id`.
    """

    alternate_names: _Alternates = Field(default_factory=list)
    email: Text | None = None
    alternate_emails: _Alternates = Field(default_factory=list)
    phone: Text | None = None
    alternate_phones: _Alternates = Field(default_factory=list)
    business: Text | None = None
    id_number: Text | None = None
    address: LongText | AddressInput | None = None
    address_line2: Text | None = None
    alternate_addresses: Annotated[list[LongText | AddressInput], Field(max_length=MAX_ALTERNATES)] = Field(
        default_factory=list
    )
    groups: References = Field(default_factory=list)
    locations: References = Field(default_factory=list)
    is_primary: Flag = False
    notes: LongText | None = None


class ContactCreate(ContactFields):
    """The body of `POST /v1/contacts`: only `name` is required."""

    id: Annotated[OwnId, Field(pattern=r"^ctct_[0-9A-Za-z_]+$")] | None = None
    name: Name


class ContactUpdate(ContactFields):
    """The body of `POST /v1/contacts/{id}`: only what is given changes."""

    name: Name = Field(default_factory=str)


class Contact(KeptDocument):
    """A contact as kept. Its address is its own copy, read and completed like that of a shipment."""

    object: Literal["contact"] = "contact"
    name: str
    alternate_names: list[str] = Field(default_factory=list)
    email: str | None = None
    alternate_emails: list[str] = Field(default_factory=list)
    phone: str | None = None
    alternate_phones: list[str] = Field(default_factory=list)
    business: str | None = None
    id_number: str | None = None
    address: Address | None = None
    alternate_addresses: list[Address] = Field(default_factory=list)
    groups: list[Named] = Field(default_factory=list)
    locations: list[Named] = Field(default_factory=list)
    is_primary: bool = False
    notes: str | None = None
