"""Labels for label printers and several in one file: read back as a printer, a scanner and a reader would."""

import io
import itertools
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from zebrafy import ZebrafyZPL

from lib.models.parcels import Parcel
from lib.shipping.label_formats import label_png, label_zpl, merged_pdf, single_page
from lib.shipping.labels import PAGE_SIZES, TEST_SENTENCE, label_pdf
from tests.unit.shipping.label_cases import NUMBERS, bought_shipment, picture, scanned, scanned_pictures

# Whole dots of 203 to the inch: 4 in are 812; 105 mm are 839.2, which takes 840.
DOTS = {"4x6": (812, 1218), "4x8": (812, 1624), "a6": (840, 1183), "letter": (1726, 2233), "a4": (1679, 2374)}
BOTH = [[("Code128", NUMBERS[0])], [("Code128", NUMBERS[1])]]


def rows(image: Image.Image) -> list[bytes]:
    """The picture row by row, a byte for every dot."""
    dots = image.convert("L").tobytes()
    return [dots[start : start + image.width] for start in range(0, len(dots), image.width)]


def bar_widths(image: Image.Image) -> list[int]:
    """How many dots wide the bars and the spaces between them are, where there are most of them in a row."""
    runs = [[len(list(run)) for _, run in itertools.groupby(row)] for row in rows(image)]
    return max(runs, key=len)[1:-1]


def words(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("size", PAGE_SIZES)
def test_png_is_read_by_a_scanner_and_has_a_pixel_for_every_dot(size: Any) -> None:
    label = label_pdf(bought_shipment(), size)
    pictures = [picture(label_png(label, page)) for page in (0, 1)]
    assert scanned_pictures(pictures) == BOTH
    assert [(image.format, image.mode, image.size) for image in pictures] == [("PNG", "1", DOTS[size])] * 2
    assert pictures[0].info["dpi"] == pytest.approx((203, 203), abs=0.01)


@pytest.mark.parametrize("size", ["4x6", "4x8", "a6"])
def test_zpl_is_read_by_a_scanner_on_a_label_per_parcel(size: Any) -> None:
    zpl = label_zpl(label_pdf(bought_shipment(), size), range(2)).decode("ascii")
    assert scanned_pictures(ZebrafyZPL(zpl).to_images()) == BOTH
    width, height = DOTS[size]
    label = rf"\^XA\n\^PW{width}\n\^LL{height}\n\^FO0,0\^GFA,[^^]+\^FS\n\^XZ\n"
    assert re.fullmatch(label * 2, zpl)


def test_zpl_prints_the_dots_of_the_png() -> None:
    label = label_pdf(bought_shipment(), "4x6")
    (printed,) = ZebrafyZPL(label_zpl(label, [1]).decode("ascii")).to_images()
    # A row of ZPL is whole bytes, so that up to seven white dots follow.
    assert rows(printed.crop((0, 0, *DOTS["4x6"]))) == rows(picture(label_png(label, 1)))


@pytest.mark.parametrize("size", PAGE_SIZES)
@pytest.mark.parametrize(("number", "module"), [(NUMBERS[0], 2), (NUMBERS[2], 3)])
def test_every_bar_is_whole_dots_wide(size: Any, number: str, module: int) -> None:
    parcel = Parcel(length=1, width=1, height=1, weight=1, tracking_number=number)
    widths = bar_widths(picture(label_png(label_pdf(bought_shipment(parcels=[parcel]), size), 0)))
    # Start, every sign and the check digit have six elements, the stop seven; none is wider than four modules.
    assert len(widths) == 6 * (len(number) + 2) + 7
    assert set(widths) == {module, 2 * module, 3 * module, 4 * module}


@pytest.mark.parametrize("size", PAGE_SIZES)
def test_bars_have_their_quiet_zone(size: Any) -> None:
    image = picture(label_png(label_pdf(bought_shipment(), size), 0))
    row = max(rows(image), key=lambda row: len(list(itertools.groupby(row))))
    first, last = row.index(0), row.rindex(0)
    label_begins = (image.width - 812) // 2 if image.width > 812 else 0
    assert first - label_begins >= 10 * 2
    assert image.width - label_begins - last > 10 * 2


def test_sample_is_on_the_picture_of_a_test_label_only() -> None:
    test, live = (label_png(label_pdf(bought_shipment(test_label=kind), "4x6"), 0) for kind in (True, False))
    # The upper edge of the black band below the references, 260 points wide, between 10 and 28 points from below.
    assert [rows(picture(label))[1142].count(0) for label in (test, live)] == pytest.approx([733, 0], abs=1)


def test_single_page_is_that_parcels_label() -> None:
    label = single_page(label_pdf(bought_shipment(), "a6"), 1)
    (text,) = words(label)
    assert "Parcel 2 of 2" in text
    assert scanned(label, 203) == [[("Code128", NUMBERS[1])]]
    assert pypdfium2.PdfDocument(label)[0].get_size() == pytest.approx((297.6, 419.5), abs=0.1)


def test_merged_has_every_page_in_the_order_given() -> None:
    one = bought_shipment(parcels=[Parcel(length=1, width=1, height=1, weight=1, tracking_number="FIRST-1")])
    live = bought_shipment(test_label=False)
    merged = merged_pdf([label_pdf(live, "letter"), label_pdf(one, "4x6")])
    assert scanned(merged, 203) == [*BOTH, [("Code128", "FIRST-1")]]
    assert [page.get_size() for page in pypdfium2.PdfDocument(merged)] == [(612, 792), (612, 792), (288, 432)]
    assert [TEST_SENTENCE in text for text in words(merged)] == [False, False, True]


def test_every_format_is_the_same_bytes_every_time() -> None:
    made = []
    for _ in range(2):
        label = label_pdf(bought_shipment(), "4x6")
        made.append((label_png(label, 0), label_zpl(label, range(2)), single_page(label, 1), merged_pdf([label] * 2)))
    assert made[0] == made[1]


def test_pictures_made_at_the_same_time_are_the_same() -> None:
    label = label_pdf(bought_shipment(), "4x6")
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: label_png(label, 1), range(40)))
    assert set(made) == {label_png(label, 1)}


@settings(max_examples=15, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20))
def test_any_number_that_bars_can_say_is_read_from_the_picture(number: str) -> None:
    parcel = Parcel(length=1, width=1, height=1, weight=1, tracking_number=number)
    label = label_pdf(bought_shipment(parcels=[parcel]), "4x6")
    assert scanned_pictures([picture(label_png(label, 0))]) == [[("Code128", number)]]
