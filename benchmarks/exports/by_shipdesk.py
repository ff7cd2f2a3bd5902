"""The file as Shipdesk's worker writes it; the source is the URL of the database."""

import gc
from pathlib import Path
from typing import Any

from benchmarks.exports.recipe import CAMPAIGN, recipe
from lib.exports.plan import plan_export
from lib.exports.writer import write_files
from lib.models.exports import ExportCreate
from lib.store.database import create_engine


def merge(source: str, out: Path) -> None:
    _write(source, out, recipe())


def flatten(source: str, out: Path) -> None:
    _write(source, out, recipe("flatten"))


def selective(source: str, out: Path) -> None:
    """One row in a hundred, by metadata."""
    _write(source, out, recipe(**{f"metadata.{name}": value for name, value in CAMPAIGN.items()}))


def _write(source: str, out: Path, body: dict[str, Any]) -> None:
    # As in the worker.
    gc.disable()
    with out.open("wb") as file:
        write_files(create_engine(source), plan_export(ExportCreate.model_validate(body)), {"csv": file})
