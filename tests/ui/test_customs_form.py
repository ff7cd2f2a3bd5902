"""Buying a shipment that crosses a border: customs first, then what pays, then the invoice beside the label."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.models.lists import ListQuery
from lib.models.payments import PaymentMethodCreate
from lib.models.shipments import QuoteRequest, Shipment
from lib.models.team import Courier, InternationalPrice, TeamSettings
from tests.ui.conftest import APP, TIMEOUT_S, texts

PRICE = InternationalPrice(country_code="CA", max_weight_lb=20, price=44_00, days=5)
COFFEE = {"name": "Dispatch Roasters Coffee", "quantity": 4, "value": 18_50, "weight": 1.1, "origin_country": "Canada"}


@pytest.fixture(autouse=True)
def _own_price(desk: Desk) -> Iterator[None]:
    desk.team.update(TeamSettings(courier=Courier(name="City bikes", international=[PRICE])))
    yield
    desk.team.update(TeamSettings())


def buying(desk: Desk, *contents: dict[str, Any]) -> tuple[AppTest, Shipment]:
    """The page with the dialog open."""
    name = {"name": "Kyle Grzybowski"}
    body = {
        "sender": {**name, "address": "500 7th ave, Floor 10, New York, NY, 10018, USA"},
        "recipient": {**name, "address": "111 Wellington St, Ottawa, Ontario k1a0a9, Canada"},
        "parcels": [{"length": 10, "width": 8, "height": 6, "weight": 5, "contents": list(contents)}],
    }
    shipment = desk.shipments.create(QuoteRequest.model_validate(body))
    app = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
    app.query_params["shipment"] = shipment.id
    return app.run().button("compare_buy").click().run(), shipment


def test_customs_is_asked_for_what_is_missing_field_by_field(desk: Desk) -> None:
    app, shipment = buying(desk)
    assert not app.exception
    key = f"compare_customs_{shipment.id}"
    app.text_input(f"{key}_signer").set_value("")
    app.selectbox(f"{key}_item_0_origin_country").set_value(None)
    app.button("compare_customs_continue").click().run()
    said = texts(app)
    for needed in (
        "Say what it is.",
        "Say what one piece is worth.",
        "Choose the country it was made in.",
        "Say who signs the declaration.",
        "The signer has to certify that this is right.",
    ):
        assert f":red[:material/error: {needed}]" in said
    assert desk.shipments.retrieve(shipment.id).customs is None


def test_declaration_begins_with_the_contents_and_leads_to_label_and_invoice(desk: Desk) -> None:
    app, shipment = buying(desk, COFFEE)
    key = f"compare_customs_{shipment.id}"
    assert app.text_input(f"{key}_item_0_description").value == "Dispatch Roasters Coffee"
    assert app.number_input(f"{key}_item_0_value").value == 18.5
    assert app.selectbox(f"{key}_item_0_origin_country").value == "CA"
    assert app.text_input(f"{key}_signer").value == "Kyle Grzybowski"
    app.button("compare_customs_add").click().run()
    app.text_input(f"{key}_item_1_description").set_value("Leaflet")
    app.number_input(f"{key}_item_1_value").set_value(0.29)
    app.text_input(f"{key}_item_1_harmonized_code").set_value("4911.10")
    app.checkbox(f"{key}_certify").check()
    app.button("compare_customs_continue").click().run()
    assert not app.exception
    customs = desk.shipments.retrieve(shipment.id).customs
    assert customs is not None
    assert [item.model_dump(exclude={"sku"}) for item in customs.items] == [
        {
            "description": "Dispatch Roasters Coffee", "quantity": 4, "value": 18_50, "weight": 1.1,
            "origin_country": "CA", "harmonized_code": None,
        },
        {
            "description": "Leaflet", "quantity": 1, "value": 29, "weight": None,
            "origin_country": "US", "harmonized_code": "4911.10",
        },
    ]  # fmt: skip
    assert (customs.signer, customs.certify, customs.contents_type) == ("Kyle Grzybowski", True, "merchandise")
    app.button("compare_confirm").click().run()
    assert not app.exception
    assert desk.shipments.retrieve(shipment.id).paid
    assert "Commercial invoice (PDF)" in [button.proto.label for button in app.get("download_button")]
    app.switch_page("pages/shipments.py")
    app.query_params["shipment"] = shipment.id
    app.run()
    assert "Commercial invoice (PDF)" in [button.proto.label for button in app.get("download_button")]
    # Abroad, where the time zone may not be known, by the sender's clock.
    assert re.search("Expected .*, by 8 pm", texts(app))


def test_goods_of_great_worth_need_their_export_number(desk: Desk) -> None:
    app, shipment = buying(desk, {**COFFEE, "quantity": 1, "value": 2499_99})
    key = f"compare_customs_{shipment.id}"
    assert f"{key}_eel" not in {field.key for field in app.text_input}
    app.number_input(f"{key}_item_0_value").set_value(2500.0).run()
    app.checkbox(f"{key}_certify").check()
    app.text_input(f"{key}_eel").set_value("")
    app.button("compare_customs_continue").click().run()
    assert "From $2,500 on this number is needed".replace("$", "\\$") in texts(app)
    app.text_input(f"{key}_eel").set_value("AES X20260101000001")
    app.button("compare_customs_continue").click().run()
    customs = desk.shipments.retrieve(shipment.id).customs
    assert customs is not None
    assert customs.eel == "AES X20260101000001"


def test_what_pays_is_said_and_chosen_where_there_is_more_than_one(desk: Desk) -> None:
    app, shipment = buying(desk, COFFEE)
    app.checkbox(f"compare_customs_{shipment.id}_certify").check()
    app.button("compare_customs_continue").click().run()
    assert ":material/info: \\$44.00 is booked to Invoice account." in texts(app)
    key = f"compare_payment_method_{shipment.id}"
    assert key not in {field.key for field in app.selectbox}
    card = desk.payment_methods.create(PaymentMethodCreate(name="Visa ending 4242"))
    app.run()
    assert app.selectbox(key).value == "pay_invoice"
    app.selectbox(key).set_value(card.id).run()
    assert "\\$44.00 is booked to Visa ending 4242." in texts(app)
    app.button("compare_confirm").click().run()
    assert not app.exception
    assert desk.shipments.retrieve(shipment.id).payment_method == card.id
    (line,) = desk.ledger.list(ListQuery(filters={"payment_method_id": card.id})).items
    assert (line.shipment_id, line.amount) == (shipment.id, 44_00)
    desk.payment_methods.delete(card.id)


def test_test_label_is_booked_too(desk: Desk) -> None:
    name = {"name": "Kyle Grzybowski"}
    shipment = desk.shipments.create(
        QuoteRequest.model_validate(
            {
                "sender": {**name, "address": "500 7th ave, Floor 10, New York, NY, 10018, USA"},
                "recipient": {**name, "address": {"line1": "1 Main St", "postal_code": "85282"}},
                "parcels": [{"length": 10, "width": 8, "height": 6, "weight": 5}],
            }
        )
    )
    app = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
    app.query_params["shipment"] = shipment.id
    app.run().button("compare_choose_Cheapest").click().run()
    app.button("compare_buy").click().run()
    cents = min(rate.amount for rate in shipment.rates if rate.type not in {"pickup", "received"})
    assert (
        f":material/info: Test label: marked SAMPLE, and no carrier accepts it or is paid. \\${cents / 100:.2f} is "
        "booked to Invoice account in the ledger."
    ) in texts(app)
