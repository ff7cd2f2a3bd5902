"""Labels: what a reader and a barcode scanner find on them."""

from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.models.addresses import Party
from lib.models.options import ShipmentOptions
from lib.models.parcels import Parcel
from lib.shipping.labels import PAGE_SIZES, TEST_SENTENCE, label_pdf
from tests.unit.shipping.label_cases import NUMBERS, PRINTERS, bought_shipment, german_party, party, scanned


def pages(pdf: bytes) -> list[str]:
    """The text of each page, line by line."""
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(pdf)]


def test_label_says_everything_on_a_page_per_parcel() -> None:
    first, second = pages(label_pdf(bought_shipment(), "4x6"))
    assert set(first.splitlines()) == {
        "SAMPLE",
        TEST_SENTENCE,
        "USPS",
        "Priority Mail",
        "Parcel 1 of 2",
        "70.5 lb",
        "10 \N{MULTIPLICATION SIGN} 8 \N{MULTIPLICATION SIGN} 6.5 in",
        "From",
        "Ann Sender",
        "A business",
        "1 Sample Street",
        "Floor 10",
        "Tempe, AZ 85282",
        "Ship to",
        "Bob Recipient",
        "PKGX-5LO98Q3-UR2VMEB",
        "Order A-1 · Ref. Department 9",
        "Shipment ship_1",
    }
    assert {"Parcel 2 of 2", "usps small flat rate box", "PKGX-6LO98Q3-UR2VMEB"} <= set(second.splitlines())
    assert " lb" not in second


def test_label_carries_every_reference() -> None:
    references = {"purchase_order": "PO-7", "invoice_number": "2026-17", "reference_number": "R-99"}
    (first, _) = pages(label_pdf(bought_shipment(**references), "4x6"))
    lines = first.splitlines()
    start = lines.index("PKGX-5LO98Q3-UR2VMEB") + 1
    assert " ".join(lines[start : start + 2]) == "Order A-1 · Ref. Department 9 · PO PO-7 · Invoice 2026-17 · No. R-99"
    assert lines[start + 2] == "Shipment ship_1"


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({}, None),
        ({"type": "inbound"}, "INBOUND"),
        ({"type": "inbound", "rma_number": "R-1"}, "RETURN · RMA R-1"),
        ({"rma_number": "R-1"}, "RETURN · RMA R-1"),
    ],
)
def test_label_of_what_comes_back_or_in_is_marked(changes: dict[str, Any], mark: str | None) -> None:
    lines = pages(label_pdf(bought_shipment(**changes), "4x6"))[0].splitlines()
    assert [line for line in lines if line.startswith(("INBOUND", "RETURN"))] == ([mark] if mark else [])


def test_label_across_a_border_names_both_countries() -> None:
    (first, _) = pages(label_pdf(bought_shipment(recipient=german_party("Bob Recipient")), "4x6"))
    lines = first.splitlines()
    assert lines[lines.index("Tempe, AZ 85282") + 1] == "UNITED STATES"
    assert lines[lines.index("10115 BERLIN") + 1] == "GERMANY"


def test_label_within_a_country_names_none() -> None:
    (first, _) = pages(label_pdf(bought_shipment(sender=german_party("Ann"), recipient=german_party("Bob")), "4x6"))
    assert "10115 BERLIN" in first
    assert "GERMANY" not in first


@pytest.mark.parametrize(
    ("country_code", "place", "line"),
    [
        ("GB", {"city": "London", "postal_code": "SW1A 1AA"}, "LONDON SW1A 1AA"),
        ("CA", {"city": "Toronto", "state_code": "ON", "postal_code": "M5V 2T6"}, "TORONTO ON M5V 2T6"),
        ("XX", {"city": "Nowhere", "postal_code": "1"}, "Nowhere 1"),
    ],
)
def test_label_writes_a_place_as_its_country_does(country_code: str, place: dict[str, str], line: str) -> None:
    recipient = party("Bob", **{"state_code": "", **place}, country="Elsewhere", country_code=country_code)
    lines = pages(label_pdf(bought_shipment(recipient=recipient), "4x6"))[0].splitlines()
    assert lines[lines.index("ELSEWHERE") - 1] == line


def test_label_carries_the_instructions_for_the_courier() -> None:
    options = ShipmentOptions(
        provider_instructions="Ring twice at the side door,\nthen wait. " + "Do not bend it. " * 50
    )
    shipment = bought_shipment().model_copy(update={"options": options})
    label = label_pdf(shipment, "4x6")
    lines = pages(label)[0].splitlines()
    start = lines.index("Order A-1 · Ref. Department 9") + 1
    assert lines[start].startswith("Ring twice at the side door, then wait. Do not bend it.")
    assert lines[start + 1].endswith("…")
    assert lines[start + 2] == "Shipment ship_1"
    assert scanned(label, PRINTERS[0]) == [[("Code128", NUMBERS[0])], [("Code128", NUMBERS[1])]]


