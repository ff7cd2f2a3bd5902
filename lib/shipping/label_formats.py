"""Labels from PDF into what label printers take, and several into one file."""

import io
import math
import threading
from collections.abc import Iterable
from typing import Any

import pypdfium2
from pypdf import PdfWriter
from zebrafy.zebrafy_image import ZebrafyImage

from lib.shipping.bars import DOT, PRINTER_DPI

# Darker than this prints. The pale filling of SAMPLE does not, its edge does.
_BLACK_BELOW = 128
# Less than any rounding of PDFium, far less than a dot: keeps a page from growing by one more row of dots.
_HAIR = 0.001
# PDFium is one library for the whole process and not made for two threads at once.
_rendering = threading.Lock()


def single_page(pdf: bytes, page: int) -> bytes:
    """One label out of the file, counted from 0."""
    return _written([(pdf, (page, page + 1))])


def merged_pdf(pdfs: Iterable[bytes]) -> bytes:
    """All labels in one file, in the order given."""
    return _written([(pdf, None) for pdf in pdfs])


def label_png(pdf: bytes, page: int) -> bytes:
    """A label, counted from 0, as a black and white picture with a pixel for every dot of the printer."""
    picture = _picture(pdf, page)
    out = io.BytesIO()
    picture.save(out, format="PNG", dpi=(PRINTER_DPI, PRINTER_DPI))
    return out.getvalue()


def label_zpl(pdf: bytes, pages: Iterable[int]) -> bytes:
    """Those labels, counted from 0, for a Zebra printer of 203 dpi, as pictures, so that it prints what the PDF shows.

    A template of ZPL's own commands is a tenth of the size, but a printer draws only the letters of its own fonts.
    """
    pictures = (_picture(pdf, page) for page in pages)
    return "".join(
        ZebrafyImage(picture, format="Z64", dither=False, set_label_size=True).to_zpl() for picture in pictures
    ).encode("ascii")


def _picture(pdf: bytes, page: int) -> Any:
    """The page as a PIL image of black and white dots, each where the printer has one."""
    with _rendering:
        document = pypdfium2.PdfDocument(pdf)
        try:
            sheet = document[page]
            width, height = sheet.get_size()
            # Whole dots: else the page is stretched to the next one, and the bars with it.
            across, down = (math.ceil(length / DOT - _HAIR) * DOT - _HAIR for length in (width, height))
            sheet.set_mediabox(0, height - down, across, height)
            grey = sheet.render(scale=1 / DOT, grayscale=True).to_pil()
            return grey.point(lambda level: 255 if level >= _BLACK_BELOW else 0, mode="1")
        finally:
            document.close()


def _written(parts: Iterable[tuple[bytes, tuple[int, int] | None]]) -> bytes:
    with PdfWriter() as writer:
        for pdf, pages in parts:
            writer.append(io.BytesIO(pdf), pages=pages, import_outline=False)
        writer.compress_identical_objects()
        out = io.BytesIO()
        writer.write(out)
    return out.getvalue()
