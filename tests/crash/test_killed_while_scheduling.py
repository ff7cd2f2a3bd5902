"""Workers killed with SIGKILL while they ask for what is due: its one file is made whole by the next."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from dbos import DBOS

from lib import runtime
from lib.chores import schedule_chores
from lib.exports.service import LocalExports
from lib.models.base import utc_now
from lib.models.export_templates import ExportTemplate
from lib.models.exports import Export
from lib.models.lists import ListQuery, Page
from lib.settings import Settings
from lib.store.database import writing
from lib.store.export_templates import TEMPLATES
from lib.store.exports import EXPORTS
from tests.crash.schedule_and_die import POINTS
from tests.examples import QUICK_START
from tests.generate import make_shipments, store_shipments

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHIPMENTS = 100
# A start took 3 s on a quiet machine.
START_SECONDS = 60


def made_by(engine: sa.Engine, template_id: str) -> Page[Export]:
    return EXPORTS.page(engine, ListQuery(filters={"template_id": template_id}))


def run(data_dir: Path, database_url: str, point: str) -> int:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SHIPDESK_DATA_DIR": str(data_dir),
        "SHIPDESK_DATABASE_URL": database_url,
    }
    command = [sys.executable, str(HERE / "schedule_and_die.py"), point]
    return subprocess.run(command, env=environment, timeout=START_SECONDS, check=False).returncode  # noqa: S603


def test_killed_at_any_point_one_file_is_made(engine: sa.Engine, database_url: str, tmp_path: Path) -> None:
    store_shipments(engine, make_shipments(SHIPMENTS))
    new_year = datetime(utc_now().year, 1, 1, tzinfo=UTC)
    yearly = ExportTemplate.model_validate({
        "id": "tmpl_1", "name": "Every year", "url": "", "recipe": {**QUICK_START, "options": {}},
        "schedule": {"cron": "0 0 1 1 *", "timezone": "UTC"},
        "created_at": new_year, "updated_at": new_year, "next_run_at": new_year,
    })  # fmt: skip
    with writing(engine).begin() as connection:
        TEMPLATES.insert(connection, [yearly])

    counts = []
    for point in POINTS:
        assert run(tmp_path, database_url, point) == -signal.SIGKILL
        counts.append(made_by(engine, yearly.id).total_count)
    assert counts == [0, 1]

    held = runtime.start(Settings(data_dir=tmp_path, database_url=database_url), "worker")
    try:
        schedule_chores()
        DBOS.trigger_schedule("chores").get_result(polling_interval_sec=0.05)
        (export,) = made_by(engine, yearly.id).items
        DBOS.retrieve_workflow(export.id).get_result(polling_interval_sec=0.05)
        exports = LocalExports(held.engine, held.files, sign=str)
        made = exports.retrieve(export.id)
        assert (made.status, made.scheduled_at, made.rows_done) == ("completed", new_year, SHIPMENTS)
        content = b"".join(exports.open_download(export.id).chunks())
        assert content.count(b"\r\n") == SHIPMENTS + 1
    finally:
        runtime.stop()
