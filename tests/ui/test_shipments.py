"""The shipments page: the list, its filters, the chosen shipment and everything that can be done with it."""

import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib import runtime
from lib.desk.protocol import Desk
from lib.models.lists import ListQuery
from lib.models.shipments import Purchase, QuoteRequest, Shipment, ShipmentUpdate
from lib.store.shipments import SHIPMENTS
from lib.ui.formats import plain
from tests.ui.conftest import APP, TIMEOUT_S, texts

SHOP = {"name": "Kyle Grzybowski", "address": "500 7th ave, Floor 10, New York, NY, 10018, USA"}
BOX = {"length": 12, "width": 9, "height": 6, "weight": 5}


def quoted(desk: Desk, name: str = "Mail room", **more: Any) -> Shipment:
    recipient = {"name": name, "address": {"line1": "1 Main St", "postal_code": "85282"}}
    body = {"sender": SHOP, "recipient": recipient, "parcels": [BOX]}
    return desk.shipments.create(QuoteRequest.model_validate(body | more))


def bought(desk: Desk, name: str = "Mail room", **more: Any) -> Shipment:
    shipment = quoted(desk, name, **more)
    rate = next(rate for rate in shipment.rates if rate.provider.id == "usps")
    return desk.shipments.purchase(shipment.id, Purchase(rate_id=rate.id))


