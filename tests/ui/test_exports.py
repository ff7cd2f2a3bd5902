"""What an analyst sees and does on the Exports page: filters, dates, columns, rows, the file."""

import csv
import io
import time

import pytest
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.exports.service import LocalExports
from lib.models.contacts import ContactCreate
from lib.models.exports import Export
from lib.models.groups import GroupCreate
from lib.models.lists import ListQuery
from lib.models.locations import LocationCreate
from lib.models.shipments import QuoteRequest
from lib.ui.exports import subjects
from lib.ui.exports.dates import Dates
from lib.ui.exports.filters import Choices, Entries, Metadata, Typed
from tests.ui.conftest import texts

PARCEL = {"length": 12, "width": 9, "height": 6, "weight": 5}
SIDE = {"name": "Mail room", "address": {"postal_code": "10018"}}
QUOTE = QuoteRequest.model_validate({"sender": SIDE, "recipient": SIDE, "parcels": [PARCEL], "order_number": "=1+1"})
SUBJECTS = {
    "shipment": "Shipments",
    "tracker": "Trackers",
    "contact": "Contacts",
    "group": "Groups",
    "location": "Locations",
    "shipping_label_inference": "Label scans",
}


@pytest.fixture
def exports(app: AppTest) -> AppTest:
    return app.switch_page("pages/exports.py").run()


def drawn(page: AppTest) -> AppTest:
    """The page without an exception."""
    assert not page.exception
    return page


def opened(page: AppTest) -> AppTest:
    """The page with its further filters."""
    page.session_state["exports_more"] = True
    return drawn(page.run())


def created(page: AppTest, desk: Desk) -> Export:
    """The export that the button makes, once its file is there."""
    page.button("exports_create").click().run()
    latest = page.session_state["exports_latest"]
    deadline = time.monotonic() + 30
    while desk.exports.retrieve(latest).status != "completed":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return desk.exports.retrieve(latest)


def test_empty_desk_says_where_each_thing_comes_from(exports: AppTest) -> None:
    assert exports.button("exports_load_samples").label == "Load sample data"
    told = {}
    for resource, title in SUBJECTS.items():
        exports.selectbox("exports_resource").set_value(resource).run()
        drawn(exports)
        assert f"No {title.lower()} yet" in texts(exports)
        assert exports.button("exports_create").disabled
        told[title] = [text.value for text in exports.markdown]
    assert "Shipments you quote or buy on **Compare rates** can be exported here." in " ".join(told["Shipments"])
    assert any("**Address book**, tab Contacts" in text for text in told["Contacts"])
    assert any("`/v1/shipping_label_inferences`" in text for text in told["Label scans"])


def test_preview_holds_the_file_cell_by_cell(exports: AppTest, desk: Desk) -> None:
    desk.shipments.create(QUOTE)
    drawn(exports.run())
    made = created(exports, desk)
    assert isinstance(desk.exports, LocalExports)
    written = b"".join(desk.exports.open_download(made.id).chunks()).decode()
    header, *rows = csv.reader(io.StringIO(written, newline=""))
    preview = exports.dataframe[0].value
    assert preview.columns.tolist() == header
    assert preview.to_numpy().tolist() == rows
    assert "**Ready** · Shipments, created" in texts(drawn(exports.run()))


def test_pattern_that_cannot_be_written_points_at_its_letter_and_keeps_the_form(exports: AppTest, desk: Desk) -> None:
    desk.shipments.create(QUOTE)
    exports.multiselect("exports_shipment_provider").set_value(["usps"])
    exports.selectbox("exports_pattern").set_value("Own pattern").run()
    exports.text_input("exports_own_pattern").set_value("yyyy-MM-dd JJ").run()
    drawn(exports)
    assert exports.code[0].value == "yyyy-MM-dd JJ\n           ↑"
    assert "**Date pattern.**" in exports.error[0].value
    assert "“JJ” at character 12" in exports.error[0].value
    assert exports.selectbox("exports_pattern").value == "Own pattern"
    assert exports.multiselect("exports_shipment_provider").value == ["usps"]
    exports.text_input("exports_own_pattern").set_value("yyyy").run()
    assert not exports.error
    assert not exports.code


def test_no_match_says_so_and_makes_no_file(exports: AppTest, desk: Desk) -> None:
    desk.shipments.create(QUOTE)
    exports.multiselect("exports_shipment_statuses").set_value(["package_lost"]).run()
    assert "No shipment matches" in texts(drawn(exports))
    assert exports.button("exports_create").disabled


def test_columns_usual_all_and_none(exports: AppTest, desk: Desk) -> None:
    desk.shipments.create(QUOTE)
    exports.button("exports_all").click().run()
    assert "**Columns** :gray[53 of 53]" in texts(drawn(exports))
    exports.button("exports_none").click().run()
    assert exports.error[0].value.startswith("**")
    assert "Choose at least one column" in exports.error[0].value
    exports.button("exports_usual").click().run()
    assert exports.dataframe[0].value.columns.tolist()[:3] == ["id", "created_at", "status"]


