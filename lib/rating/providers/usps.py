"""USPS at the retail or commercial list, whichever the team chose."""

import numpy as np

from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.lots import PACKAGE_LIST, Bools, Floats, Ints, Lot, packages_where
from lib.rating.price_lists import list_for, plain_date
from lib.rating.pricing import Answer, Base, Billing, PriceRow, Refusal, ServicePrices, Surcharge, Zones, add_up
from lib.rating.providers.base import packing_refusal, zone_refusal, zones_of
from lib.rating.rules import nonstandard_fee, usps_rules
from lib.rating.services import (
    GROUND_ADVANTAGE,
    GROUND_ADVANTAGE_CUBIC,
    LIBRARY_MAIL,
    MEDIA_MAIL,
    PRIORITY_MAIL,
    PRIORITY_MAIL_CUBIC,
    PRIORITY_MAIL_EXPRESS,
    PRIORITY_MAIL_EXPRESS_FLAT_RATE,
    PRIORITY_MAIL_FLAT_RATE,
    Service,
    Variant,
)
from lib.rating.sizes import Size, dimensional_weight, is_estimate, limits_in_words, rounded, size_of, within
from lib.rating.tariffs import Tariff

_OWN = packages_where(lambda each: each.code == "usps_custom_package", own_box=True)
_OURS = packages_where(lambda each: each.carrier == "usps", own_box=True)
_MILITARY_ONLY = "large_flat_rate_box_apo_fpo_dpo"
_IN3_PER_FT3 = 1728
_LONG, _LONGER, _LARGE_IN3 = 22, 30, 3456
_ROWS: dict[Variant, str] = {"": "parcel", "cubic": "cubic_0.10", "flat_rate": "flat_rate_envelope"}
_BY_SIZE = {"priority_mail_express", "priority_mail", "ground_advantage"}


class Usps:
    """USPS: every state, territory and military address."""

    connected = False
    blocking = False

    def describe(self, team: TeamSettings) -> Provider:  # noqa: ARG002
        """USPS as shown with a rate."""
        return Provider(id="usps", name="USPS", support_phone="1-800-275-8777", support_url="https://www.usps.com")

    def price(self, lot: Lot) -> Answer:
        """Prices by weight and zone for own boxes, flat rates where that packaging is named, cubic if commercial."""
        rules = usps_rules()
        zones = zones_of(lot, "usps")
        parcels = _Parcels(lot, zones)
        wide = rules.limits["ground_advantage"]
        refusals = packing_refusal(lot, _OURS, "USPS")
        refusals.append(Refusal(~lot.every(parcels.fits_wide), f"Above what USPS takes: {limits_in_words(wide)}"))
        refusals.append(zone_refusal(lot, zones, "USPS"))
        services: list[Service] = []
        if parcels.own is None or parcels.own.any():
            services += [PRIORITY_MAIL_EXPRESS, PRIORITY_MAIL, GROUND_ADVANTAGE]
            services += [each for each in (MEDIA_MAIL, LIBRARY_MAIL) if each.key in lot.team.books_only_services]
            if lot.team.usps_price_list == "commercial":
                services += [PRIORITY_MAIL_CUBIC, GROUND_ADVANTAGE_CUBIC]
        if parcels.flat:
            services += [PRIORITY_MAIL_EXPRESS_FLAT_RATE, PRIORITY_MAIL_FLAT_RATE]
        found = (parcels.prices(service) for service in services)
        return Answer(tuple(each for each in found if each is not None), tuple(refusals))


