"""A desk with very many shipments: few documents, but columns and facets as in three years of work."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lib.models.base import iso_instant, utc_now
from lib.models.shipments import Shipment
from lib.store.shipments import columns
from lib.store.tables import facets, shipments
from tests.generate import make_shipment

YEARS = timedelta(days=3 * 365)
DOCUMENTS = 1000
AT_ONCE = 10_000
STATUSES = {
    "delivered": 70, "in_transit": 10, "out_for_delivery": 3, "created": 3, "delayed": 2, "picked_up": 5,
    "canceled": 4, "return_to_sender": 2, "package_lost": 1,
}  # fmt: skip
# A document in so many has it.
TAGS = {"fragile": 5, "priority": 20, "recalled": 1000}
LOCATIONS = ("loc_counter", "loc_warehouse", "loc_branch")
FIRST_NAMES = ("Sample", "Example", "Specimen", "Model", "Pattern")


def fill(engine: sa.Engine, count: int) -> None:
    """Put that many shipments into an empty desk, the newest created now; indexes are built at the end."""
    indexes = [index for table in (shipments, facets) for index in table.indexes]
    with engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    rows = _rows(count)
    for _ in range(0, count, AT_ONCE):
        some = [row for _, row in zip(range(AT_ONCE), rows, strict=False)]
        with engine.begin() as connection:
            connection.execute(sa.insert(shipments), [row for row, _ in some])
            connection.execute(sa.insert(facets), sorted((facet for _, found in some for facet in found), key=_key))
    with engine.begin() as connection:
        for index in indexes:
            index.create(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("VACUUM ANALYZE")


def _key(facet: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(facet.values())


def _rows(count: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Row and facets of every shipment, oldest first."""
    chance = random.Random(2026)  # noqa: S311
    models = [_model(number, chance) for number in range(min(count, DOCUMENTS))]
    texts = [model.model_dump_json() for model in models]
    now = utc_now()
    for number in range(count):
        chosen = chance.randrange(len(models))
        model = models[chosen]
        created = now - YEARS * (1 - (number + 1) / count)
        row = {**columns(model), "id": f"ship_{chance.getrandbits(128):032x}", "sample": False}
        row |= {"created_at": created, "updated_at": created + timedelta(hours=chance.random() * 90)}
        row |= {"order_number": f"ORDER-{number}", "document": _document(model, texts[chosen], row)}
        yield row, list(_facets(model, row))


def _model(number: int, chance: random.Random) -> Shipment:
    made = make_shipment(number)
    recipient = made.recipient.model_copy(update={"name": f"{chance.choice(FIRST_NAMES)} Recipient{number}"})
    changes: dict[str, Any] = {
        "type": "inbound" if chance.random() < 0.05 else "outbound",
        "tags": [tag for tag, one_in in TAGS.items() if number % one_in == one_in - 1],
        "location_id": chance.choice(LOCATIONS),
        "recipient": recipient,
    }
    if made.paid:
        changes["status"] = chance.choices(list(STATUSES), list(STATUSES.values()))[0]
    return made.model_copy(update=changes)


def _document(model: Shipment, text: str, row: dict[str, Any]) -> str:
    """The model's document under the row's own id, dates and order number."""
    head, _, tail = text.partition('"created_at":"' + iso_instant(model.created_at) + '","updated_at":')
    made = f'{head}"created_at":"{iso_instant(row["created_at"])}","updated_at":{tail}' if tail else text
    return made.replace(model.id, row["id"], 1)


def _facets(model: Shipment, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Those that the lists of the benchmark ask for, and the words that tell a shipment from the others."""
    words = (*model.recipient.name.split(), model.recipient.address.city, row["order_number"].partition("-")[2])
    pairs = [
        *(("tag", tag) for tag in model.tags),
        ("metadata.department", model.metadata["department"]),
        *{("rate_type", rate.type) for rate in model.rates},
        *{("search", word.casefold()) for word in (*" ".join(words).split(), row["id"].partition("_")[2])},
    ]
    for name, value in pairs:
        yield {
            "resource": "shipment",
            "name": name,
            "value": value,
            "created_at": row["created_at"],
            "owner_id": row["id"],
        }


def age_of(share: float) -> datetime:
    """The moment before which that share of the shipments was created."""
    return utc_now() - YEARS * (1 - share)
