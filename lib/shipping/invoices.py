"""The commercial invoice of a shipment that crosses a border, as PDF: the same bytes whenever it is drawn."""

import io
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from reportlab.lib.colors import Color, black
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from lib.address.countries import country_code
from lib.address.formatting import lines_from_abroad
from lib.models.addresses import Party
from lib.models.customs import Customs, CustomsItem
from lib.models.shipments import Shipment
from lib.shipping.customs import declaration, total_value
from lib.shipping.labels import PAGE_SIZES
from lib.shipping.lettering import BOLD, DRAWING, REGULAR, drawable, font

_MARGIN: Final = 43.0
# What reportlab puts around everything on a page.
_FRAME_PADDING: Final = 6.0
_PAGE: Final = PAGE_SIZES["letter"]
_WIDTH: Final = _PAGE[0] - 2 * _MARGIN
# Descriptions take what the figures leave.
_COLUMNS: Final = (_WIDTH - 332, 72, 40, 36, 62, 68, 54)
_HEADINGS: Final = ("Description", "HS code", "Origin", "Qty", "Unit, USD", "Total, USD", "Net, lb")
_FIRST_FIGURE: Final = 3
_RULE: Final = Color(0.6, 0.6, 0.6)
_SHADE: Final = Color(0.94, 0.94, 0.94)
_NONE: Final = "\N{EN DASH}"
_CERTIFIED: Final = "I certify that the particulars on this invoice are true and correct."

_TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=9, leading=11.5)
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=7.5, leading=9.5)
_STRONG = ParagraphStyle("strong", parent=_TEXT, fontName=BOLD)
_FIGURE = ParagraphStyle("figure", parent=_TEXT, alignment=TA_RIGHT)
_STRONG_FIGURE = ParagraphStyle("strong figure", parent=_STRONG, alignment=TA_RIGHT)
_TITLE = ParagraphStyle("title", parent=_STRONG, fontSize=18, leading=22)


def invoice_pdf(shipment: Shipment) -> bytes:
    """The invoice on as many letter pages as its items need, amounts in USD, weights in pounds."""
    with DRAWING:
        font(REGULAR), font(BOLD)
        pages = _drawn(shipment, total=0)[1]
        return _drawn(shipment, total=pages)[0]


def invoice_number(shipment: Shipment) -> str:
    """What the invoice is called: the team's own number for it, or else the shipment's id."""
    return shipment.invoice_number or shipment.id


def _drawn(shipment: Shipment, *, total: int) -> tuple[bytes, int]:
    """The document and how many pages it has; `total` is what its pages say of that."""
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=_PAGE,
        leftMargin=_MARGIN - _FRAME_PADDING,
        rightMargin=_MARGIN - _FRAME_PADDING,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + 14,
        title=f"Commercial invoice {drawable(invoice_number(shipment), REGULAR)}",
        creator="Shipdesk",
        invariant=1,
        pageCompression=1,
    )

    def footer(canvas: Canvas, page: Any) -> None:
        canvas.setFont(REGULAR, 7.5)
        canvas.drawString(_MARGIN, _MARGIN - 4, drawable(f"Invoice {invoice_number(shipment)}", REGULAR))
        canvas.drawRightString(_PAGE[0] - _MARGIN, _MARGIN - 4, f"Page {page.page} of {total}")

    document.build(_story(shipment), onFirstPage=footer, onLaterPages=footer)
    return out.getvalue(), document.page


def _story(shipment: Shipment) -> list[Flowable]:
    declared = declaration(shipment)
    return [
        Paragraph("Commercial invoice", _TITLE),
        Spacer(0, 8),
        _pairs(_references(shipment), (8, 4, 5, 3)),
        Spacer(0, 10),
        _parties(shipment),
        Spacer(0, 10),
        _pairs(_terms(shipment, declared), (2, 1, 1, 2, 2, 3)),
        Spacer(0, 12),
        _items(declared.items),
        KeepTogether([*_totals(shipment, declared.items), *_signature(declared)]),
    ]


def _references(shipment: Shipment) -> list[tuple[str, str]]:
    sent = shipment.created_at.astimezone(ZoneInfo(shipment.sender.address.timezone or "UTC"))
    return [
        ("Invoice number", invoice_number(shipment)),
        ("Date", _written_day(sent)),
        ("Tracking number", shipment.tracking_number or _NONE),
        ("Order", shipment.order_number or _NONE),
    ]


