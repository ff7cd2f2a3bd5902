"""Labels: what a reader and a barcode scanner find on them."""

from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.models.addresses import Address, Party
from lib.models.options import ShipmentOptions
from lib.models.parcels import Parcel
from lib.models.rates import Provider, Rate, ServiceLevel
from lib.models.shipments import Shipment
from lib.shipping.labels import PAGE_SIZES, TEST_SENTENCE, label_pdf

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
NUMBERS = ("PKGX-5LO98Q3-UR2VMEB", "PKGX-6LO98Q3-UR2VMEB", "OWN-4K7M2-9XT3H")
# Dots an inch of label printers.
PRINTERS = (203, 300)


def party(name: str, **address: Any) -> Party:
    fields = {"line1": "1 Sample Street", "city": "Tempe", "state_code": "AZ", "postal_code": "85282", **address}
    return Party(name=name, business="A business", address=Address(id="addr_1", **fields))


def bought_shipment(*, test_label: bool = True, **changes: Any) -> Shipment:
    rate = Rate(
        id="rate_1",
        created_at=AT,
        amount=1234,
        billed_amount=1234,
        provider=Provider(id="usps", name="USPS"),
        service_level=ServiceLevel(id="usps_priority", code="two_day", name="Priority Mail", terms="2 days"),
        test_label=test_label,
    )
    parcels = [
        Parcel(length=10, width=8, height=6.5, weight=70.5, tracking_number=NUMBERS[0]),
        Parcel(type="usps_small_flat_rate_box", tracking_number=NUMBERS[1]),
    ]
    fields = {
        "sender": party("Ann Sender", line2="Floor 10"),
        "recipient": party("Bob Recipient"),
        "parcels": parcels,
        "order_number": "A-1",
        "payment_reference": "Department 9",
        **changes,
    }
    return Shipment(
        id="ship_1",
        options=ShipmentOptions(),
        purchased_rate=rate,
        tracking_number=NUMBERS[0],
        rates_generated_at=AT,
        created_at=AT,
        updated_at=AT,
        **fields,
    )


def pages(pdf: bytes) -> list[str]:
    """The text of each page, line by line."""
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in pypdfium2.PdfDocument(pdf)]


def scanned(pdf: bytes, dots_per_inch: int) -> list[list[tuple[str, str]]]:
    """What a scanner reads on each page as printed."""
    images = [page.render(scale=dots_per_inch / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    return [[(code.format.name, code.text) for code in zxingcpp.read_barcodes(image)] for image in images]


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


def test_label_text_stays_on_the_sheet_and_off_the_bars() -> None:
    crowded = party("W" * 255, line1="W" * 255, line2="W" * 255, city="W" * 200)
    shipment = bought_shipment(sender=crowded, recipient=crowded, order_number="W" * 255, test_label=False)
    page = pypdfium2.PdfDocument(label_pdf(shipment, "4x6"))[0]
    texts = page.get_textpage()
    boxes = [texts.get_rect(index) for index in range(texts.count_rects())]
    assert min(left for left, _, _, _ in boxes) >= 13.5
    assert max(right for _, _, right, _ in boxes) <= 288 - 13.5
    # The bars lie from 84 to 146 points, their number below them from 66.
    between = [(bottom, top) for _, bottom, _, top in boxes if bottom < 148 and top > 62]
    assert len(between) == 1
