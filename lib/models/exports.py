"""Exports: the recipe, the preview and the record of a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from lib.models.base import Flag, Text, UtcDateTime, WireModel

ExportStatus = Literal["queued", "processing", "completed", "failed", "canceled", "expired"]
# What can be made beside the CSV file.
ExtraFormat = Literal["jsonl", "parquet", "xlsx"]
# `csv_sanitized` holds the rows with a cell that a spreadsheet might run, as they are kept; `csv_error` those that
# could not be written, and why.
FileKind = Literal["csv", "jsonl", "parquet", "xlsx", "csv_sanitized", "csv_error"]
PREVIEW_ROWS = 100
MAX_COLUMNS = 1000
MAX_FILTERS = 100


class CsvFieldOptions(WireModel):
    """How the file looks: which columns, in which order, in whose time.

    `byte_order_mark` is for Excel, which then reads UTF-8. `formulas` says what becomes of text that a spreadsheet
    might run: it gets an apostrophe before it, or is kept.
    """

    timezone: Text
    datetime_format: Text
    columns: Annotated[dict[Text, Annotated[bool, Field(strict=True)]], Field(max_length=MAX_COLUMNS)]
    column_order: Annotated[list[Text], Field(max_length=MAX_COLUMNS)] | None = None
    properties: Literal["merge", "flatten"] = "merge"
    byte_order_mark: Flag = False
    formulas: Literal["defuse", "keep"] = "defuse"


class ExportCreate(WireModel):
    """The body of `POST /v1/exports`: the resource, the filters of its list, the look of the file.

    `formats` are made beside the CSV file; with `gzip` CSV and JSON lines are compressed.
    """

    resource: Text
    options: dict[str, Any] = Field(default_factory=dict, max_length=MAX_FILTERS)
    csv_field_options: CsvFieldOptions
    formats: Annotated[list[ExtraFormat], Field(max_length=3)] = Field(default_factory=list)
    gzip: Flag = False


class ExportPreview(WireModel):
    """The first rows exactly as the file will hold them; `csv` is the file's first bytes as text."""

    columns: list[str]
    rows: list[list[str]]
    csv: str
    total_count: int


class ExportFile(WireModel):
    """A file of an export: its rows without the header, its bytes and their SHA-256 in hex."""

    kind: FileKind
    rows: int
    size: int
    sha256: str


class Export(WireModel):
    """The record of an export. `rows_total` and `rows_done` count rows, `size` bytes.

    `template_id` is the template that it was made by, `scheduled_at` the moment of its schedule, if it was that.
    """

    id: str
    template_id: str | None = None
    scheduled_at: UtcDateTime | None = None
    resource: str
    status: ExportStatus = "queued"
    created_at: UtcDateTime
    updated_at: UtcDateTime
    estimated_completion: UtcDateTime | None = None
    download_url: str | None = None
    expires_at: UtcDateTime | None = None
    rows_total: int | None = None
    rows_done: int = 0
    size: int | None = None
    sha256: str | None = None
    error: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    csv_field_options: CsvFieldOptions


@dataclass(frozen=True, slots=True)
class Download:
    """A finished file: its `path` when it lies on this machine, and in any case its `chunks`; `size` in bytes."""

    path: Path | None
    chunks: Callable[[], Iterator[bytes]]
    size: int
    sha256: str
    filename: str
    media_type: str = "text/csv; charset=utf-8"