class _Parcels:
    """The parcels of a lot as USPS measures them, by parcel [P]."""

    def __init__(self, lot: Lot, zones: Zones) -> None:
        rules = usps_rules()
        self.lot, self.zones = lot, zones
        self.zone: Ints = lot.by_parcel(zones.zone)
        self.own: Bools | None = lot.packed_in(_OWN)
        self.flat = [index for index in lot.packages if index in _OURS and index not in _OWN]
        self.all_flat: Bools | None = None if self.own is None else lot.every(np.isin(lot.package, self.flat))
        self.size: Size = size_of(lot.sides)
        self.fits: Bools = within(self.size, lot.weight, rules.limits["usual"])
        self.fits_wide: Bools = within(self.size, lot.weight, rules.limits["ground_advantage"])
        self.by_size = self._billing(by_size=True)
        self.by_weight = self._billing(by_size=False)

    def _billing(self, *, by_size: bool) -> Billing:
        rule = usps_rules().dim_on(self.lot.on)
        size = rounded(self.lot.sides, rule)
        dimensional = np.zeros_like(self.lot.weight)
        if by_size:
            # USPS charges the 70 lb price where size alone would make it more.
            dimensional = np.minimum(dimensional_weight(size, rule), usps_rules().limits["usual"].max_weight_lb)
        billable = np.maximum(self.lot.weight, dimensional)
        return Billing(
            actual=self.lot.weight,
            dimensional=dimensional,
            billable=billable,
            rule=rule if by_size else None,
            sizes=size.sides,
        )

    def prices(self, service: Service) -> ServicePrices | None:
        """Price one service; None where the chosen list does not have it.

        A shipment wholly in flat rate packaging is a flat rate one; next to an own box it is priced by weight.
        """
        found = list_for(
            "usps",
            self.lot.team.usps_price_list,
            service.key,
            self.lot.on,
            _ROWS[service.variant],
            cards=self.lot.cards,
        )
        if found is None:
            return None
        published, info = found
        base = Base.empty(self.lot)
        by_size = service.key in _BY_SIZE and not service.variant
        billing = self.by_size if by_size else self.by_weight
        offered = self.zones.zone > 0
        if service.variant == "cubic":
            self._cubic(base, published, service)
        elif service.variant == "flat_rate":
            self._flat_rates(base, published, service)
            offered = offered if self.all_flat is None else offered & self.all_flat
        else:
            self._own_boxes(base, published, service, billing.billable)
            self._flat_rates(base, published, service)
            offered = offered if self.all_flat is None else offered & ~self.all_flat
        priced_by_size = service.key in _BY_SIZE and service.variant != "flat_rate"
        return add_up(
            self.lot,
            service=service,
            price_list=info,
            zones=self.zones,
            base=base,
            billing=billing,
            surcharges=self._nonstandard(service, published) if priced_by_size else [],
            offered=offered,
            notes=_notes(service),
        )

    def _own_boxes(self, base: Base, published: Tariff, service: Service, billable: Floats) -> None:
        grid = published.grids.get((service.key, "parcel"))
        if grid is None:
            return
        where = self.fits if self.own is None else self.fits & self.own
        row = PriceRow("parcel", flat=False, grid=grid, weight=billable)
        base.read(row, self.zone, None if where.all() else where)
        oversized = published.grids.get((service.key, "oversized"))
        wide = self.fits_wide & ~self.fits & (True if self.own is None else self.own)
        if oversized is not None and wide.any():
            base.read(PriceRow("oversized", flat=True, grid=oversized, weight=self.lot.weight), self.zone, wide)

    def _cubic(self, base: Base, published: Tariff, service: Service) -> None:
        rules = usps_rules()
        small = (self.size.longest <= rules.cubic_max_side_in) & (self.lot.weight <= rules.cubic_max_weight_lb)
        if self.own is not None:
            small &= self.own
        if not small.any():
            return
        for (key, name), grid in sorted(published.grids.items()):
            if key == service.key and name.startswith("cubic_"):
                tier = float(name.removeprefix("cubic_"))
                row = PriceRow(f"cubic tier {tier:.2f} ft³", flat=True, grid=grid, weight=self.lot.weight)
                base.read(row, self.zone, small & (self.size.volume <= tier * _IN3_PER_FT3 + 1e-6))

    def _flat_rates(self, base: Base, published: Tariff, service: Service) -> None:
        for index in self.flat:
            package = PACKAGE_LIST[index]
            grid = published.grids.get((service.key, package.flat_package or ""))
            if grid is None or (package.services and service.key not in package.services):
                continue
            where = self.lot.package == index
            if package.flat_package == _MILITARY_ONLY:
                where = where & self.lot.by_parcel(self.lot.military)
            base.read(PriceRow(package.label, flat=True, grid=grid, weight=self.lot.weight), self.zone, where)

    def _nonstandard(self, service: Service, published: Tariff) -> list[Surcharge]:
        """Fees for long, voluminous and unboxed parcels, of the same date as the list; flat rate boxes have none."""
        long, longer = self.size.longest > _LONG, self.size.longest > _LONGER
        large = self.size.volume > _LARGE_IN3
        found = []
        for code, kind, due, words in (
            (
                "nonstandard_length",
                "length_over_22",
                long & ~longer,
                f"Longest side over {_LONG} in, up to {_LONGER} in",
            ),
            ("nonstandard_length", "length_over_30", longer, f"Longest side over {_LONGER} in"),
            ("nonstandard_volume", "volume_over_3456", large, "Volume over 2 ft³"),
            ("nonstandard_packaging", "characteristic", self.lot.nonstandard, "Tube, can, case or the like"),
        ):
            if due is None:
                continue
            if self.own is not None:
                due = due & self.own  # noqa: PLW2901
            fee = nonstandard_fee(kind, service.key, published.effective) if due.any() else None
            if fee is not None:
                rule = f"{words}; fee of {plain_date(fee.effective)}"
                cents = np.where(due, fee.cents, 0)
                label = code.replace("_", " ").capitalize()
                found.append(Surcharge(code, label, cents, (rule,), is_estimate(fee.status)))
        return found


def _notes(service: Service) -> tuple[str, ...]:
    if service.books_only:
        return ("For books and other media only; USPS may inspect the contents.",)
    return ()
