"""A desk with very many shipments to export: 4 to 7 KB of document each, seeded, the same every time.

The models make a thousand documents of many shapes; the others are their text under other ids, times, names, numbers
and amounts, with columns and facets beside it that say the same. The words of the search are left out.
"""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from benchmarks.exports.recipe import CAMPAIGN, CAMPAIGN_ONE_IN
from lib.models.base import iso_instant
from lib.models.shipments import Shipment
from lib.store.database import open_database, writing
from lib.store.facets import SEARCH, Facet
from lib.store.shapes import shape_of
from lib.store.shipments import columns, shipment_facets
from lib.store.tables import facets, shipments
from tests.generate import make_shipment

SEED = 5
TEMPLATES = 1000
FIRST_CREATED = datetime(2024, 1, 1, tzinfo=UTC)
APART = timedelta(seconds=61)
_AT_ONCE = 10_000
_AMOUNT = re.compile(r'"(amount|billed_amount|retail_amount)":(\d+)')
_NAMES = ("Sample", "Example", "Specimen", "Model", "Pattern")


@dataclass(frozen=True, slots=True)
class Template:
    """A shipment's columns and facets, and its document with places for what differs from row to row."""

    columns: Mapping[str, Any]
    facets: tuple[Facet, ...]
    text: str
    amounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A generated shipment: its row, and the facets that belong to it."""

    row: dict[str, Any]
    facets: tuple[Facet, ...]


def fill(url: str, rows: int) -> None:
    """Make that many shipments, oldest first, in an empty database; indexes are built at the end."""
    engine = open_database(url)
    indexes = [index for table in (shipments, facets) for index in table.indexes]
    with writing(engine).begin() as connection:
        for index in indexes:
            index.drop(connection)
    made = make_rows(rows)
    for _ in range(0, rows, _AT_ONCE):
        some = [each for _, each in zip(range(_AT_ONCE), made, strict=False)]
        with writing(engine).begin() as connection:
            _insert(connection, shipments, [each.row for each in some])
            _insert(connection, facets, _facet_rows(some))
    with writing(engine).begin() as connection:
        for index in indexes:
            index.create(connection)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Into PostgreSQL by COPY, which is three times as fast."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        connection.execute(sa.insert(table), rows)
        return
    stored = {name: table.c[name].type.dialect_impl(connection.dialect) for name in rows[0]}
    bound = {name: kind.bind_processor(connection.dialect) for name, kind in stored.items()}
    words = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, bound))
    )
    with driver.cursor().copy(words) as copying:
        for row in rows:
            copying.write_row([bind(row[name]) if bind else row[name] for name, bind in bound.items()])


def make_rows(count: int) -> Iterator[Made]:
    """That many shipments, oldest first, the same ones every time."""
    chance = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    ordinary = [_template(_model(number, chance)) for number in range(TEMPLATES)]
    campaign = [_template(_model(number, chance, **CAMPAIGN)) for number in range(TEMPLATES // CAMPAIGN_ONE_IN)]
    for number in range(count):
        template = chance.choice(campaign if number % CAMPAIGN_ONE_IN == CAMPAIGN_ONE_IN - 1 else ordinary)
        yield Made(row_of(number, template, chance), template.facets)


def row_of(number: int, template: Template, chance: random.Random) -> dict[str, Any]:
    """The row of a shipment: the one place where it is put together."""
    created = FIRST_CREATED + APART * number + timedelta(milliseconds=chance.randrange(1000))
    own: dict[str, Any] = {
        "id": f"ship_{number:022d}",
        "created_at": created,
        "updated_at": created + timedelta(seconds=chance.randrange(90 * 3600)),
    }
    if template.columns["tracking_number"]:
        own["tracking_number"] = f"PKGX-{_base36(number)}-{_base36(chance.randrange(36**7))}"
    if template.columns["order_number"]:
        own["order_number"] = f"ORDER-{number}"
    dearer = chance.randrange(500)
    values = {
        **own,
        **{f"amount{amount}": amount + dearer for amount in template.amounts},
        "created_at": iso_instant(created),
        "updated_at": iso_instant(own["updated_at"]),
        "delivery": iso_instant(created + timedelta(days=3)),
        "pickup": iso_instant(created + timedelta(hours=5)),
        "rate": _base36(chance.randrange(36**7)),
        "sender": f"{chance.choice(_NAMES)} Sender{number % 997}",
        "recipient": f"{chance.choice(_NAMES)} Recipient{number}",
        "line1": f"{number % 9000 + 1} Main St",
    }
    return {**template.columns, **own, "sample": False, "rates_expire_at": None, "document": template.text % values}


def _base36(number: int) -> str:
    digits = ""
    for _ in range(7):
        number, rest = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return digits


def _model(number: int, chance: random.Random, **metadata: str) -> Shipment:
    """A shipment with one to three rates, one or two parcels, up to three tracking updates."""
    made = make_shipment(number)
    count = chance.choices((1, 2, 3), (5, 2, 1))[0]
    first = made.purchased_rate or made.rates[0]
    others = [rate for other in (number + 1, number + 2) for rate in make_shipment(other).rates]
    rates = [first, *(rate.model_copy(update={"created_at": made.created_at}) for rate in others[: count - 1])]
    changes: dict[str, Any] = {
        "rates": rates,
        "recommended_rate": min(rates, key=lambda rate: rate.billed_amount),
        "pickup_at": made.created_at + timedelta(hours=5) if chance.random() < 0.5 else None,
        "invoice_number": chance.choice((None, f"INV-{number}")),
        "reference_number": chance.choice((None, None, f"REF-{number}")),
        "metadata": {
            "department": chance.choice(("Sales", "Lab", "Returns")),
            "balance": -52.55,
            "cells": {"a": [chance.randint(1, 9) for _ in range(chance.randint(1, 3))]},
            **({"cost_center": f"CC-{number % 20}"} if chance.random() < 0.5 else {}),
            **metadata,
        },
    }
    return made.model_copy(update=changes)


def _template(model: Shipment) -> Template:
    """The document of a model with `%(name)s` where rows differ."""
    text = model.model_dump_json().replace("%", "%%")
    known = {
        model.id: "id",
        iso_instant(model.created_at): "created_at",
        iso_instant(model.created_at + timedelta(days=3)): "delivery",
        iso_instant(model.created_at + timedelta(hours=5)): "pickup",
        model.sender.name: "sender",
        model.recipient.name: "recipient",
    }
    # The last change falls on another moment whenever it is not one of these.
    known.setdefault(iso_instant(model.updated_at), "updated_at")
    if model.tracking_number:
        known[model.tracking_number] = "tracking_number"
    if model.order_number:
        known[model.order_number] = "order_number"
    for value, name in known.items():
        text = text.replace(f'"{value}"', f'"%({name})s"')
    text = re.sub(r'"updated_at":"[^"]*"', '"updated_at":"%(updated_at)s"', text)
    text = re.sub(r'"rate_[A-Z0-9]{14}"', lambda found: f'{found[0][:-1]}%(rate)s"', text)
    text = text.replace(f'"{model.recipient.address.line1}', '"%(line1)s')
    amounts = {int(found[2]) for found in _AMOUNT.finditer(text)}
    text = _AMOUNT.sub(lambda found: f'"{found[1]}":%(amount{found[2]})d', text)
    kept = {**columns(model), "shape": shape_of(model.model_dump_json())}
    return Template(kept, tuple(_facets(model)), text, tuple(amounts))


def _facets(model: Shipment) -> Iterator[Facet]:
    return (facet for facet in dict.fromkeys(shipment_facets(model)) if facet.name != SEARCH)


def _facet_rows(some: list[Made]) -> list[dict[str, Any]]:
    """In the order of the primary key, which is the order they lie in."""
    rows = [
        {
            "resource": "shipment",
            "name": facet.name,
            "value": facet.value,
            "created_at": made.row["created_at"],
            "owner_id": made.row["id"],
        }
        for made in some
        for facet in made.facets
    ]
    return sorted(rows, key=lambda row: tuple(row.values()))
