from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.models.base import utc_now
from lib.models.rate_cards import CARD_KINDS, CardReport, RateCard, RateCardUpload, RowProblem
from lib.ui.card_form import KINDS
from lib.ui.card_list import cards_frame, rows_frame, state_words
from lib.ui.card_report import problems_frame, summary
from lib.ui.formats import calendar_day
from tests.ui.conftest import texts

COURIER = b"""courier,service_level,max_weight_lb,max_miles,price_usd
*Van* <b>,same_day,10,10,9.00
*Van* <b>,same_day,10,25,14.00
"""
CHEAPER = COURIER.replace(b"14.00", b"13.00").replace(b"10,10,9.00", b"12,10,9.00")
WRONG = b"""courier,service_level,max_weight_lb,max_miles,price_usd
Van,same-dy,10,10,9.00
Van,same_day,10,25,"14,00"
"""
TODAY = date(2026, 11, 22)


@pytest.fixture
def cards(app: AppTest, desk: Desk) -> AppTest:
    for card in desk.rate_cards.list(limit=100).items:
        desk.rate_cards.delete(card.id)
    return app.switch_page("pages/rate_cards.py").run()


def check(cards: AppTest, content: bytes, *, name: str = "Vans", kind: str = "courier") -> AppTest:
    cards.selectbox("cards_kind").set_value(kind).run()
    cards.file_uploader[0].set_value(("card.csv", content, "text/csv"))
    cards.text_input("cards_name").set_value(name)
    return cards.button("cards_check").click().run()


def test_empty_page_says_what_to_do(cards: AppTest) -> None:
    assert not cards.exception
    assert "No rate cards yet" in texts(cards)
    assert "download its template" in texts(cards)
    assert not [button for button in cards.button if button.key == "cards_apply"]


def test_every_kind_says_what_it_is_for_and_has_a_template(cards: AppTest, desk: Desk) -> None:
    assert set(KINDS) == set(CARD_KINDS)
    for kind, words in KINDS.items():
        cards.selectbox("cards_kind").set_value(kind).run()
        assert not cards.exception
        assert words.purpose.split(":")[0] in texts(cards).replace("\\", "")
        upload = {"kind": kind, "name": "Template", "effective": TODAY, "content": desk.rate_cards.template(kind)}
        assert desk.rate_cards.dry_run(RateCardUpload.model_validate(upload)).problems == []


def test_dry_run_shows_changes_and_keeps_nothing_until_put_in_force(cards: AppTest, desk: Desk) -> None:
    check(cards, COURIER, name="*Vans*")
    assert not cards.exception
    assert [(metric.label, metric.value) for metric in cards.metric] == [
        ("Rows read", "2"), ("Prices added", "2"), ("Changed", "0"), ("Removed", "0"),
    ]  # fmt: skip
    assert "What \\*Vans\\* changes" in texts(cards)
    assert cards.table[0].value.to_numpy().tolist()[0] == [
        "\\*Van\\* \\<b\\>, same\\_day, up to 10 lb and 10 miles", "None", "**\\$9.00**",
    ]  # fmt: skip
    assert desk.rate_cards.list().total_count == 0
    cards.button("cards_apply").click().run()
    assert not cards.exception
    assert [card.name for card in desk.rate_cards.list().items] == ["*Vans*"]
    day = calendar_day(utc_now().date())
    assert f"**\\*Vans\\*** is kept. In force since {day}." in cards.success[0].value
    assert cards.dataframe[0].value.to_numpy().tolist() == [
        ["*Vans*", f"In force since {day}", "Own couriers", "Own courier"]
    ]
    assert cards.text_input("cards_name").value == ""


def test_newer_card_is_compared_with_the_one_it_takes_over_from(cards: AppTest) -> None:
    check(cards, COURIER)
    cards.button("cards_apply").click().run()
    check(cards, CHEAPER, name="Cheaper")
    assert [metric.value for metric in cards.metric] == ["2", "1", "1", "1"]
    assert f"Takes over from **Vans, effective {calendar_day(utc_now().date())}**." in texts(cards)
    changes = {row[0]: row[1:] for row in cards.table[0].value.to_numpy().tolist()}
    assert changes["\\*Van\\* \\<b\\>, same\\_day, up to 10 lb and 25 miles"] == ["\\$14.00", "**\\$13.00**"]
    assert changes["\\*Van\\* \\<b\\>, same\\_day, up to 10 lb and 10 miles"] == ["\\$9.00", "None"]


