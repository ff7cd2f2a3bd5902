"""UPS at its daily rates, and UPS Simple Rate."""

import numpy as np

from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.lots import Lot, packages_where, per_package
from lib.rating.parcel_fees import GroupTerms, Measured, fuel_rate, measure, residential_fee, size_fees
from lib.rating.price_lists import list_for
from lib.rating.pricing import Answer, Base, PriceRow, Refusal, ServicePrices, Zones, add_up
from lib.rating.providers.base import packing_refusal, zone_refusal, zones_of
from lib.rating.providers.flat import flat_prices
from lib.rating.rules import parcel_rules
from lib.rating.services import GROUPS, UPS, UPS_SIMPLE_RATE, Service
from lib.rating.sizes import limits_in_words, within
from lib.rating.tariffs import Tariff

_IN_SIMPLE_RATE = "fuel, residential and area fees"
_CUSTOM = "ups_custom_package"
_BOXES = packages_where(lambda each: each.code == _CUSTOM or "box" in each.code, own_box=True)
_LETTERS = packages_where(lambda each: each.carrier == "ups" and each.rate_package == "letter", own_box=False)
_BY_WEIGHT = packages_where(lambda each: each.carrier == "ups" and each.rate_package is not None, own_box=True)
_SIMPLE = packages_where(lambda each: each.carrier == "ups" and each.flat_package is not None, own_box=False)
_HAS_DIMENSIONS = per_package(lambda each: float(each.code == _CUSTOM or "box" in each.code), 1.0)
_NO_LEAST = per_package(lambda _: 0.0, 0.0)
_MOST = per_package(lambda each: each.max_weight_lb or np.inf, np.inf)
_LAST_ROW_LB = 150.0
_NO_AREA_FEE = "UPS may add a delivery area fee at some ZIP Codes; its ZIP list is not published here, so it is not in."


class Ups:
    """UPS, contiguous states and where its chart names Alaska and Hawaii."""

    connected = False
    blocking = False

    def describe(self, team: TeamSettings) -> Provider:  # noqa: ARG002
        """UPS as shown with a rate."""
        return Provider(id="ups", name="UPS", support_phone="1-800-742-5877", support_url="https://www.ups.com")

    def price(self, lot: Lot) -> Answer:
        """Daily rates for own boxes and UPS Express packaging, Simple Rate where that packaging is named."""
        rules = parcel_rules("ups")
        zones = zones_of(lot, "ups")
        measured = measure(lot, rules, dimensional=_HAS_DIMENSIONS, least=_NO_LEAST)
        limits = rules.limits["ground"]
        fits = lot.every(within(measured.size, lot.weight, limits) & (lot.weight <= _MOST[lot.package]))
        refusals = packing_refusal(lot, _BY_WEIGHT | _SIMPLE, "UPS")
        refusals.append(
            Refusal(~fits, f"Above what UPS takes: {limits_in_words(limits)}, or more than the packaging holds")
        )
        refusals.append(zone_refusal(lot, zones, "UPS"))
        prices: list[ServicePrices] = []
        by_weight = lot.packed_in(_BY_WEIGHT)
        if by_weight is None or by_weight.any():
            offered = fits if by_weight is None else fits & lot.every(by_weight)
            extras = size_fees(lot, rules, measured, lot.by_parcel(zones.zone), oversize_label="Large package")
            terms = {
                group: GroupTerms(
                    surcharges=(*extras, *residential_fee(lot, rules, group)),
                    fuel=fuel_rate(lot, rules, group),
                    offered=offered,
                )
                for group in GROUPS
            }
            for service in UPS:
                prices.extend(_daily(lot, service, zones, measured, terms[service.group]))
        if any(index in _SIMPLE for index in lot.packages):
            for service in UPS_SIMPLE_RATE:
                prices.extend(
                    flat_prices(
                        lot,
                        service,
                        price_list="simple_rate",
                        zones=zones,
                        measured=measured,
                        offered=fits,
                        includes=_IN_SIMPLE_RATE,
                    )
                )
        return Answer(tuple(prices), tuple(refusals))


def _daily(lot: Lot, service: Service, zones: Zones, measured: Measured, terms: GroupTerms) -> list[ServicePrices]:
    found = list_for("ups", "daily", service.key, lot.on, "package", cards=lot.cards)
    if found is None:
        return []
    published, info = found
    return [
        add_up(
            lot,
            service=service,
            price_list=info,
            zones=zones,
            base=_base(lot, published, service, zones, measured),
            billing=measured.billing,
            surcharges=terms.surcharges,
            fuel=terms.fuel,
            offered=terms.offered,
            notes=(_NO_AREA_FEE,),
        )
    ]


def _base(lot: Lot, published: Tariff, service: Service, zones: Zones, measured: Measured) -> Base:
    zone, billable = lot.by_parcel(zones.zone), measured.billing.billable
    base = Base.empty(lot)
    letters = [index for index in lot.packages if index in _LETTERS]
    letter_grid = published.grids.get((service.key, "letter"))
    if letters and letter_grid is not None:
        row = PriceRow("letter", flat=False, grid=letter_grid, weight=lot.weight)
        base.read(row, zone, np.isin(lot.package, letters))
    grid = published.grids[service.key, "package"]
    base.read(PriceRow("package", flat=False, grid=grid, weight=billable), zone)
    heavy = billable > _LAST_ROW_LB
    per_pound = published.grids.get((service.key, "per_lb_over_150"))
    if heavy.any() and per_pound is not None:
        per_lb = per_pound.cents_for(billable, zone)
        last = grid.cents_for(np.full_like(billable, _LAST_ROW_LB), zone)
        # Next Day Air Early times its pounds would fall below its own 150 lb price.
        cents = np.maximum((per_lb * np.where(heavy, billable, 0)).astype(np.int64), last)
        row = PriceRow("per pound over 150 lb", flat=False, grid=per_pound, weight=billable)
        base.put(cents, row, heavy & (per_lb >= 0) & (last >= 0))
    return base
