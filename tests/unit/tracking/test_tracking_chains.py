"""The rule of chained shipments as a table: what a chain comes to, and what is closed when."""

import pytest

from lib.models.options import CloseOption
from lib.models.statuses import ShipmentStatus
from lib.models.trackers import ChainedShipment
from lib.tracking.chains import Cause, is_last, standing, to_close


def chain(*statuses: ShipmentStatus) -> list[ChainedShipment]:
    return [ChainedShipment(id=f"ship_{position}", status=status) for position, status in enumerate(statuses, 1)]


@pytest.mark.parametrize(
    ("statuses", "overall", "current"),
    [
        (("created",), "created", 1),
        (("in_transit",), "in_transit", 1),
        (("delivered",), "delivered", 1),
        (("package_lost",), "package_lost", 1),
        (("created", "created"), "created", 1),
        (("in_transit", "created"), "in_transit", 1),
        # The first has ended but another follows: a stop on the way, and the other is up.
        (("delivered", "created"), "package_at_waypoint", 2),
        (("picked_up", "rates_generated"), "package_at_waypoint", 2),
        (("return_to_sender", "created"), "package_at_waypoint", 2),
        (("delivered", "in_transit"), "in_transit", 2),
        (("delivered", "delivered"), "delivered", 2),
        (("delivered", "delivered", "created"), "package_at_waypoint", 3),
        # Never closed, the first is overtaken all the same.
        (("in_transit", "out_for_delivery"), "out_for_delivery", 2),
        (("in_transit", "delivered"), "delivered", 2),
        # Canceled ones count for nothing.
        (("delivered", "canceled"), "delivered", 1),
        (("canceled", "created"), "created", 2),
        (("canceled", "delivered", "canceled", "created"), "package_at_waypoint", 4),
        (("canceled", "canceled"), "canceled", 2),
    ],
)
def test_standing(statuses: tuple[ShipmentStatus, ...], overall: ShipmentStatus, current: int) -> None:
    assert standing(chain(*statuses), "package_at_waypoint") == (overall, f"ship_{current}")


def test_chained_status_is_the_one_that_was_set() -> None:
    assert standing(chain("delivered", "created"), "in_transit") == ("in_transit", "ship_2")


OPEN: tuple[ShipmentStatus, ...] = ("in_transit", "delivered", "created", "created")


@pytest.mark.parametrize(
    ("option", "cause", "closed"),
    [
        ("on_provider_updates", "reported", ["ship_1"]),
        ("on_provider_updates", "chained", []),
        ("on_shipment_chained", "chained", ["ship_1"]),
        # Whatever was opened again since the chaining is closed by the next report.
        ("on_shipment_chained", "reported", ["ship_1"]),
        ("never", "reported", []),
        ("never", "chained", []),
    ],
)
def test_what_is_closed_for_the_third(option: CloseOption, cause: Cause, closed: list[str]) -> None:
    assert to_close(chain(*OPEN), "ship_3", option, cause) == closed


def test_nothing_is_closed_for_the_first_and_all_open_ones_for_the_last() -> None:
    assert to_close(chain(*OPEN), "ship_1", "on_provider_updates", "reported") == []
    assert to_close(chain(*OPEN), "ship_4", "on_provider_updates", "reported") == ["ship_1", "ship_3"]
    assert to_close(chain(*OPEN), "ship_elsewhere", "on_provider_updates", "reported") == []


def test_last_is_whom_none_follows_that_counts() -> None:
    assert [is_last(chain("delivered", "created", "canceled"), f"ship_{position}") for position in (1, 2, 3)] == [
        False,
        True,
        True,
    ]
