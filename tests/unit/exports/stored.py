"""Rows of shipments for the tests of this folder, whose documents are only what a test needs."""

import json
from collections.abc import Sequence

import sqlalchemy as sa

from lib.exports.rows.documents import Documents
from lib.models.base import parse_instant
from lib.store.shapes import shape_of
from lib.store.tables import shipments


def put(engine: sa.Engine, number: int, document: dict[str, object]) -> None:
    """A row whose document is only what the test needs."""
    with engine.begin() as connection:
        connection.execute(sa.insert(shipments).values(row(number, document)))


def row(number: int, document: dict[str, object]) -> dict[str, object]:
    moment = parse_instant(1_704_067_200_000 + number)
    text = json.dumps({"id": f"ship_{number}", **document}, separators=(",", ":"), ensure_ascii=False)
    return {"id": f"ship_{number}", "created_at": moment, "updated_at": moment, "status": "created",
            "type": "outbound", "sample": False, "document": text, "shape": shape_of(text)}  # fmt: skip


def batch(texts: Sequence[str], shapes: Sequence[int | None] | None = None) -> Documents:
    """Documents as they are read from rows, by default of rows that do not tell their shapes."""
    ids = [str(number) for number in range(len(texts))]
    return Documents.of(ids, shapes or [None] * len(texts), [text.encode() for text in texts])
