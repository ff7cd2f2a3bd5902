"""From an uploaded file to the rows of a card, or to what is wrong with it, line by line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lib.models.rate_cards import BandRow, CardRow, GridRow, RateCardUpload
from lib.rating.cards import ups_workbook, usps_tables
from lib.rating.cards.cells import ALL_ZONES, Problems, slug
from lib.rating.cards.layouts import SUREPOST, column_names, header_fields, read_bands, read_changes, read_grids
from lib.rating.cards.sheets import Sheet, read_sheets

_SIMPLE = "Shipdesk's simple layout"
_OWN_LIST = "Shipdesk's own price list file"


@dataclass(slots=True)
class ReadCard:
    """What a file holds; `layout` says how it was read. Rows next to problems are not to be used."""

    layout: str = _SIMPLE
    rows: list[CardRow] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)


def read_card(upload: RateCardUpload) -> ReadCard:
    """Read an upload; what is wrong with it stands in the problems, nothing is raised."""
    read = ReadCard()
    try:
        sheets = [sheet for sheet in read_sheets(upload.data()) if sheet.lines]
    except ValueError as error:
        read.problems.add(1, str(error))
        return read
    if not sheets:
        read.problems.add(1, "the file is empty; start from the template of this kind of card")
        return read
    if upload.kind in ("courier", "marketplace"):
        read.rows += read_bands(sheets[0], "self" if upload.kind == "courier" else "marketplace", read.problems)
    elif upload.kind in ("adjustment", "upcharge"):
        read.rows += read_changes(sheets[0], upload.kind, read.problems)
    else:
        _read_prices(upload, sheets, read)
    if len(sheets) > 1 and read.layout in (_SIMPLE, _OWN_LIST):
        read.notes.append(f"Only the sheet {sheets[0].name} was read.")
    _check(read)
    return read


def _read_prices(upload: RateCardUpload, sheets: Sequence[Sheet], read: ReadCard) -> None:
    """A carrier's prices, in whichever of the known layouts the file is."""
    published = upload.kind == "published"
    names, fields = column_names(sheets[0]), header_fields(sheets[0])
    if "carrier" in fields:
        read.layout = _OWN_LIST
        read.rows += read_grids(sheets[0], read.problems, published=published)
        stated = fields.get("effective", "")
        if stated and stated != upload.effective.isoformat():
            read.notes.append(f"The file says effective {stated}; it will hold from {upload.effective}, as asked.")
    elif "max_miles" in names and not published:
        read.rows += read_bands(sheets[0], SUREPOST, read.problems)
    elif ups_workbook.is_ups_workbook(list(sheets)):
        read.layout = ups_workbook.LAYOUT
        read.rows += ups_workbook.read_ups_workbook(list(sheets), read.problems, read.notes)
    elif "service" not in names and usps_tables.is_usps_table(list(sheets)):
        read.layout = usps_tables.LAYOUT
        read.rows += usps_tables.read_usps_tables(
            list(sheets), upload.name, read.problems, read.notes, published=published
        )
    else:
        read.rows += read_grids(sheets[0], read.problems, published=published)
    if not published:
        read.rows = [_without_list(row) for row in read.rows]


def _without_list(row: CardRow) -> CardRow:
    """The team's own prices belong to no published list, whatever layout they came in."""
    return row.model_copy(update={"price_list": None}) if isinstance(row, GridRow) else row


def _check(read: ReadCard) -> None:
    """What no single line can show: the order of weights, the same thing twice, nothing at all."""
    if not read.rows and not read.problems.count:
        read.problems.add(1, "no price was found; compare the file with the template of this kind of card")
    seen: dict[tuple[object, ...], int] = {}
    weights: dict[tuple[object, ...], GridRow] = {}
    couriers: dict[str, str] = {}
    for row in read.rows:
        if isinstance(row, GridRow):
            before = weights.setdefault(_grid(row), row)
            if _bound(before) > _bound(row):
                read.problems.add(
                    row.line,
                    f"{row.max_weight_lb:g} lb comes below {pounds(before)} in line {before.line}; the weights of a "
                    "service and package have to rise",
                    column="max_weight_lb",
                )
            if len({*before.prices, *row.prices}) > 1 and ALL_ZONES in {*before.prices, *row.prices}:
                read.problems.add(
                    row.line, "prices for all zones and for single ones are mixed; use the one or the other",
                    column=ALL_ZONES,
                )  # fmt: skip
            weights[_grid(row)] = row
        if isinstance(row, BandRow):
            spelled = couriers.setdefault(slug(row.courier), row.courier)
            if spelled != row.courier:
                read.problems.add(
                    row.line, f"“{row.courier}” is “{spelled}” above; spell it the same", column="courier"
                )
        first = seen.setdefault(_identity(row), row.line)
        if first != row.line:
            read.problems.add(row.line, f"says the same as line {first} once more; keep one of them")


def pounds(row: GridRow) -> str:
    """The weight up to which a row holds, in words."""
    return "any weight" if row.max_weight_lb is None else f"{row.max_weight_lb:g} lb"


def _bound(row: GridRow) -> float:
    return float("inf") if row.max_weight_lb is None else row.max_weight_lb


def _grid(row: GridRow) -> tuple[object, ...]:
    return row.provider, row.price_list, row.service, row.package


def _identity(row: CardRow) -> tuple[object, ...]:
    """What a row is about, whatever its price."""
    if isinstance(row, GridRow):
        return *_grid(row), row.max_weight_lb
    if isinstance(row, BandRow):
        return row.courier, row.service_level, row.max_weight_lb, row.max_miles
    return row.provider, row.service


def providers_of(rows: Iterable[CardRow]) -> list[str]:
    """The providers that a card is about, in their usual order; empty where it is about all of them."""
    found = {row.provider for row in rows}
    if None in found:
        return []
    return sorted(provider for provider in found if provider is not None)
