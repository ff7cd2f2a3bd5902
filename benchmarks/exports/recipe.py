"""The export that is measured: every column of a shipment, oldest first, times in New York."""

from typing import Any, Literal

from lib.exports.catalogue import Column, find_resource

TIMEZONE = "America/New_York"
PATTERN = "MM/dd/yyyy hh:mm:ss a"
PATTERN_STRFTIME = "%m/%d/%Y %I:%M:%S %p"
COLUMNS: tuple[Column, ...] = find_resource("shipment").columns
NAMES = [column.name for column in COLUMNS]
INSTANTS = [column.name for column in COLUMNS if column.kind == "instant"]
# One shipment in so many belongs to a campaign, and says so in its metadata.
CAMPAIGN_ONE_IN = 100
CAMPAIGN = {"campaign": "spring"}
# Where free-form values lie: a text there is no time, whatever it is called.
FREE_FORM = "metadata"


def recipe(properties: Literal["merge", "flatten"] = "merge", **options: Any) -> dict[str, Any]:
    """The body of the export; `options` are filters of the list."""
    return {
        "resource": "shipment",
        "options": {"direction": "asc", **options},
        "csv_field_options": {
            "timezone": TIMEZONE,
            "datetime_format": PATTERN,
            "columns": dict.fromkeys(NAMES, True),
            "properties": properties,
        },
    }


def is_instant(path: str) -> bool:
    """Whether a flattened column is a moment, to be written in New York's time."""
    return path.endswith("_at") and not path.startswith(f"{FREE_FORM}.")
