"""Exports from the request to the file, through the real queue, on both databases."""

import csv
import hashlib
import io
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lib import runtime
from lib.chores import expire_exports
from lib.exports import jobs
from lib.exports.expiry import file_name
from lib.exports.service import LocalExports
from lib.exports.writer import Written, write_files
from lib.models.base import utc_now
from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.exports import Export, ExportCreate
from lib.models.ids import new_id
from lib.models.lists import ListQuery
from lib.settings import Settings
from lib.store.exports import add_unless_running, change_export
from tests.contract.conftest import DATABASES, _new_database
from tests.generate import make_shipments, store_shipments

WAIT_SEC = 30
SHIPMENTS = 3000
# The body of the API page's quick start, word for word.
QUICK_START = {
    "resource": "shipment",
    "options": {
        "limit": 1000,
        "created_at": "gte:2024-01-01",
    },
    "csv_field_options": {
        "timezone": "America/New_York",
        "datetime_format": "MM/dd/yyyy hh:mm:ss a",
        "columns": {
            "id": True,
            "tracking_number": True,
            "status": True,
            "created_at": True,
        },
    },
}


@pytest.fixture(scope="module", params=DATABASES)
def worker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[runtime.Runtime]:
    """A worker runtime on a database of its own with 3,000 shipments; shared by a module's tests."""
    url = None if request.param == "sqlite" else _new_database(request.getfixturevalue("postgres_url"))
    started = runtime.start(Settings(data_dir=tmp_path_factory.mktemp("exports"), database_url=url), "worker")
    store_shipments(started.engine, make_shipments(SHIPMENTS))
    yield started
    runtime.stop()


@pytest.fixture
def exports(worker: runtime.Runtime) -> LocalExports:
    """The exports of the desk on that runtime, with a link that nobody signed."""
    return LocalExports(worker.engine, worker.files, sign="{}?s=1".format)


def request(**options: object) -> ExportCreate:
    return ExportCreate.model_validate(QUICK_START | {"options": options})


def finished(exports, export_id: str) -> Export:
    deadline = time.monotonic() + WAIT_SEC
    while (export := exports.retrieve(export_id)).status in ("queued", "processing"):
        assert time.monotonic() < deadline, export
        time.sleep(0.05)
    return export


def downloaded(exports, export_id: str) -> bytes:
    return b"".join(exports.open_download(export_id).chunks())


def test_quick_start_ends_in_a_file(exports):
    asked = ExportCreate.model_validate(QUICK_START)
    preview = exports.preview(asked)
    created = exports.create(asked)
    assert created.id.startswith("exp_")
    assert (created.resource, created.status, created.download_url) == ("shipment", "queued", None)
    assert created.expires_at == created.created_at + timedelta(hours=24)
    assert created.estimated_completion > created.created_at
    assert created.rows_total == 1000

    export = finished(exports, created.id)
    assert (export.status, export.error) == ("completed", None)
    assert export.download_url == f"/v1/exports/{export.id}/download?s=1"
    content = downloaded(exports, export.id)
    assert content.startswith(b"id,tracking_number,status,created_at\r\n")
    assert (export.rows_done, export.rows_total, export.size) == (1000, 1000, len(content))
    assert export.sha256 == hashlib.sha256(content).hexdigest()

    lines = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert len(lines) == 1001
    assert lines[1][0] == f"ship_{SHIPMENTS - 1:022d}"
    # 2024-01-01 plus 2,999 times 317 s is 2024-01-12 00:04:43 UTC: five hours earlier in New York.
    assert lines[1][3] == "01/11/2024 07:04:43 PM"
    assert preview.columns == lines[0]
    assert preview.rows == lines[1:101]
    assert preview.total_count == 1000
    assert content.startswith(preview.csv.encode())


def test_every_filter_reaches_the_file(exports):
    options = {"limit": "all", "provider": "fedex,ups", "statuses": "pickup_available,delivered,completed",
               "created_at": "bwi:2024-01-02,2024-01-05", "order_by": "status", "direction": "asc"}  # fmt: skip
    export = finished(exports, exports.create(request(**options)).id)
    rows = list(csv.reader(io.StringIO(downloaded(exports, export.id).decode(), newline="")))[1:]
    assert export.rows_done == exports.preview(request(**options)).total_count == len(rows) > 0
    assert {row[2] for row in rows} <= {
        "pickup_available", "delivered", "picked_up", "return_to_sender", "package_undeliverable", "package_lost",
        "canceled",
    }  # fmt: skip
    assert {row[3][:10] for row in rows} <= {"01/02/2024", "01/03/2024", "01/04/2024", "01/05/2024"}
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)


def test_the_same_request_while_one_runs_is_that_one(exports, monkeypatch):
    all_asked = threading.Event()

    def written_later(*args: object, **kwargs: object) -> Written:
        assert all_asked.wait(WAIT_SEC)
        return write_files(*args, **kwargs)

    monkeypatch.setattr(jobs, "write_files", written_later)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(exports.create, [request(provider="usps")] * 8))
    assert len({export.id for export in made}) == 1
    assert exports.create(request(provider="fedex")).id != made[0].id
    swapped = request(provider="usps")
    swapped.csv_field_options.columns = dict(reversed(swapped.csv_field_options.columns.items()))
    assert exports.create(swapped).id != made[0].id
    all_asked.set()
    finished(exports, made[0].id)
    assert exports.create(request(provider="usps")).id != made[0].id


