from datetime import timedelta

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from lib import runtime
from lib.desk.protocol import Desk
from lib.models.base import utc_now
from lib.models.contacts import ContactCreate
from lib.models.lists import ListQuery
from lib.models.locations import LocationCreate
from lib.models.shipments import LabelSize, Purchase, QuoteRequest, Shipment
from lib.store.shipments import SHIPMENTS
from tests.ui.conftest import APP, TIMEOUT_S, texts

WEIGHT = "compare_parcel_0_weight"


def get_rates(app: AppTest, sender: str = "10018", recipient: str = "85282", weight: float | None = 5.0) -> AppTest:
    app.text_input("compare_from_place").set_value(sender)
    app.text_input("compare_to_place").set_value(recipient)
    if weight is not None:
        app.number_input(WEIGHT).set_value(weight)
    return app.button("compare_get_rates").click().run()


def open_shipment(shipment_id: str) -> AppTest:
    app = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
    app.query_params["shipment"] = shipment_id
    return app.run()


def quoted(desk: Desk, *, parcels: int = 1, **party: str) -> Shipment:
    def side(postal_code: str) -> dict[str, object]:
        return {**party, "address": {"line1": "1 Main St", "postal_code": postal_code}}

    parcel = {"length": 12, "width": 9, "height": 6, "weight": 5}
    return desk.shipments.create(
        QuoteRequest.model_validate(
            {"sender": side("10018"), "recipient": side("85282"), "parcels": [parcel] * parcels}
        )
    )


def book_labels(app: AppTest) -> list[str]:
    """What the buttons say that open the address book, From first."""
    return [block.proto.popover.label for block in app.get("popover") if "address book" in block.proto.popover.help]


def test_start_page_says_what_to_do(app: AppTest) -> None:
    assert not app.exception
    assert [title.value for title in app.title] == ["Compare rates"]
    assert "Enter two ZIP codes and a weight" in texts(app)
    assert app.button("compare_get_rates").label == "Get rates"


def test_zip_fills_city_and_state(app: AppTest) -> None:
    app.text_input("compare_to_place").set_value("99501").run()
    assert ":material/location_on: Anchorage, AK" in texts(app)
    app.text_input("compare_to_place").set_value("00000").run()
    assert "There is no such ZIP code." in texts(app)


def test_whole_address_in_one_line_is_read(app: AppTest) -> None:
    app.text_input("compare_from_place").set_value("500 7th Ave, New York, NY 10018").run()
    assert ":material/location_on: 500 7th Ave, New York, NY 10018" in texts(app)
    assert "compare_from_line1" not in {field.key for field in app.text_input}


def test_two_zips_and_a_weight_give_rates(app: AppTest, desk: Desk) -> None:
    get_rates(app)
    assert not app.exception
    shipment = desk.shipments.retrieve(str(app.query_params["shipment"]))
    table = app.dataframe[0].value
    prices = [row / 100 for row in sorted(rate.amount for rate in shipment.rates)]
    assert table["Price"].tolist() == prices
    assert [metric.label for metric in app.metric] == ["Cheapest", "Fastest", "Best value"]
    said = texts(app)
    assert "New York, NY 10018 :material/arrow_forward: Tempe, AZ 85282" in said
    assert "takes at most two business days more than the fastest" in said
    assert "Prices can be bought for 15 min more" in said
    for outcome in shipment.outcomes:
        assert (f"{outcome.rates} rates" if outcome.rates else str(outcome.reason)[:20]) in said


def test_what_is_no_cardboard_box_costs_more(app: AppTest) -> None:
    app.checkbox("compare_parcel_0_nonstandard").check()
    get_rates(app)
    # Ground Advantage retail of 2026-04-26, 5 lb to zone 8: 26.05, and 4.50 for its nonstandard packaging.
    assert app.metric[0].value == "$30.55"


def test_choosing_an_offer_explains_its_price(app: AppTest) -> None:
    get_rates(app)
    app.button("compare_choose_Fastest").click().run()
    assert not app.exception
    assert app.button("compare_choose_Fastest").label == "Chosen"
    reason = next(header.value for header in app.header if header.value.startswith("Why"))
    assert reason.endswith(f"costs \\{app.metric[1].value.replace('.', '.')}")
    lines = app.table[0].value
    assert lines["Amount"].iloc[-1] == f"**\\{app.metric[1].value}**"


