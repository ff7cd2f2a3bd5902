"""Downloading a large finished file from the real server, beside a server that does nothing else."""

import hashlib
import http.client
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import psutil

from benchmarks.exports.measuring import goal, told
from benchmarks.exports.recipe import recipe
from benchmarks.serving import KEY, free_port, process_serving, serving
from lib.exports.expiry import KEPT, file_name
from lib.models.base import utc_now
from lib.models.exports import Export, ExportFile
from lib.models.ids import new_id
from lib.store.database import create_engine
from lib.store.exports import add_unless_running

SIZE = 2_000_000_000
TIMES = 5
_LINE = b"ship_0000000000000000000000,delivered,PKGX-0000000-0000000,12/25/2024 09:30:45 AM,Sample Recipient,5170\r\n"
_PIECE = 1 << 20
_LOOK_EVERY_SEC = 0.02
_START_SEC = 20
# What a server's memory varies by anyhow.
_FLAT_MB = 20


def measure(folder: Path, size: int = SIZE) -> None:
    """Everything in a desk of its own in that folder, everything printed."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        url = f"sqlite:///{Path(name) / 'shipdesk.sqlite3'}"
        with serving(url, Path(name)) as port:
            compare(port, url, Path(name), size=size, times=TIMES)


def compare(port: int, url: str, folder: Path, *, size: int, times: int) -> None:
    """Both servers in turn, so many times each."""
    print(f"downloading a file of {size:,} bytes, in turn with a bare FileResponse", flush=True)
    export, path = finished_export(url, folder, size)
    server = process_serving(port)
    ours, theirs = [], []
    with _bare(path) as bare, _Peak(server) as peak:
        before = peak.now()
        for _ in range(times):
            theirs.append(_seconds(bare, "/file", size))
            ours.append(_seconds(port, f"/v1/exports/{export.id}/download", size))
    path.unlink()
    told("a bare FileResponse, p50", statistics.median(theirs), " s")
    told("Shipdesk, p50", statistics.median(ours), " s")
    goal("the second to the first", statistics.median(ours) / statistics.median(theirs), 1.15, " x")
    told("the server's RSS before", before, " MB")
    goal("more of it at its peak", peak.most - before, _FLAT_MB, " MB")


def finished_export(url: str, folder: Path, size: int) -> tuple[Export, Path]:
    """The record of a completed export on the desk of that data folder, and its file of so many bytes."""
    now, rows = utc_now(), size // len(_LINE)
    export_id = new_id("exp")
    path = folder / "files" / file_name(export_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    sha256 = _write_lines(path, size)
    export = Export(
        id=export_id,
        status="completed",
        created_at=now,
        updated_at=now,
        expires_at=now + KEPT,
        rows_total=rows,
        rows_done=rows,
        size=size,
        sha256=sha256,
        files=[ExportFile(kind="csv", rows=rows, size=size, sha256=sha256)],
        # Nothing else asks for so many rows: the same request would be answered with the export that runs.
        **recipe(limit=rows),
    )
    engine = create_engine(url)
    add_unless_running(engine, export)
    engine.dispose()
    return export, path


def _write_lines(path: Path, size: int) -> str:
    """Fill a file with lines up to that size; the SHA-256 of it."""
    digest, left = hashlib.sha256(), size
    piece = _LINE * (_PIECE // len(_LINE))
    with path.open("wb") as file:
        while left:
            some = piece[:left]
            digest.update(some)
            file.write(some)
            left -= len(some)
    return digest.hexdigest()


def _seconds(port: int, path: str, size: int) -> float:
    """The time to fetch all of it, which is thrown away."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", path, headers={"PX-API-KEY": KEY})
    answer = connection.getresponse()
    assert answer.status == http.client.OK, answer.read()
    buffer, received = memoryview(bytearray(_PIECE)), 0
    while got := answer.readinto(buffer):
        received += got
    connection.close()
    assert received == size, f"{received:,} bytes instead of {size:,}"
    return time.perf_counter() - began


@contextmanager
def _bare(path: Path) -> Iterator[int]:
    """The port of a server that sends the file."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.exports.bare", str(port), str(path)]
    process = subprocess.Popen(command)  # noqa: S603  # this folder's own
    try:
        deadline = time.monotonic() + _START_SEC
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("localhost", port)):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(20)


class _Peak:
    """The most memory that a process held while the context lasted, in MB."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.most = self.now()

    def now(self) -> float:
        return self._process.memory_info().rss / 1e6

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_EVERY_SEC):
            self.most = max(self.most, self.now())
