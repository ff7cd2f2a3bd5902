"""Shipping label inferences on the embedded desk.

The desk reads no pictures itself: what scans labels enters what it read through the API.
"""

from datetime import datetime

import sqlalchemy as sa

from lib.directory.lookup import Lookup
from lib.models.ids import new_id
from lib.models.inferences import ShippingLabelInference, ShippingLabelInferenceCreate, ShippingLabelInferenceUpdate
from lib.store.directory import LOCATIONS
from lib.store.inferences import INFERENCES
from lib.store.resources import KeptResource, given
from lib.store.trackers import TRACKERS


class LocalInferences(KeptResource[ShippingLabelInference, ShippingLabelInferenceCreate, ShippingLabelInferenceUpdate]):
    """Keeps what was read from labels as it was read; only the location and the tracker named have to exist."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, INFERENCES)

    def _made(self, request: ShippingLabelInferenceCreate, at: datetime) -> ShippingLabelInference:
        made = ShippingLabelInference(id=request.id or new_id("inf_sl"), created_at=at, updated_at=at)
        return made.model_copy(update={**given(made, request), "id": made.id})

    def _linked(
        self,
        connection: sa.Connection,
        before: ShippingLabelInference | None,  # noqa: ARG002
        after: ShippingLabelInference,
        request: ShippingLabelInferenceCreate | ShippingLabelInferenceUpdate,
    ) -> ShippingLabelInference:
        lookup = Lookup(connection)
        lookup.find(LOCATIONS, "location_id", request.location_id)
        lookup.find(TRACKERS, "tracker_id", request.tracker_id)
        lookup.refuse_missing()
        return after
