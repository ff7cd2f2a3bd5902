"""What the tests of buying, paying, refunding and keys begin with."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from lib.models.errors import DeskError, DeskUnavailable
from lib.models.shipments import LabelSize, QuoteRequest, Shipment
from lib.models.team import Courier, CourierBand
from lib.shipping import purchase
from lib.shipping.service import LocalShipments

COURIER = Courier(active=True, name="Our van", bands=[CourierBand(max_weight_lb=50, max_miles=30, price=1450)])
BOX = {"length": 10, "width": 8, "height": 6, "weight": 5}
Result = TypeVar("Result")


def quote_request(**changes: Any) -> QuoteRequest:
    request = {
        "sender": {"name": "Ann Sender", "address": "500 7th Ave, New York, NY 10018"},
        "recipient": {"business": "A shop", "address": "1 Main St, Brooklyn, NY 11201"},
        "parcels": [BOX],
        **changes,
    }
    return QuoteRequest.model_validate(request)


def quoted(desk: LocalShipments, **changes: Any) -> Shipment:
    return desk.create(quote_request(**changes))


def rate_of(shipment: Shipment, provider: str) -> str:
    return next(rate.id for rate in shipment.rates if rate.provider.id == provider)


@contextmanager
def no_label_today(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The provider refuses to make labels meanwhile."""

    def refused(_made: Shipment, _size: LabelSize) -> bytes:
        raise DeskUnavailable("The provider makes no label today.")

    with monkeypatch.context() as broken:
        broken.setattr(purchase, "label_pdf", refused)
        yield


def all_at_once(calls: list[Callable[[], Result]]) -> list[Result | DeskError]:
    """What came of calls that begin at the same moment."""
    ready = threading.Barrier(len(calls))

    def called(call: Callable[[], Result]) -> Result | DeskError:
        ready.wait()
        try:
            return call()
        except DeskError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(called, calls))
