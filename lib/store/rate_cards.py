"""Rate cards in the database: kept and taken away whole, with a version that every process can look at."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from pydantic import TypeAdapter

from lib.models.errors import NotFound
from lib.models.lists import Page
from lib.models.rate_cards import CardRow, RateCard, RateCardWithRows
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.pages import newest_first, read_page
from lib.store.tables import rate_cards, values
from lib.store.values import read_value, value_made_once

_VERSION = "rate_cards_version"
_ROWS = TypeAdapter(list[CardRow])


def version(engine: sa.Engine) -> str | None:
    """A word that changes whenever a card is kept or taken away; None before the first one ever."""
    return read_value(engine, _VERSION)


def add(engine: sa.Engine, card: RateCardWithRows) -> None:
    """Keep a new card."""
    value_made_once(engine, _VERSION, _new_version)
    with writing(engine).begin() as connection:
        connection.execute(
            sa.insert(rate_cards).values(
                id=card.id,
                created_at=card.created_at,
                kind=card.kind,
                name=card.name,
                effective=card.effective.isoformat(),
                until=card.until.isoformat() if card.until else None,
                row_count=card.row_count,
                document=card.model_dump_json(exclude={"rows"}),
                rows=_ROWS.dump_json(card.rows).decode(),
            )
        )
        _change_version(connection)
        record_event(connection, "rate_card.applied", card.id)


def delete(engine: sa.Engine, card_id: str) -> RateCard:
    """Take a card away; the card that was. Raises NotFound."""
    with writing(engine).begin() as connection:
        document = connection.scalar(sa.select(rate_cards.c.document).where(rate_cards.c.id == card_id))
        if document is None:
            raise _not_found(card_id)
        record_event(connection, "rate_card.removed", card_id)
        connection.execute(sa.delete(rate_cards).where(rate_cards.c.id == card_id))
        _change_version(connection)
    return RateCard.model_validate_json(document)


def get(engine: sa.Engine, card_id: str) -> RateCardWithRows:
    """The card with its rows. Raises NotFound."""
    found = with_rows(engine, [card_id])
    if not found:
        raise _not_found(card_id)
    return found[0]


def ids(engine: sa.Engine) -> list[str]:
    """The ids of all cards."""
    with engine.connect() as connection:
        return list(connection.scalars(sa.select(rate_cards.c.id)))


def with_rows(engine: sa.Engine, card_ids: Collection[str]) -> list[RateCardWithRows]:
    """Those of the cards that are kept, with their rows."""
    wanted = sa.select(rate_cards.c.document, rate_cards.c.rows).where(rate_cards.c.id.in_(card_ids))
    return _cards(engine, wanted)


def of_kind(engine: sa.Engine, kind: str) -> list[RateCardWithRows]:
    """All cards of a kind, with their rows."""
    return _cards(engine, sa.select(rate_cards.c.document, rate_cards.c.rows).where(rate_cards.c.kind == kind))


def page(engine: sa.Engine, *, page: int, limit: int) -> Page[RateCard]:
    """A page of cards without their rows, the last entered first."""
    return read_page(engine, rate_cards, RateCard, order=newest_first(rate_cards), page=page, limit=limit)


def _cards(engine: sa.Engine, wanted: sa.Select[str, str]) -> list[RateCardWithRows]:
    with engine.connect() as connection:
        found = connection.execute(wanted).all()
    return [
        RateCardWithRows.model_validate(
            {**RateCard.model_validate_json(document).model_dump(), "rows": _ROWS.validate_json(rows)}
        )
        for document, rows in found
    ]


def _change_version(connection: sa.Connection) -> None:
    connection.execute(sa.update(values).where(values.c.name == _VERSION).values(value=_new_version()))


def _new_version() -> str:
    return uuid.uuid4().hex


def _not_found(card_id: str) -> NotFound:
    return NotFound(f"There is no rate card {card_id}.", fields=["card_id"], code="rate_card_not_found")
