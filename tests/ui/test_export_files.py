"""The files on the Exports page: progress, what can be done with each, the list."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib import runtime
from lib.desk.protocol import Desk
from lib.models.base import utc_now
from lib.models.exports import Export
from lib.models.lists import ListQuery
from lib.store.exports import change_export
from lib.ui.formats import file_size
from tests.ui.conftest import texts
from tests.ui.test_exports import QUOTE, created, drawn


@pytest.fixture
def exports(app: AppTest, desk: Desk) -> Iterator[AppTest]:
    """The page of a desk with a shipment; no file of an earlier test is there."""
    desk.shipments.create(QUOTE)
    yield app.switch_page("pages/exports.py").run()
    for export in desk.exports.list(ListQuery(limit=500)).items:
        desk.exports.delete(export.id)


@pytest.fixture
def halfway(exports: AppTest, desk: Desk) -> Export:
    """An export that is being made and does not get on."""
    export = created(exports, desk)
    now = utc_now()
    change_export(
        runtime.current().engine, export.id, when=["completed"], status="processing", rows_total=100_000,
        rows_done=12_000, size_done=4_404_019, rows_per_second=18_000, size=None,
        estimated_completion=now + timedelta(minutes=5),
    )  # fmt: skip
    return desk.exports.retrieve(export.id)


def progress(page: AppTest) -> list[tuple[int, str]]:
    return [(bar.proto.value, bar.proto.text) for bar in page.get("progress")]


def test_while_a_file_is_made_its_progress_is_told_and_it_can_be_canceled(
    exports: AppTest, desk: Desk, halfway: Export
) -> None:
    drawn(exports.run())
    assert progress(exports) == [
        (12, "12,000 of 100,000 rows · 4.2 MB · 18,000 rows a second · about 5 min left"),
    ]
    exports.button(f"exports_cancel_{halfway.id}").click().run()
    assert desk.exports.retrieve(halfway.id).status == "canceled"
    assert "**Canceled** · Shipments" in texts(drawn(exports))
    assert not progress(exports)


def test_the_same_request_follows_the_file_being_made(exports: AppTest, halfway: Export) -> None:
    exports.button("exports_create").click().run()
    assert exports.session_state["exports_latest"] == halfway.id
    assert "This very file is being made already" in texts(drawn(exports))
    assert len(progress(exports)) == 1


def test_what_was_canceled_can_be_made_again_under_its_id(exports: AppTest, desk: Desk, halfway: Export) -> None:
    desk.exports.cancel(halfway.id)
    drawn(exports.run()).button(f"exports_retry_{halfway.id}").click().run()
    drawn(exports)
    assert desk.exports.retrieve(halfway.id).status in {"queued", "processing", "completed"}


def test_failed_file_says_why_in_plain_text(exports: AppTest, halfway: Export) -> None:
    engine = runtime.current().engine
    change_export(engine, halfway.id, when=["processing"], status="failed", error="The disk of *this* machine is full.")
    assert "The disk of \\*this\\* machine is full." in texts(drawn(exports.run()))


def test_expired_file_says_so(exports: AppTest, desk: Desk) -> None:
    export = created(exports, desk)
    past = utc_now() - timedelta(minutes=1)
    change_export(runtime.current().engine, export.id, when=["completed"], expires_at=past)
    drawn(exports.run())
    assert "**Expired** · Shipments" in texts(exports)
    assert exports.button(f"exports_retry_{export.id}").label == "Retry"
    assert not [link for link in exports.get("link_button") if link.proto.label == "Download CSV"]


def test_file_is_deleted_and_the_list_says_that_there_is_none(exports: AppTest, desk: Desk) -> None:
    export = created(exports, desk)
    drawn(exports.run()).button(f"exports_delete_{export.id}").click().run()
    assert "No file was made yet." in texts(drawn(exports))


def test_what_is_gone_meanwhile_is_told_once(exports: AppTest, halfway: Export) -> None:
    page = drawn(exports.run())
    cancel = page.button(f"exports_cancel_{halfway.id}")
    change_export(runtime.current().engine, halfway.id, when=["processing"], status="completed")
    cancel.click().run()
    assert len(drawn(page).error) == 1
    assert not page.run().error


def test_other_formats_lie_beside_the_csv_file(exports: AppTest, desk: Desk) -> None:
    exports.session_state["exports_formats"] = ["xlsx", "parquet"]
    exports.checkbox("exports_gzip").set_value(True)
    exports.checkbox("exports_byte_order_mark").set_value(True)
    exports.checkbox("exports_formulas").set_value(True).run()
    made = created(drawn(exports), desk)
    assert (made.formats, made.gzip) == (["xlsx", "parquet"], True)
    assert (made.csv_field_options.byte_order_mark, made.csv_field_options.formulas) == (True, "keep")
    drawn(exports.run())
    sizes = {file.kind: file_size(file.size) for file in made.files}
    labels = [link.proto.label for link in exports.get("link_button")]
    assert labels[0] == "Download CSV"
    assert {f"Excel, {sizes['xlsx']}", f"Parquet, {sizes['parquet']}"} <= set(labels)
    for key in ("gzip", "byte_order_mark", "formulas"):
        exports.checkbox(f"exports_{key}").set_value(False)
    exports.session_state["exports_formats"] = []
    exports.run()
    exports.button(f"exports_put_into_the_form_{made.id}").click().run()
    assert drawn(exports).session_state["exports_formats"] == ["xlsx", "parquet"]
    assert [exports.checkbox(f"exports_{key}").value for key in ("gzip", "byte_order_mark", "formulas")] == [True] * 3


def test_rows_with_formulas_are_told_and_can_be_had_as_they_are(exports: AppTest, desk: Desk) -> None:
    made = created(exports, desk)
    assert made.rows_defused == made.rows_total
    drawn(exports.run())
    assert "text like a formula got an apostrophe before it." in texts(exports)
    kept = next(file for file in made.files if file.kind == "csv_sanitized")
    labels = [link.proto.label for link in exports.get("link_button")]
    assert f"Rows with formulas, as they are, {file_size(kept.size)}" in labels


def test_recipe_of_a_file_is_put_into_the_form(exports: AppTest, desk: Desk) -> None:
    exports.multiselect("exports_shipment_provider").set_value(["usps"])
    exports.selectbox("exports_shipment_created_at").set_value("this_year").run()
    assert exports.button("exports_create").disabled
    exports.multiselect("exports_shipment_provider").set_value([]).run()
    export = created(exports, desk)
    exports.selectbox("exports_resource").set_value("contact").run()
    exports.button(f"exports_put_into_the_form_{export.id}").click().run()
    today = utc_now()
    assert drawn(exports).selectbox("exports_resource").value == "shipment"
    assert exports.selectbox("exports_shipment_created_at").value == "custom"
    first, last = exports.date_input("exports_shipment_created_at_days").value
    assert (first.month, first.day, last) == (1, 1, today.date())


def test_many_files_come_a_page_at_a_time_newest_first(exports: AppTest, desk: Desk) -> None:
    made = []
    for limit in range(1, 10):
        exports.session_state["exports_shipment_limit"] = limit
        made.append(created(exports.run(), desk).id)
    drawn(exports.run())
    assert len([link for link in exports.get("link_button") if link.proto.label == "Download CSV"]) == 8
    exports.session_state["exports_page"] = 2
    drawn(exports.run())
    assert [button.key for button in exports.button if "delete" in button.key] == [f"exports_delete_{made[0]}"]
    exports.button(f"exports_delete_{made[0]}").click().run()
    assert [button.key for button in drawn(exports).button if "delete" in button.key] == [
        f"exports_delete_{one}" for one in reversed(made[1:])
    ]
