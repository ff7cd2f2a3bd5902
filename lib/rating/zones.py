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
_NO_PREFIX = np.uint64(PREFIXES)
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

    ``cells`` is the same with one row and one column of no zone more, for numbers that are no prefix.
    ``stand_in_label`` says in words where the zones of :meth:`stand_in` come from.
    """

    name: ChartName
    title: str
    edition: str
    cells: ZoneArray
    stand_in_label: str

    @property
    def zones(self) -> ZoneArray:
        """The chart as published."""
        return self.cells[:PREFIXES, :PREFIXES]

    def lookup(
        self, origin_zip3: Zip3Array, destination_zip3: Zip3Array
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Zone per pair of prefixes (0 to 999), broadcast to the common shape.

        Returns (zones, from_chart). A zone of 0 means that the carrier publishes none for the pair;
        where ``from_chart`` is False and the zone is not 0, it came from the stand-in.
        """
        zone = self.cells[_row(origin_zip3), _row(destination_zip3)].astype(np.int64)
        from_chart = zone != NO_ZONE
        if not from_chart.all():
            origin, destination = np.broadcast_arrays(origin_zip3, destination_zip3)
            left_open = ~from_chart
            zone[left_open] = self.stand_in(origin[left_open], destination[left_open])
        return zone, from_chart

    def stand_in(self, origin_zip3: Zip3Array, destination_zip3: Zip3Array) -> NDArray[np.int64]:
        """Zone of pairs of the contiguous states that the chart leaves open, 0 for other pairs; broadcasts."""
        origin, destination = _row(origin_zip3), _row(destination_zip3)
        if self.name == "fedex_ground":
            # Far pairs are listed by 5-digit ZIP there; wherever both charts name a zone inside the
            # contiguous states they agree, so Express answers before distance does.
            found, _ = zone_chart("fedex_express").lookup(origin, destination)
        else:
            # Charts lack some origins that they have as destinations. The way back has the same zone in
            # every FedEx pair and in 94 % of the UPS ones, distance only in 92 % and 91 %.
            back = self.cells[destination, origin]
            found = np.where(back != NO_ZONE, back, self._by_distance(origin, destination))
        inside = _contiguous()
        return np.where(inside[origin] & inside[destination], found, NO_ZONE).astype(np.int64, copy=False)

    def _by_distance(self, origin: Zip3Array, destination: Zip3Array) -> NDArray[np.int64]:
        zone = distance_zone(origin, destination)
        return np.where(zone == NO_ZONE, NO_ZONE, np.maximum(zone, _LOWEST_ZONE[self.name]))


def _row(zip3: Zip3Array) -> NDArray[np.int64]:
    """The prefix as row or column of a chart; numbers that are no prefix take the last one."""
    # Read without their sign, negative numbers are beyond every prefix too.
    return np.minimum(np.asarray(zip3, np.int64).view(np.uint64), _NO_PREFIX).view(np.int64)


@cache
def zone_chart(name: ChartName) -> ZoneChart:
    """Load one chart (about 5 ms, then from memory).

    Raises:
        KeyError: there is no chart of that name.

    """
    title, edition, cells = _read_chart(TABLES / _FILES[name])
    if name.startswith("fedex"):
        military = sorted(MILITARY)
        cells[military, :] = cells[:, military] = NO_ZONE
    label = "FedEx Express zone of the pair" if name == "fedex_ground" else "zone of the way back, or by distance"
    return ZoneChart(name, title, edition, cells, label)


def chart_names() -> tuple[ChartName, ...]:
    """Names that :func:`zone_chart` knows."""
    return get_args(ChartName)


def _read_chart(path: Path) -> tuple[str, str, ZoneArray]:
    head, _, body = gzip.decompress(path.read_bytes()).partition(b"\n")
    parts = (part.partition(":") for part in head.decode().lstrip("# ").split(";"))
    fields = {key.strip(): value.strip() for key, _, value in parts}
    decode = bytearray(256)
    decode[ord("0") : ord("9") + 1] = range(10)
    for pair in fields.get("letters", "").split():
        letter, _, zone = pair.partition("=")
        decode[ord(letter)] = int(zone)
    lines = np.frombuffer(body.translate(decode), np.uint8).reshape(-1, _LINE_WIDTH)
    cells = np.zeros((PREFIXES + 1, PREFIXES + 1), np.uint8)
    cells[lines[:, :3] @ np.array([100, 10, 1]), :PREFIXES] = lines[:, _PREFIX_WIDTH:-1]
    return fields["name"], fields["edition"], cells


@cache
def _contiguous() -> NDArray[np.bool_]:
    """bool[1001]: prefixes in the 48 states and the District of Columbia; the last is no prefix."""
    inside = np.ones(PREFIXES + 1, np.bool_)
    inside[[*sorted(ALASKA | HAWAII | TERRITORIES | MILITARY), PREFIXES]] = False
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
def _directions() -> NDArray[np.float64]:
    """float64[1001, 3]: unit vector from the centre of the earth to each prefix, NaN where unknown."""
    latitude, longitude = np.radians(np.vstack([centroids(), [np.nan, np.nan]])).T
    across = np.cos(latitude)
    return np.stack([across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude)], axis=1)


def distance_zone(origin_zip3: Zip3Array, destination_zip3: Zip3Array) -> NDArray[np.int64]:
    """Zone 1 to 8 by great circle between pairs of prefixes of the contiguous states, 0 elsewhere; broadcasts."""
    origin, destination = _row(origin_zip3), _row(destination_zip3)
    cosine = np.einsum("...i,...i->...", _directions()[origin], _directions()[destination])
    miles = _EARTH_RADIUS_MILES * np.arccos(np.clip(cosine, -1, 1))
    inside = _contiguous()
    known = inside[origin] & inside[destination] & ~np.isnan(miles)
    return np.where(known, np.searchsorted(_ZONE_LIMITS_MILES, miles) + 1, NO_ZONE)
