"""How long writers wait while a large export runs in another process, beside the same without one. SQLite.

`python -m benchmarks.export_writers [shipments]`: the goal is a p99 of at most 250 ms.
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from lib.exports.plan import plan_export
from lib.exports.writer import write_csv
from lib.models.base import utc_now
from lib.models.exports import ExportCreate
from lib.store.database import create_engine, open_database, writing
from lib.store.shipments import SHIPMENTS
from tests.generate import make_shipment, make_shipments, store_shipments

SHIPMENTS_KEPT = 30_000
IDLE_SEC = 3.0
COLUMNS = ("id", "status", "sender", "recipient", "parcels", "rates", "created_at", "updated_at")


def export(url: str, path: str) -> None:
    """Write every shipment into a file, as a worker process does."""
    plan = plan_export(
        ExportCreate.model_validate(
            {
                "resource": "shipment",
                "options": {"limit": "all", "order_by": "updated_at"},
                "csv_field_options": {
                    "timezone": "America/New_York",
                    "datetime_format": "MM/dd/yyyy hh:mm:ss a",
                    "columns": dict.fromkeys(COLUMNS, True),
                    "properties": "flatten",
                },
            }
        )
    )
    with Path(path).open("wb") as out:
        write_csv(create_engine(url), plan, out)


def write_while(engine: sa.Engine, goes_on: Callable[[], bool]) -> list[float]:
    """Change one shipment after the other, each in a transaction; the milliseconds of each, sorted."""
    shipment, took = make_shipment(0), []
    while goes_on():
        began = time.perf_counter()
        with writing(engine).begin() as connection:
            SHIPMENTS.update(connection, shipment.model_copy(update={"updated_at": utc_now()}))
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)


def show(name: str, took: list[float]) -> None:
    """One line: how many writes, p50, p99 and the longest."""
    p50, p99 = (took[int(len(took) * share)] for share in (0.5, 0.99))
    print(f"{name:<16} {len(took):>7,} writes   p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   max {took[-1]:6.1f} ms")


def main() -> None:
    """Fill a desk, then write to it alone and beside an export."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SHIPMENTS_KEPT
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/shipdesk.sqlite3"
        engine = open_database(url)
        store_shipments(engine, make_shipments(count))
        until = time.monotonic() + IDLE_SEC
        show("alone", write_while(engine, lambda: time.monotonic() < until))
        job = multiprocessing.get_context("spawn").Process(target=export, args=(url, f"{folder}/export.csv"))
        job.start()
        show("beside an export", write_while(engine, job.is_alive))
        job.join()
        if job.exitcode:
            sys.exit(job.exitcode)
        engine.dispose()


if __name__ == "__main__":
    main()
