"""Schedules of templates on both databases: every moment is made once, whatever happens; the last files are kept."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from dbos import DBOS

from lib import chores, runtime
from lib.desk.events import LocalEvents
from lib.exports import schedules
from lib.exports.expiry import file_name
from lib.exports.schedules import ask_for_due, expire_surplus
from lib.exports.service import LocalExports
from lib.exports.templates import LocalExportTemplates
from lib.models.base import utc_now
from lib.models.export_templates import ExportTemplate, ExportTemplateUpdate
from lib.models.exports import Export
from lib.models.ids import new_id
from lib.models.lists import ListQuery
from lib.store.database import writing
from lib.store.export_templates import TEMPLATES
from lib.store.exports import EXPORTS, add_export, add_unless_running
from lib.store.tables import metadata
from tests.examples import QUICK_START
from tests.generate import FIRST_CREATED, make_shipments, store_shipments

DAY = timedelta(days=1)
RECIPE = {**QUICK_START, "options": {"limit": "all", "created_at": "yesterday"}}
NEW_YORK = ZoneInfo("America/New_York")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture
def engine(worker_runtime: runtime.Runtime) -> Iterator[sa.Engine]:
    """The module's database with nothing in it."""
    with writing(worker_runtime.engine).begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(sa.delete(table))
    return worker_runtime.engine


@pytest.fixture
def templates(engine: sa.Engine, worker_runtime: runtime.Runtime) -> LocalExportTemplates:
    return LocalExportTemplates(engine, LocalExports(engine, worker_runtime.files, sign=str))


def saved(engine: sa.Engine, cron: str, next_run_at: str, *, recipe: Any = RECIPE, **schedule: Any) -> ExportTemplate:
    """A template as it was kept some time ago, with the moment that comes next."""
    identifier, moment = new_id("tmpl"), instant(next_run_at)
    template = ExportTemplate.model_validate({
        "id": identifier, "name": identifier, "url": "", "recipe": recipe, "schedule": {"cron": cron, **schedule},
        "created_at": moment, "updated_at": moment, "next_run_at": moment,
    })  # fmt: skip
    with writing(engine).begin() as connection:
        TEMPLATES.insert(connection, [template])
    return template


def made(templates: LocalExportTemplates, template: ExportTemplate) -> list[Export]:
    """The exports of a template, the oldest moment first."""
    return sorted(templates.runs(template.id, limit=500).items, key=lambda export: export.scheduled_at)


def test_after_a_week_without_a_worker_one_export_is_made_and_then_on(engine, templates):
    daily = saved(engine, "0 6 * * *", "2026-03-02T06:00-05:00")
    now = instant("2026-03-09T11:00-04:00")
    assert [ask_for_due(engine, now) for _ in range(3)] == [1, 0, 0]
    (export,) = made(templates, daily)
    assert export.scheduled_at == instant("2026-03-09T06:00-04:00")
    assert (export.status, export.created_at, export.expires_at, export.template_id) == ("queued", now, None, daily.id)
    kept = templates.retrieve(daily.id)
    assert kept.next_run_at == instant("2026-03-10T06:00-04:00")
    assert (kept.last_run_at, kept.last_export_id, kept.updated_at) == (now, export.id, daily.updated_at)
    assert ask_for_due(engine, kept.next_run_at - timedelta(milliseconds=1)) == 0
    assert ask_for_due(engine, kept.next_run_at) == 1
    told = LocalEvents(engine).list(ListQuery(filters={"event": "export.created"})).items
    assert {event.resource_id for event in told} == {export.id for export in made(templates, daily)}


def test_made_late_it_still_means_the_days_of_its_moment(engine, templates):
    weekly = saved(engine, "0 6 * * 1", "2026-03-09T06:00-04:00")
    ask_for_due(engine, instant("2026-03-10T15:00-04:00"))
    (export,) = made(templates, weekly)
    assert export.options == {"limit": "all", "created_at": "equals:2026-03-08"}
    assert templates.retrieve(weekly.id).recipe.options["created_at"] == "yesterday"


@pytest.mark.parametrize(("cron", "from_"), [
    ("30 2 * * *", "2026-03-06T02:30-05:00"), ("30 2 * * *", "2026-10-30T02:30-04:00"),
    ("30 1 * * *", "2026-10-30T01:30-04:00"),
])  # fmt: skip
def test_a_day_on_which_the_clock_changes_has_one_export(engine, templates, cron, from_):
    daily, start = saved(engine, cron, from_, timezone="America/New_York", keep=100), instant(from_)
    for quarter in range(4 * 23 * 4):
        ask_for_due(engine, start + quarter * timedelta(minutes=15))
    days = [export.scheduled_at.astimezone(NEW_YORK).date() for export in made(templates, daily)]
    assert days == [(start + number * DAY).date() for number in range(4)]


