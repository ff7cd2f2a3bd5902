"""Loading what a first quote would otherwise wait for."""

from datetime import UTC, datetime

from lib.rating.delivery import add_business_days
from lib.rating.delivery_area import fedex_delivery_area
from lib.rating.places import timezone_of
from lib.rating.pricing import spread
from lib.rating.rules import parcel_rules, usps_rules
from lib.rating.tariffs import load_tariffs
from lib.rating.transit import transit_days
from lib.rating.zones import chart_names, zone_chart


def load_tables() -> None:
    """Load every price list, zone chart, rule and ZIP place into this process, once: 0.1 s and 20 MB."""
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
    timezone_of(0)


def warm() -> None:
    """Load the tables, and the calendar: the holidays' library imports every country's first, another 0.2 s."""
    load_tables()
    add_business_days(datetime.now(UTC).date(), 1)
