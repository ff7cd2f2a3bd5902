"""USPS price tables (Notice 123), as CSV of one table or as the workbook with a sheet per table.

Established: USPS publishes Notice 123 as a workbook whose sheets are named after service and price list (`PM Retail`,
`USPS Ground Advantage Retail`), weights in the first column, zones 1 to 9 across, ounces above pounds. The names of
the CSV files and the titles within them could not be established. Accepted is therefore any table in which

- the sheet's name, the title lines above or the name given to the card say the service (Priority Mail Express,
  Priority Mail, Ground Advantage, Media Mail, Library Mail, or PME, PM, GA) and `retail` or `commercial`;
- a header line names the zones (`Zone 1`, `1`, `Local, 1`, `1 & 2`), or for Media and Library Mail a price;
- the first cell of each line below is a weight, in ounces or pounds as the header, a line between or the cell says;
  `Oversized` and the names of flat rate packages are read too.

Other lines (notes, cubic tiers, fees) are not read; the report tells how many that were.
"""

import re
from dataclasses import dataclass

from lib.models.rate_cards import GridRow
from lib.rating.cards.cells import BadCell, Problems, money, packages_of, slug
from lib.rating.cards.sheets import Line, Sheet

LAYOUT = "USPS Notice 123 tables"
_SERVICES = (
    ("priority_mail_express", re.compile(r"\bpme\b|priority mail express", re.IGNORECASE)),
    ("ground_advantage", re.compile(r"\bga\b|ground advantage", re.IGNORECASE)),
    ("media_mail", re.compile(r"media mail", re.IGNORECASE)),
    ("library_mail", re.compile(r"library mail", re.IGNORECASE)),
    ("priority_mail", re.compile(r"\bpm\b|priority mail", re.IGNORECASE)),
)
_PRICE_LIST = re.compile(r"\b(retail|commercial)\b", re.IGNORECASE)
_ZONE_WORDS = re.compile(r"zones?|local|and|[&,/\s]", re.IGNORECASE)
_OUNCES, _POUNDS = re.compile(r"\boz\b|ounce", re.IGNORECASE), re.compile(r"\blbs?\b|pound", re.IGNORECASE)
_WEIGHT = re.compile(r"(\d+(?:\.\d+)?)\s*(oz\.?|ounces?|lbs?\.?|pounds?)?", re.IGNORECASE)
_EMPTY = frozenset({"", "-", "\N{EN DASH}", "n/a", "na"})
_FEWEST_ZONES = 4
_OUNCES_IN_POUND = 16
_LAST_ROW_LB = 70.0
# `15.999 oz` is the last ounce step; our lists write it as five decimals of a pound.
_POUND_DECIMALS = 5
_WITHOUT_ZONES = frozenset({"media_mail", "library_mail"})


@dataclass(slots=True)
class _Reading:
    """Where the reader stands within a sheet: whose prices, which columns, which unit."""

    service: str | None = None
    price_list: str | None = None
    zones: dict[int, list[str]] | None = None
    ounces: bool = False
    skipped: int = 0

    def hear(self, text: str) -> None:
        """Take up what a title says."""
        self.service = next((name for name, words in _SERVICES if words.search(text)), self.service)
        said = _PRICE_LIST.search(text)
        self.price_list = said[1].lower() if said else self.price_list

    def weigh(self, text: str) -> None:
        """Take up the unit of weight that a header or a line between says."""
        if _OUNCES.search(text) or _POUNDS.search(text):
            self.ounces = bool(_OUNCES.search(text))


def is_usps_table(sheets: list[Sheet]) -> bool:
    """Whether some sheet has a line of zones or of weights and a price, as USPS tables do."""
    return any(_columns(line, "media_mail") for sheet in sheets for line in sheet.lines)


def read_usps_tables(
    sheets: list[Sheet], name: str, problems: Problems, notes: list[str], *, published: bool
) -> list[GridRow]:
    """Every price of the tables whose service and, if published, price list are known; `name` is the card's."""
    rows: list[GridRow] = []
    unread: list[str] = []
    skipped = 0
    for sheet in sheets:
        reading = _Reading(price_list=None if published else "negotiated")
        reading.hear(name)
        reading.hear(sheet.name)
        found = _read_sheet(sheet, reading, problems)
        skipped += reading.skipped
        rows += found
        if not found:
            unread.append(sheet.name or "the file")
    if unread:
        notes.append(f"No prices of a known service were found in {', '.join(unread)}.")
    if skipped:
        notes.append(f"{skipped} lines with prices were not read: they are of packages or fees that are not known.")
    return rows


