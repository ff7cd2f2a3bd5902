"""The worker process is started, started again when it dies, and never outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from lib.api import worker
from lib.api.worker import ROOT, WorkerProcess

UNTIL_INPUT_CLOSES = (sys.executable, "-c", "import sys; sys.stdin.read()")


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_stop_ends_it() -> None:
    process = WorkerProcess(UNTIL_INPUT_CLOSES)
    assert process.is_running
    process.stop()
    assert not process.is_running


def test_killed_it_is_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_RESTART_AFTER_SEC", 0.01)
    process = WorkerProcess(UNTIL_INPUT_CLOSES)
    first = process.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: process.pid != first and process.is_running)
    process.stop()
    assert not process.is_running


def test_parent_killed_it_ends() -> None:
    script = (
        "import time; from lib.api.worker import WorkerProcess;"
        f"WorkerProcess({UNTIL_INPUT_CLOSES!r}); print('started', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:  # noqa: S603
        assert parent.stdout is not None
        assert parent.stdout.readline() == "started\n"
        parent.kill()
        # The worker holds the same standard output: it reads as ended only when the worker has ended too.
        assert parent.communicate(timeout=20) == ("", None)
