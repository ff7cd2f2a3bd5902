"""What `app.py` serves beside the pages: /v1, /track, /healthz, and the start and end of the process."""

import functools
import gc
import importlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lib import runtime
from lib.address.parsing import parse_line
from lib.api.app import create_api, mounted
from lib.api.guard import EveryPathOfTheApi, LocalUntilLogin
from lib.api.request_ids import WithRequestId
from lib.api.tracking_page import tracking_page
from lib.api.worker import WorkerProcess
from lib.desk.local import open_desk
from lib.rating.warming import warm as warm_rating
from lib.settings import get_settings

log = logging.getLogger("shipdesk.web")

# Imported once at the start instead of in the first visitor's page.
_HEAVY = ("pandas", "plotly.graph_objects", "pyarrow")
# A page of shipments is tens of thousands of objects and no cycle among them. Looked through after every 700 of them,
# as is usual, a list took a third more time and a quote a quarter more.
_COLLECT_AFTER = (20_000, 20, 20)


class _WithoutQuery(logging.Filter):
    """Keeps queries out of uvicorn's access log: a signed link's signature is in them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, its path cut at the query."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                part.partition("?")[0] if isinstance(part, str) and part.startswith("/") else part
                for part in record.args
            )
        return True


class _Held:
    """What the lifespan opened, for /healthz to look at."""

    worker: WorkerProcess | None = None


@functools.cache
def _api() -> BaseRoute:
    return mounted(create_api(open_desk))


def routes() -> list[BaseRoute]:
    """The routes that go before Streamlit's own."""
    return [_api(), Route("/healthz", _health), tracking_page(open_desk)]


def middleware() -> list[Middleware]:
    """What stands before pages and API alike."""
    return [Middleware(LocalUntilLogin), Middleware(EveryPathOfTheApi, api=_api())]


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Open the desk and start the worker; stop both at the end."""
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(request_id)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(WithRequestId())
    logging.getLogger("shipdesk").setLevel(logging.INFO)
    logging.getLogger("uvicorn.access").addFilter(_WithoutQuery())
    role = get_settings().role
    if role == "worker":
        raise RuntimeError("SHIPDESK_ROLE=worker has no pages: start it as `python -m lib.worker`")
    # In threads: the durable engine refuses to be opened or closed inside a running event loop.
    await run_in_threadpool(open_desk)
    # After the desk: by then the tables are up to date, and the worker finds them so.
    _Held.worker = WorkerProcess() if role == "all" else None
    try:
        await run_in_threadpool(_warm)
        yield {}
    finally:
        await run_in_threadpool(_close)


def _close() -> None:
    if _Held.worker is not None:
        _Held.worker.stop()
    open_desk.cache_clear()
    runtime.stop()


def _warm() -> None:
    """Load what the first page would wait for, then take it out of the garbage collector's rounds.

    Measured: the smallest rerun of a page went from 120 ms to 7 ms, together with uvloop.
    """
    for module in _HEAVY:
        importlib.import_module(module)
    warm_rating()
    parse_line("10018")
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)


def _health(_request: Request) -> Response:
    """Whether the database and the worker answer: 200, or 503 for a machine that should get no visitors."""
    found = open_desk().health()
    worker = _Held.worker
    # Set apart from this process, the workers are not ours to see.
    found.setdefault("workers", "elsewhere" if worker is None else "up" if worker.is_running else "down")
    ok = "down" not in found.values()
    return JSONResponse({"status": "ok" if ok else "down", **found}, status_code=200 if ok else 503)