def test_filter_keeps_only_the_chosen_carrier(app: AppTest) -> None:
    get_rates(app)
    app.button_group("compare_filter").set_value(["usps"]).run()
    services = app.dataframe[0].value["Service"].tolist()
    assert services
    assert all(service.startswith("● USPS") for service in services)


@pytest.mark.parametrize(
    ("sender", "recipient", "weight", "named"),
    [
        ("", "", None, "From: ZIP, To: ZIP, Parcel 1: weight"),
        ("", "85282", 5.0, "From: ZIP"),
        ("00000", "85282", 5.0, "From: ZIP"),
        ("10018", "85282", 0.0, "Parcel 1: weight"),
        ("10018", "85282", -3.0, "Parcel 1: weight"),
        ("10018", "85282", 200.0, "Parcel 1: weight"),
    ],
)
def test_bad_input_names_the_field_and_stays_in_the_form(
    app: AppTest, sender: str, recipient: str, weight: float | None, named: str
) -> None:
    before = _count()
    get_rates(app, sender, recipient, weight)
    assert not app.exception
    assert [named in error.value.replace("\\", "") for error in app.error] == [True]
    assert app.text_input("compare_to_place").value == recipient
    assert app.number_input(WEIGHT).value == weight
    assert _count() == before


def test_parcels_are_added_and_removed(app: AppTest) -> None:
    app.button("compare_add_parcel").click().run()
    app.number_input("compare_parcel_1_weight").set_value(2.0)
    get_rates(app)
    assert "2 parcels, 7 lb" in texts(app)
    app.button("compare_parcel_0_remove").click().run()
    assert [field.key for field in app.number_input if field.key.endswith("weight")] == ["compare_parcel_1_weight"]


def test_predefined_package_needs_no_size(app: AppTest) -> None:
    app.selectbox("compare_parcel_0_package").set_value("usps_small_flat_rate_box").run()
    assert [field.key for field in app.number_input if "parcel" in field.key] == [WEIGHT]
    get_rates(app, weight=None)
    assert not app.error
    assert not app.exception


def test_reload_shows_the_same_shipment_and_fills_the_form(desk: Desk) -> None:
    shipment = quoted(desk, name="*Mail* <room>")
    app = open_shipment(shipment.id)
    assert not app.exception
    assert app.text_input("compare_from_place").value == "10018"
    assert app.text_input("compare_from_name").value == "*Mail* <room>"
    assert app.number_input(WEIGHT).value == 5.0
    assert app.dataframe[0].value["Price"].min() == min(rate.amount for rate in shipment.rates) / 100


def test_unknown_shipment_in_the_address_is_said(desk: Desk) -> None:  # noqa: ARG001
    app = open_shipment("ship_doesnotexist")
    assert not app.exception
    assert "doesnotexist" in app.error[0].value
    assert "shipment" not in app.query_params


def test_expired_rates_cannot_be_bought_until_refreshed(desk: Desk) -> None:
    shipment = quoted(desk, name="Mail room")
    _age(shipment, minutes=18)
    app = open_shipment(shipment.id)
    assert "Expired 3 min ago" in texts(app)
    assert app.button("compare_buy").disabled
    app.button("compare_refresh").click().run()
    assert "Prices can be bought for 15 min more" in texts(app)
    assert not app.button("compare_buy").disabled


def test_bought_shipment_shows_label_and_tracking_number(desk: Desk) -> None:
    shipment = quoted(desk, name="Mail room", email="mail@example.com", phone="2125550100")
    assert shipment.recommended_rate is not None
    rate = shipment.recommended_rate
    bought = desk.shipments.purchase(shipment.id, Purchase(rate_id=rate.id, payment_reference="PO *77*"))
    app = open_shipment(shipment.id)
    assert not app.exception
    assert [block.value for block in app.code] == [bought.tracking_number]
    said = texts(app)
    assert "Test label" in said
    assert "SAMPLE" in said
    assert "Reference: PO \\*77\\*" in said
    app.button("compare_new").click().run()
    assert "Enter two ZIP codes and a weight" in texts(app)
    assert app.text_input("compare_from_place").value == ""


