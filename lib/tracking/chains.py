"""The rule of chained shipments: several shipments, one after the other, on one tracking number.

A shipment that ended counts as `chained_status` as long as another follows it; canceled ones count for nothing.
"""

from collections.abc import Sequence
from typing import Literal

from lib.models.options import CloseOption
from lib.models.statuses import COMPLETED, ShipmentStatus
from lib.models.trackers import ChainedShipment

Cause = Literal["chained", "reported"]

CANCELED: ShipmentStatus = "canceled"
# Shipments that no carrier has reported on yet.
NOT_BEGUN: tuple[ShipmentStatus, ...] = ("rates_generated", "created")


def standing(chain: Sequence[ChainedShipment], chained_status: ShipmentStatus) -> tuple[ShipmentStatus, str]:
    """The overall status of a chain, and the id of the shipment that is under way; the chain holds at least one.

    Under way is the last shipment that has begun, or once that has ended the next one.
    """
    alive = [shipment for shipment in chain if shipment.status != CANCELED]
    if not alive:
        return CANCELED, chain[-1].id
    begun = [position for position, shipment in enumerate(alive) if shipment.status not in NOT_BEGUN]
    if not begun:
        return alive[0].status, alive[0].id
    latest = alive[begun[-1]]
    if latest.status in COMPLETED and latest is not alive[-1]:
        return chained_status, alive[begun[-1] + 1].id
    return latest.status, latest.id


def to_close(chain: Sequence[ChainedShipment], shipment_id: str, option: CloseOption, cause: Cause) -> list[str]:
    """The shipments before this one that are to be closed when it was `chained`, or `reported` on by its carrier."""
    if option == "never" or (option == "on_provider_updates" and cause == "chained"):
        return []
    before: list[str] = []
    for shipment in chain:
        if shipment.id == shipment_id:
            return before
        if shipment.status not in COMPLETED:
            before.append(shipment.id)
    return []


def is_last(chain: Sequence[ChainedShipment], shipment_id: str) -> bool:
    """Whether no shipment that counts follows this one."""
    after = False
    for shipment in chain:
        if after and shipment.status != CANCELED:
            return False
        after = after or shipment.id == shipment_id
    return True
