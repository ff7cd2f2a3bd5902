"""Takes up what an earlier process left, then buys one rate and is killed at a given point of it.

`buy_and_die.py SHIPMENT RATE POINT`; settings come from the environment. POINT `never` buys to the end. The request
comes under an Idempotency-Key that is the point's name. `create_and_die.py` beside it does the same to a quote.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from dbos import DBOS

from lib import runtime
from lib.models.errors import DeskError, DeskUnavailable
from lib.models.shipments import LabelSize, Purchase, Shipment
from lib.models.team import TeamSettings
from lib.settings import get_settings
from lib.shipping import purchase as buying
from lib.shipping import reservations
from lib.shipping.service import LocalShipments
from lib.store.documents import Documents
from lib.store.files import Files

Killing = Callable[[Callable[..., Any]], Callable[..., Any]]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def before(_call: Callable[..., Any]) -> Callable[..., Any]:
    def killed(*_args: Any, **_named: Any) -> None:
        die()

    return killed


def after(call: Callable[..., Any]) -> Callable[..., Any]:
    def killed(*args: Any, **named: Any) -> None:
        call(*args, **named)
        die()

    return killed


def after_commit(call: Callable[..., Any]) -> Callable[..., Any]:
    """The call as it is, but its transaction's connection is never given back: the process dies instead."""

    def armed(*args: Any, **named: Any) -> Any:
        sa.event.listen(runtime.current().engine.pool, "checkin", lambda *_: die())
        return call(*args, **named)

    return armed


POINTS: dict[str, tuple[Any, str, Killing]] = {
    "key claimed, nothing reserved": (reservations, "new_tracking_number", before),
    "charged, not committed": (reservations, "write_line", after),
    "charged, step not recorded": (reservations, "write_line", after_commit),
    "label not filed": (Files, "write", before),
    "label filed, step not recorded": (Files, "write", after),
    "shipment changed, not committed": (Documents, "update", after),
    "shipment committed, step not recorded": (Documents, "update", after_commit),
}
# No label can be made, and the process dies while the charge is given back.
GIVING_BACK: dict[str, tuple[Any, str, Killing]] = {
    "nothing given back": (buying, "give_back", before),
    "given back, not committed": (buying, "give_back", after),
    "given back, step not recorded": (buying, "give_back", after_commit),
}


def main(shipment_id: str, rate_id: str, point: str) -> None:
    held = runtime.start(get_settings(), "web")
    wait_for_what_was_left()
    if point != "never":
        place, name, how = (POINTS | GIVING_BACK)[point]
        setattr(place, name, how(getattr(place, name)))
    if point in GIVING_BACK:
        buying.label_pdf = no_label
    desk = LocalShipments(held.engine, TeamSettings)
    desk.purchase(shipment_id, Purchase(rate_id=rate_id), idempotency_key=point)
    runtime.stop()


def no_label(_made: Shipment, _size: LabelSize) -> bytes:
    raise DeskUnavailable("The provider makes no label today.")


def wait_for_what_was_left() -> None:
    for left in DBOS.list_workflows():
        with suppress(DeskError):
            DBOS.retrieve_workflow(left.workflow_id).get_result(polling_interval_sec=0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
