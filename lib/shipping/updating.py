"""What an update makes of a shipment, but for its tracking update; nothing here is stored."""

from datetime import datetime

from lib.models.errors import Conflict
from lib.models.shipments import Shipment, ShipmentUpdate
from lib.shipping.customs import customs_notes, with_customs_told
from lib.store.resources import given


def updated(shipment: Shipment, changes: ShipmentUpdate, at: datetime, *, is_being_bought: bool = False) -> Shipment:
    """The shipment with what was given in place of what was, at that moment.

    Raises Conflict (`tracking_number_fixed`) for another tracking number than the one it was bought with.
    """
    if not changes.events:
        return shipment
    if "tracking_number" in changes.model_fields_set and changes.tracking_number != shipment.tracking_number:
        _require_free_number(shipment, is_being_bought=is_being_bought)
    found = given(shipment, changes)
    for name in ("type", "tags", "metadata"):
        if getattr(changes, name) is None:
            found.pop(name, None)
    found.pop("tracking_update", None)
    if "tags" in found:
        found["tags"] = list(dict.fromkeys(found["tags"]))
    changed = shipment.model_copy(update={**found, "updated_at": at})
    return with_customs_told(changed, customs_notes(shipment)) if "customs" in found else changed


def _require_free_number(shipment: Shipment, *, is_being_bought: bool) -> None:
    """The number a label was bought with is on the label and in the ledger: no update changes it."""
    if is_being_bought or shipment.purchased_rate is not None:
        raise Conflict(
            f"Shipment {shipment.id} is bought; the tracking number of its label stays.",
            fields=["tracking_number"],
            code="tracking_number_fixed",
        )
