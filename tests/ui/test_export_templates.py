"""Templates on the Exports page: saved, opened by link, run, scheduled, taken from a file, deleted."""

import json
from collections.abc import Iterator
from datetime import time

import pytest
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.exports.templates import as_file
from lib.models.errors import InvalidRequest
from lib.models.export_templates import ExportSchedule, ExportTemplate, ExportTemplateCreate, ExportTemplateUpdate
from lib.models.exports import ExportCreate
from lib.models.lists import ListQuery
from lib.ui.exports.templates import read_file
from tests.ui.conftest import texts
from tests.ui.test_exports import QUOTE, drawn

RECIPE = {
    "resource": "tracker",
    "options": {
        "limit": 1000,
        "order_by": "updated_at",
        "direction": "asc",
        "created_at": "last_month",
        "updated_at": "gte:2026-01-05T10:00:00Z",
        "provider": "ups,usps",
        "statuses": "completed,in_transit",
        "location_id": "loc_sample",
        "tags": "fragile",
        "tracking_number": "1Z",
        "search": "tempe",
        "metadata.team": "returns",
        "metadata.floor": "2",
    },
    "csv_field_options": {
        "timezone": "Asia/Tokyo",
        "datetime_format": "d MMM yyyy",
        "columns": {"status": True, "id": True, "tags": False},
        "column_order": ["id", "status"],
        "properties": "flatten",
    },
}


@pytest.fixture
def template(desk: Desk) -> Iterator[ExportTemplate]:
    yield desk.export_templates.create(ExportTemplateCreate.model_validate({"name": "Sample", "recipe": RECIPE}))
    for left in desk.export_templates.list(ListQuery(limit=500)).items:
        desk.export_templates.delete(left.id)


@pytest.fixture
def exports(app: AppTest, desk: Desk) -> AppTest:
    """The page with its templates."""
    desk.shipments.create(QUOTE)
    page = app.switch_page("pages/exports.py")
    page.session_state["exports_tabs"] = "Templates"
    return drawn(page.run())


def unfolded(page: AppTest, template: ExportTemplate) -> AppTest:
    """The page with that template open."""
    page.session_state[f"exports_template_{template.id}"] = True
    return drawn(page.run())


def find(desk: Desk, name: str) -> ExportTemplate:
    return next(one for one in desk.export_templates.list(ListQuery(limit=500)).items if one.name == name)


def test_what_the_form_says_is_saved_with_its_relative_dates(
    exports: AppTest, desk: Desk, template: ExportTemplate
) -> None:
    exports.selectbox("exports_shipment_created_at").set_value("yesterday")
    exports.text_input("exports_save_name").set_value("Daily *sample*").run()
    exports.button("exports_save_new").click().run()
    assert "Daily \\*sample\\* is saved." in texts(drawn(exports))
    saved = find(desk, "Daily *sample*")
    assert saved.id != template.id
    assert saved.recipe.resource == "shipment"
    assert saved.recipe.options == {"limit": "all", "created_at": "yesterday"}
    assert exports.query_params["template"] == saved.id
    assert exports.text_input("exports_save_name").value == ""
    assert [fold.label for fold in exports.expander if "by hand" in fold.label] == [
        "**Daily \\*sample\\*** :gray[by hand]",
        "**Sample** :gray[by hand]",
    ]


@pytest.mark.parametrize(("name", "said"), [("", "Name is empty"), ("sample", "already")])
def test_name_that_cannot_be_is_said_where_it_is_typed(
    exports: AppTest, template: ExportTemplate, name: str, said: str
) -> None:
    exports.text_input("exports_save_name").set_value(name).run()
    exports.button("exports_save_new").click().run()
    assert said in drawn(exports).error[0].value
    assert exports.text_input("exports_save_name").value == name
    assert template.id not in str(exports.query_params)


