"""Rate cards on the embedded desk, on both databases: tried, applied, listed, removed, and seen by every process."""

import base64
from datetime import date, timedelta
from threading import Thread

import pytest
import sqlalchemy as sa

from lib.desk.rate_cards import LocalRateCards
from lib.models.base import utc_now
from lib.models.errors import InvalidRequest, NotFound
from lib.models.rate_cards import CARD_KINDS, PriceChange, RateCardUpload
from lib.models.shipments import QuoteRequest, RefreshRequest
from lib.models.team import TeamSettings
from lib.rating.cards.book import CardBook
from lib.rating.price_lists import list_for
from lib.rating.tariffs import TABLES
from lib.shipping.service import LocalShipments
from lib.store.tables import rate_cards

TODAY = utc_now().date()
DISCOUNT = "provider,service,percent\nups,ground,-10\nfedex,,-8\n"
PARTY = {"name": "A", "email": "a@example.com", "phone": "+12125550100"}
QUOTE = {
    "sender": {**PARTY, "address": "500 7th ave, New York, NY, 10018"},
    "recipient": {**PARTY, "address": {"line1": "5000 S Arizona Mills Cir", "postal_code": "85282"}},
    "parcels": [{"length": 10, "width": 8, "height": 4, "weight": 2.5}],
}


def upload(kind="adjustment", content=DISCOUNT, **changes):
    return RateCardUpload.model_validate(
        {"kind": kind, "name": "Agreement", "effective": TODAY - timedelta(days=1), "content": content} | changes
    )


@pytest.fixture
def cards(engine):
    return LocalRateCards(engine)


def test_a_fresh_desk_has_no_cards(cards):
    assert cards.book() is CardBook.EMPTY
    assert cards.list().items == []
    assert cards.list().total_count == 0


def test_what_is_applied_can_be_read_again(cards):
    made = cards.apply(upload(until=TODAY + timedelta(days=30)))
    assert made.id.startswith("rcard_")
    assert (made.kind, made.name, made.row_count, made.providers) == ("adjustment", "Agreement", 2, ["fedex", "ups"])
    assert (made.effective, made.until) == (TODAY - timedelta(days=1), TODAY + timedelta(days=30))
    assert cards.list().items == [made]
    found = cards.retrieve(made.id)
    assert found.model_dump(exclude={"rows"}) == made.model_dump()
    assert [(row.line, row.provider, row.service, row.percent) for row in found.rows] == [
        (2, "ups", "ground", -10.0),
        (3, "fedex", None, -8.0),
    ]


@pytest.mark.parametrize("kind", CARD_KINDS)
def test_every_template_makes_the_round_trip(cards, kind):
    asked = upload(kind, cards.template(kind))
    tried = cards.dry_run(asked)
    assert (tried.problem_count, tried.can_be_applied) == (0, True)
    made = cards.apply(asked)
    assert made.row_count == tried.rows_read == len(cards.template(kind).splitlines()) - 1
    again = cards.dry_run(asked)
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert again.unchanged == tried.added + tried.changed + tried.unchanged > 0


def test_a_dry_run_tells_what_would_change_and_keeps_nothing(cards):
    cards.apply(upload(name="Before"))
    report = cards.dry_run(
        upload(content="provider,service,percent\nups,ground,-12.5\nups,three_day_select,-5\nfedex,,-8\n", name="After")
    )
    assert (report.rows_read, report.added, report.changed, report.removed, report.unchanged) == (3, 1, 1, 0, 1)
    assert report.examples == [
        PriceChange(what="ups ground", before="-10 %", after="-12.5 %"),
        PriceChange(what="ups three_day_select", before=None, after="-5 %"),
    ]
    assert report.replaces == [f"Before, effective {TODAY - timedelta(days=1)}"]
    assert cards.list().total_count == 1


def test_a_dry_run_of_a_published_list_compares_with_the_one_that_holds(cards):
    text = (TABLES / "fedex_list_2026-01-05.csv").read_text(encoding="utf-8")
    day = date(2026, 8, 3)
    same = cards.dry_run(upload("published", text, effective=day))
    assert (same.added, same.changed, same.removed) == (0, 0, 0)
    # One price of a Ground parcel: 5 lb to zone 5 costs 18.53.
    line = next(line for line in text.splitlines() if line.startswith("ground,package,5,"))
    assert line.split(",")[6] == "1853"
    cells = line.split(",")
    cells[6], cells[7] = "1899", ""
    changed = cards.dry_run(upload("published", text.replace(line, ",".join(cells)), effective=day))
    assert (changed.added, changed.changed, changed.removed) == (0, 1, 1)
    assert changed.examples[0] == PriceChange(
        what="fedex list, ground, package, up to 5 lb, zone 5", before="$18.53", after="$18.99"
    )
    assert changed.replaces == ["FedEx Standard List Rates 2026, effective 2026-01-05"]
    assert changed.notes == ["The file says effective 2026-01-05; it will hold from 2026-08-03, as asked."]