def test_fifty_at_once_all_end_in_the_order_of_asking(exports):
    made = [exports.create(request(limit=number + 1)) for number in range(50)]
    for number, export in enumerate(made):
        assert finished(exports, export.id).rows_done == number + 1
    ended = [exports.retrieve(export.id) for export in made]
    begun = [export.started_at for export in ended]
    # Two are made at once, and either of them may say first that it has begun.
    assert all(later >= earlier for earlier, later in zip(begun, begun[runtime.EXPORTS_AT_ONCE :], strict=False))


def test_a_record_left_unqueued_is_queued_when_read(exports, worker):
    asked = request(limit=3)
    before = utc_now() - timedelta(seconds=30)
    lost = Export(id=new_id("exp"), resource="shipment", created_at=before, updated_at=before,
                  options=asked.options, csv_field_options=asked.csv_field_options)  # fmt: skip
    add_unless_running(worker.engine, lost)
    assert finished(exports, lost.id).rows_done == 3


def test_flatten_too_wide_fails_with_a_message_for_people(exports, monkeypatch):
    monkeypatch.setattr("lib.exports.writer.get_settings", lambda: Settings(export_columns=20))
    asked = request()
    asked.csv_field_options.properties = "flatten"
    asked.csv_field_options.columns["rates"] = True
    export = finished(exports, exports.create(asked).id)
    assert export.status == "failed"
    assert export.error.startswith("Flattened, this export needs more than 20 columns")
    assert (export.size, export.sha256, export.download_url) == (None, None, None)
    with pytest.raises(Conflict, match="is failed"):
        exports.open_download(export.id)


def test_a_fault_is_told_without_a_traceback(exports, monkeypatch, worker, caplog):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(jobs, "write_files", broken)
    export = finished(exports, exports.create(request(limit=7)).id)
    assert export.status == "failed"
    assert export.error == "Something failed on this desk while the file was written. Please try again."
    assert list((worker.settings.data_dir / "unfinished").iterdir()) == []
    assert "ZeroDivisionError" in caplog.text


def test_after_a_day_the_file_is_gone_and_the_record_says_so(exports, worker):
    export = finished(exports, exports.create(request(limit=9)).id)
    change_export(worker.engine, export.id, when=["completed"], expires_at=utc_now())
    assert exports.retrieve(export.id).status == "expired"
    assert not worker.files.local_path(file_name(export.id)).exists()
    with pytest.raises(NotFound, match="24 hours"):
        exports.open_download(export.id)


def test_the_files_of_a_day_ago_go_without_anybody_asking(exports, worker):
    old = finished(exports, exports.create(request(limit=10)).id)
    kept = finished(exports, exports.create(request(limit=11)).id)
    change_export(worker.engine, kept.id, when=["completed"], expires_at=None)
    expire_exports(worker.engine, old.expires_at - timedelta(milliseconds=1))
    assert exports.retrieve(old.id).status == "completed"
    expire_exports(worker.engine, old.expires_at)
    assert exports.retrieve(kept.id).status == "completed"
    assert not worker.files.local_path(file_name(old.id)).exists()
    assert exports.retrieve(old.id).status == "expired"


def test_a_file_that_is_not_whole_is_not_handed_out(exports, worker):
    export = finished(exports, exports.create(request(limit=12)).id)
    path = worker.files.local_path(file_name(export.id))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Conflict, match="no longer whole; retry"):
        exports.open_download(export.id)
    assert exports.retrieve(export.id).status == "failed"
    exports.retry(export.id)
    assert finished(exports, export.id).status == "completed"
    assert downloaded(exports, export.id).count(b"\r\n") == 13


def test_download_is_named_for_people(exports):
    export = finished(exports, exports.create(request(limit=13)).id)
    download = exports.open_download(export.id)
    assert download.filename.startswith("shipment-export-20")
    assert download.filename.endswith(".csv")
    assert (download.size, download.sha256) == (export.size, export.sha256)
    assert download.path.read_bytes() == downloaded(exports, export.id)


def test_list_is_newest_first(exports):
    made = [exports.create(request(limit=number)).id for number in (14, 15, 16)]
    page = exports.list(ListQuery(limit=2))
    assert [export.id for export in page.items] == made[:0:-1]
    assert exports.list(ListQuery(page=2, limit=2)).items[0].id == made[0]
    assert page.has_more
    assert page.total_count >= 3
    only = exports.list(ListQuery(filters={"status": "completed,failed", "resource": "shipment"}))
    assert {export.status for export in only.items} <= {"completed", "failed"}
    with pytest.raises(InvalidRequest, match="did you mean “completed”"):
        exports.list(ListQuery(filters={"status": "complete"}))


def test_what_is_wrong_is_refused_at_once(exports):
    total = exports.list(ListQuery()).total_count
    with pytest.raises(NotFound):
        exports.retrieve("exp_unknown")
    with pytest.raises(NotFound):
        exports.open_download("exp_unknown")
    for rows in (0, 501):
        with pytest.raises(InvalidRequest):
            exports.preview(request(), rows)
    with pytest.raises(InvalidRequest):
        exports.create(request(statuses="lost"))
    assert exports.list(ListQuery()).total_count == total
