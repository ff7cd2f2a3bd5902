"""Where ZIP Codes lie, as arrays: a quote needs their time zones, and how far apart two of them are.

``lib.address.zips`` knows the same and the cities besides, at the price of unpacking its library once per process
(0.7 s, 45 MB). Source: ``tables/zip_places.csv.gz``, written from that room's reading of PyPI ``zipcodes`` 3.0.0; a
test holds the two equal for every ZIP.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_TABLE = Path(__file__).parent / "tables" / "zip_places.csv.gz"
_ZIPS = 100_000
_PARTS_OF_A_DEGREE = 10_000
# IUGG mean earth radius, 6371.0088 km.
_EARTH_RADIUS_MILES = 3958.7613


@dataclass(frozen=True, slots=True)
class _Places:
    """By ZIP [100001], where the last is no ZIP: radians (not a number off the map), index of the time zone or -1."""

    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    zone: NDArray[np.int64]
    zones: tuple[str, ...]


@cache
def _places() -> _Places:
    lines = gzip.decompress(_TABLE.read_bytes()).decode().splitlines()
    zips, latitude, longitude, zone = np.loadtxt(lines, np.int64, delimiter=",", skiprows=2, unpack=True)
    on_map = (latitude != 0) | (longitude != 0)
    radians = np.full((2, _ZIPS + 1), np.nan)
    radians[:, zips[on_map]] = np.radians(np.stack([latitude, longitude])[:, on_map] / _PARTS_OF_A_DEGREE)
    zones = np.full(_ZIPS + 1, -1, np.int64)
    zones[zips] = zone
    return _Places(radians[0], radians[1], zones, tuple(lines[0].partition(":")[2].split()))


def timezone_of(zip_code: int) -> str | None:
    """IANA time zone of a five-digit ZIP; None for military ones and those that do not exist."""
    places = _places()
    index = int(places.zone[zip_code if 0 <= zip_code < _ZIPS else _ZIPS])
    return places.zones[index] if index >= 0 else None


def miles_apart(origin_zip: NDArray[np.int64], destination_zip: NDArray[np.int64]) -> NDArray[np.float64]:
    """Great-circle statute miles per pair of five-digit ZIPs, not a number where one is not on the map.

    Haversine on a sphere, as `lib.address.distance` has it: within 0.5 %.
    """
    places, start, end = _places(), _row(origin_zip), _row(destination_zip)
    latitude, other = places.latitude[start], places.latitude[end]
    turn = places.longitude[end] - places.longitude[start]
    half_chord = np.sin((other - latitude) / 2) ** 2 + np.cos(latitude) * np.cos(other) * np.sin(turn / 2) ** 2
    return np.asarray(2 * _EARTH_RADIUS_MILES * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0))), np.float64)


def _row(zips: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where((zips >= 0) & (zips < _ZIPS), zips, _ZIPS)
