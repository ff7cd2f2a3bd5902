"""Labels as PDF: one page a parcel, the same bytes whenever the same shipment is drawn."""

import io
from typing import Final

from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas

from lib.models.addresses import Party
from lib.models.parcels import Parcel
from lib.models.rates import Rate
from lib.models.shipments import LabelSize, Shipment
from lib.shipping.bars import DOT, draw_bars, on_whole_dot
from lib.shipping.label_places import country_line, place_line
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
            scale = _place_on_page(canvas, *PAGE_SIZES[size])
            _draw_parcel(canvas, shipment, rate, position, dot=DOT / scale)
            canvas.showPage()
        canvas.save()
    return out.getvalue()


def _place_on_page(canvas: Canvas, width: float, height: float) -> float:
    """Put the origin at the label's lower left corner; the scale it is drawn at."""
    scale = min(1.0, width / _WIDTH, height / _HEIGHT)
    margin = _PAGE_MARGIN if width > 1.5 * _WIDTH else 0.0
    canvas.translate(on_whole_dot((width - scale * _WIDTH) / 2), height - margin - scale * _HEIGHT)
    canvas.scale(scale, scale)
    return scale


def _draw_parcel(canvas: Canvas, shipment: Shipment, rate: Rate, position: int, *, dot: float) -> None:
    parcel = shipment.parcels[position]
    abroad = shipment.sender.address.country_code != shipment.recipient.address.country_code
    if rate.test_label:
        _draw_sample_mark(canvas)
    _draw_header(canvas, rate, parcel, f"Parcel {position + 1} of {len(shipment.parcels)}")
    _draw_party(canvas, "From", shipment.sender, top=_RULES[0], size=7.5 if abroad else 8.5, wrap=1, abroad=abroad)
    _draw_party(canvas, "Ship to", shipment.recipient, top=_RULES[1], size=13 if abroad else 14, wrap=2, abroad=abroad)
    _draw_direction(canvas, shipment)
    _draw_number(canvas, parcel.tracking_number or shipment.tracking_number or "", dot)
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


def _draw_party(
    canvas: Canvas, heading: str, party: Party, *, top: float, size: float, wrap: int, abroad: bool
) -> None:
    """Name and address. With all of its lines full the block is still lower than its frame."""
    address = party.address
    height = top - 10
    _draw_line(canvas, heading, BOLD, size=7.5, height=height)
    height -= 2
    for text, lines in (
        (party.name, wrap),
        (party.business, 1),
        (address.line1, wrap),
        (address.line2, 1),
        (place_line(address), wrap),
        (country_line(address) if abroad else "", 1),
    ):
        set_size, wrapped = fitted(text, REGULAR, size=size, smallest=0.6 * size, width=_INNER, lines=lines)
        for line in wrapped:
            height -= _LEADING * set_size
            canvas.setFont(REGULAR, set_size)
            canvas.drawString(_MARGIN, height, line)


def _draw_direction(canvas: Canvas, shipment: Shipment) -> None:
    """What comes back or comes in, white on black beside the heading of the recipient."""
    if shipment.rma_number:
        text = f"RETURN · RMA {shipment.rma_number}"
    elif shipment.type == "inbound":
        text = "INBOUND"
    else:
        return
    size, (line,) = fitted(text, BOLD, size=9, smallest=6, width=0.7 * _INNER, lines=1)
    width = font(BOLD).stringWidth(line, size) + 8
    canvas.saveState()
    canvas.rect(_WIDTH - _MARGIN - width, _RULES[1] - 13.5, width, 13.5, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.setFont(BOLD, size)
    canvas.drawRightString(_WIDTH - _MARGIN - 4, _RULES[1] - 10, line)
    canvas.restoreState()


def _draw_number(canvas: Canvas, number: str, dot: float) -> None:
    canvas.saveState()
    canvas.setFillColor(white)
    canvas.rect(_MARGIN, _RULES[3] + 1, _INNER, _RULES[2] - _RULES[3] - 2, stroke=0, fill=1)
    canvas.setFillColor(black)
    bottom = _RULES[2] - 6 - _BARS_HEIGHT
    draw_bars(canvas, number, centre=_WIDTH / 2, bottom=bottom, height=_BARS_HEIGHT, dot=dot)
    size, lines = fitted(number, BOLD, size=12, smallest=6, width=_INNER, lines=1)
    for line in lines:
        canvas.setFont(BOLD, size)
        canvas.drawCentredString(_WIDTH / 2, _RULES[3] + 9, line)
    canvas.restoreState()


def _draw_references(canvas: Canvas, shipment: Shipment) -> None:
    """References and shipment; between them what the courier has to know, in at most two lines."""
    text = " · ".join(f"{word} {value}" for word, value in _references(shipment) if value)
    instructions = " ".join((shipment.options.provider_instructions or "").split())
    if not instructions:
        size, lines = fitted(text, REGULAR, size=9, smallest=6, width=_INNER, lines=2)
        _draw_lines(canvas, lines, REGULAR, size=size, height=50, leading=10)
        _draw_line(canvas, f"Shipment {shipment.id}", REGULAR, size=7, height=31)
        return
    _draw_line(canvas, text, REGULAR, size=7.5, height=52)
    size, lines = fitted(instructions, BOLD, size=7.5, smallest=5, width=_INNER, lines=2)
    _draw_lines(canvas, lines, BOLD, size=size, height=44.5, leading=7.2)
    _draw_line(canvas, f"Shipment {shipment.id}", REGULAR, size=6, height=30)


def _references(shipment: Shipment) -> tuple[tuple[str, str | None], ...]:
    return (
        ("Order", shipment.order_number),
        ("Ref.", shipment.payment_reference),
        ("PO", shipment.purchase_order),
        ("Invoice", shipment.invoice_number),
        ("No.", shipment.reference_number),
    )


def _draw_lines(
    canvas: Canvas, lines: tuple[str, ...], name: str, *, size: float, height: float, leading: float
) -> None:
    canvas.setFont(name, size)
    for row, line in enumerate(lines):
        canvas.drawString(_MARGIN, height - leading * row, line)


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
