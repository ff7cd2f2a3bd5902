"""How an export stands, in words."""

from datetime import datetime, timedelta

from lib.models.exports import Export
from lib.ui.formats import ago, count, file_size, left, span

RUNNING = frozenset({"queued", "processing"})
ENDED_WITHOUT_FILE = frozenset({"failed", "canceled", "expired"})
STATUS_WORDS = {
    "queued": "Waiting",
    "processing": "Being made",
    "completed": "Ready",
    "failed": "Failed",
    "canceled": "Canceled",
    "expired": "Expired",
}


def share_done(export: Export) -> float:
    """How much of the file is written, from 0 to 1."""
    return min(export.rows_done / export.rows_total, 1.0) if export.rows_total else 0.0


def progress_words(export: Export, now: datetime) -> str:
    """How far it is: `12,000 of 100,000 rows · 4.2 MB · 18,000 rows a second · about 5 seconds left`."""
    of = f" of {export.rows_total:,}" if export.rows_total is not None else ""
    told = [f"{export.rows_done:,}{of} rows"]
    if export.size_done:
        told.append(file_size(export.size_done))
    if export.rows_per_second:
        told.append(f"{count(export.rows_per_second, 'row')} a second")
    if export.estimated_completion is not None and export.estimated_completion > now:
        told.append(f"about {span((export.estimated_completion - now).total_seconds() + 1)} left")
    return " · ".join(told)


def file_words(export: Export) -> str:
    """What a file holds, or would have: `1,204 rows, 3.1 MB`."""
    rows = count(export.rows_total, "row") if export.rows_total is not None else "Rows not counted yet"
    return f"{rows}, {file_size(export.size)}" if export.size is not None else rows


def row_notes(export: Export) -> list[str]:
    """What is to be known of some of its rows, a sentence each."""
    notes = []
    if export.rows_failed:
        notes.append(f"{count(export.rows_failed, 'row')} could not be written; More has them with the reason.")
    if export.rows_defused:
        notes.append(f"In {count(export.rows_defused, 'row')} text like a formula got an apostrophe before it.")
    return notes


def age_words(export: Export, now: datetime) -> str:
    """When it was asked for and how long its file is kept: `3 min ago, kept for 24 h`."""
    asked = ago(export.created_at, now)
    if export.status != "completed":
        return asked
    return f"{asked}, {kept_words(export.expires_at, now)}"


def kept_words(expires_at: datetime | None, now: datetime) -> str:
    """How long a file is still kept."""
    if expires_at is None:
        return "kept until newer ones take its place"
    hours = -(-(expires_at - now) // timedelta(hours=1))
    return f"kept for {hours} h" if hours > 1 else f"kept for {left(expires_at, now)}"
