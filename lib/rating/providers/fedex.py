"""FedEx at its standard list rates, and FedEx One Rate."""

import numpy as np

from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.delivery_area import DELIVERY_AREA_TIERS, fedex_delivery_area
from lib.rating.lots import Lot, packages_where, per_package
from lib.rating.parcel_fees import GroupTerms, Measured, fuel_rate, measure, residential_fee, size_fees
from lib.rating.price_lists import list_for
from lib.rating.pricing import Answer, Base, PriceRow, Refusal, ServicePrices, Surcharge, Zones, add_up
from lib.rating.providers.base import packing_refusal, zone_refusal, zones_of
from lib.rating.providers.flat import flat_prices
from lib.rating.rules import parcel_rules
from lib.rating.services import FEDEX_EXPRESS, FEDEX_GROUND, FEDEX_ONE_RATE, Service
from lib.rating.sizes import is_estimate, limits_in_words, within
from lib.rating.tariffs import Tariff

_CUSTOM = "fedex_custom_package"
_OWN = packages_where(lambda each: each.code == _CUSTOM, own_box=True)
_BY_WEIGHT = packages_where(lambda each: each.carrier == "fedex" and each.rate_package is not None, own_box=True)
_ONE_RATE = packages_where(lambda each: each.carrier == "fedex" and each.flat_package is not None, own_box=False)
_ENVELOPES = packages_where(lambda each: each.carrier == "fedex" and each.rate_package == "envelope", own_box=False)
_HAS_DIMENSIONS = per_package(lambda each: float(each.code in {_CUSTOM, "fedex_10kg_box", "fedex_25kg_box"}), 1.0)
_LEAST = per_package(lambda each: each.min_billable_lb or 0.0, 0.0)
_MOST = per_package(lambda each: each.max_weight_lb or np.inf, np.inf)
_LAST_ROW_LB = 150.0
_AREA_LIST = "FedEx delivery area ZIP list of Jun 2, 2025"
_IN_ONE_RATE = "residential delivery, delivery area and fuel"
_INTRA_HAWAII = DELIVERY_AREA_TIERS.index("intra_hawaii")


class FedEx:
    """FedEx. Ground to a home is Home Delivery; FedEx packaging travels by Express only."""

    connected = False
    blocking = False

    def describe(self, team: TeamSettings) -> Provider:  # noqa: ARG002
        """FedEx as shown with a rate."""
        return Provider(id="fedex", name="FedEx", support_phone="1-800-463-3339", support_url="https://www.fedex.com")

    def price(self, lot: Lot) -> Answer:
        """Standard list rates by weight, and One Rate where FedEx packaging is named."""
        rules = parcel_rules("fedex")
        ground, express = zones_of(lot, "fedex_ground"), zones_of(lot, "fedex_express")
        measured = measure(lot, rules, dimensional=_HAS_DIMENSIONS, least=_LEAST)
        holds = lot.weight <= _MOST[lot.package]
        fits = {key: lot.every(within(measured.size, lot.weight, rules.limits[key]) & holds) for key in rules.limits}
        refusals = packing_refusal(lot, _BY_WEIGHT, "FedEx")
        refusals.append(
            Refusal(
                ~(fits["ground"] | fits["express"]),
                f"Above what FedEx takes: {limits_in_words(rules.limits['express'])}, or more than the packaging holds",
            )
        )
        refusals.append(zone_refusal(lot, express, "FedEx"))
        refusals.append(
            Refusal(
                ~lot.every(measured.billing.billable <= _LAST_ROW_LB),
                f"The FedEx list ends at {_LAST_ROW_LB:g} lb; this is billed above that",
            )
        )
        prices: list[ServicePrices] = []
        own, ours = lot.packed_in(_OWN), lot.packed_in(_BY_WEIGHT)
        area = _area_fee(lot)
        for services, zones, group, packed in (
            (FEDEX_GROUND, ground, "ground", own),
            (FEDEX_EXPRESS, express, "express", ours),
        ):
            if packed is not None and not packed.any():
                continue
            offered = fits[group] if packed is None else fits[group] & lot.every(packed)
            terms = GroupTerms(
                surcharges=(
                    *size_fees(lot, rules, measured, lot.by_parcel(zones.zone), oversize_label="Oversize"),
                    *residential_fee(lot, rules, services[0].group),
                    *area,
                ),
                fuel=fuel_rate(lot, rules, services[0].group),
                offered=offered,
            )
            for service in services:
                prices.extend(_by_weight(lot, service, zones, measured, terms))
        if any(index in _ONE_RATE for index in lot.packages):
            for service in FEDEX_ONE_RATE:
                prices.extend(
                    flat_prices(
                        lot,
                        service,
                        price_list="one_rate",
                        zones=express,
                        measured=measured,
                        offered=fits["express"],
                        includes=_IN_ONE_RATE,
                    )
                )
        return Answer(tuple(prices), tuple(refusals))


