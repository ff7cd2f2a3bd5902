"""How far apart two places are, as the crow flies."""

from math import asin, cos, radians, sin, sqrt

from lib.address.zips import place

Point = tuple[float, float]

# IUGG mean earth radius, 6371.0088 km.
_EARTH_RADIUS_MILES = 3958.7613


def miles_between(origin: Point | str, destination: Point | str) -> float | None:
    """Great-circle statute miles between two ZIPs or (latitude, longitude) points in degrees.

    None when a ZIP is unknown or not on the map, as military ZIPs are. Haversine on a sphere: within 0.5 %.
    """
    start, end = _point(origin), _point(destination)
    if start is None or end is None:
        return None
    lat1, lon1, lat2, lon2 = (radians(degrees) for degrees in (*start, *end))
    half_chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS_MILES * asin(sqrt(min(1.0, half_chord)))


def _point(where: Point | str) -> Point | None:
    if not isinstance(where, str):
        return where
    found = place(where)
    return found.coordinates if found else None