def open_page(**address: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
    app.query_params.update(address)
    return app.switch_page("pages/shipments.py").run()


def recipients(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["To"])


def buttons(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


@pytest.fixture(autouse=True)
def _empty(desk: Desk) -> None:
    with runtime.current().engine.begin() as connection:
        for shipment in desk.shipments.list(ListQuery(limit=500)).items:
            SHIPMENTS.delete(connection, shipment.id)


def test_empty_desk_offers_samples(desk: Desk) -> None:  # noqa: ARG001
    app = open_page()
    assert not app.exception
    assert "No shipments yet" in texts(app)
    assert app.button("shipments_load_samples").label == "Load sample data"


def test_list_is_searched_and_narrowed_by_stage_and_carrier(desk: Desk) -> None:
    quoted(desk, "Quoted only")
    bought(desk, "Labelled")
    moving = bought(desk, "Moving")
    desk.shipments.update(moving.id, ShipmentUpdate.model_validate({"tracking_update": {"status": "in_transit"}}))
    late = bought(desk, "Late")
    desk.shipments.update(late.id, ShipmentUpdate.model_validate({"tracking_update": {"status": "delayed"}}))
    app = open_page()
    assert recipients(app) == ["Late", "Moving", "Labelled", "Quoted only"]
    assert list(app.dataframe[0].value["Status"]) == ["Delayed", "In transit", "Label made", "Quoted"]
    found = {}
    for stage in ("Quotes", "To hand over", "On the way", "Needs attention"):
        app.button_group("shipments_stage").set_value(stage).run()
        found[stage] = recipients(app)
    assert found == {
        "Quotes": ["Quoted only"],
        "To hand over": ["Labelled"],
        "On the way": ["Moving"],
        "Needs attention": ["Late"],
    }
    app.button_group("shipments_stage").set_value("Done").run()
    assert "No shipment matches." in texts(app)
    app.button_group("shipments_stage").set_value("All").run()
    app.text_input("shipments_search").set_value("labelled").run()
    assert recipients(app) == ["Labelled"]
    app.text_input("shipments_search").set_value("").run()
    app.multiselect("shipments_providers").set_value(["usps"]).run()
    assert recipients(app) == ["Late", "Moving", "Labelled"]


def test_filters_of_the_address_narrow_the_list(desk: Desk) -> None:
    quoted(desk, "Quoted only")
    bought(desk, "Labelled")
    app = open_page(shipments_stage="Quotes")
    assert recipients(app) == ["Quoted only"]


def test_long_list_is_paged_and_a_page_beyond_shows_the_last(desk: Desk) -> None:
    first = quoted(desk, "First")
    with runtime.current().engine.begin() as connection:
        SHIPMENTS.insert(
            connection,
            [
                first.model_copy(update={"id": f"ship_{number:02}", "created_at": first.created_at.replace(year=2020)})
                for number in range(15)
            ],
        )
    app = open_page()
    assert len(recipients(app)) == 15
    assert "16 shipments" in texts(app)
    again = open_page(shipments_page="2")
    assert len(recipients(again)) == 1
    assert len(recipients(open_page(shipments_page="99"))) == 1


def test_chosen_shipment_is_that_of_the_address(desk: Desk) -> None:
    quoted(desk, "Another")
    shipment = bought(desk, "*Mail* <room>")
    app = open_page(shipment=shipment.id)
    assert not app.exception
    said = texts(app)
    assert app.session_state["shipments_table"]["selection"]["rows"] == [0]
    assert "\\*Mail\\* \\<room\\>" in said
    assert "Test label" in said
    assert [block.value for block in app.code] == [shipment.tracking_number]
    page = next(link for link in app.get("link_button") if link.proto.label == "Tracking page")
    assert page.proto.url == f"/track/{shipment.tracker_id}"
    assert {"Ship again", "Make the return", "Void the label", "Save", "Add"} <= buttons(app)
    labels = [button.proto.label for button in app.get("download_button")]
    assert "Download test label (PDF, 4 by 6 in)" in labels
    assert "Compare its rates" not in buttons(app)


def test_unknown_shipment_in_the_address_is_said(desk: Desk) -> None:
    quoted(desk)
    app = open_page(shipment="ship_doesnotexist")
    assert not app.exception
    assert "doesnotexist" in app.error[0].value
    assert "shipment" not in app.query_params


def test_labels_of_the_list_come_in_one_file(desk: Desk) -> None:
    bought(desk, "One")
    bought(desk, "Two")
    quoted(desk, "Quoted only")
    labels = [button.proto.label for button in open_page().get("download_button")]
    assert labels == ["Download these 2 shipments' labels (PDF)"]


def test_quote_leads_to_its_rates_in_place_of_what_was_typed(desk: Desk) -> None:
    shipment = quoted(desk)
    app = AppTest.from_file(APP, default_timeout=TIMEOUT_S).run()
    app.text_input("compare_from_place").set_value("99501").run()
    app.query_params["shipment"] = shipment.id
    app.switch_page("pages/shipments.py").run()
    cheapest = min(rate.amount for rate in shipment.rates) / 100
    assert f"{len(shipment.rates)} rates from **\\${cheapest:.2f}**" in texts(app)
    assert {"Make the return", "Void the label", "Add"}.isdisjoint(buttons(app))
    app.button("shipments_compare").click().run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Compare rates"]
    assert app.text_input("compare_from_place").value == "10018"


def test_ship_again_shows_the_new_quote(desk: Desk) -> None:
    shipment = bought(desk)
    app = open_page(shipment=shipment.id)
    app.button("shipments_duplicate").click().run()
    assert not app.exception
    made = desk.shipments.retrieve(str(app.query_params["shipment"]))
    assert made.id != shipment.id
    assert (made.status, made.return_of) == ("rates_generated", None)
    assert "A new shipment, quoted at today's prices." in [done.value for done in app.success]
    assert app.button("shipments_compare").label == "Compare its rates"


def test_return_shows_the_new_quote(desk: Desk) -> None:
    shipment = bought(desk)
    app = open_page(shipment=shipment.id)
    app.button("shipments_return").click().run()
    assert not app.exception
    made = desk.shipments.retrieve(str(app.query_params["shipment"]))
    assert (made.return_of, made.recipient.name) == (shipment.id, "Kyle Grzybowski")
    said = texts(app)
    assert "Not bought · Return" in said
    assert f"Return (RMA) {plain(made.rma_number or '')}" in said


def test_void_gives_the_price_back(desk: Desk) -> None:
    shipment = bought(desk)
    app = open_page(shipment=shipment.id)
    app.button("shipments_void_confirm").click().run()
    assert not app.exception
    assert desk.shipments.retrieve(shipment.id).refund_status == "refunded"
    assert "**Voided**" in texts(app)
    assert "The label is void and its price given back." in [done.value for done in app.success]
    assert "Void the label" not in buttons(app)
    assert [button.proto.label for button in app.get("download_button")] == []


def test_refused_refund_is_said_in_words(desk: Desk) -> None:
    shipment = bought(desk)
    desk.shipments.update(shipment.id, ShipmentUpdate.model_validate({"tracking_update": {"status": "in_transit"}}))
    app = open_page(shipment=shipment.id)
    app.button("shipments_void_confirm").click().run()
    assert not app.exception
    (said,) = [error.value for error in app.error]
    assert said.startswith("**This shipment.** USPS gives no refund")
    assert said.endswith("Only a label that was not used yet can be voided. Nothing was changed.")
    assert desk.shipments.retrieve(shipment.id).status == "in_transit"


def test_numbers_and_note_are_saved_and_emptied(desk: Desk) -> None:
    shipment = bought(desk, order_number="ORDER-1")
    app = open_page(shipment=shipment.id)
    app.text_input(f"shipments_order_number_{shipment.id}").set_value("")
    app.text_input(f"shipments_purchase_order_{shipment.id}").set_value("PO 7")
    app.text_area(f"shipments_notes_{shipment.id}").set_value("Handle *gently*")
    app.button("shipments_save").click().run()
    assert not app.exception
    kept = desk.shipments.retrieve(shipment.id)
    assert (kept.order_number, kept.purchase_order, kept.notes) == (None, "PO 7", "Handle *gently*")
    assert "Handle \\*gently\\*" in texts(app)
    assert "Saved." in [done.value for done in app.success]


def test_tracking_is_added_by_hand(desk: Desk) -> None:
    shipment = bought(desk)
    app = open_page(shipment=shipment.id)
    app.text_input(f"shipments_address_{shipment.id}").set_value("Tempe, AZ")
    app.button("shipments_add_update").click().run()
    assert ["**What happened.** Choose it from the list" in error.value for error in app.error] == [True]
    assert app.text_input(f"shipments_address_{shipment.id}").value == "Tempe, AZ"
    app.selectbox(f"shipments_status_{shipment.id}").set_value("delivered")
    app.button("shipments_add_update").click().run()
    assert not app.exception
    assert not app.error
    kept = desk.shipments.retrieve(shipment.id)
    assert (kept.status, kept.tracking_updates[-1].address) == ("delivered", "Tempe, AZ")
    assert re.search(r"\*\*Delivered\*\* :gray\[.* · Tempe, AZ\]", texts(app))
    assert app.text_input(f"shipments_address_{shipment.id}").value == ""
