"""What a card would change: every price of it beside the one that holds without it."""

from collections.abc import Iterable, Mapping
from math import isinf

from lib.models.rate_cards import (
    BandRow,
    CardReport,
    CardRow,
    ChangeRow,
    GridRow,
    PriceChange,
    RateCardUpload,
    RateCardWithRows,
    dollars,
)
from lib.rating.cards.book import CardBook
from lib.rating.cards.cells import ALL_ZONES
from lib.rating.cards.reading import ReadCard, pounds
from lib.rating.price_lists import list_for
from lib.rating.tariffs import PriceGrid

Prices = Mapping[str, str]

_EXAMPLES_EACH = 8
_EVERYTHING = "everything"


def report(upload: RateCardUpload, read: ReadCard, kept: Iterable[RateCardWithRows], book: CardBook) -> CardReport:
    """The report of a dry run, beside the cards that are kept now and the book that is made of them."""
    found = CardReport(
        kind=upload.kind,
        name=upload.name,
        effective=upload.effective,
        until=upload.until,
        layout=read.layout,
        rows_read=len(read.rows),
        problems=read.problems.first,
        problem_count=read.problems.count,
        notes=read.notes,
    )
    if read.problems.count:
        return found
    if upload.kind == "published":
        before, found.replaces = _published_before(upload, read.rows, book)
    else:
        before, found.replaces = _cards_before(upload, read.rows, kept)
    _count(found, before, _prices(read.rows))
    return found


def _count(found: CardReport, before: Prices, after: Prices) -> None:
    added, changed, removed = [], [], []
    for what in {**before, **after}:
        change = PriceChange(what=what, before=before.get(what), after=after.get(what))
        if change.before is None:
            added.append(change)
        elif change.after is None:
            removed.append(change)
        elif change.before != change.after:
            changed.append(change)
    found.added, found.changed, found.removed = len(added), len(changed), len(removed)
    found.unchanged = len(after) - len(added) - len(changed)
    found.examples = [*changed[:_EXAMPLES_EACH], *added[:_EXAMPLES_EACH], *removed[:_EXAMPLES_EACH]]


def _prices(rows: Iterable[CardRow]) -> dict[str, str]:
    """Every price of the rows by what it is of, both in words."""
    found: dict[str, str] = {}
    for row in rows:
        if isinstance(row, GridRow):
            start = f"{row.provider} {row.price_list or ''}".strip()
            for zone, cents in row.prices.items():
                place = "all zones" if zone == ALL_ZONES else f"zone {zone}"
                found[f"{start}, {row.service}, {row.package}, up to {pounds(row)}, {place}"] = dollars(cents)
        elif isinstance(row, BandRow):
            reach = f"up to {row.max_weight_lb:g} lb and {row.max_miles:g} miles"
            found[f"{row.courier}, {row.service_level}, {reach}"] = dollars(row.price)
        else:
            found[_subject(row)] = " and ".join(
                part for part in (f"{row.percent:+g} %", f"+{dollars(row.amount)}" if row.amount else "") if part
            )
    return found


def _subject(row: ChangeRow) -> str:
    return " ".join(part for part in (row.provider, row.service) if part) or _EVERYTHING


def _published_before(upload: RateCardUpload, rows: list[CardRow], book: CardBook) -> tuple[Prices, list[str]]:
    """The prices that hold on the first day without the card, of the services and packages that it prices."""
    found: dict[str, str] = {}
    names: dict[str, None] = {}
    for carrier, code, service, package in dict.fromkeys(
        (row.provider, row.price_list or "", row.service, row.package) for row in rows if isinstance(row, GridRow)
    ):
        held = list_for(carrier, code, service, upload.effective, package, cards=book)
        if held is None:
            continue
        tariff, info = held
        names[f"{info.name}, effective {info.effective}"] = None
        grid_rows = _rows_of(tariff.grids[service, package], carrier, code)
        found.update(_prices(grid_rows))
    return found, list(names)


def _rows_of(grid: PriceGrid, carrier: str, code: str) -> list[GridRow]:
    names = [str(zone) if zone else ALL_ZONES for zone in grid.zones]
    return [
        GridRow.model_validate(
            {
                "line": index + 1,
                "provider": carrier,
                "price_list": code,
                "service": grid.service,
                "package": grid.package,
                "max_weight_lb": None if isinf(weight) else weight,
                "prices": {name: cents for name, cents in zip(names, row, strict=True) if cents >= 0},
            }
        )
        for index, (weight, row) in enumerate(zip(grid.weights.tolist(), grid.cents.tolist(), strict=True))
    ]


def _cards_before(
    upload: RateCardUpload, rows: Iterable[CardRow], kept: Iterable[RateCardWithRows]
) -> tuple[Prices, list[str]]:
    """The rows that the card takes over from: of the newest older card each, about the same couriers or prices."""
    about = {_about(row) for row in rows}
    found: list[CardRow] = []
    names: dict[str, None] = {}
    taken: dict[object, str] = {}
    newest = sorted(kept, key=lambda card: (card.effective, card.created_at, card.id), reverse=True)
    for card in newest:
        if card.kind != upload.kind or not card.covers(upload.effective):
            continue
        for row in card.rows:
            if _about(row) in about and taken.setdefault(_about(row), card.id) == card.id:
                found.append(row)
                names[f"{card.name}, effective {card.effective}"] = None
    return _prices(found), list(names)


def _about(row: CardRow) -> object:
    """What a newer card replaces as a whole."""
    if isinstance(row, GridRow):
        return row.provider, row.service, row.package
    if isinstance(row, BandRow):
        return row.provider, row.courier
    return row.provider, row.service
