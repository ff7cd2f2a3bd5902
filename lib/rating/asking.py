"""Asking providers side by side: who blocks gets a thread, who only reckons answers in turn, all by one deadline."""

import logging
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import cache
from typing import Literal

from lib.rating.cards.pricing import with_cards
from lib.rating.lots import Lot
from lib.rating.pricing import Answer
from lib.rating.providers.base import RateProvider

_LOG = logging.getLogger(__name__)
# Waiting threads cost next to nothing. Built-in providers reckon in less than a thread takes to start and hand back.
_THREADS = 32


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer, in words."""

    status: Literal["timed_out", "error"]
    reason: str


def ask(
    providers: Mapping[str, RateProvider], lot: Lot, codes: Sequence[str], deadline: float
) -> dict[str, Answer | Failure]:
    """The answers of these providers, by code, in that order. Raises nothing that a provider raises.

    `deadline` is a `time.monotonic()`: who has not answered by then is left behind. A thread cannot be stopped, so
    a provider that blocks has to bound its own calls.
    """
    begun = {code: _begun(providers[code], lot) for code in codes if providers[code].blocking}
    given = {code: _reckoned(providers[code], lot, code, deadline) for code in codes if code not in begun}
    given |= {code: _waited_for(future, code, deadline) for code, future in begun.items()}
    return {code: given[code] for code in codes}


def _begun(provider: RateProvider, lot: Lot) -> Future[Answer]:
    # With the caller's context, so that what the thread logs is found under the caller's request.
    return _pool().submit(copy_context().run, _priced, provider, lot)


def _priced(provider: RateProvider, lot: Lot) -> Answer:
    return with_cards(lot, provider.price(lot))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="provider")


def _reckoned(provider: RateProvider, lot: Lot, code: str, deadline: float) -> Answer | Failure:
    if time.monotonic() > deadline:
        return _LATE
    try:
        return _priced(provider, lot)
    except Exception:  # noqa: BLE001 - whatever a provider fails with, the others' rates stand
        return _failed(code)


def _waited_for(future: "Future[Answer]", code: str, deadline: float) -> Answer | Failure:
    try:
        return future.result(timeout=max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        if future.done():
            return _failed(code)
        future.cancel()
        return _LATE
    except Exception:  # noqa: BLE001 - as above
        return _failed(code)


def _failed(code: str) -> Failure:
    _LOG.exception("Provider %s failed", code)
    return Failure("error", "The prices could not be worked out")


_LATE = Failure("timed_out", "Did not answer in time")