def _area_fee(lot: Lot) -> list[Surcharge]:
    """The delivery area fee per parcel by destination ZIP, nothing when no ZIP of the lot has one."""
    known = lot.destination_zip >= 0
    tier = np.where(known, fedex_delivery_area()[np.where(known, lot.destination_zip, 0)], 0)
    if not tier.any():
        return []
    fees = parcel_rules("fedex").delivery_area
    home, business, texts = [0], [0], [""]
    for name in DELIVERY_AREA_TIERS[1:]:
        suffix = "_extended" if name == "extended" else ""
        keys = (f"residential{suffix}", f"commercial{suffix}") if name in {"standard", "extended"} else (name, name)
        amounts = [fees[key].cents if key in fees else 0 for key in keys]
        home.append(amounts[0])
        business.append(amounts[1])
        texts.append(f"{name.replace('_', ' ').capitalize()} area by the {_AREA_LIST}")
    by_home, by_business = np.array(home, np.int64), np.array(business, np.int64)
    cents = np.where(lot.residential, by_home[tier], by_business[tier])
    return [
        Surcharge(
            code="delivery_area",
            label="Delivery area",
            cents=lot.by_parcel(cents),
            rules=tuple(texts),
            case=lot.by_parcel(tier.astype(np.int64)),
            estimate=is_estimate(fees["commercial"].status),
        )
    ]


def _by_weight(lot: Lot, service: Service, zones: Zones, measured: Measured, terms: GroupTerms) -> list[ServicePrices]:
    found = list_for("fedex", "list", service.key, lot.on, "package", cards=lot.cards)
    if found is None:
        return []
    published, info = found
    offered = terms.offered
    if service.group == "ground":
        offered = offered & (lot.residential == (service.key == "home_delivery"))
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
            offered=offered,
            notes=_notes(lot),
        )
    ]


def _notes(lot: Lot) -> tuple[str, ...]:
    zips = lot.destination_zip
    if len(zips) == 1 and zips[0] >= 0 and fedex_delivery_area()[zips[0]] == _INTRA_HAWAII:
        return ("FedEx may add an intra-Hawaii area fee here; its amount is not published, so it is not in.",)
    return ()


def _base(lot: Lot, published: Tariff, service: Service, zones: Zones, measured: Measured) -> Base:
    zone = lot.by_parcel(zones.zone)
    base = Base.empty(lot)
    envelopes = [index for index in lot.packages if index in _ENVELOPES]
    envelope_grid = published.grids.get((service.key, "envelope"))
    if envelopes and envelope_grid is not None:
        row = PriceRow("envelope", flat=False, grid=envelope_grid, weight=lot.weight)
        base.read(row, zone, np.isin(lot.package, envelopes))
    grid = published.grids[service.key, "package"]
    base.read(PriceRow("package", flat=False, grid=grid, weight=measured.billing.billable), zone)
    return base
