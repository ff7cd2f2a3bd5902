"""What a provider has to be able to do, and what several of them share."""

from typing import Protocol

import numpy as np

from lib.models.rates import Provider
from lib.models.team import TeamSettings
from lib.rating.lots import PACKAGE_LIST, Bools, Floats, Lot
from lib.rating.places import miles_apart
from lib.rating.pricing import Answer, Refusal, Zones
from lib.rating.zones import ChartName, zone_chart


class RateProvider(Protocol):
    """Someone who can be asked for prices."""

    connected: bool
    """Whether a bought label is real without further connection."""
    blocking: bool
    """Whether it may wait for somebody else; then it is asked in a thread, and has to bound its waiting itself."""

    def describe(self, team: TeamSettings) -> Provider:
        """Who they are, as shown with a rate."""
        ...

    def price(self, lot: Lot) -> Answer:
        """Price every shipment of the lot, for every service offered."""
        ...


def zones_of(lot: Lot, name: ChartName) -> Zones:
    """Zones of a lot by a carrier's chart."""
    chart = zone_chart(name)
    zone, from_chart = chart.lookup(lot.origin_zip3, lot.destination_zip3)
    return Zones(zone, from_chart, by_distance=(zone > 0) & ~from_chart, stand_in_label=chart.stand_in_label)


def straight_miles(lot: Lot) -> Floats:
    """[S] great-circle miles between the two ZIP Codes, not a number where one is not on the map."""
    return miles_apart(lot.origin_zip, lot.destination_zip)


def packing_refusal(lot: Lot, accepted: frozenset[int], name: str) -> list[Refusal]:
    """Parcels in another carrier's packaging, which this one does not take."""
    strange = [index for index in lot.packages if index not in accepted]
    if not strange:
        return []
    labels = " and ".join(PACKAGE_LIST[index].label for index in strange[:3])
    return [Refusal(lot.some(np.isin(lot.package, strange)), f"{name} does not take {labels}")]


def zone_refusal(lot: Lot, zones: Zones, name: str) -> Refusal:
    """Pairs of places without a published zone."""
    return Refusal(
        zones.zone == 0,
        f"{name} publishes no zone from ZIP {_prefix(lot.origin_zip)} to {_prefix(lot.destination_zip)}",
    )


def _prefix(zips: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> str:
    return f"{int(zips[0]) // 100:03d}" if len(zips) and zips[0] >= 0 else "(unknown)"


def nothing(lot: Lot, reason: str) -> Answer:
    """The answer of a provider that has no prices for anybody at present."""
    everything: Bools = np.ones(len(lot.starts), np.bool_)
    return Answer(refusals=(Refusal(everything, reason),))