def test_nothing_is_half_applied(cards):
    wrong = upload(content="provider,service,percent\nups,ground,-10\nups,gruond,-5\nups,,abc\n")
    report = cards.dry_run(wrong)
    assert [problem.sentence for problem in report.problems] == [
        "line 3, service: ups has no service “gruond”; did you mean ground?",
        "line 4, percent: “abc” is not a number; write one such as 12.50",
    ]
    assert not report.can_be_applied
    with pytest.raises(InvalidRequest) as caught:
        cards.apply(wrong)
    assert caught.value.message == (
        "Nothing was applied. line 3, service: ups has no service “gruond”; did you mean ground?; "
        "line 4, percent: “abc” is not a number; write one such as 12.50."
    )
    assert caught.value.fields == ["content"]
    assert cards.list().total_count == 0
    assert cards.book() is CardBook.EMPTY


def test_base64_that_is_none_is_told(cards):
    report = cards.dry_run(upload(content=None, content_base64="no base64!"))
    assert [problem.sentence for problem in report.problems] == ["line 1: the file is not base64"]
    packed = base64.b64encode(DISCOUNT.encode()).decode()
    assert cards.dry_run(upload(content=None, content_base64=packed)).rows_read == 2


def test_a_card_that_is_not_there_is_not_found(cards):
    for ask in (cards.retrieve, cards.delete):
        with pytest.raises(NotFound, match="no rate card rcard_none"):
            ask("rcard_none")


def test_cards_are_listed_the_last_entered_first_page_by_page(cards):
    made = [cards.apply(upload(name=f"Card {number}")) for number in range(3)]
    ordered = sorted(made, key=lambda card: (card.created_at, card.id), reverse=True)
    assert cards.list(1, 2).items == ordered[:2]
    assert cards.list(2, 2).items == ordered[2:]
    assert cards.list(1, 2).has_more


def test_another_process_sees_a_card_at_its_next_quote(engine, cards):
    other = LocalRateCards(engine)
    assert other.book() is CardBook.EMPTY
    made = cards.apply(upload())
    assert [card.head.id for card in other.book().changes] == [made.id]
    assert other.book() is other.book()
    cards.delete(made.id)
    assert other.book() is CardBook.EMPTY


def test_a_card_that_stays_is_not_read_again(cards):
    cards.apply(upload("published", cards.template("published")))
    first = cards.book()
    cards.apply(upload())
    assert cards.book() is not first
    assert cards.book().published[0] is first.published[0]


def test_cards_applied_at_the_same_time_all_hold(engine, cards):
    starts = [Thread(target=LocalRateCards(engine).apply, args=(upload(name=f"Card {number}"),)) for number in range(6)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert cards.list().total_count == 6
    assert len(cards.book().changes) == 6


def test_rows_are_the_same_text_on_both_databases(engine, cards):
    cards.apply(upload())
    with engine.connect() as connection:
        rows = connection.scalar(sa.select(rate_cards.c.rows))
    assert rows == (
        '[{"type":"change","line":2,"provider":"ups","service":"ground","percent":-10.0,"amount":0},'
        '{"type":"change","line":3,"provider":"fedex","service":null,"percent":-8.0,"amount":0}]'
    )


def test_quotes_given_keep_their_prices_and_new_ones_have_the_card(engine, cards):
    shipments = LocalShipments(engine, TeamSettings, cards.book)
    quoted = shipments.create(QuoteRequest.model_validate(QUOTE))
    made = cards.apply(upload())
    assert shipments.retrieve(quoted.id) == quoted

    def ground(shipment):
        return next(rate for rate in shipment.rates if rate.service_level.id == "ups_ground")

    fresh = shipments.refresh(quoted.id, RefreshRequest())
    assert ground(fresh).retail_amount == ground(quoted).billed_amount > ground(fresh).billed_amount
    assert shipments.retrieve(quoted.id) == fresh
    cards.delete(made.id)
    assert shipments.retrieve(quoted.id) == fresh
    assert ground(shipments.create(QuoteRequest.model_validate(QUOTE))).amount == ground(quoted).amount


def test_a_list_that_is_taken_away_gives_way_to_the_one_before(cards):
    made = cards.apply(upload("published", cards.template("published"), name="FedEx autumn"))
    held = list_for("fedex", "list", "ground", TODAY, "package", cards=cards.book())
    assert held[1].name == "FedEx autumn"
    cards.delete(made.id)
    held = list_for("fedex", "list", "ground", TODAY, "package", cards=cards.book())
    assert held[1].name != "FedEx autumn"