@pytest.mark.parametrize("size", PAGE_SIZES)
@pytest.mark.parametrize("dots_per_inch", PRINTERS)
def test_label_is_read_by_a_scanner(size: Any, dots_per_inch: int) -> None:
    label = label_pdf(bought_shipment(), size)
    assert scanned(label, dots_per_inch) == [[("Code128", NUMBERS[0])], [("Code128", NUMBERS[1])]]


@pytest.mark.parametrize(
    ("size", "points"),
    [("4x6", (288, 432)), ("4x8", (288, 576)), ("letter", (612, 792)), ("a4", (595.3, 841.9)), ("a6", (297.6, 419.5))],
)
def test_label_has_the_size_asked_for(size: Any, points: tuple[float, float]) -> None:
    page = pypdfium2.PdfDocument(label_pdf(bought_shipment(), size))[0]
    assert page.get_size() == pytest.approx(points, abs=0.1)


def test_label_of_an_own_courier_is_no_sample() -> None:
    parcel = Parcel(length=1, width=1, height=1, weight=1, tracking_number=NUMBERS[2])
    label = label_pdf(bought_shipment(test_label=False, parcels=[parcel]), "4x6")
    (page,) = pages(label)
    assert "SAMPLE" not in page
    assert TEST_SENTENCE not in page
    assert scanned(label, 203) == [[("Code128", NUMBERS[2])]]


def with_number(number: str) -> bytes:
    parcel = Parcel(length=1, width=1, height=1, weight=1, tracking_number=number)
    return label_pdf(bought_shipment(parcels=[parcel]), "4x6")


@pytest.mark.parametrize("number", ["王-1", "A" * 40, "tab\there"])
def test_label_has_no_bars_rather_than_wrong_ones(number: str) -> None:
    assert scanned(with_number(number), 203) == [[]]


def test_label_has_bars_for_the_longest_number_that_prints_well() -> None:
    # 33 symbols of 11 modules, the stop's 13 and two quiet zones of 10: 396 of the 406 pairs of dots on 4 inches.
    assert scanned(with_number("A" * 31), 203) == [[("Code128", "A" * 31)]]


def test_label_of_200_parcels_has_a_page_and_a_number_for_each() -> None:
    parcels = [
        Parcel(length=10, width=8, height=6, weight=5, tracking_number=f"PKGX-5LO98Q3-{position:07d}")
        for position in range(1, 201)
    ]
    found = pages(label_pdf(bought_shipment(parcels=parcels), "4x6"))
    for position, page in enumerate(found, start=1):
        assert {f"Parcel {position} of 200", f"PKGX-5LO98Q3-{position:07d}"} <= set(page.splitlines())
    assert len(found) == 200


def test_label_is_the_same_bytes_every_time() -> None:
    assert label_pdf(bought_shipment(), "a6") == label_pdf(bought_shipment(), "a6")


def test_label_shows_markup_as_it_was_typed() -> None:
    (first, _) = pages(label_pdf(bought_shipment(recipient=party("<b>Bob</b> &amp; Co")), "4x6"))
    assert "<b>Bob</b> &amp; Co" in first


def test_label_needs_a_bought_shipment() -> None:
    with pytest.raises(ValueError, match="ship_1 is not bought"):
        label_pdf(bought_shipment().model_copy(update={"purchased_rate": None}), "4x6")


LONG = st.text(max_size=255) | st.text("W\N{SNOWMAN}王é ", min_size=100, max_size=255)


@settings(max_examples=25, deadline=None)
@given(LONG, LONG, LONG, LONG)
def test_label_holds_any_text_and_is_still_read(name: str, street: str, city: str, order: str) -> None:
    crowded = party(name, line1=street, line2=street, city=city)
    shipment = bought_shipment(sender=crowded, recipient=crowded, order_number=order, payment_reference=order)
    label = label_pdf(shipment, "4x6")
    assert scanned(label, 203) == [[("Code128", NUMBERS[0])], [("Code128", NUMBERS[1])]]


CROWDED = party("W" * 255, line1="W" * 255, line2="W" * 255, city="W" * 200)
CROWDED_ABROAD = CROWDED.model_copy(
    update={"address": CROWDED.address.model_copy(update={"country_code": "DE", "country": "Germany"})}
)


@pytest.mark.parametrize("recipient", [CROWDED, CROWDED_ABROAD])
def test_label_text_stays_on_the_sheet_and_off_the_bars(recipient: Party) -> None:
    shipment = bought_shipment(sender=CROWDED, recipient=recipient, order_number="W" * 255, test_label=False)
    page = pypdfium2.PdfDocument(label_pdf(shipment, "4x6"))[0]
    texts = page.get_textpage()
    boxes = [texts.get_rect(index) for index in range(texts.count_rects())]
    assert min(left for left, _, _, _ in boxes) >= 13.5
    assert max(right for _, _, right, _ in boxes) <= 288 - 13.5
    # The bars lie from 84 to 146 points, their number below them from 66.
    between = [(bottom, top) for _, bottom, _, top in boxes if bottom < 148 and top > 62]
    assert len(between) == 1
    # Nothing is written across the line between sender and recipient.
    assert [box for box in boxes if box[1] < 304 < box[3]] == []
