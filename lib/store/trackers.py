"""Trackers in the database: found by their number, and by the moment a test number moves."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lib.models.trackers import Tracker
from lib.store.documents import Documents
from lib.store.facets import TAG, Facet, metadata_facets, search_facets
from lib.store.tables import trackers


def _columns(tracker: Tracker) -> dict[str, Any]:
    names = ("created_at", "updated_at", "status", "tracking_number", "location_id", "moves_at")
    return {**{name: getattr(tracker, name) for name in names}, "provider": tracker.provider or ""}


def _facets(tracker: Tracker) -> Iterator[Facet]:
    yield from (Facet(TAG, tag) for tag in tracker.tags)
    yield from metadata_facets(tracker.metadata)
    contacts = (tracker.destination_contact, tracker.sender_contact)
    yield from search_facets(
        tracker.tracking_number,
        tracker.id,
        tracker.destination_address.city if tracker.destination_address else None,
        *(text for contact in contacts if contact for text in (contact.name, contact.business, contact.email)),
        *(shipment.id for shipment in tracker.shipments),
    )


TRACKERS = Documents("tracker", trackers, Tracker, columns=_columns, facets=_facets)


def find_by_number(connection: sa.Connection, number: str, provider: str | None) -> Tracker | None:
    """The tracker of that number at that provider, or at none yet; without a provider any tracker of the number."""
    wanted = sa.select(trackers.c.document).where(trackers.c.tracking_number == number)
    if provider is not None:
        wanted = wanted.where(trackers.c.provider.in_([provider, ""]))
    document = connection.scalar(wanted.order_by(trackers.c.provider.desc()).limit(1))
    return None if document is None else Tracker.model_validate_json(document)


def due_ids(engine: sa.Engine, now: datetime) -> list[str]:
    """The trackers whose next step is due, the longest waiting first."""
    wanted = sa.select(trackers.c.id).where(trackers.c.moves_at <= now).order_by(trackers.c.moves_at, trackers.c.id)
    with engine.connect() as connection:
        return list(connection.scalars(wanted))
