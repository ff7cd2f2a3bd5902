import csv
import io
import time
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.exports.service import LocalExports
from lib.models.shipments import QuoteRequest
from lib.ui.export_form import created_filter, day_range
from lib.ui.status_words import status_words
from tests.ui.conftest import texts

PARCEL = {"length": 12, "width": 9, "height": 6, "weight": 5}
SIDE = {"name": "Mail room", "address": {"postal_code": "10018"}}
QUOTE = QuoteRequest.model_validate({"sender": SIDE, "recipient": SIDE, "parcels": [PARCEL], "order_number": "=1+1"})


@pytest.fixture
def exports(app: AppTest) -> AppTest:
    return app.switch_page("pages/exports.py").run()


def test_empty_desk_offers_sample_data(exports: AppTest) -> None:
    assert not exports.exception
    assert "No shipments yet" in texts(exports)
    assert exports.button("exports_load_samples").label == "Load sample data"


def test_preview_holds_the_file_cell_by_cell(exports: AppTest, desk: Desk) -> None:
    desk.shipments.create(QUOTE)
    exports.run()
    assert not exports.exception
    exports.button("exports_create").click().run()
    latest = exports.session_state["exports_latest"]
    deadline = time.monotonic() + 30
    while desk.exports.retrieve(latest).status != "completed":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert isinstance(desk.exports, LocalExports)
    written = b"".join(desk.exports.open_download(latest).chunks()).decode()
    header, *rows = csv.reader(io.StringIO(written, newline=""))
    preview = exports.dataframe[0].value
    assert preview.columns.tolist() == header
    assert preview.to_numpy().tolist() == rows
    exports.run()
    assert "Ready" in texts(exports)


def test_pattern_that_cannot_be_written_is_said_and_keeps_the_form(exports: AppTest, desk: Desk) -> None:
    desk.shipments.create(QUOTE)
    exports.selectbox("exports_pattern").set_value("Own pattern").run()
    exports.text_input("exports_own_pattern").set_value("yyyy-MM-dd QQQQQQ").run()
    assert not exports.exception
    assert exports.error
    assert exports.selectbox("exports_pattern").value == "Own pattern"


def test_no_match_says_so_and_makes_no_file(exports: AppTest, desk: Desk) -> None:
    desk.shipments.create(QUOTE)
    exports.multiselect("exports_statuses").set_value(["package_lost"]).run()
    assert "0 shipments in this file" in texts(exports)
    assert exports.button("exports_create").disabled


def test_columns_all_and_usual(exports: AppTest, desk: Desk) -> None:
    desk.shipments.create(QUOTE)
    exports.button("exports_all").click().run()
    assert "**Columns** :gray[53 of 53]" in texts(exports)
    exports.button("exports_usual").click().run()
    assert exports.dataframe[0].value.columns.tolist()[:3] == ["id", "created_at", "status"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Last 30 days", (date(2026, 2, 1), date(2026, 3, 2))),
        ("This month", (date(2026, 3, 1), date(2026, 3, 2))),
        ("Last month", (date(2026, 2, 1), date(2026, 2, 28))),
        ("Last 12 months", (date(2025, 3, 3), date(2026, 3, 2))),
        ("All", None),
        ("Custom", (date(2026, 1, 5), date(2026, 1, 9))),
    ],
)
def test_named_ranges(name: str, expected: tuple[date, date] | None) -> None:
    assert day_range(name, date(2026, 3, 2), (date(2026, 1, 5), date(2026, 1, 9))) == expected


def test_half_chosen_custom_range_is_no_limit() -> None:
    assert day_range("Custom", date(2026, 3, 2), (date(2026, 1, 5),)) is None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 1, 5), date(2026, 1, 9), "bwi:2026-01-05,2026-01-09"),
        (date(2026, 1, 5), date(2026, 1, 5), "equals:2026-01-05"),
    ],
)
def test_a_range_of_days_is_a_filter(first: date, last: date, expected: str) -> None:
    assert created_filter((first, last)) == expected
    assert created_filter(None) is None


def test_statuses_read_as_words() -> None:
    assert [status_words(status) for status in ("in_transit", "completed")] == ["In transit", "All completed"]
