"""Checking an address, a phone number and an email without asking anybody."""

from pydantic import Field

from lib.models.addresses import Address, AddressInput
from lib.models.base import LongText, Text, WireModel


class AddressCheck(WireModel):
    """The body of `POST /v1/addresses/verify`: an address as one line or as fields, and who can be reached there."""

    address: LongText | AddressInput
    address_line2: Text | None = None
    email: Text | None = None
    phone: Text | None = None


class FieldProblem(WireModel):
    """One thing that is wrong: its wire path (`address.postal_code`), and in words what would be right."""

    field: str
    message: str


class AddressVerification(WireModel):
    """What came of checking an address offline.

    `address` is the completed one, which is not kept; None where there was nothing to read. `corrections` is what was
    changed, `assumptions` what was filled in, taken for granted or not checked, one sentence each. `deliverable` is
    false where the address has problems, and otherwise null: nobody was asked whether the street exists. `email` and
    `phone` are spelled as they would be kept, null where they are wrong or not given.
    """

    address: Address | None
    corrections: list[str] = Field(default_factory=list)
    assumptions: list[str] = Field(default_factory=list)
    problems: list[FieldProblem] = Field(default_factory=list)
    deliverable: bool | None = None
    email: str | None = None
    phone: str | None = None