def test_link_puts_the_whole_recipe_into_the_form(exports: AppTest, desk: Desk, template: ExportTemplate) -> None:
    assert template.url == f"/exports?template={template.id}"
    exports.query_params["template"] = template.id
    drawn(exports.run())
    assert "From the template **Sample**" in texts(exports)
    assert exports.selectbox("exports_tracker_created_at").value == "last_month"
    assert exports.multiselect("exports_tracker_provider").value == ["ups", "usps"]
    assert exports.session_state["exports_tracker_others"] == {
        "updated_at": "gte:2026-01-05T10:00:00Z",
        "metadata.floor": "2",
    }
    assert "**Columns** :gray[2 of 25]" in texts(exports)
    exports.text_input("exports_save_name").set_value("Copy").run()
    exports.button("exports_save_new").click().run()
    drawn(exports)
    copy, recipe = find(desk, "Copy").recipe, template.recipe
    assert copy.options == recipe.options
    assert copy.csv_field_options.columns == {"id": True, "status": True}
    assert copy.csv_field_options.column_order == ["id", "status"]
    look = ("timezone", "datetime_format", "properties")
    assert [getattr(copy.csv_field_options, name) for name in look] == ["Asia/Tokyo", "d MMM yyyy", "flatten"]


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        ({"limit": "10"}, {"limit": 10}),
        ({"limit": False, "search": None, "tags": []}, {"limit": "all"}),
        ({"limit": 10**12}, {"limit": str(10**12)}),
        ({"search": " tempe "}, {"limit": "all", "search": " tempe "}),
        ({"provider": ["ups", "usps"]}, {"limit": "all", "provider": "ups,usps"}),
        ({"order_by": "status"}, {"limit": "all", "order_by": "status", "direction": "asc"}),
        ({"order_by": "created_at"}, {"limit": "all"}),
    ],
)
def test_recipes_of_programs_come_out_of_the_form_meaning_the_same(
    exports: AppTest, desk: Desk, template: ExportTemplate, options: dict[str, object], kept: dict[str, object]
) -> None:
    recipe = ExportCreate.model_validate({**RECIPE, "options": options})
    desk.export_templates.update(template.id, ExportTemplateUpdate(recipe=recipe))
    exports.query_params["template"] = template.id
    exports.text_input("exports_save_name").set_value("Copy").run()
    exports.button("exports_save_new").click().run()
    drawn(exports)
    assert find(desk, "Copy").recipe.options == kept


def test_filter_without_a_field_can_be_taken_out(exports: AppTest, template: ExportTemplate) -> None:
    exports.query_params["template"] = template.id
    exports.session_state["exports_more"] = True
    drawn(exports.run())
    others = exports.multiselect("exports_tracker_others_kept")
    assert others.options == ["updated_at: gte:2026-01-05T10:00:00Z", "metadata.floor: 2"]
    others.set_value(["metadata.floor"]).run()
    assert drawn(exports).multiselect("exports_tracker_others_kept").value == ["metadata.floor"]


def test_what_was_typed_after_opening_a_link_stays(exports: AppTest, desk: Desk, template: ExportTemplate) -> None:
    exports.query_params["template"] = template.id
    exports.run()
    exports.multiselect("exports_tracker_provider").set_value(["fedex"]).run()
    assert drawn(exports).multiselect("exports_tracker_provider").value == ["fedex"]
    exports.button("exports_save_changes").click().run()
    drawn(exports)
    changed = desk.export_templates.retrieve(template.id)
    assert changed.recipe.options == {**RECIPE["options"], "provider": "fedex"}
    assert "exports_save_changes" not in [button.key for button in exports.button]


def test_link_to_nothing_says_so_once(exports: AppTest) -> None:
    exports.query_params["template"] = "tmpl_gone"
    exports.run()
    assert "tmpl\\_gone" in drawn(exports).error[0].value
    assert "template" not in exports.query_params
    assert not exports.run().error


def test_run_now_follows_the_file_and_names_its_template(
    exports: AppTest, desk: Desk, template: ExportTemplate
) -> None:
    page = unfolded(exports, template)
    assert "Trackers, created last month, 9 more filters" in texts(page)
    assert "Not made yet" in texts(page)
    page.button(f"exports_run_now_{template.id}").click().run()
    drawn(page)
    made = desk.exports.retrieve(page.session_state["exports_latest"])
    assert made.template_id == template.id
    assert page.session_state["exports_tabs"] == "Files"
    assert ":gray[By Sample]" in texts(page)


