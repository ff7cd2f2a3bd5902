"""How long writing one shipment takes others while a large export runs: inserts and updates in turn."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.exports.desk import copied, copied_postgres, database_of, exporting, percentile
from benchmarks.exports.measuring import goal, told
from benchmarks.exports.places import Place
from benchmarks.serving import serving
from lib.models.shipments import Shipment
from lib.store.database import create_engine, writing
from lib.store.events import record_event
from lib.store.shipments import SHIPMENTS
from tests.generate import make_shipment

WRITES = 300
_PAUSE_SEC = 0.02


def measure(place: Place) -> None:
    """Idle and meanwhile, everything printed, on both databases."""
    print("writing one shipment, inserts and updates in turn, SQLite", flush=True)
    with copied(place) as folder:
        url = f"sqlite:///{database_of(folder)}"
        with serving(url, folder) as port:
            compare(port, folder, url, writes=WRITES)
    print("the same, PostgreSQL", flush=True)
    with copied_postgres(place) as url, TemporaryDirectory() as name, serving(url, Path(name)) as port:
        compare(port, Path(name), url, writes=WRITES)


def compare(port: int, folder: Path, url: str, *, writes: int) -> None:
    """So many writes to the database of that URL at least, and until an export is made."""
    write = _writer(url)
    idle = [next(write) for _ in range(writes)]
    meanwhile = []
    with exporting(port, folder) as exports:
        while len(meanwhile) < writes or not exports.made:
            meanwhile.append(next(write))
    told("an export meanwhile", percentile(exports.seconds, 50), " s")
    for name, taken in (("idle", idle), ("while an export runs", meanwhile)):
        told(f"p50 of {len(taken):,} writes, {name}", percentile(taken, 50) * 1000, " ms")
        told(f"the slowest, {name}", max(taken) * 1000, " ms")
    told("p99, idle", percentile(idle, 99) * 1000, " ms")
    goal("p99 while an export runs", percentile(meanwhile, 99) * 1000, 250, " ms")


def _writer(url: str) -> Iterator[float]:
    """The seconds of each write, with a short rest after it."""
    engine = create_engine(url)
    number = 0
    while True:
        number += 1
        made = make_shipment(number).model_copy(update={"id": f"ship_written_{number}"})

        def insert(made: Shipment = made) -> None:
            with writing(engine).begin() as connection:
                SHIPMENTS.insert(connection, [made])
                record_event(connection, "shipment.rates_generated", made.id)

        def update(made: Shipment = made) -> None:
            with writing(engine).begin() as connection:
                kept = SHIPMENTS.get_locked(connection, made.id)
                SHIPMENTS.update(connection, kept.model_copy(update={"notes": "Written again"}))
                record_event(connection, "shipment.updated", made.id)

        yield _seconds(insert)
        yield _seconds(update)


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    taken = time.perf_counter() - began
    time.sleep(_PAUSE_SEC)
    return taken
