"""Canceling, retrying, deleting and checking exports, through the real queue, on both databases."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from lib import runtime
from lib.chores import expire_exports
from lib.exports import downloads, jobs
from lib.exports.expiry import file_name, unfinished_file, unfinished_folder
from lib.exports.writer import Written, write_files
from lib.models.base import utc_now
from lib.models.errors import Conflict, NotFound
from lib.models.exports import Export
from lib.models.ids import new_id
from lib.models.lists import ListQuery
from lib.store.exports import add_unless_running, change_export
from lib.store.tables import events
from tests.contract.test_exports import WAIT_SEC, downloaded, exports, finished, request, worker

__all__ = ["exports", "worker"]


class Gate:
    """Holds every job at its first byte until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._reached, self._open = threading.Semaphore(0), threading.Event()
        monkeypatch.setattr(jobs, "write_files", self._write)
        monkeypatch.setattr(jobs, "_PROGRESS_EVERY_SEC", 0)

    def _write(self, *args: object, **kwargs: object) -> Written:
        self._reached.release()
        assert self._open.wait(WAIT_SEC)
        return write_files(*args, **kwargs)

    def reached(self, jobs_: int = 1) -> None:
        for _ in range(jobs_):
            assert self._reached.acquire(timeout=WAIT_SEC)

    def open(self) -> None:
        self._open.set()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate(monkeypatch)
    yield made
    made.open()


def told(worker: runtime.Runtime, export_id: str) -> list[str]:
    query = sa.select(events.c.event).where(events.c.resource_id == export_id).order_by(events.c.sequence)
    with worker.engine.connect() as connection:
        return [name.removeprefix("export.") for name in connection.scalars(query)]


def outcomes(*calls: Callable[[], object]) -> list[str]:
    """What came of calls made at the same time, sorted."""

    def call(one: Callable[[], object]) -> str:
        try:
            one()
        except (Conflict, NotFound) as error:
            return type(error).__name__
        return "done"

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(call, calls))


def test_a_running_export_is_canceled_for_good_and_its_file_removed(exports, worker, gate):
    export = exports.create(request(limit=101))
    gate.reached()
    assert exports.retrieve(export.id).status == "processing"
    assert unfinished_file(worker.settings.data_dir, export.id, 1).exists()
    assert exports.cancel(export.id).status == "canceled"
    gate.open()
    # The queue has two places: once these are made, the canceled job is over too.
    for limit in (102, 103, 104):
        finished(exports, exports.create(request(limit=limit)).id)
    jobs.DBOS.retrieve_workflow(export.id).get_result(polling_interval_sec=0.05)
    assert exports.retrieve(export.id).status == "canceled"
    assert not unfinished_file(worker.settings.data_dir, export.id, 1).exists()
    assert not worker.files.local_path(file_name(export.id)).exists()
    with pytest.raises(Conflict, match="is canceled; only one that is queued or processing can be canceled"):
        exports.cancel(export.id)
    with pytest.raises(Conflict, match="is canceled"):
        exports.open_download(export.id)
    assert told(worker, export.id) == ["created", "canceled"]


def test_a_queued_export_is_taken_out_of_the_queue(exports, gate):
    first, second, waiting = (exports.create(request(limit=limit)) for limit in (111, 112, 113))
    gate.reached(2)
    assert exports.cancel(waiting.id).status == "canceled"
    assert jobs.DBOS.get_workflow_status(waiting.id).status == "CANCELLED"
    gate.open()
    assert finished(exports, first.id).status == finished(exports, second.id).status == "completed"
    assert exports.retrieve(waiting.id).status == "canceled"


def test_a_retry_is_the_same_export_made_anew(exports, worker, gate):
    export = exports.create(request(limit=121))
    gate.reached()
    exports.cancel(export.id)
    retried = exports.retry(export.id)
    assert (retried.id, retried.status, retried.attempt) == (export.id, "queued", 2)
    assert retried.expires_at - retried.updated_at == timedelta(hours=24)
    with pytest.raises(Conflict, match="can be retried"):
        exports.retry(export.id)
    gate.open()
    made = finished(exports, export.id)
    assert (made.status, made.attempt, made.rows_done) == ("completed", 2, 121)
    assert made.completed_at >= made.started_at >= retried.updated_at
    assert made.size_done == made.size == len(downloaded(exports, export.id))
    jobs.DBOS.retrieve_workflow(export.id).get_result(polling_interval_sec=0.05)
    assert downloaded(exports, export.id).count(b"\r\n") == 122
    assert not worker.files.local_path(file_name(export.id, 1)).exists()
    assert told(worker, export.id) == ["created", "canceled", "retried", "completed"]


