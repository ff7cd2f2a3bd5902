"""Lists that are counted by week, beside a plain list in memory while shipments come, change and go; both databases."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from lib.models.lists import ListQuery
from lib.models.shipments import Shipment
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from tests.generate import make_shipment

START = datetime(2024, 1, 1, tzinfo=UTC)
WEEKS, SHIPMENTS_AT_FIRST, ROUNDS = 30, 60, 12
MIDDLE = START + timedelta(weeks=WEEKS / 2)
ASKED: dict[str, tuple[dict[str, str], Callable[[Shipment], bool]]] = {
    "everything": ({}, lambda _: True),
    "status": ({"status": "delivered"}, lambda kept: kept.status == "delivered"),
    "tag": ({"tags": "fragile"}, lambda kept: "fragile" in kept.tags),
    "status and tag": (
        {"status": "delivered,created", "tags": "fragile,priority"},
        lambda kept: kept.status in ("delivered", "created") and bool({"fragile", "priority"} & set(kept.tags)),
    ),
    "since a moment": (
        {"created_at": f"gte:{MIDDLE.isoformat()}", "status": "created"},
        lambda kept: kept.created_at >= MIDDLE and kept.status == "created",
    ),
    "not on a day": (
        {"created_at": "not_equals:2024-03-04"},
        lambda kept: kept.created_at.date().isoformat() != "2024-03-04",
    ),
    "word": ({"search": "counter1"}, lambda kept: kept.recipient.email.startswith("counter1")),
}


def made(number: int, chance: random.Random) -> Shipment:
    """A shipment created at some time of those weeks, often at the very moment of another."""
    created = START + timedelta(days=chance.randrange(WEEKS * 7), hours=chance.choice((0, 12)))
    changes = {"status": chance.choice(("created", "delivered")), "created_at": created, "tracking_number": None}
    shipment = make_shipment(number)
    sender = shipment.sender.model_copy(update={"name": "", "email": ""})
    return shipment.model_copy(update={**changes, "order_number": None, "payment_reference": None, "sender": sender})


def check(engine: sa.Engine, kept: dict[str, Shipment], chance: random.Random) -> None:
    """Every list holds what the plain list holds, page by page."""
    for name, (filters, matches) in ASKED.items():
        expected = sorted((each.created_at, each.id) for each in kept.values() if matches(each))
        descending, limit, page = chance.random() < 0.5, chance.choice((1, 7, 25)), chance.choice((1, 1, 2, 3, 9))
        direction = "desc" if descending else "asc"
        query = ListQuery(filters=filters, direction=direction, limit=limit, page=page)
        found = SHIPMENTS.page(engine, query)
        ordered = [shipment_id for _, shipment_id in (reversed(expected) if descending else expected)]
        assert found.total_count == len(expected), name
        assert [each.id for each in found.items] == ordered[(page - 1) * limit : page * limit], name


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_lists_are_right_whatever_happens(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, seed: int, *, many: bool
) -> None:
    if many:
        monkeypatch.setattr("lib.store.weeks._MANY_IN_WEEKS", 0)
    chance = random.Random(seed)  # noqa: S311
    kept: dict[str, Shipment] = {}

    def keep(numbers: range) -> None:
        some = [made(number, chance) for number in numbers]
        with writing(engine).begin() as connection:
            SHIPMENTS.insert(connection, some)
        kept.update({each.id: each for each in some})

    def change(count: int) -> None:
        with writing(engine).begin() as connection:
            for shipment_id in chance.sample(sorted(kept), count):
                other = {"status": chance.choice(("created", "delivered")), "tags": chance.choice(([], ["fragile"]))}
                kept[shipment_id] = kept[shipment_id].model_copy(update=other)
                SHIPMENTS.update(connection, kept[shipment_id])

    def forget() -> None:
        shipment_id = chance.choice(sorted(kept))
        with writing(engine).begin() as connection:
            SHIPMENTS.delete(connection, shipment_id)
        del kept[shipment_id]

    check(engine, kept, chance)
    keep(range(SHIPMENTS_AT_FIRST))
    for number in range(SHIPMENTS_AT_FIRST, SHIPMENTS_AT_FIRST + ROUNDS):
        check(engine, kept, chance)
        # The changes of one and of more weeks than are counted one by one.
        change(chance.choice((0, 1, 40)))
        forget()
        keep(range(number, number + 1))
    check(engine, kept, chance)
