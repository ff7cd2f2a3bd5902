"""Rate cards on the embedded desk: tried, applied, listed, and handed to the engine as one book."""

import threading

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.errors import InvalidRequest
from lib.models.ids import new_id
from lib.models.lists import Page
from lib.models.rate_cards import CardKind, CardReport, RateCard, RateCardUpload, RateCardWithRows
from lib.rating.cards.book import CardBook
from lib.rating.cards.comparing import report
from lib.rating.cards.making import CardParts, card_parts, make_book
from lib.rating.cards.reading import ReadCard, providers_of, read_card
from lib.rating.cards.templates import template
from lib.store import rate_cards as store

_PROBLEMS_TOLD = 5


class LocalRateCards:
    """Keeps cards in the database, and their book in memory until some process changes a card."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._version: str | None = None
        self._parts: dict[str, CardParts] = {}
        self._book = CardBook.empty()

    def dry_run(self, upload: RateCardUpload) -> CardReport:
        """What the file would change, and what is wrong with it line by line; nothing is kept."""
        return report(upload, read_card(upload), store.of_kind(self._engine, upload.kind), self.book())

    def apply(self, upload: RateCardUpload) -> RateCard:
        """Put the card in force from its first day on, whole or not at all. Quotes already given keep theirs.

        Raises InvalidRequest naming the lines that are wrong.
        """
        read = read_card(upload)
        if read.problems.count:
            raise _refusal(read)
        card = RateCardWithRows(
            id=new_id("rcard"),
            kind=upload.kind,
            name=upload.name,
            effective=upload.effective,
            until=upload.until,
            currency=upload.currency,
            providers=providers_of(read.rows),
            row_count=len(read.rows),
            layout=read.layout,
            created_at=utc_now(),
            rows=read.rows,
        )
        store.add(self._engine, card)
        return _without_rows(card)

    def list(self, page: int = 1, limit: int = 25) -> Page[RateCard]:
        """A page of cards, the last entered first."""
        return store.page(self._engine, page=page, limit=limit)

    def retrieve(self, card_id: str) -> RateCardWithRows:
        """The card with everything that was read from its file. Raises NotFound."""
        return store.get(self._engine, card_id)

    def delete(self, card_id: str) -> RateCard:
        """Take the card away, so that the one before it holds again; the card that was. Raises NotFound."""
        return store.delete(self._engine, card_id)

    def template(self, kind: CardKind) -> str:
        """A CSV file to start from."""
        return template(kind)

    def book(self) -> CardBook:
        """All cards as the engine uses them, as any process has left them: one small query when nothing changed."""
        version = store.version(self._engine)
        with self._lock:
            if version != self._version:
                kept = store.ids(self._engine)
                new = store.with_rows(self._engine, [card_id for card_id in kept if card_id not in self._parts])
                parts = {**self._parts, **{card.id: card_parts(card) for card in new}}
                self._parts = {card_id: parts[card_id] for card_id in kept if card_id in parts}
                self._book, self._version = make_book(self._parts.values()), version
            return self._book


def _without_rows(card: RateCardWithRows) -> RateCard:
    return RateCard.model_validate(card.model_dump(exclude={"rows"}))


def _refusal(read: ReadCard) -> InvalidRequest:
    count = read.problems.count
    told = [problem.sentence for problem in read.problems.first[:_PROBLEMS_TOLD]]
    more = [f"and {count - len(told)} more"] if count > len(told) else []
    return InvalidRequest(
        f"Nothing was applied. {'; '.join([*told, *more])}.",
        fields=["content"],
        code="invalid_rate_card",
        details={"problems": [problem.model_dump() for problem in read.problems.first], "problem_count": count},
    )
