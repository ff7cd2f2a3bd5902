"""Prices by the team's cards: its own prices in place of the list's, discounts on the list, up-charges on top.

A negotiated price replaces the base price of the list line that the carrier's rules chose (service, packaging,
billable weight, zone); fees stay the published ones, fuel is on what is then due. It holds only for a shipment of
which it prices every parcel; otherwise an adjustment does, as a line of its own on the list's base price. What the
published list would have charged stays beside it as `retail`.
"""

from dataclasses import dataclass, replace

import numpy as np

from lib.models.rate_cards import dollars
from lib.rating.cards.book import CardHead, Change
from lib.rating.cards.cells import CARRIERS
from lib.rating.lots import Bools, Ints, Lot
from lib.rating.price_lists import plain_date
from lib.rating.pricing import Answer, Base, ListInfo, ServicePrices, Surcharge, UpCharge, add_up
from lib.rating.tariffs import NO_PRICE

_BPS = 10_000
# No price of a parcel but of a pound; what is that heavy stays on the list.
_BY_THE_POUND = "per_lb_over_150"
_PUBLISHED_FEES = "Fees and fuel are the published ones."


def with_cards(lot: Lot, answer: Answer) -> Answer:
    """A provider's answer with the team's cards applied to every price of it."""
    if not lot.cards.changes_prices:
        return answer
    return replace(answer, prices=tuple(_priced(lot, prices) for prices in answer.prices))


def _priced(lot: Lot, listed: ServicePrices) -> ServicePrices:
    prices, retail = _billed(lot, listed) if listed.service.provider in CARRIERS else (listed, None)
    charge = _upcharge(lot, prices)
    # One copy for both: copying is what most of the time here goes into.
    return prices if retail is None and charge is None else replace(prices, retail=retail, upcharge=charge)


def _upcharge(lot: Lot, prices: ServicePrices) -> UpCharge | None:
    found = lot.cards.change_on("upcharge", prices.service, lot.on)
    if found is None:
        return None
    head, change = found
    cents = np.where(prices.total >= 0, _part(prices.total, change.bps) + change.cents, 0)
    return UpCharge(cents, f"{_words(change)}, by {_named(head)}")


def _billed(lot: Lot, listed: ServicePrices) -> tuple[ServicePrices, Ints | None]:
    """What the team pays, and the published totals [S] where that is something else."""
    own = _own_prices(lot, listed)
    discount = None if own is not None and own.whole else _discount(lot, listed, own)
    if own is None and discount is None:
        return listed, None
    whole = own is not None and own.whole
    billed = add_up(
        lot,
        service=listed.service,
        price_list=_info(own.head) if own is not None and whole else listed.price_list,
        zones=listed.zones,
        base=listed.base if own is None else own.base,
        billing=listed.billing,
        surcharges=listed.surcharges if discount is None else (discount, *listed.surcharges),
        fuel=listed.fuel,
        offered=listed.total >= 0,
        notes=(*listed.notes, *_notes(listed, whole=whole)),
    )
    return billed, listed.total


def _discount(lot: Lot, listed: ServicePrices, own: "_OwnPrices | None") -> Surcharge | None:
    """The adjustment of the base prices that are the list's."""
    found = lot.cards.change_on("adjustment", listed.service, lot.on)
    if found is None or not found[1].bps:
        return None
    cents = _part(listed.base.cents, found[1].bps)
    return Surcharge(
        code="adjustment",
        label="Adjustment",
        cents=cents if own is None else np.where(lot.by_parcel(own.used), 0, cents),
        rules=(f"{_words(found[1])} on the base price, by {_named(found[0])}",),
        estimate=False,
    )


@dataclass(frozen=True, slots=True)
class _OwnPrices:
    """Base prices in which the team's own stand for the shipments `used` [S]; `whole` if that is every one."""

    base: Base
    used: Bools
    whole: bool
    head: CardHead


def _own_prices(lot: Lot, listed: ServicePrices) -> _OwnPrices | None:
    """The team's own prices where a card has them for every parcel of a shipment; None where there is none."""
    provider, key = listed.service.provider, listed.service.key
    cards = [
        lot.cards.grids_on(provider, (key, row.grid.package), lot.on) if row.grid.package != _BY_THE_POUND else None
        for row in listed.base.rows
    ]
    if not any(cards):
        return None
    zone = lot.by_parcel(listed.zones.zone) if listed.zones is not None else np.zeros(len(lot.owner), np.int64)
    own = Base.empty(lot)
    for index, found in enumerate(cards):
        if found is not None:
            own.read(replace(listed.base.rows[index], grid=found[1]), zone, listed.base.row == index)
    used = lot.every(own.cents >= 0) & (listed.total >= 0)
    if not used.any():
        return None
    by_parcel = lot.by_parcel(used)
    merged = Base(
        cents=np.where(by_parcel, own.cents, listed.base.cents),
        row=np.where(by_parcel, own.row + len(listed.base.rows), listed.base.row),
        rows=[*listed.base.rows, *own.rows],
    )
    return _OwnPrices(merged, used, bool(used.all()), next(found[0] for found in cards if found is not None))


def _part(cents: Ints, bps: int) -> Ints:
    """That many hundredths of a percent, rounded half up in size to the cent; below zero for a discount."""
    size = (np.abs(cents) * abs(bps) + _BPS // 2) // _BPS
    return size if bps >= 0 else -size


def _info(head: CardHead) -> ListInfo:
    return ListInfo(name=head.name, effective=head.effective, until=head.until, in_period=True)


def _notes(listed: ServicePrices, *, whole: bool) -> list[str]:
    total = int(listed.total[0]) if len(listed.total) == 1 else NO_PRICE
    if total < 0:
        return []
    published = f"The published price is {dollars(total)}, by {listed.price_list.name}."
    return [published, _PUBLISHED_FEES] if whole else [published]


def _words(change: Change) -> str:
    parts = [f"{change.bps / 100:+g} %"] if change.bps or not change.cents else []
    return " and ".join([*parts, *([f"+{dollars(change.cents)}"] if change.cents else [])])


def _named(head: CardHead) -> str:
    return f"rate card “{head.name}” of {plain_date(head.effective)}"