def test_an_expired_export_is_made_again(exports, worker):
    export = finished(exports, exports.create(request(limit=122)).id)
    change_export(worker.engine, export.id, when=["completed"], expires_at=utc_now())
    assert expire_exports(worker.engine, utc_now()) == 1
    exports.retry(export.id)
    assert finished(exports, export.id).rows_done == 122


def test_a_deleted_export_is_gone_with_its_file(exports, worker, gate):
    running = exports.create(request(limit=131))
    gate.reached()
    exports.delete(running.id)
    gate.open()
    done = finished(exports, exports.create(request(limit=132)).id)
    path = worker.files.local_path(file_name(done.id))
    assert path.exists()
    exports.delete(done.id)
    jobs.DBOS.retrieve_workflow(running.id).get_result(polling_interval_sec=0.05)
    for export in (running, done):
        assert not (worker.files.local_path("exports") / export.id).exists()
        for call in (exports.retrieve, exports.cancel, exports.retry, exports.delete, exports.open_download):
            with pytest.raises(NotFound):
                call(export.id)
    assert told(worker, running.id) == ["created", "deleted"]
    assert told(worker, done.id) == ["created", "completed", "deleted"]


def test_of_two_at_once_one_is_done(exports, gate):
    export = exports.create(request(limit=141))
    gate.reached()
    assert outcomes(*[lambda: exports.cancel(export.id)] * 4) == ["Conflict"] * 3 + ["done"]
    assert outcomes(*[lambda: exports.retry(export.id)] * 4) == ["Conflict"] * 3 + ["done"]
    assert exports.retrieve(export.id).attempt == 2
    gate.open()
    assert finished(exports, export.id).rows_done == 141
    assert outcomes(*[lambda: exports.delete(export.id)] * 4) == ["NotFound"] * 3 + ["done"]


def test_a_changed_byte_is_never_handed_out(exports, worker):
    export = finished(exports, exports.create(request(limit=151)).id)
    path = worker.files.local_path(file_name(export.id))
    exports.open_download(export.id)
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(1, 1))
    with pytest.raises(Conflict, match="no longer whole"):
        exports.open_download(export.id)
    failed = exports.retrieve(export.id)
    assert (failed.status, failed.download_url) == ("failed", None)
    assert failed.error == "The file of this export is no longer whole; retry the export to have it made again."


def test_many_parts_cost_one_reading(exports, monkeypatch):
    export = finished(exports, exports.create(request(limit=152)).id)
    digest, read = downloads.hashlib.file_digest, []
    monkeypatch.setattr(downloads.hashlib, "file_digest", lambda *given: read.append(1) or digest(*given))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: exports.open_download(export.id), range(100)))
    assert len(read) == 1


def test_leftovers_go_and_what_runs_stays(exports, worker, gate):
    export = exports.create(request(limit=161))
    gate.reached()
    folder = unfinished_folder(worker.settings.data_dir)
    (folder / "exp_gone.1.csv").write_bytes(b"id\r\n")
    (folder / f"{export.id}.7.csv").write_bytes(b"id\r\n")
    (folder / "exp_gone.1.sheet").mkdir()
    (folder / "exp_gone.1.sheet" / "rows").write_bytes(b"<row/>")
    assert expire_exports(worker.engine, utc_now()) == 3
    assert {path.name for path in folder.iterdir()} == {
        f"{export.id}.1.{kind}" for kind in ("csv", "csv_sanitized", "csv_error")
    }


@pytest.mark.usefixtures("gate")
def test_expected_end_goes_by_measured_speed_and_by_what_waits(exports, worker):
    for made in exports.list(ListQuery(limit=500)).items:
        exports.delete(made.id)
    asked, now = request(limit=1700), utc_now()
    measured = Export(
        id=new_id("exp"),
        resource="shipment",
        created_at=now,
        updated_at=now,
        rows_done=1000,
        rows_per_second=100,
        options=asked.options,
        csv_field_options=asked.csv_field_options,
    )
    add_unless_running(worker.engine, measured)
    change_export(worker.engine, measured.id, when=["queued"], status="completed")
    first = exports.create(asked)
    second = exports.create(request(limit=1000))
    near = timedelta(seconds=1)
    # 1,700 rows at 100 a second and a second to start; the next waits for half of that, two being made at once.
    assert first.estimated_completion - first.created_at == pytest.approx(timedelta(seconds=18), abs=near)
    assert second.estimated_completion - second.created_at == pytest.approx(timedelta(seconds=19.5), abs=near)
    exports.cancel(first.id)
    exports.cancel(second.id)
