"""Loading what a first quote would otherwise wait for."""

from datetime import UTC, datetime

from lib.address.zips import place
from lib.rating.delivery import is_business_day
from lib.rating.pricing import spread
from lib.rating.rules import fedex_delivery_area, parcel_rules, transit_days, usps_rules
from lib.rating.tariffs import load_tariffs
from lib.rating.zones import chart_names, zone_chart


def warm() -> None:
    """Load every price list, zone chart, rule and calendar into this process; about a second, once."""
    for each in load_tariffs():
        for grid in each.grids.values():
            spread(grid)
    for name in chart_names():
        zone_chart(name)
    for carrier in ("ups", "fedex"):
        parcel_rules(carrier)
    usps_rules()
    fedex_delivery_area()
    transit_days()
    place("10001")
    is_business_day(datetime.now(UTC).date())
