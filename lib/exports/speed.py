"""When an export will be ready: by how fast the last ones like it were made, and by what waits before it."""

from datetime import timedelta
from statistics import median

import sqlalchemy as sa

from lib import runtime
from lib.models.exports import Export, ExportCreate
from lib.store.exports import last_made, running_exports

# Every column of shipments, flattened at worst, on two cores: until this desk has measured itself.
ROWS_PER_SECOND = 15_000
XLSX_ROWS_PER_SECOND = 3_000
_START_UP = timedelta(seconds=1)
# A smaller file tells of the start and not of the rows.
_TELLING_ROWS = 1000
_LOOKED_AT = 50
_MEASURED = 5


def expected_wait(engine: sa.Engine, request: ExportCreate, rows: int) -> timedelta:
    """How long it takes until a file of that many rows is ready when it is asked for now."""
    before = sum(_seconds_left(engine, export) for export in running_exports(engine))
    own = rows / rows_per_second(engine, request)
    return _START_UP + timedelta(seconds=before / runtime.EXPORTS_AT_ONCE + own)


def rows_per_second(engine: sa.Engine, request: ExportCreate) -> float:
    """The middle of the speeds of the last files like these, a constant while there is none."""
    speeds = [
        export.rows_per_second
        for export in last_made(engine, request.resource, _LOOKED_AT)
        if _work(export) == _work(request) and export.rows_done >= _TELLING_ROWS and export.rows_per_second
    ]
    if speeds:
        return median(speeds[:_MEASURED])
    return XLSX_ROWS_PER_SECOND if "xlsx" in request.formats else ROWS_PER_SECOND


def _seconds_left(engine: sa.Engine, export: Export) -> float:
    rows = max((export.rows_total or 0) - export.rows_done, 0)
    speed = export.rows_per_second or rows_per_second(engine, ExportCreate.model_validate(export.model_dump()))
    return rows / speed


def _work(asked: ExportCreate | Export) -> tuple[str, bool]:
    """What the speed depends on most: sheets take several times as long as anything else."""
    return asked.csv_field_options.properties, "xlsx" in asked.formats
