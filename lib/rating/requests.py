"""A question to the engine, and the same as a lot of one shipment."""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from zoneinfo import ZoneInfo

import numpy as np

from lib.address.countries import HOME_COUNTRY, only_timezone
from lib.address.zips import split_zip
from lib.models.errors import InvalidRequest
from lib.models.options import ShipmentOptions
from lib.models.team import TeamSettings
from lib.rating.cards.book import CardBook
from lib.rating.lots import OWN_BOX, UNKNOWN_ZIP, Ints, Lot, make_lot, package_index
from lib.rating.parcels import RatingParcel
from lib.rating.places import timezone_of

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class RatingRequest:
    """What a quote needs. `ship_at` is aware, in UTC; ZIPs may be ZIP+4; `cards` are the team's rate cards.

    Of an end that lies in another country the ZIP is not looked at.
    """

    origin_zip: str
    destination_zip: str
    parcels: tuple[RatingParcel, ...]
    residential: bool
    ship_at: datetime
    options: ShipmentOptions
    team: TeamSettings
    cards: CardBook = CardBook.EMPTY
    origin_country: str = HOME_COUNTRY
    destination_country: str = HOME_COUNTRY

    @property
    def is_abroad(self) -> bool:
        """Whether an end of it lies in another country, so that no ZIP Code says where."""
        return self.origin_country != HOME_COUNTRY or self.destination_country != HOME_COUNTRY


def zones_at(request: RatingRequest) -> tuple[ZoneInfo, ZoneInfo]:
    """The time zones of both ends. Abroad one that is not known for certain is the sender's, of a sender UTC."""
    origin = _zone_at(request.origin_zip, request.origin_country) or _UTC
    unknown = _UTC if request.destination_country == HOME_COUNTRY else origin
    return origin, _zone_at(request.destination_zip, request.destination_country) or unknown


def _zone_at(zip_code: str, country: str) -> ZoneInfo | None:
    parts = split_zip(zip_code)
    at_home = timezone_of(int(parts[0])) if parts else None
    name = at_home if country == HOME_COUNTRY else only_timezone(country)
    return ZoneInfo(name) if name else None


def lot_of(request: RatingRequest, leaves_at: datetime) -> Lot:
    """The request as a lot that leaves at that moment, in the sender's time. Raises InvalidRequest naming the field."""
    _check(request)
    parcels = request.parcels
    return make_lot(
        on=leaves_at.date(),
        team=request.team,
        origin_zip=_zip(request.origin_zip, request.origin_country, "sender"),
        destination_zip=_zip(request.destination_zip, request.destination_country, "recipient"),
        residential=np.array([request.residential]),
        owner=np.zeros(len(parcels), np.int64),
        weight=np.array([parcel.weight for parcel in parcels], np.float64),
        sides=np.array([(parcel.length, parcel.width, parcel.height) for parcel in parcels], np.float64),
        package=np.array([_package(parcel, number) for number, parcel in enumerate(parcels)], np.int64),
        nonstandard=np.array([parcel.nonstandard for parcel in parcels], np.bool_),
        leaves_at=leaves_at,
        cards=request.cards,
    )


def _check(request: RatingRequest) -> None:
    if not request.parcels:
        raise InvalidRequest("Give at least one parcel.", fields=["parcels"])
    for number, parcel in enumerate(request.parcels):
        smallest = -1.0 if parcel.package is not None else 0.0
        sides = {"length": parcel.length, "width": parcel.width, "height": parcel.height}
        bad = [name for name, side in sides.items() if not isfinite(side) or side <= smallest]
        if not isfinite(parcel.weight) or parcel.weight <= 0:
            bad.append("weight")
        if bad:
            fields = [f"parcels.{number}.{name}" for name in bad]
            raise InvalidRequest(f"The {' and '.join(bad)} of a parcel must be above zero.", fields=fields)


def _zip(text: str, country: str, party: str) -> Ints:
    if country != HOME_COUNTRY:
        return np.array([UNKNOWN_ZIP], np.int64)
    parts = split_zip(text)
    if parts is None:
        raise InvalidRequest(f"The {party}'s ZIP Code must be five digits.", fields=[f"{party}.address.postal_code"])
    return np.array([int(parts[0])], np.int64)


def _package(parcel: RatingParcel, number: int) -> int:
    if parcel.package is None:
        return OWN_BOX
    try:
        return package_index(parcel.package)
    except KeyError:
        raise InvalidRequest(
            f"There is no package type {parcel.package!r}.", fields=[f"parcels.{number}.type"]
        ) from None