def test_many_workers_ask_for_it_once(engine, templates):
    several = [saved(engine, "*/5 * * * *", "2026-03-02T06:00-05:00") for _ in range(3)]
    now = instant("2026-03-02T06:07-05:00")
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda _: ask_for_due(engine, now), range(16)))
    moments = [[export.scheduled_at for export in made(templates, template)] for template in several]
    assert moments == [[instant("2026-03-02T06:05-05:00")]] * 3


def test_one_that_fails_midway_leaves_nothing_and_holds_up_no_other(engine, templates, monkeypatch, caplog):
    first, second = (saved(engine, "0 6 * * *", f"2026-03-0{day}T06:00-05:00") for day in (1, 2))
    now = instant("2026-03-02T06:07-05:00")

    def failing(connection: sa.Connection, export: Export) -> None:
        add_export(connection, export)
        if export.template_id == first.id:
            raise OSError("killed")

    monkeypatch.setattr(schedules, "add_export", failing)
    assert ask_for_due(engine, now) == 1
    assert (made(templates, first), len(made(templates, second))) == ([], 1)
    assert f"schedule failed: {first.id}" in caplog.text
    monkeypatch.undo()
    assert ask_for_due(engine, now) == 1
    assert [export.scheduled_at for export in made(templates, first)] == [instant("2026-03-02T06:00-05:00")]


def test_a_clock_that_is_put_back_makes_no_moment_again(engine, templates):
    daily = saved(engine, "0 6 * * *", "2026-03-02T06:00-05:00")
    assert ask_for_due(engine, daily.next_run_at) == 1
    with writing(engine).begin() as connection:
        TEMPLATES.update(connection, daily)
    assert ask_for_due(engine, daily.next_run_at) == 0
    assert len(made(templates, daily)) == 1
    assert templates.retrieve(daily.id).next_run_at == daily.next_run_at + DAY


def test_switched_off_or_gone_nothing_is_asked_for(engine, templates):
    off, gone = (saved(engine, "0 6 * * *", "2026-03-02T06:00-05:00") for _ in range(2))
    templates.update(off.id, ExportTemplateUpdate.model_validate({"schedule": {"cron": "0 6 * * *", "active": False}}))
    templates.delete(gone.id)
    assert ask_for_due(engine, instant("2026-03-03T06:00-05:00")) == 0


def test_a_moment_has_a_record_of_its_own_whatever_else_runs(engine, templates):
    weekly = saved(engine, "0 6 * * 1", "2026-03-09T06:00-04:00")
    by_hand = like("queued", options={"limit": "all", "created_at": "equals:2026-03-08"})
    add_unless_running(engine, by_hand)
    assert ask_for_due(engine, weekly.next_run_at) == 1
    (export,) = made(templates, weekly)
    assert export.id != by_hand.id
    assert (export.options, export.csv_field_options) == (by_hand.options, by_hand.csv_field_options)


def like(status: str, **changes: Any) -> Export:
    now = utc_now()
    return Export.model_validate(
        {"id": new_id("exp"), "status": status, "created_at": now, "updated_at": now, **QUICK_START, **changes}
    )


def kept(held: runtime.Runtime, template: ExportTemplate, folder: Path, *statuses: str) -> list[Export]:
    """Exports of a schedule as they ended some days ago, the oldest first, each completed one with its file."""
    exports = []
    for number, status in enumerate(statuses):
        at = template.next_run_at - (len(statuses) - number) * DAY
        exports.append(like(status, template_id=template.id, scheduled_at=at, created_at=at - 9 * DAY, updated_at=at))
        (folder / "file.csv").write_text("id\r\n")
        held.files.upload(file_name(exports[-1].id), folder / "file.csv")
        with writing(held.engine).begin() as connection:
            add_export(connection, exports[-1])
    return exports


def statuses(engine: sa.Engine, exports: list[Export]) -> list[str]:
    return [found.status for export in exports if (found := EXPORTS.find(engine, export.id))]


def test_the_last_files_stay_and_failures_push_out_none(engine, worker_runtime, tmp_path):
    template = saved(engine, "0 6 * * *", "2026-03-09T06:00-04:00", keep=2)
    ended = ("completed", "completed", "failed", "completed", "failed", "processing")
    exports = kept(worker_runtime, template, tmp_path, *ended)
    assert expire_surplus(engine, utc_now()) == 1
    assert statuses(engine, exports) == ["expired", *ended[1:]]
    there = [worker_runtime.files.local_path(file_name(export.id)).exists() for export in exports]
    assert there == [False, True, True, True, True, True]
    assert expire_surplus(engine, utc_now()) == 0


