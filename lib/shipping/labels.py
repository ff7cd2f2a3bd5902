"""Labels as PDF: one page a parcel, the same bytes whenever the same shipment is drawn."""

import io
from typing import Final

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas

from lib.models.addresses import Party
from lib.models.parcels import Parcel
from lib.models.rates import Rate
from lib.models.shipments import LabelSize, Shipment
from lib.shipping.lettering import BOLD, DRAWING, REGULAR, fitted, font

TEST_SENTENCE = "Test label \N{EN DASH} not valid for shipping"

_TIMES = " \N{MULTIPLICATION SIGN} "
_INCH: Final = 72.0
# Points, origin at the lower left, as everything below.
PAGE_SIZES: Final[dict[LabelSize, tuple[float, float]]] = {
    "4x6": (4 * _INCH, 6 * _INCH),
    "4x8": (4 * _INCH, 8 * _INCH),
    "a6": (297.638, 419.528),
    "a4": (595.276, 841.89),
    "letter": (8.5 * _INCH, 11 * _INCH),
}
_WIDTH, _HEIGHT = PAGE_SIZES["4x6"]
_PAGE_MARGIN = 0.5 * _INCH
_MARGIN = 14.0
_INNER = _WIDTH - 2 * _MARGIN
_LEADING = 1.18
_RULES = (374.0, 304.0, 150.0, 60.0)
_BARS_HEIGHT = 58.0
# As wide as the sheet allows: 203 dpi printers then have nearly three dots a module.
_BARS_SPAN = _WIDTH - 6
# The quiet zone of Code 128 on either side, in modules.
_QUIET_MODULES = 10
_WIDEST_MODULE = 1.2
# Pale enough to read the address over it, its edge dark enough for a thermal printer that knows no grey.
_SAMPLE_FILL, _SAMPLE_EDGE = Color(0.9, 0.9, 0.9), Color(0.45, 0.45, 0.45)


def label_pdf(shipment: Shipment, size: LabelSize) -> bytes:
    """The label of a bought shipment: one page per parcel, at real size on the upper part of a larger sheet.

    Raises ValueError for a shipment that is not bought.
    """
    rate = shipment.purchased_rate
    if rate is None or shipment.tracking_number is None:
        raise ValueError(f"{shipment.id} is not bought, so it has no label")
    out = io.BytesIO()
    with DRAWING:
        font(REGULAR), font(BOLD)
        canvas = Canvas(out, pagesize=PAGE_SIZES[size], invariant=1, pageCompression=1)
        canvas.setTitle(f"Label {shipment.tracking_number}")
        canvas.setCreator("Shipdesk")
        for position in range(len(shipment.parcels)):
            _place_on_page(canvas, *PAGE_SIZES[size])
            _draw_parcel(canvas, shipment, rate, position)
            canvas.showPage()
        canvas.save()
    return out.getvalue()


def _place_on_page(canvas: Canvas, width: float, height: float) -> None:
    scale = min(1.0, width / _WIDTH, height / _HEIGHT)
    margin = _PAGE_MARGIN if width > 1.5 * _WIDTH else 0.0
    canvas.translate((width - scale * _WIDTH) / 2, height - margin - scale * _HEIGHT)
    canvas.scale(scale, scale)


def _draw_parcel(canvas: Canvas, shipment: Shipment, rate: Rate, position: int) -> None:
    parcel = shipment.parcels[position]
    if rate.test_label:
        _draw_sample_mark(canvas)
    _draw_header(canvas, rate, parcel, f"Parcel {position + 1} of {len(shipment.parcels)}")
    _draw_party(canvas, "From", shipment.sender, top=_RULES[0], size=8.5, wrap=1)
    _draw_party(canvas, "Ship to", shipment.recipient, top=_RULES[1], size=14, wrap=2)
    _draw_bars(canvas, parcel.tracking_number or shipment.tracking_number or "")
    _draw_references(canvas, shipment)
    canvas.setLineWidth(0.8)
    for height in _RULES:
        canvas.line(_MARGIN, height, _WIDTH - _MARGIN, height)


