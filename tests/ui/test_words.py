"""Values as people write them, and errors as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from lib.address.local_time import arrival
from lib.models.errors import Conflict, DeskError, InvalidRequest
from lib.models.parcels import ParcelInput
from lib.models.rates import ProviderOutcome
from lib.models.statuses import COMPLETED, EXCEPTION, STATUSES
from lib.ui import formats
from lib.ui.answers import outcome_words
from lib.ui.messages import field_name
from lib.ui.option_words import fell_back, in_words, other_notes
from lib.ui.packages import OWN_BOX, package_choices, package_label
from lib.ui.requests import validated
from lib.ui.status_words import STAGES, status_words

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "words"),
    [(0, "$0.00"), (5, "$0.05"), (123456, "$1,234.56"), (-200, "\N{MINUS SIGN}$2.00")],
)
def test_money(cents: int, words: str) -> None:
    assert formats.money(cents) == words


@pytest.mark.parametrize(
    ("moment", "zone", "words"),
    [
        (datetime(2026, 11, 25, 3, 0, tzinfo=UTC), "America/Phoenix", "Tue, Nov 24, by 8 pm"),
        (datetime(2026, 11, 24, 15, 30, tzinfo=UTC), "America/New_York", "Tue, Nov 24, by 10:30 am"),
        (datetime(2026, 11, 24, 5, 0, tzinfo=UTC), "America/New_York", "Tue, Nov 24, by 12 am"),
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), "no such zone", "Tue, Nov 24, by 12 pm"),
    ],
)
def test_arrival(monkeypatch: pytest.MonkeyPatch, moment: datetime, zone: str, words: str) -> None:
    monkeypatch.setattr(formats, "datetime", _FrozenNow)
    assert arrival(moment, zone) == words


def test_arrival_of_another_year_has_its_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "datetime", _FrozenNow)
    assert arrival(datetime(2027, 1, 5, 20, 0, tzinfo=UTC), "UTC") == "Tue, Jan 5, 2027, by 8 pm"
    assert arrival(None, "UTC") == "No delivery date"
    assert formats.calendar_day(date(2025, 10, 5)) == "Oct 5, 2025"


@pytest.mark.parametrize(
    ("gone", "words"),
    [(30, "just now"), (180, "3 min ago"), (3700, "1 hour ago"), (7300, "2 hours ago"), (3 * 86400, "3 days ago")],
)
def test_ago(gone: int, words: str) -> None:
    assert formats.ago(NOW - timedelta(seconds=gone), NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(900, "15 min"), (841, "15 min"), (60, "1 min"), (1, "1 min"), (-5, "0 min")]
)
def test_left_rounds_up(seconds: int, words: str) -> None:
    assert formats.left(NOW + timedelta(seconds=seconds), NOW) == words


@pytest.mark.parametrize(
    ("size", "words"), [(812, "812 B"), (1536, "1.5 KB"), (234 * 1024**2, "234.0 MB"), (5 * 1024**4, "5120.0 GB")]
)
def test_file_size(size: int, words: str) -> None:
    assert formats.file_size(size) == words


@given(st.text())
def test_typed_text_has_no_markdown_left(text: str) -> None:
    escaped = formats.plain(text)
    assert escaped.replace("\\", "") == " ".join(text.split()).replace("\\", "")
    for mark in "[]*_`<$:#":
        assert f"\\{mark}" * escaped.count(mark) == "".join(
            escaped[place - 1 : place + 1] for place, letter in enumerate(escaped) if letter == mark
        )


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("sender.address.postal_code", "From: ZIP"),
        ("recipient.name", "To: name"),
        ("recipient.address", "To: address"),
        ("parcels.1.weight", "Parcel 2: weight"),
        ("parcel.0.type", "Parcel 1: package"),
        ("parcels.0", "Parcel 1"),
        ("payment_reference", "payment reference"),
        ("tracking_update.status", "what happened"),
        ("shipment_id", "this shipment"),
    ],
)
def test_wire_paths_read_as_labels(path: str, words: str) -> None:
    assert field_name(path) == words


@pytest.mark.parametrize(
    ("weight", "words"),
    [
        (0.0, "Weight has to be above 0 lb, not 0 lb."),
        (200.0, "Weight has to be at most 150 lb, not 200 lb."),
        (None, "Give weight, or a predefined package as type."),
    ],
)
def test_refused_parcel_says_what_would_be_right(weight: float | None, words: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        validated(ParcelInput, {"length": 1.0, "width": 1.0, "height": 1.0, "weight": weight}, at="parcels.0")
    assert caught.value.message == words
    assert caught.value.fields == ["parcels.0" if weight is None else "parcels.0.weight"]


def test_packages_are_listed_by_carrier_after_the_own_box() -> None:
    choices = package_choices()
    carriers = [code.partition("_")[0] for code in choices[1:]]
    assert choices[0] == OWN_BOX
    assert carriers == sorted(carriers, key=["usps", "ups", "fedex"].index)
    assert package_label("usps_small_flat_rate_box") == "USPS: Small Flat Rate Box"
    assert package_label("fedex_pak") == "FedEx: Pak (Large)"
    assert not any(code.endswith("custom_package") for code in choices)


class _FrozenNow(datetime):
    @classmethod
    def now(cls, tz: object = None) -> datetime:  # noqa: ARG003
        return NOW


@pytest.mark.parametrize(
    ("dollars", "cents"), [(0.0, 0), (14.285, 1429), (1.005, 101), (0.29, 29), (19.99, 1999), (-2.0, -200)]
)
def test_dollars_become_cents(dollars: float, cents: int) -> None:
    assert formats.to_cents(dollars) == cents


def test_days_in_a_sentence_are_written_out() -> None:
    assert formats.with_written_days("Van 2026-02-30, effective 2026-07-01") == "Van 2026-02-30, effective Jul 1, 2026"


def test_options_are_named_in_words() -> None:
    assert in_words("3 taken out by service_levels and max_delivery_days") == (
        "3 taken out by service levels and days until arrival"
    )
    notes = ["No rate meets rate_types, so all rates are shown.", "The recipient has no business name."]
    assert fell_back(notes) == "No rate meets kinds of rate, so all rates are shown."
    assert other_notes(notes) == ["The recipient has no business name."]
    assert field_name("options.declared_value") == "Declared value"


@pytest.mark.parametrize(
    ("status", "rates", "reason", "words"),
    [
        ("rates", 3, None, "3 rates"),
        ("rates", 1, "2 taken out by service_levels", "1 rate · 2 taken out by service levels"),
        ("filtered", 0, "Not asked: left out by providers", "Not asked: left out by carriers"),
        ("not_served", 0, "Over 70 lb", "Over 70 lb"),
        ("timed_out", 0, "Did not answer in time", "Timed out: Did not answer in time"),
        ("error", 0, None, "Error: no answer; refresh to ask again"),
    ],
)
def test_outcome_of_a_carrier(status: str, rates: int, reason: str | None, words: str) -> None:
    outcome = ProviderOutcome.model_validate(
        {"provider": "ups", "name": "UPS", "status": status, "rates": rates, "reason": reason}
    )
    assert outcome_words(outcome) == words


def test_every_status_is_in_exactly_one_stage_unless_it_needs_attention() -> None:
    stages = {name: asked.get("statuses", asked.get("status", "")).split(",") for name, asked in STAGES.items()}
    placed = [*stages["Quotes"], *stages["To hand over"], *stages["On the way"], *COMPLETED]
    assert sorted({*placed, *EXCEPTION}) == sorted(STATUSES)
    assert len(placed) == len(set(placed))
    assert [status_words(status) for status in ("created", "in_transit", "exception")] == [
        "Label made",
        "In transit",
        "All exception",
    ]


def test_customs_are_spoken_of_without_the_names_of_fields() -> None:
    note = "This shipment crosses a border. Before it can be bought, customs needs customs.signer: the name."
    assert other_notes(["Another note.", note]) == [
        "Another note.",
        "This shipment crosses a border: buying it asks for a customs declaration.",
    ]


def error_shown(error: DeskError) -> str:
    def page(error):  # type: ignore[no-untyped-def]
        from lib.ui.messages import show_error  # noqa: PLC0415  # the function is run as a page of its own

        show_error(error)

    return str(AppTest.from_function(page, args=(error,)).run().error[0].value)


def test_what_to_do_next_is_told_once() -> None:
    expired = Conflict("These rates are old. Refresh them and choose again.", code="rates_expired")
    assert error_shown(expired) == "These rates are old. Refresh them and choose again."
    bought = Conflict("It is bought already.", code="already_purchased")
    assert error_shown(bought) == "It is bought already. Reload the page to see how things stand now."
    moved = InvalidRequest("It is under way.", code="refund_not_offered")
    assert error_shown(moved) == "It is under way. Nothing was changed."
