"""An export while others write: the rows that were there when it began, each once and whole."""

import csv
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from lib.exports.plan import plan_export
from lib.exports.rows import reader
from lib.exports.writer import write_files
from lib.models.base import utc_now
from lib.models.exports import ExportCreate
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from tests.generate import make_shipment, make_shipments, store_shipments

ROWS = 1200


class Writers:
    """Three threads that insert, update and delete shipments as fast as they can."""

    def __init__(self, engine: sa.Engine) -> None:
        self.deleted: set[str] = set()
        self.counts = dict.fromkeys(("inserted", "updated", "deleted"), 0)
        self.began = threading.Event()
        self._engine, self._stop = engine, threading.Event()

    def run(self, work: Callable[[], bytes]) -> bytes:
        """The result of `work`, done while all three write."""
        with ThreadPoolExecutor(3) as pool:
            running = [pool.submit(self._repeat, one) for one in (self._insert, self._update, self._delete)]
            try:
                return work()
            finally:
                self._stop.set()
                for one in running:
                    one.result()

    def _repeat(self, write: Callable[[sa.Connection, int], None]) -> None:
        number = 0
        while not self._stop.is_set() and number < ROWS // 3:
            with writing(self._engine).begin() as connection:
                write(connection, number)
            number += 1
            if all(self.counts.values()):
                self.began.set()

    def _insert(self, connection: sa.Connection, number: int) -> None:
        SHIPMENTS.insert(connection, [make_shipment(10 * ROWS + number)])
        self.counts["inserted"] += 1

    def _update(self, connection: sa.Connection, number: int) -> None:
        shipment = make_shipment(number * 3)
        SHIPMENTS.update(connection, shipment.model_copy(update={"order_number": "moved", "updated_at": utc_now()}))
        self.counts["updated"] += 1

    def _delete(self, connection: sa.Connection, number: int) -> None:
        shipment_id = make_shipment(number * 3 + 1).id
        self.deleted.add(shipment_id)
        SHIPMENTS.delete(connection, shipment_id)
        self.counts["deleted"] += 1


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("order_by", ["created_at", "updated_at"])
def test_rows_of_the_start_each_once(emptied, monkeypatch, order_by, direction):
    monkeypatch.setattr(reader, "BATCH_ROWS", 20)
    store_shipments(emptied, make_shipments(ROWS))
    plan = plan_export(ExportCreate.model_validate({
        "resource": "shipment",
        "options": {"limit": "all", "order_by": order_by, "direction": direction},
        "csv_field_options": {
            "timezone": "UTC", "datetime_format": "yyyy-MM-dd",
            "columns": {"id": True, "order_number": True, "created_at": True, "metadata": True},
        },
    }))  # fmt: skip
    started = sorted(
        (make_shipment(number) for number in range(ROWS)),
        key=lambda shipment: (getattr(shipment, order_by), shipment.id),
        reverse=direction == "desc",
    )
    writers = Writers(emptied)
    out = io.BytesIO()
    settled = threading.Event()
    settle = reader.settle_rows

    def settle_first(*args: object, **kwargs: object) -> reader.Rows:
        found = settle(*args, **kwargs)
        settled.set()
        assert writers.began.wait(30)
        return found

    monkeypatch.setattr("lib.exports.writer.settle_rows", settle_first)

    def export() -> bytes:
        write_files(emptied, plan, {"csv": out})
        return out.getvalue()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(export)
        assert settled.wait(30)
        content = writers.run(running.result)
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]
    ids = [row[0] for row in rows]
    assert all(writers.counts.values()), writers.counts
    assert len(set(ids)) == len(ids)
    assert set(ids) >= {shipment.id for shipment in started} - writers.deleted
    kept = set(ids)
    assert ids == [shipment.id for shipment in started if shipment.id in kept]
    created = {shipment.id: f"{shipment.created_at:%Y-%m-%d}" for shipment in started}
    assert [row[2] for row in rows] == [created[row_id] for row_id in ids]
