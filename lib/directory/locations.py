"""Locations on the embedded desk."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lib.directory.fields import Fields
from lib.directory.linking import (
    LinkedResource,
    filled,
    forget_location,
    keep_in_groups,
    leave_groups,
    named_once,
    refuse_other_groups,
    rename_location,
)
from lib.directory.lookup import Lookup
from lib.models.base import utc_now
from lib.models.hours import OperatingHours
from lib.models.ids import new_id
from lib.models.locations import Location, LocationCreate, LocationFields, LocationUpdate
from lib.store.directory import GROUPS, LOCATIONS


class LocalLocations(LinkedResource[Location, LocationCreate, LocationUpdate]):
    """Keeps locations; contacts and groups know them by name."""

    def __init__(self, engine: sa.Engine) -> None:
        super().__init__(engine, LOCATIONS)

    def _made(self, request: LocationCreate, at: datetime) -> Location:
        return Location(id=request.id or new_id("loc"), name=request.name, created_at=at, updated_at=at)

    def _linked(
        self,
        connection: sa.Connection,
        before: Location | None,
        after: Location,
        request: LocationCreate | LocationUpdate,
    ) -> Location:
        location = _with_given(connection, after, request)
        keep_in_groups(connection, before, location)
        if before and before.name != location.name:
            rename_location(connection, location)
        return location

    def _unlinked(self, connection: sa.Connection, kept: Location) -> None:
        leave_groups(connection, kept, utc_now())
        forget_location(connection, kept, utc_now())


def _with_given(connection: sa.Connection, location: Location, request: LocationFields) -> Location:
    """The location with what the request gives, read, checked and looked up. Raises NotFound, InvalidRequest."""
    lookup = Lookup(connection)
    groups = lookup.find_all(GROUPS, {f"groups.{at}": one.id for at, one in enumerate(request.groups)})
    fields = Fields(lookup)
    address = fields.changed_address(location.address, request)
    read: dict[str, Any] = {"email": fields.email("email", request.email)}
    fields.refuse_wrong()
    refuse_other_groups("location", request.groups, groups)
    read |= {
        "groups": named_once(request.groups, groups),
        "operating_hours": _changed_hours(location.operating_hours, request.operating_hours),
    }
    given = {name: value for name, value in read.items() if name in request.model_fields_set}
    return filled(location, request, {**given, "address": address})


def _changed_hours(kept: OperatingHours, given: OperatingHours) -> OperatingHours:
    return kept.model_copy(update={day: getattr(given, day) for day in given.model_fields_set})
