"""The worker process: makes exports, tells webhooks, does the chores. `python -m lib.worker` runs one until stopped.

Started by the web process of a one-command set-up it holds the other end of a pipe as its standard
input and stops when that closes, so that it never outlives its parent, however that one ended.
"""

import gc
import logging
import os
import signal
import sys
import threading

import lib.desk.local  # noqa: F401  # defines the workflows that a restart has to find
from lib import runtime
from lib.chores import schedule_chores
from lib.settings import get_settings
from lib.webhooks.sending import SenderThread

log = logging.getLogger("shipdesk.worker")
_FOLLOW_PARENT = "--follow-parent"
_COLLECT_EVERY_SEC = 60
# A web process that was killed and started at once is here while the worker of before still ends.
_ENDS_WITHIN_SEC = 15.0


def main(arguments: list[str]) -> None:
    """Work until a signal comes or, with --follow-parent, until standard input closes."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if _FOLLOW_PARENT in arguments:
        threading.Thread(target=_stop_when_input_closes, args=(stop,), daemon=True).start()
    settings = get_settings()
    patience_sec = _ENDS_WITHIN_SEC if _FOLLOW_PARENT in arguments else 0
    held = runtime.start(settings, "worker", patience_sec=patience_sec)
    schedule_chores()
    sender = SenderThread(held.engine, public_only=settings.webhook_targets == "public")
    # Export batches make no reference cycles; collecting them anyway cost a tenth of the time.
    gc.disable()
    log.info("worker ready")
    while not stop.wait(_COLLECT_EVERY_SEC):
        gc.collect()
    sender.stop()
    runtime.stop()


def _stop_when_input_closes(stop: threading.Event) -> None:
    # Not through sys.stdin: its lock, held by a waiting thread, makes the interpreter abort at its end.
    os.read(sys.stdin.fileno(), 1)
    stop.set()


if __name__ == "__main__":
    main(sys.argv[1:])