def test_label_is_offered_in_other_formats_and_sizes(desk: Desk) -> None:
    app = open_shipment(_bought(desk, label_size="letter").id)
    assert app.selectbox("compare_label_format").options == ["PDF", "ZPL (label printer)", "PNG (picture)"]
    assert app.selectbox("compare_label_size_pdf").options == [
        "4 by 6 in", "4 by 8 in", "A6", "Letter sheet", "A4 sheet",
    ]  # fmt: skip
    assert app.selectbox("compare_label_size_pdf").value == "letter"
    app.selectbox("compare_label_format").set_value("zpl").run()
    assert not app.exception
    assert app.selectbox("compare_label_size_zpl").options == ["4 by 6 in", "4 by 8 in", "A6"]
    assert app.selectbox("compare_label_size_zpl").value == "4x6"
    assert "compare_label_parcel_zpl" not in {field.key for field in app.selectbox}


def test_label_of_each_parcel_is_offered(desk: Desk) -> None:
    app = open_shipment(_bought(desk, parcels=2).id)
    assert app.selectbox("compare_label_parcel_pdf").options == ["All parcels", "Parcel 1 of 2", "Parcel 2 of 2"]
    app.selectbox("compare_label_format").set_value("png").run()
    assert not app.exception
    assert app.selectbox("compare_label_parcel_png").options == ["Parcel 1 of 2", "Parcel 2 of 2"]


def test_label_of_a_canceled_shipment_is_void_and_not_offered(desk: Desk) -> None:
    bought = _bought(desk)
    with runtime.current().engine.begin() as connection:
        SHIPMENTS.update(connection, bought.model_copy(update={"status": "canceled"}))
    app = open_shipment(bought.id)
    assert not app.exception
    assert not app.error
    assert "**Canceled.** The label is void and must not be used." in texts(app)
    assert [block.value for block in app.code] == [bought.tracking_number]
    assert len(app.get("download_button")) == 0


def _bought(desk: Desk, *, parcels: int = 1, label_size: LabelSize = "4x6") -> Shipment:
    shipment = quoted(desk, parcels=parcels, name="Mail room", email="mail@example.com", phone="2125550100")
    return desk.shipments.purchase(shipment.id, Purchase(rate_id=shipment.rates[0].id, label_size=label_size))


def _count() -> int:
    with runtime.current().engine.connect() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM shipments")).scalar_one())


def _age(shipment: Shipment, *, minutes: int) -> None:
    shipment = shipment.model_copy(update={"rates_generated_at": utc_now() - timedelta(minutes=minutes)})
    with runtime.current().engine.begin() as connection:
        SHIPMENTS.update(connection, shipment)


def test_empty_address_book_offers_nothing(app: AppTest) -> None:
    assert book_labels(app) == []


def test_contact_chosen_from_the_address_book_fills_its_side_and_goes_with_the_request(desk: Desk) -> None:
    contact = desk.contacts.create(
        ContactCreate(
            name="Sample *One*", business="Sample Shop", email="one@example.com", phone="212 555 0100",
            address="500 7th Ave, Floor 3, New York, NY 10018",
        )
    )  # fmt: skip
    location = desk.locations.create(LocationCreate(name="Sample Warehouse", address="1 Main St, Tempe, AZ 85282"))
    app = _with_open_books()
    assert book_labels(app) == ["Address book", "Address book"]
    app.button(f"compare_to_pick_{contact.id}").click().run()
    app.button(f"compare_from_pick_{location.id}").click().run()
    assert not app.exception
    assert book_labels(app) == ["Sample Warehouse", "Sample \\*One\\*"]
    assert {name: app.text_input(f"compare_to_{name}").value for name in ("place", "name", "business", "phone")} == {
        "place": "10018", "name": "Sample *One*", "business": "Sample Shop", "phone": "+12125550100",
    }  # fmt: skip
    app.text_input("compare_to_phone").set_value("212 555 0199")
    app.number_input(WEIGHT).set_value(5.0)
    app.button("compare_get_rates").click().run()
    assert not app.error
    shipment = desk.shipments.retrieve(str(app.query_params["shipment"]))
    assert (shipment.recipient.contact_id, shipment.recipient.phone) == (contact.id, "+12125550199")
    assert shipment.recipient.address.line1 == contact.address.line1
    assert (shipment.location_id, shipment.sender.name, shipment.sender.contact_id) == (
        location.id, "Sample Warehouse", None,
    )  # fmt: skip
    _forget_book(desk)


