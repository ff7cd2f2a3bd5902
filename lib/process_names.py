"""Names for the processes on one host: the same after a restart, and never held by two at once.

What a process leaves unfinished is taken up by the next one of its name. Two of one name would do the same work twice.
"""

import fcntl
import os
import socket
import time
from itertools import count
from pathlib import Path

_LOOK_EVERY_SEC = 0.05


class HeldName:
    """A name that is this process's own until it is released, or the process ends, however that happens."""

    def __init__(self, name: str, lock: int) -> None:
        self.name = name
        self._lock = lock

    def release(self) -> None:
        """Let the next process have the name."""
        os.close(self._lock)


def hold_name(kind: str, data_dir: Path, *, patience_sec: float = 0) -> HeldName:
    """The first free name of `worker@host`, `worker-2@host`, `worker-3@host` and so on.

    A predecessor that is just ending is waited for so long: what it leaves under the first name would otherwise lie
    there until the next start. Names are told apart within one data folder.
    """
    folder = data_dir / "processes"
    folder.mkdir(parents=True, exist_ok=True)
    host = socket.gethostname()
    first = f"{kind}@{host}"
    give_up_at = time.monotonic() + patience_sec
    held = _try_to_hold(first, folder)
    while held is None and time.monotonic() < give_up_at:
        time.sleep(_LOOK_EVERY_SEC)
        held = _try_to_hold(first, folder)
    numbers = count(2)
    while held is None:
        held = _try_to_hold(f"{kind}-{next(numbers)}@{host}", folder)
    return held


def _try_to_hold(name: str, folder: Path) -> HeldName | None:
    lock = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return HeldName(name, lock)
