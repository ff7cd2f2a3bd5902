"""The kinds of files that an export can have: which are made, what they are called and how they are served."""

from datetime import datetime
from zoneinfo import ZoneInfo

from lib.models.exports import Export, ExportCreate, FileKind

_ENDINGS: dict[FileKind, str] = {
    "csv": ".csv",
    "jsonl": ".jsonl",
    "parquet": ".parquet",
    "xlsx": ".xlsx",
    "csv_sanitized": "-sanitized.csv",
    "csv_error": "-errors.csv",
}
_CSV = "text/csv; charset=utf-8"
_MEDIA_TYPES: dict[FileKind, str] = {
    "csv": _CSV,
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv_sanitized": _CSV,
    "csv_error": _CSV,
}
# With `gzip` these are compressed; the others are packed anyway.
TEXT_KINDS: frozenset[FileKind] = frozenset({"csv", "jsonl", "csv_sanitized", "csv_error"})


def kinds_of(request: ExportCreate) -> list[FileKind]:
    """The files to write; of the last ones there may be no rows, and then no file."""
    return ["csv", *request.formats, "csv_sanitized", "csv_error"]


def name_for_people(export: Export, kind: FileKind) -> str:
    """What a downloaded file is called: the resource and when it was asked for, in the time zone of the export."""
    made: datetime = export.created_at.astimezone(ZoneInfo(export.csv_field_options.timezone))
    packed = ".gz" if export.gzip and kind in TEXT_KINDS else ""
    return f"{export.resource}-export-{made:%Y-%m-%d-%H%M}{_ENDINGS[kind]}{packed}"


def media_type(export: Export, kind: FileKind) -> str:
    """The type of a file: that of gzip for a compressed one, which is handed out as it is."""
    return "application/gzip" if export.gzip and kind in TEXT_KINDS else _MEDIA_TYPES[kind]