def test_put_into_the_form(exports: AppTest, template: ExportTemplate) -> None:
    page = unfolded(exports, template)
    page.button(f"exports_put_into_the_form_{template.id}").click().run()
    assert drawn(page).selectbox("exports_resource").value == "tracker"
    assert page.query_params["template"] == template.id


def test_schedule_in_plain_choices(exports: AppTest, desk: Desk, template: ExportTemplate) -> None:
    page = unfolded(exports, template)
    page.selectbox(f"exports_schedule_choice_{template.id}").set_value("Every week").run()
    page.selectbox(f"exports_schedule_day_{template.id}").set_value(5)
    page.time_input(f"exports_schedule_at_{template.id}").set_value(time(18, 30))
    page.number_input(f"exports_schedule_keep_{template.id}").set_value(4).run()
    page.button(f"exports_save_schedule_{template.id}").click().run()
    drawn(page)
    scheduled = desk.export_templates.retrieve(template.id)
    assert scheduled.schedule == ExportSchedule(cron="30 18 * * 5", keep=4)
    assert "Sample is made every Friday at 6\\:30 pm." in texts(page)
    assert "next Fri, " in texts(page)
    page.selectbox(f"exports_schedule_choice_{template.id}").set_value("Off").run()
    page.button(f"exports_save_schedule_{template.id}").click().run()
    assert "Sample is made by hand." in texts(drawn(page))
    assert desk.export_templates.retrieve(template.id).next_run_at is None


def test_own_cron_that_cannot_be_is_said(exports: AppTest, desk: Desk, template: ExportTemplate) -> None:
    page = unfolded(exports, template)
    page.selectbox(f"exports_schedule_choice_{template.id}").set_value("Own schedule").run()
    page.text_input(f"exports_schedule_cron_{template.id}").set_value("0 25 * * *").run()
    page.button(f"exports_save_schedule_{template.id}").click().run()
    assert "“25” is not an hour" in drawn(page).error[0].value
    assert page.text_input(f"exports_schedule_cron_{template.id}").value == "0 25 * * *"
    assert desk.export_templates.retrieve(template.id).schedule is None


def test_delete_asks_first(exports: AppTest, desk: Desk, template: ExportTemplate) -> None:
    page = unfolded(exports, template)
    assert "**Sample** is no longer made." in texts(page)
    page.button(f"exports_delete_for_good_{template.id}").click().run()
    assert "Sample is deleted." in texts(drawn(page))
    assert not desk.export_templates.list(ListQuery()).items
    assert "None yet." in texts(page)


def test_template_goes_to_another_desk_as_a_file(exports: AppTest, desk: Desk, template: ExportTemplate) -> None:
    schedule = ExportSchedule(cron="0 6 1 * *", keep=12)
    kept = desk.export_templates.update(template.id, ExportTemplateUpdate(schedule=schedule))
    name, text = as_file(kept)
    desk.export_templates.delete(template.id)
    exports.run()
    exports.get("file_uploader")[0].set_value((name, text.encode(), "application/json")).run()
    assert "**Sample**: Trackers, created last month, 9 more filters" in texts(drawn(exports))
    exports.button("exports_import_add").click().run()
    assert "Sample is added." in texts(drawn(exports))
    added = find(desk, "Sample")
    assert (added.recipe, added.schedule) == (kept.recipe, schedule)
    assert "exports_import_add" not in [button.key for button in exports.button]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "This is not JSON"),
        (b"[]", "This holds no template"),
        (json.dumps({"name": "Sample"}).encode(), "Recipe: Field required"),
    ],
)
def test_file_that_is_no_template_is_said(content: bytes, said: str) -> None:
    with pytest.raises(InvalidRequest, match=said):
        read_file(content)
