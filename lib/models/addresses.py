"""Addresses and the people at them, as they come in and as they are kept."""

from typing import Annotated, Any

from pydantic import Field

from lib.models.base import LongText, Metadata, Number, Text, WireModel


class Coordinates(WireModel):
    """A point on the earth, in degrees."""

    latitude: Annotated[Number, Field(ge=-90, le=90)]
    longitude: Annotated[Number, Field(ge=-180, le=180)]


class AddressInput(WireModel):
    """An address as fields. Only what cannot be filled from the ZIP has to be given."""

    line1: Text | None = None
    line2: Text | None = None
    city: Text | None = None
    state: Text | None = None
    postal_code: Text | None = None
    country_code: Text | None = "US"


class Address(WireModel):
    """An address as kept: every part filled that could be, with the time zone it lies in."""

    id: str
    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    state_code: str = ""
    postal_code: str = ""
    country: str = "United States"
    country_code: str = "US"
    formatted_address: str = ""
    textarea: str = ""
    timezone: str | None = None
    verified: bool = False
    coordinates: Coordinates | None = None
    hash: str = ""


class PartyInput(WireModel):
    """A sender or recipient to quote for: only the address is needed for a price.

    `address` is one line of text (with an optional second line), an object, or an `addr_`/`loc_` id.
    """

    contact_id: Text | None = None
    name: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    business: Text | None = None
    address: LongText | AddressInput | None = None
    address_line2: Text | None = None
    metadata: Metadata = Field(default_factory=dict)


class ContactReference(WireModel):
    """A sender or recipient named by its contact: `{"contact_id": "ctct_…"}`."""

    contact_id: Annotated[str, Field(strict=True, pattern=r"^ctct_", max_length=100)]


class FullPartyInput(PartyInput):
    """A sender or recipient as the API asks for it: name, email, phone and address given."""

    name: Text
    email: Text
    phone: Text
    address: LongText | AddressInput


class Party(WireModel):
    """A sender or recipient as kept with a shipment."""

    name: str = ""
    email: str = ""
    phone: str = ""
    business: str = ""
    contact_id: str | None = None
    address: Address
    metadata: dict[str, Any] = Field(default_factory=dict)

    @property
    def missing_for_label(self) -> list[str]:
        """The fields a label cannot do without that are still empty."""
        found = {"name": self.name or self.business, "address.line1": self.address.line1}
        return [field for field, value in found.items() if not value]