def _terms(shipment: Shipment, declared: Customs) -> list[tuple[str, str]]:
    weights = [parcel.weight for parcel in shipment.parcels if parcel.weight]
    return [
        ("Reason for export", declared.contents_type.replace("_", " ").capitalize()),
        ("Incoterm", declared.incoterm or _NONE),
        ("Parcels", str(len(shipment.parcels))),
        ("Gross weight", f"{sum(weights):g} lb" if len(weights) == len(shipment.parcels) else _NONE),
        ("If undeliverable", declared.non_delivery_option.capitalize()),
        ("EEL", declared.eel or _NONE),
    ]


def _parties(shipment: Shipment) -> Table:
    cells = [
        [_cell("Seller and shipper", _STRONG), _cell("Consignee", _STRONG)],
        [_party(shipment.sender), _party(shipment.recipient)],
    ]
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("BOX", (0, 0), (0, -1), 0.6, _RULE)]
    return Table(cells, colWidths=[_WIDTH / 2] * 2, style=[*style, ("BOX", (1, 0), (1, -1), 0.6, _RULE)])


def _party(party: Party) -> list[Paragraph]:
    lines = [party.business, party.name, *lines_from_abroad(party.address), party.phone, party.email]
    return [_cell(line) for line in lines if line]


def _pairs(pairs: list[tuple[str, str]], shares: tuple[int, ...]) -> Table:
    """Names over their values, side by side, each with its share of the width."""
    rows = [[_cell(name, _SMALL) for name, _ in pairs], [_cell(value, _STRONG) for _, value in pairs]]
    style = [
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return Table(rows, colWidths=[_WIDTH * share / sum(shares) for share in shares], style=style)


def _items(items: list[CustomsItem]) -> Table:
    headings = [
        _cell(words, _STRONG_FIGURE if column >= _FIRST_FIGURE else _STRONG) for column, words in enumerate(_HEADINGS)
    ]
    return Table(
        [headings, *(_item(item) for item in items)],
        colWidths=_COLUMNS,
        repeatRows=1,
        style=[
            ("BACKGROUND", (0, 0), (-1, 0), _SHADE),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, _RULE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 4),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ],
    )


def _item(item: CustomsItem) -> list[Paragraph]:
    origin = country_code(item.origin_country or "") if item.origin_country else None
    description = f"{item.description} ({item.sku})" if item.sku else item.description
    figures = (
        f"{item.quantity:,}",
        _dollars(item.value),
        _dollars(item.quantity * item.value),
        f"{item.quantity * item.weight:,.6g}" if item.weight else _NONE,
    )
    return [
        _cell(description),
        _cell(item.harmonized_code or _NONE),
        _cell(origin or item.origin_country or _NONE),
        *(_cell(figure, _FIGURE) for figure in figures),
    ]


def _totals(shipment: Shipment, items: list[CustomsItem]) -> list[Flowable]:
    pieces = sum(item.quantity for item in items)
    weighed = [item.quantity * item.weight for item in items if item.weight]
    net = f"{sum(weighed):,.6g}" if len(weighed) == len(items) else _NONE
    figures = (f"{pieces:,}", "", _dollars(total_value(items)), net)
    row = [
        _cell(f"Total, {shipment.currency.upper()}", _STRONG), "", "",
        *(_cell(figure, _STRONG_FIGURE) for figure in figures),
    ]  # fmt: skip
    padding = [("LEFTPADDING", (0, 0), (-1, -1), 4), ("RIGHTPADDING", (0, 0), (-1, -1), 4)]
    return [Table([row], colWidths=_COLUMNS, style=padding)]


def _signature(declared: Customs) -> list[Flowable]:
    line = [Spacer(0, 30), HRFlowable(width="100%", thickness=0.8, color=black, spaceAfter=3)]
    signed = Table(
        [[[*line, _cell(f"Signature: {declared.signer or ''}")], "", [*line, _cell("Date")]]],
        colWidths=[_WIDTH * 0.55, _WIDTH * 0.08, _WIDTH * 0.37],
        style=[("LEFTPADDING", (0, 0), (-1, -1), 0), ("RIGHTPADDING", (0, 0), (-1, -1), 0)],
    )
    return [Spacer(0, 14), *([_cell(_CERTIFIED)] if declared.certify else []), signed]


def _cell(text: str, style: ParagraphStyle = _TEXT) -> Paragraph:
    """A text that was typed somewhere: in letters the font has, and never read as markup."""
    return Paragraph(escape(drawable(text, style.fontName)), style)


def _dollars(cents: int) -> str:
    return f"{cents / 100:,.2f}"


def _written_day(moment: datetime) -> str:
    return f"{moment:%B} {moment.day}, {moment.year}"
