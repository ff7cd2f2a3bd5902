"""Prices by the size of the packaging instead of by weight: FedEx One Rate, UPS Simple Rate."""

from lib.rating.lots import OWN_BOX, PACKAGE_LIST, Bools, Lot
from lib.rating.parcel_fees import Measured
from lib.rating.price_lists import list_for, plain_date
from lib.rating.pricing import Base, PriceRow, ServicePrices, Zones, add_up
from lib.rating.services import Service


def flat_prices(
    lot: Lot, service: Service, *, price_list: str, zones: Zones, measured: Measured, offered: Bools, includes: str
) -> list[ServicePrices]:
    """The service at that list, one price a packaging, where it is `offered`; nothing where no list has it.

    No surcharge is added: `includes` names those that are in the price.
    """
    found = list_for(service.provider, price_list, service.key, lot.on, cards=lot.cards)
    if found is None:
        return []
    published, info = found
    base = Base.empty(lot)
    zone = lot.by_parcel(zones.zone)
    for index in lot.packages:
        package = PACKAGE_LIST[index] if index != OWN_BOX else None
        grid = published.grids.get((service.key, package.flat_package or "")) if package else None
        if package is not None and grid is not None:
            base.read(PriceRow(package.label, flat=True, grid=grid, weight=lot.weight), zone, lot.package == index)
    return [
        add_up(
            lot,
            service=service,
            price_list=info,
            zones=zones,
            base=base,
            billing=measured.billing,
            offered=offered,
            notes=(f"{info.name} since {plain_date(info.effective)}: {includes} are in the price.",),
        )
    ]
