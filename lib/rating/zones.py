"""Zones by pair of 3-digit ZIP prefixes, from the carriers' charts under ``tables/``.

A chart file has one header line and then one line per origin: the prefix, a colon and 1,000
characters, one per destination prefix: ``.`` no zone, a digit, or a letter explained in the header.

What the charts hold beyond the contiguous states: USPS covers every state, territory and military
prefix (zones 1 to 9). UPS gives 44 to Alaska and 45 to Hawaii, Puerto Rico and Guam by prefix, none
from there, none to the Virgin Islands; remote Alaska and Hawaii (46) need a 5-digit list that was
not found. FedEx prices 17 (Ground) and 11 (Express) to Alaska, 9 and 12 to Hawaii; Puerto Rico, the
Virgin Islands and Guam have no zone. Nothing is ever guessed for those places from distance.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

TABLES = Path(__file__).parent / "tables"

ChartName = Literal["usps", "ups", "fedex_ground", "fedex_express"]
ZoneArray = NDArray[np.uint8]
Zip3Array = NDArray[np.integer]

PREFIXES = 1000
NO_ZONE = 0
ALASKA = frozenset(range(995, 1000))
HAWAII = frozenset({967, 968})
TERRITORIES = frozenset({6, 7, 8, 9, 969})
MILITARY = frozenset({*range(90, 100), 340, *range(962, 967)})

_FILES: dict[ChartName, str] = {
    "usps": "zones_usps_2024-04-01.txt.gz",
    "ups": "zones_ups_2026.txt.gz",
    "fedex_ground": "zones_fedex_ground_2026.txt.gz",
    "fedex_express": "zones_fedex_express_2026.txt.gz",
}
_LOWEST_ZONE: dict[ChartName, int] = {"usps": 1, "ups": 2, "fedex_ground": 2, "fedex_express": 2}
_ZONE_LIMITS_MILES = np.array([50, 150, 300, 600, 1000, 1400, 1800], np.float64)
_EARTH_RADIUS_MILES = 3958.8
_PREFIX_WIDTH = len("005:")
_LINE_WIDTH = _PREFIX_WIDTH + PREFIXES + 1


@dataclass(frozen=True, slots=True)
class ZoneChart:
    """One carrier's chart: ``zones`` uint8[1000, 1000], origin prefix down, destination across.

    ``stand_in`` (same shape) answers pairs of the contiguous states that the chart leaves open;
    ``stand_in_label`` says in words where those zones come from.
    """

    name: ChartName
    title: str
    edition: str
    zones: ZoneArray
    stand_in: ZoneArray
    stand_in_label: str

    def lookup(
        self, origin_zip3: Zip3Array, destination_zip3: Zip3Array
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Zone per pair of prefixes (0 to 999), broadcast to the common shape.

        Returns (zones, from_chart). A zone of 0 means that the carrier publishes none for the pair;
        where ``from_chart`` is False and the zone is not 0, it came from the stand-in.
        """
        origin, destination = np.broadcast_arrays(
            np.asarray(origin_zip3, np.int64), np.asarray(destination_zip3, np.int64)
        )
        inside = (origin >= 0) & (origin < PREFIXES)
        inside &= (destination >= 0) & (destination < PREFIXES)
        rows, columns = np.where(inside, origin, 0), np.where(inside, destination, 0)
        charted = np.where(inside, self.zones[rows, columns], NO_ZONE)
        from_chart = charted != NO_ZONE
        other = np.where(inside, self.stand_in[rows, columns], NO_ZONE)
        return np.where(from_chart, charted, other).astype(np.int64), from_chart


