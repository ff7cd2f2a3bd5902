"""Addresses that are kept by themselves, to be named by their `addr_` id."""

from typing import Annotated, Literal

from pydantic import Field

from lib.models.addresses import Address, AddressInput
from lib.models.base import LongText, Text
from lib.models.kept import KeptDocument, KeptFields, OwnId


class AddressUpdate(AddressInput, KeptFields):
    """The body of `POST /v1/addresses/{id}`: fields, or the whole in `address`."""

    address: LongText | AddressInput | None = None
    address_line2: Text | None = None


class AddressCreate(AddressUpdate):
    """The body of `POST /v1/addresses`: fields, or one line of text or an object in `address`."""

    id: Annotated[OwnId, Field(pattern=r"^addr_[0-9A-Za-z_]+$")] | None = None


class KeptAddress(Address, KeptDocument):
    """An address as kept by itself. What is made with it, such as a shipment, keeps its own copy."""

    object: Literal["address"] = "address"
