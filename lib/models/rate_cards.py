"""Rate cards: price lists, discounts and up-charges that the team loads itself, and what a file would change."""

import base64
import binascii
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from lib.models.base import Text, UtcDateTime, WireModel
from lib.models.options import ProviderCode, ServiceLevelCode

CardKind = Literal["courier", "marketplace", "negotiated", "adjustment", "upcharge", "published"]
CARD_KINDS: tuple[str, ...] = get_args(CardKind)

MAX_FILE_BYTES = 3_500_000
MAX_ROWS = 20_000

_CENTS_PER_DOLLAR = 100


class RateCardUpload(WireModel):
    """The body of `POST /v1/rate_cards`: a file and from when to when it holds.

    The file is CSV as text in `content`, or CSV or XLSX as base64 in `content_base64`. `effective` and `until` are
    its first and last day; without `until` it holds until a newer card of the kind takes over.
    """

    kind: CardKind
    name: Annotated[Text, Field(min_length=1)]
    effective: date
    until: date | None = None
    currency: Literal["usd"] = "usd"
    content: str | None = None
    content_base64: str | None = None

    @model_validator(mode="after")
    def _one_file_and_a_period(self) -> "RateCardUpload":
        if (self.content is None) == (self.content_base64 is None):
            raise ValueError("give the file once: CSV text as content, or any file as content_base64")
        if self.until is not None and self.until < self.effective:
            raise ValueError("until is before effective; the last day cannot come before the first")
        return self

    def data(self) -> bytes:
        """The bytes of the file. Raises ValueError for base64 that is none and for a file that is too large."""
        try:
            found = (
                self.content.encode()
                if self.content is not None
                else base64.b64decode(self.content_base64 or "", validate=True)
            )
        except (binascii.Error, UnicodeEncodeError) as error:
            raise ValueError("the file is not base64") from error
        if len(found) > MAX_FILE_BYTES:
            raise ValueError(f"the file has {len(found) / 1e6:.1f} MB, more than {MAX_FILE_BYTES / 1e6:.1f} MB")
        return found


class BandRow(WireModel):
    """A price (cents) of a courier for parcels up to a weight (pounds) and a distance (straight miles)."""

    type: Literal["band"] = "band"
    line: int
    provider: ProviderCode
    courier: str
    service_level: ServiceLevelCode
    max_weight_lb: float
    max_miles: float
    price: int


class GridRow(WireModel):
    """Prices of a carrier's service by zone (cents, `all` without zones) up to a weight (None = any)."""

    type: Literal["grid"] = "grid"
    line: int
    provider: ProviderCode
    price_list: str | None = None
    service: str
    package: str
    max_weight_lb: float | None
    prices: dict[str, int]


class ChangeRow(WireModel):
    """A percentage and an amount (cents) on the prices of a service; None means every provider or service."""

    type: Literal["change"] = "change"
    line: int
    provider: ProviderCode | None = None
    service: str | None = None
    percent: float = 0
    amount: int = 0


CardRow = Annotated[BandRow | GridRow | ChangeRow, Field(discriminator="type")]


class RateCard(WireModel):
    """A card in a list: what it is and when it holds. `layout` says how its file was read."""

    object: Literal["rate_card"] = "rate_card"
    id: str
    kind: CardKind
    name: str
    effective: date
    until: date | None = None
    currency: str = "usd"
    providers: list[str] = Field(default_factory=list)
    row_count: int
    layout: str
    created_at: UtcDateTime

    def covers(self, day: date) -> bool:
        """Whether the card holds on that day."""
        return self.effective <= day and (self.until is None or day <= self.until)


class RateCardWithRows(RateCard):
    """A card with everything that was read from its file."""

    rows: list[CardRow]


class RowProblem(WireModel):
    """What is wrong with a line of the file, and what would be right. `line` counts from 1 in its sheet."""

    line: int
    sheet: str | None = None
    column: str | None = None
    message: str

    @property
    def sentence(self) -> str:
        """The problem with its place, for people."""
        sheet = f"{self.sheet}, " if self.sheet else ""
        column = f", {self.column}" if self.column else ""
        return f"{sheet}line {self.line}{column}: {self.message}"


class PriceChange(WireModel):
    """A price before and after, in words; None where there was or will be none."""

    what: str
    before: str | None = None
    after: str | None = None


class CardReport(WireModel):
    """What a file would do when applied: counts of prices by what becomes of them, with examples.

    `replaces` names what is compared with. Nothing can be applied while there are problems, of which `problems`
    holds the first and `problem_count` the number.
    """

    kind: CardKind
    name: str
    effective: date
    until: date | None = None
    layout: str
    replaces: list[str] = Field(default_factory=list)
    rows_read: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    examples: list[PriceChange] = Field(default_factory=list)
    problems: list[RowProblem] = Field(default_factory=list)
    problem_count: int = 0
    notes: list[str] = Field(default_factory=list)

    @property
    def can_be_applied(self) -> bool:
        """Whether `apply` would take the file."""
        return self.problem_count == 0 and self.rows_read > 0


def dollars(cents: int) -> str:
    """An amount as people write it, such as `$1,234.50` or `-$0.50`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${abs(cents) // _CENTS_PER_DOLLAR:,}.{abs(cents) % _CENTS_PER_DOLLAR:02d}"