@cache
def zone_chart(name: ChartName) -> ZoneChart:
    """Load one chart with its stand-in (about 10 ms, then from memory).

    Raises:
        KeyError: there is no chart of that name.

    """
    title, edition, zones = _read_chart(TABLES / _FILES[name])
    if name.startswith("fedex"):
        _blank(zones, MILITARY)
    if name == "fedex_ground":
        # Far pairs are listed by 5-digit ZIP there; wherever both charts name a zone inside the
        # contiguous states they agree, so Express answers before distance does.
        express = zone_chart("fedex_express")
        stand_in = _first_zone(_inside(express.zones), express.stand_in)
        return ZoneChart(name, title, edition, zones, stand_in, "FedEx Express zone of the pair")
    distance = _distance_zones()
    distance = np.where(distance == NO_ZONE, NO_ZONE, np.maximum(distance, _LOWEST_ZONE[name])).astype(np.uint8)
    # Charts lack some origins that they have as destinations. The way back has the same zone in
    # every FedEx pair and in 94 % of the UPS ones, distance only in 92 % and 91 %.
    stand_in = _first_zone(_inside(zones.T), distance)
    return ZoneChart(name, title, edition, zones, stand_in, "zone of the way back, or by distance")


def chart_names() -> tuple[ChartName, ...]:
    """Names that :func:`zone_chart` knows."""
    return get_args(ChartName)


def _read_chart(path: Path) -> tuple[str, str, ZoneArray]:
    head, _, body = gzip.decompress(path.read_bytes()).partition(b"\n")
    parts = (part.partition(":") for part in head.decode().lstrip("# ").split(";"))
    fields = {key.strip(): value.strip() for key, _, value in parts}
    decode = np.zeros(256, np.uint8)
    decode[ord("0") : ord("9") + 1] = np.arange(10)
    for pair in fields.get("letters", "").split():
        letter, _, zone = pair.partition("=")
        decode[ord(letter)] = int(zone)
    lines = np.frombuffer(body, np.uint8).reshape(-1, _LINE_WIDTH)
    origins = (lines[:, :3].astype(np.int64) - ord("0")) @ np.array([100, 10, 1])
    zones = np.zeros((PREFIXES, PREFIXES), np.uint8)
    zones[origins] = decode[lines[:, _PREFIX_WIDTH:-1]]
    return fields["name"], fields["edition"], zones


def _blank(zones: ZoneArray, prefixes: frozenset[int]) -> None:
    """Take out prefixes that the carrier does not deliver to although a range covers them."""
    index = sorted(prefixes)
    zones[index, :] = NO_ZONE
    zones[:, index] = NO_ZONE


def _first_zone(zones: ZoneArray, otherwise: ZoneArray) -> ZoneArray:
    return np.where(zones == NO_ZONE, otherwise, zones)


def _inside(zones: ZoneArray) -> ZoneArray:
    """Keep the pairs of the contiguous states only."""
    return np.where(np.outer(_contiguous(), _contiguous()), zones, np.uint8(NO_ZONE))


def _contiguous() -> NDArray[np.bool_]:
    """bool[1000]: prefixes in the 48 states and the District of Columbia."""
    inside = np.ones(PREFIXES, bool)
    inside[sorted(ALASKA | HAWAII | TERRITORIES | MILITARY)] = False
    return inside


@cache
def centroids() -> NDArray[np.float64]:
    """float64[1000, 2]: mean latitude and longitude in degrees per prefix, NaN where unknown.

    Source: the positions of PyPI ``zipcodes`` 3.0.0.
    """
    rows = np.loadtxt(TABLES / "zip3_centroids.csv", delimiter=",", skiprows=2)
    points = np.full((PREFIXES, 2), np.nan)
    points[rows[:, 0].astype(np.int64)] = rows[:, 1:]
    return points


@cache
def _distance_zones() -> ZoneArray:
    """uint8[1000, 1000]: zone 1 to 8 by great circle, 0 outside the contiguous states."""
    usable = _contiguous() & ~np.isnan(centroids()[:, 0])
    index = np.flatnonzero(usable)
    latitude, longitude = np.radians(centroids()[index]).T
    unit = np.stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        ]
    )
    miles = _EARTH_RADIUS_MILES * np.arccos(np.clip(unit.T @ unit, -1, 1))
    zones = np.zeros((PREFIXES, PREFIXES), np.uint8)
    zones[np.ix_(index, index)] = np.searchsorted(_ZONE_LIMITS_MILES, miles) + 1
    return zones
