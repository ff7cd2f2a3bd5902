"""Exports: the recipe, the preview and the record of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from pydantic import AfterValidator, ConfigDict, Field

from lib.models.base import Document, Flag, Text, UtcDateTime, WireModel

ExportStatus = Literal["queued", "processing", "completed", "failed", "canceled", "expired"]
# What can be made beside the CSV file.
ExtraFormat = Literal["jsonl", "parquet", "xlsx"]
# `csv_sanitized` holds the rows with a cell that a spreadsheet might run, as they are kept; `csv_error` those that
# could not be written, and why.
FileKind = Literal["csv", "jsonl", "parquet", "xlsx", "csv_sanitized", "csv_error"]
# The fields of the record with the links to the files.
LINKS: dict[FileKind, str] = {
    "csv": "csv_url",
    "jsonl": "json_url",
    "parquet": "parquet_url",
    "xlsx": "xlsx_url",
    "csv_sanitized": "csv_sanitized_url",
    "csv_error": "csv_error_url",
}
PREVIEW_ROWS = 100
MAX_PREVIEW_ROWS = 500
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


def _once(formats: list[ExtraFormat]) -> list[ExtraFormat]:
    return list(dict.fromkeys(formats))


class ExportCreate(WireModel):
    """The body of `POST /v1/exports`: the resource, the filters of its list, the look of the file.

    `formats` are made beside the CSV file; with `gzip` CSV and JSON lines are compressed.
    """

    resource: Text
    options: dict[str, Any] = Field(default_factory=dict, max_length=MAX_FILTERS)
    csv_field_options: CsvFieldOptions
    formats: Annotated[list[ExtraFormat], Field(max_length=3), AfterValidator(_once)] = Field(default_factory=list)
    gzip: Flag = False


class ExportPreview(WireModel):
    """The first rows exactly as the file will hold them; `csv` is the file's first bytes as text.

    `estimated_size` is of the whole CSV file in bytes before compression, were all rows like these.
    """

    columns: list[str]
    rows: list[list[str]]
    csv: str
    total_count: int
    estimated_size: int


class ExportFile(WireModel):
    """A file of an export: its rows without the header, its bytes and their SHA-256 in hex."""

    kind: FileKind
    rows: int
    size: int
    sha256: str


class Export(Document):
    """The record of an export. `rows_total` and `rows_done` count rows, `size_done` and `size` bytes of the CSV file.

    `size` and `sha256` are of the whole CSV file and there once it is; `files` tells of every file. `rows_failed` are
    left out because they cannot be read, in `rows_defused` a cell was defused as `formulas` asks. `attempt` counts the
    tries under this id. The links are signed anew whenever the record is read, null where there is no such file.
    `template_id` is the template that it was made by, `scheduled_at` the moment of its schedule, if it was that.
    """

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    template_id: str | None = None
    scheduled_at: UtcDateTime | None = None
    resource: str
    status: ExportStatus = "queued"
    created_at: UtcDateTime
    updated_at: UtcDateTime
    estimated_completion: UtcDateTime | None = None
    download_url: str | None = None
    csv_url: str | None = Field(None, alias="_csv_url")
    json_url: str | None = Field(None, alias="_json_url")
    parquet_url: str | None = Field(None, alias="_parquet_url")
    xlsx_url: str | None = Field(None, alias="_xlsx_url")
    csv_sanitized_url: str | None = Field(None, alias="_csv_sanitized_url")
    csv_error_url: str | None = Field(None, alias="_csv_error_url")
    expires_at: UtcDateTime | None = None
    rows_total: int | None = None
    rows_done: int = 0
    rows_failed: int = 0
    rows_defused: int = 0
    rows_per_second: int | None = None
    started_at: UtcDateTime | None = None
    completed_at: UtcDateTime | None = None
    attempt: int = 1
    size_done: int = 0
    size: int | None = None
    sha256: str | None = None
    files: list[ExportFile] = Field(default_factory=list)
    error: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    csv_field_options: CsvFieldOptions
    formats: list[ExtraFormat] = Field(default_factory=list)
    gzip: bool = False

    def file(self, kind: FileKind) -> ExportFile | None:
        """The file of that kind, None when there is none."""
        return next((file for file in self.files if file.kind == kind), None)


class Chunks(Protocol):
    """The pieces of a file from byte `start` to before `end`."""

    def __call__(self, start: int = 0, end: int | None = None) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Download:
    """A finished file: its `path` when it lies on this machine, and in any case its `chunks`; `size` in bytes."""

    path: Path | None
    chunks: Chunks
    size: int
    sha256: str
    filename: str
    media_type: str