def test_problems_name_their_lines_and_the_form_is_kept(cards: AppTest, desk: Desk) -> None:
    check(cards, WRONG, name="Vans")
    assert "**2 problems in the file.**" in cards.error[0].value
    rows = cards.table[0].value.to_numpy().tolist()
    assert [row[:2] for row in rows] == [["2", "service\\_level"], ["3", "price\\_usd"]]
    assert "did you mean same\\_day" in rows[0][2]
    assert "write 14.00" in rows[1][2]
    assert not [button for button in cards.button if button.key == "cards_apply"]
    assert cards.text_input("cards_name").value == "Vans"
    assert desk.rate_cards.list().total_count == 0


def test_form_changed_after_the_dry_run_has_to_be_checked_again(cards: AppTest) -> None:
    check(cards, COURIER)
    cards.text_input("cards_name").set_value("Other").run()
    assert "See what changes again" in cards.info[0].value
    assert not [button for button in cards.button if button.key == "cards_apply"]


def test_what_is_missing_is_named(cards: AppTest) -> None:
    cards.button("cards_check").click().run()
    assert "**File, name.** Still needed" in cards.error[0].value


def test_last_day_before_the_first_is_refused(cards: AppTest) -> None:
    cards.date_input("cards_until").set_value(date(2020, 1, 1))
    check(cards, COURIER)
    assert "before effective" in cards.error[0].value


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04nothing", b"a,b\n1,2\n"])
def test_file_that_is_no_card_is_told_and_breaks_nothing(cards: AppTest, content: bytes) -> None:
    check(cards, content)
    assert not cards.exception
    assert cards.error
    assert not [button for button in cards.button if button.key == "cards_apply"]


@pytest.mark.parametrize(
    ("effective", "until", "words"),
    [
        (date(2026, 11, 22), None, "In force since Nov 22, 2026"),
        (date(2026, 1, 5), date(2026, 11, 22), "In force since Jan 5, 2026, until Nov 22, 2026"),
        (date(2026, 11, 23), None, "From Nov 23, 2026"),
        (date(2027, 1, 1), date(2027, 2, 1), "From Jan 1, 2027, until Feb 1, 2027"),
        (date(2025, 1, 1), date(2026, 11, 21), "Ended Nov 21, 2026"),
    ],
)
def test_state_in_words(effective: date, until: date | None, words: str) -> None:
    card = _card(effective=effective, until=until)
    assert state_words(card, TODAY) == words
    assert cards_frame([card], TODAY)["State"].tolist() == [words]


def test_rows_are_shown_in_dollars_and_words(desk: Desk) -> None:
    grid = _kept(desk, "negotiated", "provider,service,package,max_weight_lb,2,3\nups,ground,package,1,9.10,9.30\n")
    assert rows_frame(grid.rows).to_dict("records") == [
        {
            "Carrier": "UPS", "Service": "Ground", "Package": "Package", "Up to, lb": 1.0,
            "Zone 2": 9.10, "Zone 3": 9.30,
        }
    ]  # fmt: skip
    change = _kept(desk, "upcharge", "provider,service,percent,amount_usd\n,,5,0.50\nusps,priority_mail,0,1\n")
    assert rows_frame(change.rows).to_dict("records") == [
        {"Carrier": "All", "Service": "All", "Percent": 5.0, "Amount": 0.5},
        {"Carrier": "USPS", "Service": "Priority mail", "Percent": 0.0, "Amount": 1.0},
    ]


def test_text_of_the_file_stays_text() -> None:
    problem = RowProblem(line=3, sheet="[x](http://e)", column="**a**", message="<b>")
    assert problems_frame([problem]).to_numpy().tolist() == [
        ["\\[x\\]\\(http\\://e\\)", "3", "\\*\\*a\\*\\*", "\\<b\\>"]
    ]
    report = CardReport(
        kind="courier", name="A", effective=TODAY, layout="CSV", replaces=["*B*, effective 2026-01-05"], unchanged=1
    )
    assert summary(report) == "Takes over from **\\*B\\*, effective Jan 5, 2026**. 1 price stays as before."


def _card(**changes: Any) -> RateCard:
    usual = {
        "id": "rcard_1", "kind": "courier", "name": "Vans", "effective": TODAY, "providers": ["self"], "row_count": 1,
        "layout": "CSV", "created_at": utc_now(),
    }  # fmt: skip
    return RateCard.model_validate(usual | changes)


def _kept(desk: Desk, kind: str, content: str) -> Any:
    upload = {"kind": kind, "name": "A card", "effective": TODAY, "content": content}
    return desk.rate_cards.retrieve(desk.rate_cards.apply(RateCardUpload.model_validate(upload)).id)