@pytest.mark.parametrize(("field", "value"), [("name", "Sample Two"), ("email", "")])
def test_fields_that_are_no_longer_the_contacts_go_without_it(desk: Desk, field: str, value: str) -> None:
    contact = desk.contacts.create(
        ContactCreate(name="Sample One", email="one@example.com", address="500 7th Ave, New York, NY 10018")
    )
    app = _with_open_books()
    app.button(f"compare_to_pick_{contact.id}").click().run()
    app.text_input(f"compare_to_{field}").set_value(value)
    get_rates(app, recipient="10018")
    shipment = desk.shipments.retrieve(str(app.query_params["shipment"]))
    assert (shipment.recipient.contact_id, getattr(shipment.recipient, field)) == (None, value)
    _forget_book(desk)


def test_contact_deleted_meanwhile_is_forgotten(desk: Desk) -> None:
    contact = desk.contacts.create(ContactCreate(name="Sample One", address="500 7th Ave, New York, NY 10018"))
    desk.contacts.create(ContactCreate(name="Sample Two"))
    app = _with_open_books()
    app.button(f"compare_to_pick_{contact.id}").click().run()
    desk.contacts.delete(contact.id)
    get_rates(app, recipient="10018")
    assert not app.error
    assert desk.shipments.retrieve(str(app.query_params["shipment"])).recipient.name == "Sample One"
    _forget_book(desk)


def test_address_book_lists_twenty_and_finds_the_others(desk: Desk) -> None:
    for number in range(25):
        desk.contacts.create(ContactCreate(name=f"Sample {number:02}"))
    app = _with_open_books()
    assert [button.label for button in app.button if "compare_to_pick" in str(button.key)] == [
        f"Sample {number:02}" for number in range(20)
    ]
    assert "The first 20 of 25. Type to find others." in texts(app)
    app.text_input("compare_to_find").set_value("24").run()
    assert [button.label for button in app.button if "compare_to_pick" in str(button.key)] == ["Sample 24"]
    app.text_input("compare_to_find").set_value("nobody").run()
    assert "Nobody matches." in texts(app)
    _forget_book(desk)


def test_side_with_name_and_street_is_kept_in_the_address_book(app: AppTest, desk: Desk) -> None:
    app.text_input("compare_to_place").set_value("500 7th Ave, New York, NY 10018").run()
    assert "compare_to_keep" not in {button.key for button in app.button}
    app.text_input("compare_to_name").set_value("Sample One").run()
    app.button("compare_to_keep").click().run()
    assert not app.exception
    (kept,) = desk.contacts.list(ListQuery()).items
    assert (kept.name, kept.address.formatted_address) == ("Sample One", "500 7th Ave, New York, NY 10018")
    assert "compare_to_keep" not in {button.key for button in app.button}
    get_rates(app, recipient="500 7th Ave, New York, NY 10018")
    assert desk.shipments.retrieve(str(app.query_params["shipment"])).recipient.contact_id == kept.id
    _forget_book(desk)


def _with_open_books() -> AppTest:
    """The start page with both lists of the address book open."""
    app = AppTest.from_file(APP, default_timeout=TIMEOUT_S).run()
    app.session_state["compare_from_book"] = app.session_state["compare_to_book"] = True
    return app.run()


def _forget_book(desk: Desk) -> None:
    for kept in (desk.contacts, desk.locations):
        for entry in kept.list(ListQuery(limit=500)).items:
            kept.delete(entry.id)
