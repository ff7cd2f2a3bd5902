"""Templates of exports: kept, named once, checked whole when saved, on both databases."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lib.desk.events import LocalEvents
from lib.exports.service import LocalExports
from lib.exports.templates import LocalExportTemplates, as_file
from lib.models.base import utc_now
from lib.models.errors import Conflict, InvalidRequest, NotFound
from lib.models.export_templates import ExportTemplate, ExportTemplateCreate, ExportTemplateUpdate
from lib.models.lists import ListQuery
from lib.store.files import Files
from tests.examples import QUICK_START

MONTHLY = {"cron": "0 6 1 * *", "keep": 12}
NEW_YORK = QUICK_START["csv_field_options"]


@pytest.fixture
def templates(emptied: sa.Engine, tmp_path) -> LocalExportTemplates:
    exports = LocalExports(emptied, Files(tmp_path.as_uri()), sign=str)
    return LocalExportTemplates(emptied, exports)


def asked(name: str = "Last month", **changes: Any) -> ExportTemplateCreate:
    recipe = {**QUICK_START, "options": {"limit": "all", "created_at": "last_month"}}
    return ExportTemplateCreate.model_validate({"name": name, "recipe": recipe, **changes})


def changed(**changes: Any) -> ExportTemplateUpdate:
    return ExportTemplateUpdate.model_validate(changes)


def test_a_template_is_kept_as_it_was_asked_for(templates):
    made = templates.create(asked())
    assert made.id.startswith("tmpl_")
    assert (made.name, made.schedule, made.next_run_at) == ("Last month", None, None)
    assert made.recipe.options == {"limit": "all", "created_at": "last_month"}
    assert made.url == f"/exports?template={made.id}"
    assert (made.last_run_at, made.last_export_id) == (None, None)
    assert templates.retrieve(made.id) == made
    assert templates.delete(made.id) == made
    with pytest.raises(NotFound, match="no export template"):
        templates.retrieve(made.id)


def test_every_change_is_an_event(templates, emptied):
    made = templates.create(asked())
    templates.update(made.id, changed(name="Every month"))
    templates.delete(made.id)
    told = LocalEvents(emptied).list(ListQuery(filters={"resource": "export_template"})).items
    assert [(event.event, event.resource_id) for event in reversed(told)] == [
        ("export_template.created", made.id),
        ("export_template.updated", made.id),
        ("export_template.deleted", made.id),
    ]


def test_a_name_is_taken_once_whatever_its_case(templates):
    first, other = templates.create(asked("Über months")), templates.create(asked("Weeks"))
    for again in (
        lambda: templates.create(asked(" üBER MONTHS ")),
        lambda: templates.update(other.id, changed(name="ÜBER Months")),
    ):
        with pytest.raises(Conflict) as refused:
            again()
        assert (refused.value.fields, refused.value.code) == (["name"], "export_template_exists")
        assert first.id in refused.value.message
    assert templates.update(first.id, changed(name="ÜBER MONTHS")).name == "ÜBER MONTHS"
    templates.delete(first.id)
    assert templates.create(asked("über months")).name == "über months"


def test_the_list_is_by_name_and_searched_by_it(templates):
    for name in ("weeks of May", "Months", "alpha"):
        templates.create(asked(name))
    assert [one.name for one in templates.list(ListQuery()).items] == ["alpha", "Months", "weeks of May"]
    newest = templates.list(ListQuery(order_by="created_at", direction="desc", limit=1))
    assert (newest.total_count, len(newest.items)) == (3, 1)
    assert [one.name for one in templates.list(ListQuery(filters={"search": "may"})).items] == ["weeks of May"]
    with pytest.raises(InvalidRequest):
        templates.list(ListQuery(filters={"nam": "x"}))


def test_a_change_leaves_the_rest(templates):
    made = templates.create(asked(schedule=MONTHLY))
    renamed = templates.update(made.id, changed(name="Months"))
    assert renamed == made.model_copy(update={"name": "Months", "updated_at": renamed.updated_at})
    recipe = {**QUICK_START, "options": {"updated_at": "today"}}
    other = templates.update(made.id, changed(recipe=recipe))
    assert (other.name, other.recipe.options, other.schedule) == ("Months", {"updated_at": "today"}, made.schedule)
    for nothing in ({"name": None}, {"recipe": None}):
        with pytest.raises(InvalidRequest, match="cannot be null"):
            templates.update(made.id, changed(**nothing))


def first_of_next_month(hour: int, offset: int) -> datetime:
    """That hour of the first day of the next month, in a zone without summer time."""
    local = utc_now() + timedelta(hours=offset)
    first = datetime(local.year + local.month // 12, local.month % 12 + 1, 1, hour, tzinfo=UTC)
    return first - timedelta(hours=offset)


def test_the_next_moment_is_in_the_time_zone_of_the_schedule_or_of_the_recipe(templates):
    recipe = {**QUICK_START, "csv_field_options": {**NEW_YORK, "timezone": "Asia/Tokyo"}}
    made = templates.create(asked(schedule={"cron": "0 6 1 * *"}, recipe=recipe))
    assert made.next_run_at == first_of_next_month(6, 9)
    schedule = {"cron": "0 6 1 * *", "timezone": "America/Phoenix"}
    moved = templates.update(made.id, changed(schedule=schedule))
    assert moved.next_run_at == first_of_next_month(6, -7)
    assert templates.update(made.id, changed(name="Same moment")).next_run_at == moved.next_run_at
    off = templates.update(made.id, changed(schedule={**schedule, "active": False}))
    assert (off.next_run_at, off.schedule.active) == (None, False)
    assert templates.update(made.id, changed(schedule=schedule)).next_run_at == moved.next_run_at
    assert templates.update(made.id, changed(schedule=None)).schedule is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"recipe": {**QUICK_START, "resource": "shipments"}}, "recipe.resource"),
        ({"recipe": {**QUICK_START, "options": {"created_at": "last_mnth"}}}, "recipe.options.created_at"),
        ({"recipe": {**QUICK_START, "options": {"provider": "upps"}}}, "recipe.options.provider"),
        ({"recipe": {**QUICK_START, "options": {"limit": 0}}}, "recipe.options.limit"),
        (
            {"recipe": {**QUICK_START, "csv_field_options": {**NEW_YORK, "timezone": "New York"}}},
            "recipe.csv_field_options.timezone",
        ),
        (
            {"recipe": {**QUICK_START, "csv_field_options": {**NEW_YORK, "columns": {"staus": True}}}},
            "recipe.csv_field_options.columns.staus",
        ),
        ({"schedule": {"cron": "0 24 * * *"}}, "schedule.cron"),
        ({"schedule": {"cron": "0 6 * * *", "timezone": "America/New_Yrok"}}, "schedule.timezone"),
    ],
)
def test_what_could_not_be_made_is_refused_by_its_path(templates, wrong, field):
    made = templates.create(asked())
    for refusing in (
        lambda: templates.create(asked("Other", **wrong)),
        lambda: templates.update(made.id, changed(**wrong)),
    ):
        with pytest.raises(InvalidRequest) as refused:
            refusing()
        assert refused.value.fields == [field]
    assert templates.list(ListQuery()).items == [made]


def test_a_file_of_it_makes_the_same_on_another_desk(templates):
    made = templates.create(asked("Übersicht: ../Q1 «net»", schedule=MONTHLY))
    name, text = as_file(made)
    assert name == "export-template-ubersicht-q1-net.json"
    assert set(json.loads(text)) == {"name", "recipe", "schedule"}
    whole = json.loads(made.model_dump_json())
    templates.delete(made.id)
    for body in (json.loads(text), whole):
        again = templates.create(ExportTemplateCreate.model_validate(body))
        same = {"name", "recipe", "schedule", "next_run_at"}
        assert again.model_dump(include=same) == made.model_dump(include=same)
        assert again.id != made.id
        templates.delete(again.id)


def test_a_file_whose_name_has_no_latin_letter_is_named_by_its_id():
    now = utc_now()
    template = ExportTemplate(id="tmpl_1", url="", created_at=now, updated_at=now, **dict(asked("月次")))
    assert as_file(template)[0] == "export-template-tmpl_1.json"
