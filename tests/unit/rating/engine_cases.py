"""What the tests of the engine share: requests with the usual values, and random ones."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from lib.models.options import ShipmentOptions
from lib.models.team import TeamSettings
from lib.rating.quoting import Quote, RatingParcel, RatingRequest, quote

# A Monday without a holiday near, noon in New York.
MONDAY_NOON = datetime(2026, 8, 3, 16, tzinfo=UTC)

# Two cities each of the contiguous states, then Anchorage, Honolulu, San Juan, an APO and a small place in Alaska.
ZIPS = ("10001", "90012", "60601", "75201", "01005", "33139", "99501", "96813", "00901", "09012", "99557")

BOOKS_ONLY_SERVICES = ["media_mail", "library_mail"]

zips = st.sampled_from(ZIPS)
weights = st.floats(0.05, 150)
sides = st.floats(0.5, 120)
lists = st.sampled_from(["retail", "commercial"])
ship_times = st.datetimes(datetime(2025, 10, 6), datetime(2027, 3, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def parcels(draw: st.DrawFn) -> RatingParcel:
    return RatingParcel(draw(weights), draw(sides), draw(sides), draw(sides))


def request(**changes: Any) -> RatingRequest:
    """A five-pound shoe box from New York to a business in Chicago, unless said otherwise."""
    usual: dict[str, Any] = {
        "origin_zip": "10001",
        "destination_zip": "60601",
        "parcels": (RatingParcel(5, 12, 8, 5),),
        "residential": False,
        "ship_at": MONDAY_NOON,
        "options": ShipmentOptions(),
        "team": TeamSettings(),
    }
    return RatingRequest(**(usual | changes))


def prices(given: Quote | RatingRequest) -> dict[str, int]:
    """Cents by service."""
    found = quote(given) if isinstance(given, RatingRequest) else given
    return {rate.service_level.id: rate.amount for rate in found.rates}
