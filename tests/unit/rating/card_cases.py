"""What the tests of rate cards share: uploads, books and workbooks made on the spot."""

import base64
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl

from lib.models.rate_cards import RateCardUpload, RateCardWithRows
from lib.rating.cards.book import CardBook
from lib.rating.cards.making import card_parts, make_book
from lib.rating.cards.reading import ReadCard, providers_of, read_card

ENTERED = datetime(2026, 1, 2, 12, tzinfo=UTC)


def upload(kind: str, content: str | bytes, **changes: Any) -> RateCardUpload:
    """An upload that holds from 1 July 2026, unless said otherwise."""
    usual: dict[str, Any] = {"kind": kind, "name": "A card", "effective": date(2026, 7, 1)}
    if isinstance(content, bytes):
        usual["content_base64"] = base64.b64encode(content).decode()
    else:
        usual["content"] = content
    return RateCardUpload.model_validate(usual | changes)


def card(kind: str, content: str | bytes, *, number: int = 1, **changes: Any) -> RateCardWithRows:
    """A card as kept, entered that many seconds after the others began."""
    asked = upload(kind, content, **changes)
    read = read_card(asked)
    assert read.problems.first == []
    return RateCardWithRows(
        id=f"rcard_{number}",
        kind=asked.kind,
        name=asked.name,
        effective=asked.effective,
        until=asked.until,
        providers=providers_of(read.rows),
        row_count=len(read.rows),
        layout=read.layout,
        created_at=ENTERED + timedelta(seconds=number),
        rows=read.rows,
    )


def book(*cards: RateCardWithRows) -> CardBook:
    return make_book([card_parts(each) for each in cards])


def problems(read: ReadCard) -> list[str]:
    return [problem.sentence for problem in read.problems.first]


def workbook(**sheets: list[list[object]]) -> bytes:
    """An XLSX with these sheets, `_` in their names standing for a space."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()
