"""Takes up what an earlier process left, then buys one rate and is killed at a given point of it.

`buy_and_die.py SHIPMENT RATE POINT`; settings come from the environment. POINT `never` buys to the end.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from dbos import DBOS

from lib import runtime
from lib.models.shipments import Purchase
from lib.settings import get_settings
from lib.shipping import purchase as buying
from lib.store.documents import Documents
from lib.store.files import Files


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


POINTS: dict[str, tuple[Any, str, Callable[[Callable[..., Any]], Callable[..., Any]]]] = {
    "nothing reserved": (buying, "new_tracking_number", before),
    "reserved, step not recorded": (buying, "new_tracking_number", after_commit),
    "label not filed": (Files, "write", before),
    "label filed, step not recorded": (Files, "write", after),
    "shipment changed, not committed": (Documents, "update", after),
    "shipment committed, step not recorded": (Documents, "update", after_commit),
}


def main(shipment_id: str, rate_id: str, point: str) -> None:
    runtime.start(get_settings(), "web")
    wait_for_what_was_left()
    if point != "never":
        place, name, how = POINTS[point]
        setattr(place, name, how(getattr(place, name)))
    buying.buy(runtime.current().engine, shipment_id, Purchase(rate_id=rate_id))
    runtime.stop()


def wait_for_what_was_left() -> None:
    for left in DBOS.list_workflows():
        DBOS.retrieve_workflow(left.workflow_id).get_result(polling_interval_sec=0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
