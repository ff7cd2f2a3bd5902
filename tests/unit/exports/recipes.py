"""Bodies of exports for the tests of this folder."""

from typing import Any

from lib.exports.catalogue import find_resource
from lib.models.exports import ExportCreate

EVERY_COLUMN = find_resource("shipment").column_names()


def recipe(*columns: str, options: dict[str, Any] | None = None, **look: Any) -> ExportCreate:
    """The body of an export of shipments, by default in New York time as on the API's page."""
    body: dict[str, Any] = {
        "timezone": "America/New_York",
        "datetime_format": "MM/dd/yyyy hh:mm:ss a",
        "columns": dict.fromkeys(columns, True),
        **look,
    }
    return ExportCreate.model_validate({"resource": "shipment", "options": options or {}, "csv_field_options": body})
