"""What pays for shipments: the invoice account, references to cards, and the ledger of what was charged.

A card lives at the payment provider. Here it is a reference and a name, never a number.
"""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from stdnum import luhn

from lib.models.base import Document, Flag, UtcDateTime, WireModel

INVOICE_ACCOUNT = "pay_invoice"
CARD_ID = re.compile(r"card_[A-Za-z0-9_]{1,95}")
_DIGIT_GROUPS = re.compile(r"\d+(?:[ ._-]\d+)*")
_CARD_DIGITS = range(13, 20)

PaymentMethodKind = Literal["invoice", "card"]
LineKind = Literal["charge", "reversal", "refund"]


def holds_card_number(text: str) -> bool:
    """Whether digits in the text, written in one or in groups, are a whole card number by length and check digit."""
    return any(_is_card_number(digits) for found in _DIGIT_GROUPS.findall(text) for digits in _joined_groups(found))


def _joined_groups(found: str) -> list[str]:
    groups = ["".join(str(int(digit)) for digit in group) for group in re.findall(r"\d+", found)]
    ends = range(1, len(groups) + 1)
    return ["".join(groups[start:end]) for end in ends for start in range(end)]


def _is_card_number(digits: str) -> bool:
    return len(digits) in _CARD_DIGITS and luhn.is_valid(digits)


def _without_card_number(text: str) -> str:
    if holds_card_number(text):
        raise ValueError("must not hold a card number; give a name such as Visa ending 4242")
    return text.strip()


CardId = Annotated[str, Field(strict=True, pattern=f"^{CARD_ID.pattern}$"), AfterValidator(_without_card_number)]
MethodName = Annotated[
    str, Field(strict=True, min_length=1, max_length=60, pattern=r"\S"), AfterValidator(_without_card_number)
]


class PaymentMethod(Document):
    """What a purchase can be charged to; the one that is `default` pays where a purchase names none."""

    object: Literal["payment_method"] = "payment_method"
    kind: PaymentMethodKind
    name: str
    default: bool = False
    created_at: UtcDateTime
    updated_at: UtcDateTime


class PaymentMethodCreate(WireModel):
    """The body of `POST /v1/payment_methods`: a card by the id it has at the payment provider."""

    id: CardId | None = None
    name: MethodName
    default: Flag = False


class PaymentMethodUpdate(WireModel):
    """The body of `POST /v1/payment_methods/{id}`: only what is given changes."""

    name: MethodName | None = None
    default: Flag | None = None


class LedgerLine(Document):
    """Money that moved, in cents: a charge is above zero, what came back, as a reversal or refund, below."""

    object: Literal["ledger_line"] = "ledger_line"
    kind: LineKind
    payment_method_id: str
    shipment_id: str
    tracking_number: str
    amount: int
    currency: str = "usd"
    reference: str | None = None
    created_at: UtcDateTime


class LedgerTotal(WireModel):
    """The sums of one payment method's lines in cents: `balance` is charged + reversed + refunded."""

    payment_method_id: str
    currency: str
    charged: int
    reversed: int
    refunded: int
    balance: int
