"""The Payments tab of the settings, over the real desk: methods, what they paid, the ledger."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from lib import runtime
from lib.desk.protocol import Desk
from lib.models.lists import ListQuery
from lib.models.payments import LedgerLine, LedgerTotal, PaymentMethod, PaymentMethodCreate, PaymentMethodUpdate
from lib.store.ledger import write_line
from lib.store.tables import ledger_lines
from lib.ui.ledger import ledger_frame, running_balances
from lib.ui.payments import balance_words
from tests.ui.conftest import texts

ALL = ListQuery(limit=500, direction="asc")
AT = datetime(2026, 3, 2, 15, 5, tzinfo=UTC)
COLUMNS = ["When", "What", "Amount", "Balance", "Paid with", "Shipment", "Reference"]
# A number that payment providers publish for tests.
CARD_NUMBER = "4242424242424242"


@pytest.fixture
def settings(app: AppTest) -> AppTest:
    return app.switch_page("pages/settings.py").run()


@pytest.fixture(autouse=True)
def _untouched(desk: Desk):
    yield
    with runtime.current().engine.begin() as connection:
        connection.execute(sa.delete(ledger_lines))
    desk.payment_methods.update("pay_invoice", PaymentMethodUpdate(default=True, name="Invoice account"))
    for method in methods(desk):
        if method.kind == "card":
            desk.payment_methods.delete(method.id)


def methods(desk: Desk) -> list[PaymentMethod]:
    return desk.payment_methods.list(ALL).items


def line(number: int, kind: str = "charge", amount: int = 2605, method: str = "pay_invoice") -> LedgerLine:
    return LedgerLine.model_validate({
        "id": f"line_{number}", "kind": kind, "payment_method_id": method, "shipment_id": f"ship_{number}",
        "tracking_number": f"TEST{number}", "amount": amount, "reference": "PO 7" if number == 1 else None,
        "created_at": AT + timedelta(minutes=number),
    })  # fmt: skip


def write(*lines: LedgerLine) -> None:
    with runtime.current().engine.begin() as connection:
        for one in lines:
            write_line(connection, one)


def ledger(app: AppTest) -> list[list[object]]:
    return next(found.value for found in app.dataframe if list(found.value.columns) == COLUMNS).to_numpy().tolist()


def add(app: AppTest, reference: str, name: str) -> AppTest:
    app.text_input("payments_new_id").set_value(reference)
    app.text_input("payments_new_name").set_value(name)
    return app.button("payments_add").click().run()


def test_desk_begins_with_its_invoice_account(settings: AppTest) -> None:
    assert not settings.exception
    said = texts(settings)
    assert "**Invoice account** :green-badge[Default]" in said
    assert "Nothing charged yet" in said
    assert "The first label you buy is its first line." in said
    assert {str(button.key) for button in settings.button if str(button.key).startswith("payments_")} == {
        "payments_save_pay_invoice", "payments_add",
    }  # fmt: skip


def test_card_is_added_by_its_reference_made_default_renamed_and_deleted(settings: AppTest, desk: Desk) -> None:
    add(settings, " card_xyz123 ", " Visa *ending* 4242 ")
    assert not settings.error
    assert [(method.id, method.kind, method.name, method.default) for method in methods(desk)] == [
        ("pay_invoice", "invoice", "Invoice account", True), ("card_xyz123", "card", "Visa *ending* 4242", False),
    ]  # fmt: skip
    assert "**Visa \\*ending\\* 4242** :gray[card\\_xyz123]" in texts(settings)
    assert settings.text_input("payments_new_id").value == ""
    settings.button("payments_default_card_xyz123").click().run()
    assert [method.default for method in methods(desk)] == [False, True]
    assert "payments_confirm_card_xyz123" not in {button.key for button in settings.button}
    settings.text_input("payments_name_card_xyz123").set_value("Visa")
    settings.button("payments_save_card_xyz123").click().run()
    assert [method.name for method in methods(desk)] == ["Invoice account", "Visa"]
    settings.button("payments_default_pay_invoice").click().run()
    settings.button("payments_confirm_card_xyz123").click().run()
    assert not settings.exception
    assert [method.id for method in methods(desk)] == ["pay_invoice"]


@pytest.mark.parametrize(
    ("reference", "name", "reason"),
    [
        ("card_xyz123", CARD_NUMBER, "card number"),
        (f"card_{CARD_NUMBER}", "Visa", "card number"),
        (CARD_NUMBER, "Visa", "card number"),
        ("Visa 4242", "Visa", "A reference begins with card_"),
        ("card_xyz123", "", "Name is empty"),
    ],
)
def test_card_number_and_nameless_card_are_refused(
    settings: AppTest, desk: Desk, reference: str, name: str, reason: str
) -> None:
    add(settings, reference, name)
    assert not settings.exception
    assert [reason in error.value.replace("\\", "") for error in settings.error] == [True]
    assert [method.id for method in methods(desk)] == ["pay_invoice"]
    assert settings.text_input("payments_new_id").value == reference


def test_ledger_tells_what_moved_and_each_method_its_balance(settings: AppTest, desk: Desk) -> None:
    desk.payment_methods.create(PaymentMethodCreate(id="card_xyz123", name="Visa"))
    write(line(1), line(2, amount=1000), line(3, "refund", -2605), line(4, "reversal", -1000, "card_xyz123"))
    settings.run()
    assert not settings.exception
    assert [row[1:] for row in ledger(settings)] == [
        ["Purchase undone", -10.0, -10.0, "Visa", "/shipments?shipment=ship_4#TEST4", ""],
        ["Label voided", -26.05, 10.0, "Invoice account", "/shipments?shipment=ship_3#TEST3", ""],
        ["Label bought", 10.0, 36.05, "Invoice account", "/shipments?shipment=ship_2#TEST2", ""],
        ["Label bought", 26.05, 26.05, "Invoice account", "/shipments?shipment=ship_1#TEST1", "PO 7"],
    ]
    said = texts(settings)
    assert "\\$36.05 charged, \\$26.05 given back" in said
    assert "**\\$10.00**" in said
    settings.selectbox("payments_ledger_method").set_value("card_xyz123").run()
    assert [row[1] for row in ledger(settings)] == ["Purchase undone"]


def test_ledger_is_paged(settings: AppTest) -> None:
    write(*(line(number) for number in range(13)))
    settings.run()
    assert "13 lines" in texts(settings)
    assert len(ledger(settings)) == 12
    settings.number_input("payments_ledger_page").set_value(2).run()
    assert [row[5] for row in ledger(settings)] == ["/shipments?shipment=ship_0#TEST0"]
    assert [row[3] for row in ledger(settings)] == [26.05]


def test_balance_of_lines_of_the_same_moment_is_exact() -> None:
    """Three lines at once, the oldest of them on the next page: 1.00 was paid by then."""
    at_once = [line(1, amount=300), line(1, amount=200)]
    assert running_balances([line(2, amount=1000), *at_once], {"pay_invoice": 600}) == [1600, 600, 300]


def test_deleted_method_goes_by_its_id() -> None:
    assert ledger_frame([line(1, method="card_gone")], [5210], {}, "UTC").to_numpy().tolist() == [
        ["Mon, Mar 2, 3:06 pm", "Label bought", 26.05, 52.1, "card_gone", "/shipments?shipment=ship_1#TEST1", "PO 7"]
    ]


@pytest.mark.parametrize(
    ("charged", "reversed_", "refunded", "words"),
    [
        (2605, 0, 0, "\\$26.05 charged"),
        (5210, -1000, -1605, "\\$52.10 charged, \\$26.05 given back"),
    ],
)
def test_balance_in_words(charged: int, reversed_: int, refunded: int, words: str) -> None:
    total = LedgerTotal(
        payment_method_id="pay_invoice", currency="usd", charged=charged, reversed=reversed_, refunded=refunded,
        balance=charged + reversed_ + refunded,
    )  # fmt: skip
    assert balance_words(total) == words
