"""Processes of one kind on one host have names of their own, and get them back after a restart."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lib.process_names import HeldName, hold_name

ROOT = Path(__file__).parents[2]
HOST = socket.gethostname()


class Holding:
    """Names held in one folder, all released at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.held = folder, ExitStack()

    def hold(self, kind: str, *, patience_sec: float = 0) -> HeldName:
        held = hold_name(kind, self.folder, patience_sec=patience_sec)
        self.held.callback(held.release)
        return held


@pytest.fixture
def names(tmp_path: Path) -> Iterator[Holding]:
    names = Holding(tmp_path)
    with names.held:
        yield names


def test_each_process_has_its_own_name(names: Holding) -> None:
    held = [names.hold(kind).name for kind in ("worker", "worker", "worker", "web")]
    assert held == [f"worker@{HOST}", f"worker-2@{HOST}", f"worker-3@{HOST}", f"web@{HOST}"]


def test_a_name_given_back_is_the_next_ones(tmp_path: Path, names: Holding) -> None:
    first = hold_name("worker", tmp_path)
    assert names.hold("worker").name == f"worker-2@{HOST}"
    first.release()
    assert names.hold("worker").name == f"worker@{HOST}"


def test_a_killed_process_loses_its_name(tmp_path: Path, names: Holding) -> None:
    script = (
        "import pathlib, sys, time; from lib.process_names import hold_name;"
        "held = hold_name('worker', pathlib.Path(sys.argv[1])); print(held.name, flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:  # noqa: S603
        assert process.stdout is not None
        assert process.stdout.readline() == f"worker@{HOST}\n"
        assert names.hold("worker").name == f"worker-2@{HOST}"
        process.kill()
    assert names.hold("worker").name == f"worker@{HOST}"


def test_an_ending_predecessor_is_waited_for(tmp_path: Path, names: Holding) -> None:
    ending = hold_name("worker", tmp_path)
    threading.Timer(0.2, ending.release).start()
    assert names.hold("worker", patience_sec=60).name == f"worker@{HOST}"
