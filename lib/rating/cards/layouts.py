"""The project's own simple layouts: a header line, then one line per price or change. See `templates`."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lib.models.options import PROVIDERS
from lib.models.rate_cards import BandRow, ChangeRow, GridRow
from lib.rating.cards.cells import (
    ALL_ZONES,
    CARRIERS,
    MOST_MILES,
    MOST_WEIGHT_LB,
    BadCell,
    Problems,
    money,
    one_of,
    packages_of,
    percent,
    service_level,
    service_name,
    services_of,
    slug,
    whole_cents,
    within,
    zones_of,
)
from lib.rating.cards.sheets import Line, Sheet

Value = TypeVar("Value")

SUREPOST = "upssurepost"
_ALIASES = {"weight_max_lb": "max_weight_lb", "carrier": "provider", "price": "price_usd", "amount": "amount_usd"}
_ZONE = re.compile(r"(?:zone_?)?(\d{1,3})")
_MOST_NAME = 60


@dataclass(frozen=True, slots=True)
class Record:
    """A line under the header; reading a cell that is wrong notes the problem and gives None."""

    line: Line
    columns: dict[str, int]
    problems: Problems
    sheet: str

    def text(self, column: str) -> str:
        """The cell of that column, empty where there is none."""
        return self.line.cell(self.columns.get(column, -1))

    def read(self, column: str, reader: Callable[[str], Value], *, needed: bool = True) -> Value | None:
        """The cell as read; None when it is empty or wrong."""
        text = self.text(column)
        if not text:
            if needed:
                self.problem("is empty; give a value", column)
            return None
        try:
            return reader(text)
        except BadCell as error:
            self.problem(str(error), column)
            return None

    def problem(self, message: str, column: str | None = None) -> None:
        """Note what is wrong with this line."""
        self.problems.add(self.line.number, message, column=column, sheet=self.sheet)


def header_fields(sheet: Sheet) -> dict[str, str]:
    """What `# key: value` lines above the header say."""
    found = {}
    for line in sheet.lines:
        if line.cell(0).startswith("#"):
            key, colon, value = ",".join(line.cells).lstrip("# ").partition(":")
            if colon:
                found[slug(key)] = value.strip(" ,")
    return found


def column_names(sheet: Sheet) -> list[str]:
    """The names in the header line, in our spelling."""
    header = next((line for line in sheet.lines if not line.cell(0).startswith("#")), None)
    return [] if header is None else [_column_name(slug(cell)) for cell in header.cells]


def _column_name(name: str) -> str:
    zone = _ZONE.fullmatch(name)
    return zone[1].lstrip("0") if zone else _ALIASES.get(name, name)


def read_bands(sheet: Sheet, provider: str, problems: Problems) -> list[BandRow]:
    """Prices of couriers by weight and distance; SurePost by distance has no courier and service level columns."""
    surepost = provider == SUREPOST
    names = [] if surepost else ["courier", "service_level"]
    rows = []
    for record in _records(sheet, [*names, "max_weight_lb", "max_miles", "price_usd"], ["provider"], problems):
        before = problems.count
        courier = "UPS SurePost" if surepost else record.read("courier", _courier)
        level = "ground" if surepost else record.read("service_level", service_level)
        weight = record.read("max_weight_lb", _weight)
        miles = record.read("max_miles", lambda text: within(text, MOST_MILES, "miles"))
        price = record.read("price_usd", money)
        if problems.count == before:
            rows.append(
                BandRow.model_validate(
                    {
                        "line": record.line.number, "provider": provider, "courier": courier, "service_level": level,
                        "max_weight_lb": weight, "max_miles": miles, "price": price,
                    }
                )
            )  # fmt: skip
    return rows


def _courier(text: str) -> str:
    if len(text) > _MOST_NAME or not slug(text):
        raise BadCell(f"“{text[:_MOST_NAME]}” is no name of a courier; write 1 to {_MOST_NAME} letters")
    return text


def _weight(text: str) -> float:
    return within(text, MOST_WEIGHT_LB, "lb")


def read_changes(sheet: Sheet, kind: str, problems: Problems) -> list[ChangeRow]:
    """Discounts (`adjustment`: percent only) or up-charges (percent and dollars) by provider and service."""
    upcharge = kind == "upcharge"
    columns = ["provider", "service", "percent", *(["amount_usd"] if upcharge else [])]
    rows = []
    for record in _records(sheet, columns, [], problems):
        before = problems.count
        provider = record.read("provider", _upcharged if upcharge else _adjusted, needed=not upcharge)
        service = _changed_service(record, provider)
        change = record.read("percent", percent, needed=not upcharge) or 0.0
        amount = record.read("amount_usd", money, needed=False) if upcharge else 0
        if upcharge and change < 0:
            record.problem("an up-charge is 0 or more; a discount goes into a card of adjustments", "percent")
        if problems.count == before:
            rows.append(
                ChangeRow.model_validate(
                    {
                        "line": record.line.number, "provider": provider, "service": service, "percent": change,
                        "amount": amount or 0,
                    }
                )
            )  # fmt: skip
    return rows


def _adjusted(text: str) -> str:
    return one_of(text, CARRIERS, "provider")


def _upcharged(text: str) -> str:
    return one_of(text, PROVIDERS, "provider")


def _changed_service(record: Record, provider: str | None) -> str | None:
    if not record.text("service"):
        return None
    if provider is None or not services_of(provider):
        if not record.text("provider") or provider is not None:
            record.problem("leave it empty here: only ups, fedex, usps and upssurepost have named services", "service")
        return None
    return record.read("service", lambda text: service_name(provider, text))


def read_grids(sheet: Sheet, problems: Problems, *, published: bool) -> list[GridRow]:
    """Prices by zone and weight. Under a `# carrier:` line they are whole cents, otherwise dollars."""
    fields = header_fields(sheet)
    fixed = {name: fields[key] for key, name in (("carrier", "provider"), ("code", "price_list")) if key in fields}
    price = whole_cents if "provider" in fixed else money
    needed = [name for name in ("provider", *(["price_list"] if published else [])) if name not in fixed]
    zones = [name for name in column_names(sheet) if name == ALL_ZONES or _ZONE.fullmatch(name)]
    rows = []
    for record in _records(sheet, [*needed, "service", "package", "max_weight_lb"], zones, problems):
        row = _grid_row(record, zones, fixed, price, published=published)
        if row is not None:
            rows.append(row)
    if not zones and sheet.lines:
        problems.add(sheet.lines[0].number, "no column is a zone; add columns such as 2, 3, 4 or all", sheet=sheet.name)
    return rows


def _grid_row(
    record: Record, zones: Sequence[str], fixed: dict[str, str], price: Callable[[str], int], *, published: bool
) -> GridRow | None:
    before = record.problems.count
    known = CARRIERS if published else (*CARRIERS, SUREPOST)
    given = fixed.get("provider") or record.read("provider", lambda text: one_of(text, known, "provider"))
    if given is None or given not in known:
        if given is not None:
            record.problem(f"the file is of “{given}”; known are {', '.join(known)}")
        return None
    provider: str = given
    service = record.read("service", lambda text: services_of(provider)[service_name(provider, text)].key)
    package = record.read("package", lambda text: _package(text, provider, service)) if service else None
    weight = record.read("max_weight_lb", _weight, needed=False)
    code = None
    if published and "price_list" in fixed:
        code = _fixed_price_list(record, fixed["price_list"], provider)
    elif published:
        code = record.read("price_list", lambda text: _price_list(text, provider))
    prices = {}
    for zone in zones:
        cents = record.read(zone, price, needed=False)
        if cents is not None:
            prices[zone] = cents
            _check_zone(record, provider, zone)
    if not prices and record.problems.count == before:
        record.problem("has no price; give one under at least one zone")
    if record.problems.count > before:
        return None
    return GridRow.model_validate(
        {
            "line": record.line.number, "provider": provider, "price_list": code,
            "service": service, "package": package, "max_weight_lb": weight, "prices": prices,
        }
    )  # fmt: skip


def _package(text: str, provider: str, service: str | None) -> str:
    """A package is spelled as in the lists; `cubic_0.10` has a point that a slug would lose."""
    known = packages_of(provider, service or "")
    return text if text in known else one_of(text, known, f"package of {provider} {service}")


def _price_list(text: str, provider: str) -> str:
    return one_of(text, PRICE_LISTS[provider], f"price list of {provider}")


def _fixed_price_list(record: Record, text: str, provider: str) -> str | None:
    try:
        return _price_list(text, provider)
    except BadCell as error:
        record.problem(f"the file says code: {text}, but {error}")
        return None


PRICE_LISTS = {"ups": ("daily", "simple_rate"), "fedex": ("list", "one_rate"), "usps": ("retail", "commercial")}


def _check_zone(record: Record, provider: str, zone: str) -> None:
    if zone not in zones_of(provider):
        known = sorted(zones_of(provider) - {ALL_ZONES}, key=int)
        record.problem(f"{provider} has no zone {zone}; its zones are {', '.join(known)}", zone)


def _records(sheet: Sheet, required: Sequence[str], optional: Sequence[str], problems: Problems) -> Iterator[Record]:
    lines = iter(line for line in sheet.lines if not line.cell(0).startswith("#"))
    header = next(lines, None)
    names = column_names(sheet)
    number = header.number if header else 1
    missing = [name for name in required if name not in names]
    if missing:
        problems.add(
            number, f"the header lacks {', '.join(missing)}; it has to name {', '.join(required)}", sheet=sheet.name
        )
        return
    allowed = {*required, *optional, "currency", ""}
    unknown = [name for name in names if name not in allowed]
    if unknown or len(set(filter(None, names))) < len([name for name in names if name]):
        wrong = ", ".join(unknown) or "a name twice"
        problems.add(number, f"the header has {wrong}; it has to name {', '.join(required)}", sheet=sheet.name)
        return
    columns = {name: index for index, name in enumerate(names) if name}
    for line in lines:
        record = Record(line, columns, problems, sheet.name)
        if record.text("currency") and record.text("currency").lower() != "usd":
            record.problem(f"“{record.text('currency')}” cannot be used; prices are in usd", "currency")
            continue
        if any(line.cells[len(names) :]):
            record.problem(f"has {len(line.cells)} cells, the header {len(names)}")
            continue
        yield record
