"""Exports: the recipe, the preview and the record of a file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field

from lib.models.base import Document, Text, UtcDateTime, WireModel

ExportStatus = Literal["queued", "processing", "completed", "failed", "canceled", "expired"]
PREVIEW_ROWS = 100
MAX_COLUMNS = 1000
MAX_FILTERS = 100


class CsvFieldOptions(WireModel):
    """How the file looks: which columns, in which order, in whose time."""

    timezone: Text
    datetime_format: Text
    columns: Annotated[dict[Text, Annotated[bool, Field(strict=True)]], Field(max_length=MAX_COLUMNS)]
    column_order: Annotated[list[Text], Field(max_length=MAX_COLUMNS)] | None = None
    properties: Literal["merge", "flatten"] = "merge"


class ExportCreate(WireModel):
    """The body of `POST /v1/exports`: the resource, the filters of its list, the look of the file."""

    resource: Text
    options: dict[str, Any] = Field(default_factory=dict, max_length=MAX_FILTERS)
    csv_field_options: CsvFieldOptions


class ExportPreview(WireModel):
    """The first rows exactly as the file will hold them; `csv` is the file's first bytes as text."""

    columns: list[str]
    rows: list[list[str]]
    csv: str
    total_count: int


class Export(Document):
    """The record of an export. `rows_total` and `rows_done` count rows, `size_done` and `size` bytes.

    `size` and `sha256` are of the whole file and there once it is. `attempt` counts the tries under this id.
    `template_id` is the template that it was made by, `scheduled_at` the moment of its schedule, if it was that.
    """

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
    rows_per_second: int | None = None
    started_at: UtcDateTime | None = None
    completed_at: UtcDateTime | None = None
    attempt: int = 1
    size_done: int = 0
    size: int | None = None
    sha256: str | None = None
    error: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    csv_field_options: CsvFieldOptions


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
    media_type: str = "text/csv; charset=utf-8"
