"""Shipments for tests and benchmarks: seeded, the same every time, about 4 to 5 KB of document each.

Nobody in them is real; the places are.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from lib.models.addresses import Address, Party
from lib.models.options import ShipmentOptions
from lib.models.parcels import Content, Parcel
from lib.models.rates import Provider, Rate, ServiceLevel
from lib.models.shipments import Shipment, TrackingUpdate
from lib.models.statuses import STATUSES
from lib.store.database import writing
from lib.store.shapes import shape_of
from lib.store.tables import shipments

FIRST_CREATED = datetime(2024, 1, 1, tzinfo=UTC)
_PLACES = (
    ("New York", "NY", "10018", "America/New_York"),
    ("Tempe", "AZ", "85282", "America/Phoenix"),
    ("Seattle", "WA", "98101", "America/Los_Angeles"),
    ("Chicago", "IL", "60601", "America/Chicago"),
    ("Anchorage", "AK", "99501", "America/Anchorage"),
)
_SERVICES = (
    ("ups", "UPS", "ground", "Ground"),
    ("fedex", "FedEx", "two_day", "2Day"),
    ("usps", "USPS", "ground", "Ground Advantage"),
)
_NOTES = ("Leave at the desk", 'Ring "twice", then wait', "=SUM(A1:A9)", "+1 more box", "Straße 5,\nHinterhof", "")


def make_shipment(number: int, *, seed: int = 1) -> Shipment:
    """The shipment of that number; two calls give equal ones."""
    pick = random.Random(f"{seed}-{number}")  # noqa: S311 - reproducible, not secret
    created = FIRST_CREATED + timedelta(seconds=number * 317, milliseconds=pick.randrange(1000))
    rates = [_rate(pick, created, service) for service in pick.sample(_SERVICES, k=pick.choice((1, 1, 2)))]
    bought = pick.random() < 0.8
    rate = pick.choice(rates) if bought else None
    tracking = f"PKGX-{_letters(pick)}-{_letters(pick)}" if bought else None
    status = pick.choice(STATUSES[1:]) if bought else STATUSES[0]
    return Shipment(
        id=f"ship_{number:022d}",
        status=status,
        sender=_party(pick, number),
        recipient=_party(pick, number + 7),
        parcels=[_parcel(pick, number, index) for index in range(pick.choice((1, 1, 2)))],
        options=ShipmentOptions(),
        rates=rates,
        recommended_rate=min(rates, key=lambda offer: offer.billed_amount),
        purchased_rate=rate,
        rates_generated_at=created,
        provider=rate.provider.id if rate else None,
        amount=rate.amount if rate else None,
        billed_amount=rate.billed_amount if rate else None,
        paid=bought,
        payment_reference=pick.choice(_NOTES) if bought else None,
        tracking_number=tracking,
        tracking_updates=[
            TrackingUpdate(id=f"upd_{number}_{index}", status="in_transit", message="Left the hub", created_at=created)
            for index in range(pick.randint(0, 3) if bought else 0)
        ],
        order_number=pick.choice((None, f"ORDER-{number}", "=ORDER()")),
        tags=pick.sample(["priority", "fragile", "returns, open"], k=pick.randint(0, 2)),
        metadata={"department": pick.choice(["Sales", "Lab"]), "balance": -52.55, "cells": {"a": [1, None, True]}},
        estimated_delivery_at=created + timedelta(days=3) if bought else None,
        created_at=created,
        updated_at=created + timedelta(hours=pick.randint(0, 90)),
    )


def make_shipments(count: int, *, seed: int = 1) -> Iterator[Shipment]:
    """That many shipments, oldest first, one about every five minutes from `FIRST_CREATED`."""
    return (make_shipment(number, seed=seed) for number in range(count))


def store_shipments(engine: sa.Engine, made: Iterator[Shipment]) -> int:
    """Put shipments into the database as the desk keeps them; how many."""
    rows = [row_of(shipment) for shipment in made]
    with writing(engine).begin() as connection:
        for start in range(0, len(rows), 1000):
            connection.execute(sa.insert(shipments), rows[start : start + 1000])
    return len(rows)


def row_of(shipment: Shipment) -> dict[str, object]:
    """The row of the table that keeps a shipment."""
    names = ("id", "created_at", "updated_at", "status", "provider", "type", "tracking_number", "order_number",
             "location_id")  # fmt: skip
    document = shipment.model_dump_json()
    row = {name: getattr(shipment, name) for name in names}
    return row | {"sample": True, "document": document, "shape": shape_of(document)}


def _letters(pick: random.Random) -> str:
    return "".join(pick.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=7))


def _party(pick: random.Random, number: int) -> Party:
    city, state, postal_code, timezone = pick.choice(_PLACES)
    line1 = f"{number % 9000 + 1} Main St"
    return Party(
        name=f"Counter {number % 97}",
        email=f"counter{number % 97}@example.com",
        phone="+12025550123",
        address=Address(
            id=f"addr_{number:022d}",
            line1=line1,
            city=city,
            state=state,
            state_code=state,
            postal_code=postal_code,
            formatted_address=f"{line1}, {city}, {state} {postal_code}",
            textarea=f"{line1}\n{city}, {state} {postal_code}",
            timezone=timezone,
        ),
    )


def _parcel(pick: random.Random, number: int, index: int) -> Parcel:
    item = Content(id=f"cont_{number}_{index}", name="Coffee, whole bean", quantity=pick.randint(1, 9), value=1250)
    return Parcel(
        id=f"prcl_{number}_{index}",
        length=pick.randint(4, 30),
        width=pick.randint(4, 30),
        height=pick.randint(2, 20),
        weight=round(pick.uniform(0.5, 50), 2),
        contents=[item],
    )


def _rate(pick: random.Random, created: datetime, service: tuple[str, str, str, str]) -> Rate:
    provider, name, level, terms = service
    amount = pick.randint(700, 9000)
    return Rate(
        id=f"rate_{_letters(pick)}{_letters(pick)}",
        created_at=created,
        amount=amount,
        billed_amount=amount - pick.randint(0, 200),
        retail_amount=amount,
        provider=Provider(id=provider, name=name),
        service_level=ServiceLevel(id=level, code=f"{provider}_{level}", name=terms, terms=terms, days=3),
    )