def test_files_whose_day_is_over_go_and_kept_ones_stay(engine, worker_runtime, tmp_path):
    template = saved(engine, "0 6 * * *", "2026-03-09T06:00-04:00")
    exports = kept(worker_runtime, template, tmp_path, "completed")
    old = like("completed", created_at=utc_now() - 2 * DAY, expires_at=utc_now() - DAY)
    with writing(engine).begin() as connection:
        add_export(connection, old)
    assert chores.expire_exports(engine, utc_now()) == 1
    assert statuses(engine, [*exports, old]) == ["completed", "expired"]


@pytest.mark.parametrize("how", ["deleted", "paused", "without"])
def test_without_their_schedule_files_have_the_usual_day(engine, templates, worker_runtime, tmp_path, how):
    template = saved(engine, "0 6 * * *", "2026-03-09T06:00-04:00")
    exports = kept(worker_runtime, template, tmp_path, "completed", "failed", "processing")
    templates.update(template.id, ExportTemplateUpdate(name=f"Renamed {template.id}"))
    assert [EXPORTS.find(engine, export.id).expires_at for export in exports] == [None] * 3
    before = utc_now()
    if how == "deleted":
        templates.delete(template.id)
    else:
        schedule = {"cron": "0 6 * * *", "active": False} if how == "paused" else None
        templates.update(template.id, ExportTemplateUpdate.model_validate({"schedule": schedule}))
    ends = [EXPORTS.find(engine, export.id).expires_at for export in exports]
    assert ends[1] is None
    assert before + DAY <= ends[0] == ends[2] <= utc_now() + DAY
    assert expire_surplus(engine, utc_now()) == 0
    assert statuses(engine, exports) == ["completed", "failed", "processing"]


def test_a_file_that_is_made_after_its_template_is_gone_has_the_usual_day_too(engine, worker_runtime, tmp_path):
    template = saved(engine, "0 6 * * *", "2026-03-09T06:00-04:00")
    (export,) = kept(worker_runtime, template, tmp_path, "completed")
    with writing(engine).begin() as connection:
        TEMPLATES.delete(connection, template.id)
    now = utc_now()
    assert expire_surplus(engine, now) == 0
    assert EXPORTS.find(engine, export.id).expires_at == now + DAY


def test_a_tick_makes_the_files_of_what_is_due_and_of_what_a_killed_worker_left(engine, templates):
    store_shipments(engine, make_shipments(600))
    moment = FIRST_CREATED + 2 * DAY + timedelta(hours=11)
    daily = saved(engine, "0 6 * * *", moment.isoformat(), timezone="America/New_York")
    # Asked for by a worker that was killed before it could put the file in the queue.
    assert ask_for_due(engine, moment) == 1
    chores.schedule_chores()
    DBOS.trigger_schedule("chores").get_result(polling_interval_sec=0.05)
    for export in made(templates, daily):
        DBOS.retrieve_workflow(export.id).get_result(polling_interval_sec=0.05)
    left, caught_up = made(templates, daily)
    assert (left.status, left.scheduled_at, left.options["created_at"]) == ("completed", moment, "equals:2024-01-02")
    # Shipments are made every 317 seconds, the first at midnight in UTC, which New York is five hours behind.
    first, after = (24 + 5) * 3600, (48 + 5) * 3600
    rows = len([at for at in range(0, 600 * 317, 317) if first <= at < after])
    assert (left.rows_done, left.rows_total, left.expires_at) == (rows, rows, None)
    content = b"".join(templates._exports.open_download(left.id).chunks())
    assert content.count(b"\r\n") == rows + 1
    assert (caught_up.status, caught_up.rows_done) == ("completed", 0)
    assert utc_now() - DAY < caught_up.scheduled_at <= utc_now()
    assert templates.retrieve(daily.id).last_export_id == caught_up.id


def test_run_by_hand_it_is_listed_and_an_equal_one_that_runs_is_shared(engine, templates):
    template = saved(engine, "0 6 * * *", "2100-01-01T00:00+00:00")
    export = templates.run(template.id)
    assert (export.template_id, export.scheduled_at) == (template.id, None)
    assert export.expires_at == export.created_at + DAY
    kept_template = templates.retrieve(template.id)
    assert (kept_template.last_export_id, kept_template.updated_at) == (export.id, template.updated_at)
    assert [one.id for one in templates.runs(template.id).items] == [export.id]
    DBOS.retrieve_workflow(export.id).get_result(polling_interval_sec=0.05)
    today = utc_now().astimezone(NEW_YORK).date() - DAY
    running = like("queued", options={"limit": "all", "created_at": f"equals:{today}"})
    assert add_unless_running(engine, running).id == running.id
    assert templates.run(template.id).id == running.id
    DBOS.retrieve_workflow(running.id).get_result(polling_interval_sec=0.05)
