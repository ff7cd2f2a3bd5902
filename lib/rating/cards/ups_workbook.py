"""UPS's own workbook of daily rates (`daily_rates.xlsx`), as far as its layout is established.

Read is one sheet per service (`UPS Ground`, `UPS 3DA Select`, `UPS 2DA`, `UPS 2DA A.M.`, `UPS NDA Saver`, `UPS NDA`,
`UPS NDA Early`; the older `UPS NDA A.M.` is Early). In a sheet a row with the word `Zones` names the zones from the
next column on; below it each row has a weight (`Letter`, `1 Lbs.` … `150 Lbs.`) under that word and dollars under the
zones. Established by several independent public readers of that workbook; nobody described what stands for parcels
over 150 lb, so a row that says `per pound` (or `per lb`) is taken as that, and its absence costs only those prices.
Zone codes carry the service in front (102, 132, 202, 242, 302 are all zone 2); 124, 125, 126, 224, 225 and 226 are
Alaska, Hawaii and the remote parts of both (44, 45, 46). Sheets of other names, Simple Rate among them, are not read.
"""

import re

from lib.models.rate_cards import GridRow
from lib.rating.cards.cells import BadCell, Problems, money, slug
from lib.rating.cards.sheets import Line, Sheet

LAYOUT = "UPS daily rates workbook"
_SERVICES = {
    "ground": "ground", "3da_select": "three_day_select", "3da": "three_day_select",
    "3_day_select": "three_day_select", "2da": "second_day_air", "2nd_day_air": "second_day_air",
    "2da_a_m": "second_day_air_am", "2da_am": "second_day_air_am", "2nd_day_air_a_m": "second_day_air_am",
    "nda_saver": "next_day_air_saver", "next_day_air_saver": "next_day_air_saver",
    "nda": "next_day_air", "next_day_air": "next_day_air",
    "nda_early": "next_day_air_early", "nda_a_m": "next_day_air_early", "nda_am": "next_day_air_early",
    "next_day_air_early": "next_day_air_early",
}  # fmt: skip
_EMPTY = frozenset({"", "-", "\N{EN DASH}", "n/a", "na"})
_POUNDS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:lbs?\.?|pounds?)?\*?", re.IGNORECASE)
_PER_POUND = re.compile(r"per\s*(?:lb|pound)|price/lb", re.IGNORECASE)
_LETTER_LB = 0.5
_LAST_ROW_LB = 150
_BELOW_CODES = 100
_REMOTE = 2


def service_of(sheet: Sheet) -> str | None:
    """The service whose prices a sheet of that name holds."""
    return _SERVICES.get(slug(sheet.name).removeprefix("ups_"))


def is_ups_workbook(sheets: list[Sheet]) -> bool:
    """Whether some sheet is named after a UPS service and has a row of zones."""
    return any(service_of(sheet) and any(_zones_at(line) for line in sheet.lines) for sheet in sheets)


def read_ups_workbook(sheets: list[Sheet], problems: Problems, notes: list[str]) -> list[GridRow]:
    """Every price of the sheets that are named after a service."""
    rows: list[GridRow] = []
    for sheet in sheets:
        service = service_of(sheet)
        if service is not None:
            rows += _read_sheet(sheet, service, problems)
    others = [sheet.name for sheet in sheets if service_of(sheet) is None]
    if others:
        notes.append(f"Not read, as they are not prices of a service within the US: {', '.join(others)}.")
    return rows


def base_zone(code: int) -> int:
    """The zone as our charts have it: 302 is 2, 224 is 44."""
    if code < _BELOW_CODES:
        return code
    return 40 + code % 10 if code // 10 % 10 == _REMOTE else code % 10


def _zones_at(line: Line) -> tuple[int, dict[int, int]] | None:
    """Where the word stands and the zone per column after it; None for a line that is no header."""
    for start, cell in enumerate(line.cells):
        if slug(cell) in {"zone", "zones"}:
            zones = {
                column: base_zone(int(line.cell(column)))
                for column in range(start + 1, len(line.cells))
                if line.cell(column).isdigit()
            }
            return (start, zones) if zones else None
    return None


def _read_sheet(sheet: Sheet, service: str, problems: Problems) -> list[GridRow]:
    found: dict[tuple[str, float | None], GridRow] = {}
    start, zones = -1, dict[int, int]()
    for line in sheet.lines:
        header = _zones_at(line)
        if header is not None:
            start, zones = header
            continue
        kind = _row_kind(line.cell(start)) if zones else None
        if kind is None:
            continue
        package, weight = kind
        prices = _prices(line, zones, problems, sheet.name)
        row = found.get((package, weight))
        if row is None:
            found[package, weight] = GridRow(
                line=line.number, provider="ups", price_list="daily", service=service, package=package,
                max_weight_lb=weight, prices=prices,
            )  # fmt: skip
        elif any(row.prices.get(zone, cents) != cents for zone, cents in prices.items()):
            problems.add(
                line.number, f"has other prices than line {row.line} for the same weight; one of them must go",
                sheet=sheet.name,
            )  # fmt: skip
        else:
            row.prices.update(prices)
    if not found:
        problems.add(1, "no row with the word Zones and weights below it was found", sheet=sheet.name)
    return sorted(found.values(), key=lambda row: (row.package, row.max_weight_lb or 0))


def _row_kind(label: str) -> tuple[str, float | None] | None:
    """Package and weight of a row; None for a row that is no price."""
    if _PER_POUND.search(label):
        return "per_lb_over_150", None
    if "letter" in label.lower():
        return "letter", _LETTER_LB
    pounds = _POUNDS.fullmatch(label)
    if pounds is None or not 0 < float(pounds[1]) <= _LAST_ROW_LB:
        return None
    return "package", float(pounds[1])


def _prices(line: Line, zones: dict[int, int], problems: Problems, sheet: str) -> dict[str, int]:
    prices = {}
    for column, zone in zones.items():
        text = line.cell(column)
        if text.lower() in _EMPTY:
            continue
        try:
            prices[str(zone)] = money(text)
        except BadCell as error:
            problems.add(line.number, str(error), column=f"zone {zone}", sheet=sheet)
    return prices
