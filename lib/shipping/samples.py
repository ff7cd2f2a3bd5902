"""Sample shipments for an empty desk: loaded at once, taken away at once."""

import time
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.errors import Conflict
from lib.models.shipments import Shipment
from lib.models.team import TeamSettings
from lib.shipping.sample_shipments import SAMPLE_COUNT, sample_shipments
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.facets import delete_facets_of
from lib.store.shipments import insert_samples
from lib.store.tables import shipments

Progress = Callable[[int, int], None]
_PROGRESS_EVERY_S = 0.25


class LocalSamples:
    """Makes, counts and removes the sample shipments."""

    def __init__(self, engine: sa.Engine, team: Callable[[], TeamSettings]) -> None:
        self._engine = engine
        self._team = team

    def count(self) -> int:
        """How many sample shipments are there."""
        wanted = sa.select(sa.func.count()).select_from(shipments).where(shipments.c.sample)
        with self._engine.connect() as connection:
            return connection.scalar(wanted) or 0

    def load(self, progress: Progress | None = None) -> int:
        """Make the sample shipments, all in one transaction; how many were made, none where there are some.

        `progress` gets (made, total) a few times a second.
        """
        if self.count():
            return 0
        try:
            insert_samples(self._engine, self._told(progress))
        except Conflict:
            # Somebody else has loaded them meanwhile: the ids are the same every time.
            return 0
        return SAMPLE_COUNT

    def _told(self, progress: Progress | None) -> Iterator[Shipment]:
        told = 0.0
        for made, shipment in enumerate(sample_shipments(self._team(), utc_now().date(), SAMPLE_COUNT), start=1):
            yield shipment
            if progress and (time.monotonic() - told > _PROGRESS_EVERY_S or made == SAMPLE_COUNT):
                progress(made, SAMPLE_COUNT)
                told = time.monotonic()

    def remove(self) -> int:
        """Take every sample shipment away again; how many were removed."""
        with writing(self._engine).begin() as connection:
            delete_facets_of(connection, "shipment", sa.select(shipments.c.id).where(shipments.c.sample))
            count = connection.execute(sa.delete(shipments).where(shipments.c.sample)).rowcount
            if count:
                record_event(connection, "samples.removed", "samples", {"count": count})
            return count
