"""A worker that is killed or told to stop in the middle of an export: the next one makes the whole file."""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lib import runtime
from lib.exports.expiry import file_name
from lib.exports.service import LocalExports
from lib.models.exports import Export, ExportCreate
from lib.settings import Settings
from tests.generate import make_shipments, store_shipments

ROWS = 5000
ROOT = Path(__file__).resolve().parents[2]
# Flattened, so that it takes long enough to be killed in the middle.
SLOW = ExportCreate.model_validate({
    "resource": "shipment",
    "options": {"limit": "all"},
    "csv_field_options": {
        "timezone": "UTC",
        "datetime_format": "MM/dd/yyyy",
        "columns": dict.fromkeys(["id", "rates", "recipient", "sender", "parcels", "purchased_rate"], True),
        "properties": "flatten",
    },
})  # fmt: skip


@pytest.fixture
def web(tmp_path: Path) -> Iterator[runtime.Runtime]:
    """A process that asks for exports but does not make them."""
    yield runtime.start(Settings(data_dir=tmp_path, database_url=None, files_url=None), "web")
    runtime.stop()


@contextlib.contextmanager
def running_worker(data_dir: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker process, killed at the end if the test has not ended it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHIPDESK_")}
    command = [sys.executable, "-m", "lib.worker"]
    environment["SHIPDESK_DATA_DIR"] = str(data_dir)
    with subprocess.Popen(command, cwd=ROOT, env=environment) as worker:  # noqa: S603
        try:
            yield worker
        finally:
            worker.kill()


def when(exports: LocalExports, export_id: str, holds: Callable[[Export], bool]) -> Export:
    deadline = time.monotonic() + 60
    while not holds(export := exports.retrieve(export_id)):
        assert time.monotonic() < deadline, export
        time.sleep(0.02)
    return export


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_stopped_in_the_middle_it_is_made_whole_by_the_next(web, tmp_path, how):
    store_shipments(web.engine, make_shipments(ROWS))
    exports = LocalExports(web.engine, web.files, sign=str)
    asked = exports.create(SLOW)

    with running_worker(tmp_path) as worker:
        when(exports, asked.id, lambda export: export.status == "processing")
        worker.send_signal(how)
        worker.wait()
    if how is signal.SIGKILL:
        assert exports.retrieve(asked.id).status == "processing"
        assert not web.files.local_path(file_name(asked.id)).exists()

    with running_worker(tmp_path):
        export = when(exports, asked.id, lambda export: export.status != "processing")
    content = b"".join(exports.open_download(asked.id).chunks())
    assert (export.status, export.rows_done, export.size) == ("completed", ROWS, len(content))
    assert export.sha256 == hashlib.sha256(content).hexdigest()
    assert content.count(b"\r\n") == ROWS + 1