def _read_sheet(sheet: Sheet, reading: _Reading, problems: Problems) -> list[GridRow]:
    found = []
    for line in sheet.lines:
        texts = [cell for cell in line.cells if cell]
        columns = _columns(line, reading.service)
        if columns is not None:
            reading.zones = columns
            reading.weigh(" ".join(texts[:1]))
        elif len(texts) == 1:
            if _WEIGHT.fullmatch(texts[0]) is None:
                reading.hear(texts[0])
                reading.weigh(texts[0])
        elif not reading.zones:
            for text in texts:
                reading.hear(text)
        else:
            row = _price_row(line, reading, problems, sheet.name)
            if row is not None:
                found.append(row)
    return found


def _columns(line: Line, service: str | None) -> dict[int, list[str]] | None:
    """Zones by column in a header line; None for any other line."""
    zones = {column: _zones(text) for column, text in enumerate(line.cells) if column}
    zones = {column: names for column, names in zones.items() if names}
    named = sum(len(names) for names in zones.values())
    if named >= _FEWEST_ZONES and all(not cell or column in zones for column, cell in enumerate(line.cells) if column):
        return zones
    if service in _WITHOUT_ZONES and "weight" in line.cell(0).lower():
        priced = [column for column, text in enumerate(line.cells) if column and text]
        return {priced[0]: ["all"]} if priced else None
    return None


def _zones(text: str) -> list[str]:
    """The zones that a heading names: `Local, 1 & 2` is 1 and 2."""
    if _ZONE_WORDS.sub("", text).isdigit():
        names = re.findall(r"\d+", text)
        return names if all(len(name) == 1 and name != "0" for name in names) else []
    return []


def _price_row(line: Line, reading: _Reading, problems: Problems, sheet: str) -> GridRow | None:
    kind = _row_kind(line.cell(0), reading)
    texts = {column: line.cell(column) for column in reading.zones or {}}
    if not any(text.lower() not in _EMPTY for text in texts.values()):
        reading.weigh(line.cell(0))
        return None
    if reading.service is None or reading.price_list is None:
        missing = "service" if reading.service is None else "price list (retail or commercial)"
        problems.add(line.number, f"no title says of which {missing} these prices are; add one above", sheet=sheet)
        return None
    if kind is None:
        reading.skipped += 1
        return None
    package, weight, flat = kind
    prices: dict[str, int] = {}
    for column, zones in (reading.zones or {}).items():
        if texts[column].lower() in _EMPTY:
            continue
        try:
            cents = money(texts[column])
        except BadCell as error:
            problems.add(line.number, str(error), column=line.cell(0), sheet=sheet)
            continue
        prices.update(dict.fromkeys(["all"] if flat else zones, cents))
    return GridRow(
        line=line.number, provider="usps", price_list=reading.price_list, service=reading.service, package=package,
        max_weight_lb=weight, prices=prices,
    )  # fmt: skip


def _row_kind(label: str, reading: _Reading) -> tuple[str, float | None, bool] | None:
    """Package, most pounds (None = any) and whether one price is for all zones; None for a line that is not known."""
    weight = _WEIGHT.fullmatch(label)
    if weight is not None:
        ounces = bool(_OUNCES.search(weight[2])) if weight[2] else reading.ounces
        pounds = float(weight[1]) / (_OUNCES_IN_POUND if ounces else 1)
        return ("parcel", round(pounds, _POUND_DECIMALS), False) if 0 < pounds <= _LAST_ROW_LB else None
    if slug(label).startswith("oversize"):
        return "oversized", None, False
    known = packages_of("usps", reading.service or "")
    found = next((package for package in known if slug(label).startswith(package) and "flat_rate" in package), None)
    exact = slug(label) if slug(label) in known else found
    return (exact, _LAST_ROW_LB, True) if exact else None
