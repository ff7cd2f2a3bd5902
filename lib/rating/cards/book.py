"""The team's rate cards as the engine uses them: which one holds on a day for which service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import ClassVar, Literal

from lib.models.options import ServiceLevelCode
from lib.rating.services import Service
from lib.rating.tariffs import GridKey, PriceGrid, Tariff

ChangeKind = Literal["adjustment", "upcharge"]


@dataclass(frozen=True, slots=True)
class CardHead:
    """What a card is called and when it holds; the newest one that holds on a day is the one that counts."""

    id: str
    name: str
    effective: date
    until: date | None
    created_at: datetime

    def covers(self, day: date) -> bool:
        """Whether the card holds on that day."""
        return self.effective <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Band:
    """A price in cents for a parcel up to this weight (pounds) and distance (miles)."""

    max_weight_lb: float
    max_miles: float
    price: int


@dataclass(frozen=True, eq=False, slots=True)
class CourierCard:
    """The bands of one courier's service level, cheapest first."""

    head: CardHead
    provider: str
    courier: str
    service_level: ServiceLevelCode
    bands: tuple[Band, ...]


@dataclass(frozen=True, eq=False, slots=True)
class NegotiatedCard:
    """A carrier's own prices for the team, by (service, package)."""

    head: CardHead
    provider: str
    grids: Mapping[GridKey, PriceGrid]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of prices in hundredths of a percent and in cents, for a provider and a service or for all (None).

    `service` is a Service's id without its provider: `ground`, `ground_simple_rate`.
    """

    provider: str | None
    service: str | None
    bps: int
    cents: int

    def fits(self, service: Service) -> bool:
        """Whether the change is about that service."""
        named = service.id.removeprefix(f"{service.provider}_")
        return self.provider in (None, service.provider) and self.service in (None, named)

    @property
    def precision(self) -> int:
        """How narrow it is: service, provider, everything."""
        return (self.provider is not None) + 2 * (self.service is not None)


@dataclass(frozen=True, eq=False, slots=True)
class ChangeCard:
    """A card of discounts or of up-charges, the narrowest change first."""

    head: CardHead
    kind: ChangeKind
    changes: tuple[Change, ...]


@dataclass(frozen=True, eq=False)
class CardBook:
    """All cards of a team, each tuple the newest first. Two books are equal only if they are the same one."""

    EMPTY: ClassVar["CardBook"]

    couriers: tuple[CourierCard, ...] = ()
    negotiated: tuple[NegotiatedCard, ...] = ()
    changes: tuple[ChangeCard, ...] = ()
    published: tuple[Tariff, ...] = ()

    @classmethod
    def empty(cls) -> "CardBook":
        """The book of a team without cards."""
        return cls.EMPTY

    @cached_property
    def changes_prices(self) -> bool:
        """Whether any card changes what a carrier or courier would otherwise be asked for."""
        return bool(self.negotiated or self.changes)

    def couriers_on(self, provider: str, on: date) -> list[CourierCard]:
        """Per courier everything that its newest card of that day offers."""
        found: dict[str, tuple[str, list[CourierCard]]] = {}
        for card in self.couriers:
            if card.provider == provider and card.head.covers(on):
                card_id, cards = found.setdefault(card.courier, (card.head.id, []))
                if card_id == card.head.id:
                    cards.append(card)
        return [card for _, cards in found.values() for card in cards]

    def grids_on(self, provider: str, key: GridKey, on: date) -> tuple[CardHead, PriceGrid] | None:
        """The team's own prices of a service and package on that day, and the card they are from."""
        for card in self.negotiated:
            if card.provider == provider and key in card.grids and card.head.covers(on):
                return card.head, card.grids[key]
        return None

    def change_on(self, kind: ChangeKind, service: Service, on: date) -> tuple[CardHead, Change] | None:
        """The change for a service on that day: the narrowest of the newest card that says something about it."""
        return _change_on(self, kind, service, on)


@lru_cache(maxsize=4096)
def _change_on(book: CardBook, kind: ChangeKind, service: Service, on: date) -> tuple[CardHead, Change] | None:
    for card in book.changes:
        if card.kind == kind and card.head.covers(on):
            for change in card.changes:
                if change.fits(service):
                    return card.head, change
    return None


CardBook.EMPTY = CardBook()


def newness(head: CardHead) -> tuple[date, datetime, str]:
    """Sorts cards by first day, then by when they were entered."""
    return head.effective, head.created_at, head.id