def _draw_sample_mark(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.translate(_WIDTH / 2, 262)
    canvas.rotate(48)
    canvas.setFillColor(_SAMPLE_FILL)
    canvas.setStrokeColor(_SAMPLE_EDGE)
    canvas.setLineWidth(0.9)
    canvas.setFont(BOLD, 84)
    canvas.drawCentredString(0, -30, "SAMPLE", mode=2)
    canvas.restoreState()
    canvas.saveState()
    canvas.rect(_MARGIN, 10, _INNER, 18, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.setFont(BOLD, 10.5)
    canvas.drawCentredString(_WIDTH / 2, 15.5, TEST_SENTENCE)
    canvas.restoreState()


def _draw_header(canvas: Canvas, rate: Rate, parcel: Parcel, count: str) -> None:
    right = 82.0
    width = _INNER - right - 6
    _draw_line(canvas, rate.provider.name, BOLD, size=20, height=398, width=width)
    _draw_line(canvas, rate.service_level.name, REGULAR, size=12, height=381, width=width)
    facts = [count, f"{parcel.weight:g} lb" if parcel.weight else "", _size(parcel)]
    for row, fact in enumerate(facts):
        height, left = 405 - 12 * row, _WIDTH - _MARGIN - right
        _draw_line(canvas, fact, REGULAR, size=9.5, height=height, left=left, width=right, align_right=True)


def _size(parcel: Parcel) -> str:
    if parcel.length and parcel.width and parcel.height:
        return _TIMES.join(f"{side:g}" for side in (parcel.length, parcel.width, parcel.height)) + " in"
    return (parcel.type or "").replace("_", " ")


def _draw_party(canvas: Canvas, heading: str, party: Party, *, top: float, size: float, wrap: int) -> None:
    address = party.address
    place = ", ".join(part for part in (address.city, f"{address.state_code} {address.postal_code}".strip()) if part)
    height = top - 10
    _draw_line(canvas, heading, BOLD, size=7.5, height=height)
    height -= 2
    # Wrapped where it matters most; with all of them full the block is still lower than its frame.
    for text, lines in (
        (party.name, wrap),
        (party.business, 1),
        (address.line1, wrap),
        (address.line2, 1),
        (place, wrap),
    ):
        set_size, wrapped = fitted(text, REGULAR, size=size, smallest=0.6 * size, width=_INNER, lines=lines)
        for line in wrapped:
            height -= _LEADING * set_size
            canvas.setFont(REGULAR, set_size)
            canvas.drawString(_MARGIN, height, line)


def _draw_bars(canvas: Canvas, number: str) -> None:
    canvas.saveState()
    canvas.setFillColor(white)
    canvas.rect(_MARGIN, _RULES[3] + 1, _INNER, _RULES[2] - _RULES[3] - 2, stroke=0, fill=1)
    canvas.setFillColor(black)
    modules = Code128(number, barWidth=1, quiet=0).width + 2 * _QUIET_MODULES
    bars = Code128(number, barWidth=min(_WIDEST_MODULE, _BARS_SPAN / modules), barHeight=_BARS_HEIGHT, quiet=0)
    bars.drawOn(canvas, (_WIDTH - bars.width) / 2, _RULES[2] - 6 - _BARS_HEIGHT)
    canvas.setFont(BOLD, 12)
    canvas.drawCentredString(_WIDTH / 2, _RULES[3] + 9, number)
    canvas.restoreState()


def _draw_references(canvas: Canvas, shipment: Shipment) -> None:
    """Order, reference and shipment; between them what the courier has to know, in at most two lines."""
    order = f"Order {shipment.order_number}" if shipment.order_number else ""
    references = [order, f"Ref. {shipment.payment_reference}" if shipment.payment_reference else ""]
    text = " · ".join(text for text in references if text)
    instructions = " ".join((shipment.options.provider_instructions or "").split())
    if not instructions:
        _draw_line(canvas, text, REGULAR, size=9, height=47)
        _draw_line(canvas, f"Shipment {shipment.id}", REGULAR, size=7.5, height=35)
        return
    _draw_line(canvas, text, REGULAR, size=7.5, height=52)
    size, lines = fitted(instructions, BOLD, size=7.5, smallest=5, width=_INNER, lines=2)
    for row, line in enumerate(lines):
        canvas.setFont(BOLD, size)
        canvas.drawString(_MARGIN, 44.5 - 7.2 * row, line)
    _draw_line(canvas, f"Shipment {shipment.id}", REGULAR, size=6, height=30)


def _draw_line(
    canvas: Canvas,
    text: str,
    name: str,
    *,
    size: float,
    height: float,
    left: float = _MARGIN,
    width: float = _INNER,
    align_right: bool = False,
) -> None:
    """One line of text, shrunk to 60 % and then cut where it is longer than its place."""
    size, lines = fitted(text, name, size=size, smallest=0.6 * size, width=width, lines=1)
    canvas.setFont(name, size)
    for line in lines:
        if align_right:
            canvas.drawRightString(left + width, height, line)
        else:
            canvas.drawString(left, height, line)
