"""The worker process of a one-command set-up: started, watched and stopped by the web process."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

log = logging.getLogger("shipdesk.web")

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "lib.worker", "--follow-parent")
# Long enough for a batch of rows to end; a workflow cut off in it is taken up again at the next start.
_STOP_WITHIN_SEC = 10.0
_RESTART_AFTER_SEC = 2.0


class WorkerProcess:
    """One `python -m lib.worker`, started again when it dies.

    It holds the other end of a pipe as its input and so ends with this process, however that one ends.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        self._process = self._launch()
        self._watcher = threading.Thread(target=self._watch, name="worker-watcher", daemon=True)
        self._watcher.start()

    @property
    def is_running(self) -> bool:
        """Whether the process is there now."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the worker of now."""
        return self._process.pid

    def stop(self) -> None:
        """Ask it to end, by the pipe and by a signal, and after ten seconds make it."""
        with self._changing:
            self._stopping.set()
            self._close_pipe()
            self._process.terminate()
        try:
            self._process.wait(_STOP_WITHIN_SEC)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._watcher.join()

    def _launch(self) -> "subprocess.Popen[bytes]":
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        # A session of its own: Ctrl-C in the terminal reaches the web process, which then stops the worker in order.
        return subprocess.Popen(  # noqa: S603  # a fixed command
            self._command, stdin=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}, start_new_session=True
        )

    def _watch(self) -> None:
        while not self._stopping.is_set():
            code = self._process.wait()
            self._stopping.wait(_RESTART_AFTER_SEC)
            with self._changing:
                if self._stopping.is_set():
                    return
                log.warning("the worker ended with %s and is started again", code)
                self._close_pipe()
                self._process = self._launch()

    def _close_pipe(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