def test_each_subject_keeps_its_own_columns_and_filters(exports: AppTest, desk: Desk) -> None:
    desk.shipments.create(QUOTE)
    desk.contacts.create(ContactCreate(name="Sample contact"))
    exports.button("exports_all").click().run()
    exports.multiselect("exports_shipment_provider").set_value(["usps"]).run()
    exports.selectbox("exports_resource").set_value("contact").run()
    drawn(exports)
    assert "**Columns** :gray[7 of 23]" in texts(exports)
    assert exports.dataframe[0].value["name"].tolist() == ["Sample contact"]
    exports.selectbox("exports_resource").set_value("shipment").run()
    assert "**Columns** :gray[53 of 53]" in texts(drawn(exports))
    assert exports.multiselect("exports_shipment_provider").value == ["usps"]


def test_more_filters_narrow_the_file_and_are_counted(exports: AppTest, desk: Desk) -> None:
    found = desk.shipments.create(QUOTE.model_copy(update={"order_number": "A-1", "metadata": {"team": "returns"}}))
    page = opened(exports)
    page.text_input("exports_shipment_metadata_key").set_value("team")
    page.text_input("exports_shipment_metadata_value").set_value("returns")
    page.text_input("exports_shipment_order_number").set_value("A-1")
    assert drawn(page.run()).dataframe[0].value["id"].tolist() == [found.id]
    assert "1 shipment in this file" in texts(page)
    page.session_state["exports_more"] = False
    assert "2 of them set" in texts(page.run())
    request = created(page, desk)
    assert request.options == {
        "limit": "all",
        "created_at": request.options["created_at"],
        "order_number": "A-1",
        "metadata.team": "returns",
    }


def test_order_and_limit(exports: AppTest, desk: Desk) -> None:
    first, second = (desk.shipments.create(QUOTE).id for _ in range(2))
    page = opened(exports)
    page.selectbox("exports_shipment_created_at").set_value("all")
    page.selectbox("exports_shipment_order").set_value(("created_at", "asc"))
    page.number_input("exports_shipment_limit").set_value(1)
    oldest = desk.shipments.list(ListQuery(limit=500)).items[-1].id
    assert drawn(page.run()).dataframe[0].value["id"].tolist() == [oldest]
    page.number_input("exports_shipment_limit").set_value(None)
    page.selectbox("exports_shipment_order").set_value(("created_at", "desc"))
    assert drawn(page.run()).dataframe[0].value["id"].tolist()[:2] == [second, first]


def test_groups_and_locations_are_chosen_by_name(exports: AppTest, desk: Desk) -> None:
    group = desk.groups.create(GroupCreate(name="Sample wholesale", resource="contact"))
    location = desk.locations.create(LocationCreate(name="Sample dock"))
    inside = desk.contacts.create(
        ContactCreate.model_validate({"name": "Inside", "groups": [group.id], "locations": [location.id]})
    )
    desk.contacts.create(ContactCreate(name="Outside"))
    exports.selectbox("exports_resource").set_value("contact").run()
    page = opened(exports)
    assert page.multiselect("exports_contact_group_id").options == ["Sample wholesale"]
    assert page.multiselect("exports_contact_location_id").options == ["Sample dock"]
    page.multiselect("exports_contact_group_id").set_value([group.id])
    page.multiselect("exports_contact_location_id").set_value([location.id])
    assert drawn(page.run()).dataframe[0].value["id"].tolist() == [inside.id]


@pytest.mark.parametrize("subject", subjects.SUBJECTS.values(), ids=lambda subject: subject.resource)
def test_every_filter_and_order_of_every_subject_is_known_to_the_desk(
    exports: AppTest, subject: subjects.Subject
) -> None:
    exports.selectbox("exports_resource").set_value(subject.resource).run()
    page = opened(exports)
    for one in subject.filters:
        key = subject.key(one.name)
        match one:
            case Choices():
                page.session_state[key] = [*one.codes[:2], *(["sample"] if one.own else [])]
            case Entries():
                page.session_state[key] = ["id_sample"]
            case Typed():
                page.text_input(key).set_value("sample")
            case Metadata():
                page.text_input(f"{key}_key").set_value("sample")
                page.text_input(f"{key}_value").set_value("sample")
            case Dates():
                page.selectbox(key).set_value("last_12_months")
    for order in subject.orders:
        page.selectbox(subject.key("order")).set_value(order)
        assert not drawn(page.run()).error
    page.session_state["exports_more"] = False
    assert f"{len(subject.more) + 1} of them set" in texts(page.run())


def test_custom_range_takes_its_last_day(exports: AppTest, desk: Desk) -> None:
    desk.shipments.create(QUOTE)
    exports.selectbox("exports_shipment_created_at").set_value("custom").run()
    first, last = drawn(exports).date_input("exports_shipment_created_at_days").value
    assert (last - first).days == 7
    assert created(exports, desk).options["created_at"] == f"bwi:{first},{last}"
