"""What a ZIP code says by itself: its place on the map, its state and its time zone."""

import re
import string
from dataclasses import dataclass
from functools import cache
from typing import Any

import zipcodes

from lib.address.states import state_code, state_name

__all__ = ["Place", "example_zip", "place", "split_zip", "state_code", "state_name"]

_ZIP = re.compile(r"([0-9]{5})(?:[-\u2013]?([0-9]{4}))?")
_WORD = re.compile(r"[^\W_]+")
_SHORT_WORDS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_MILITARY_CITIES = {"APO", "DPO", "FPO"}
_MILITARY_STATES = {"0": "AE", "3": "AA", "9": "AP"}
# zipcodes 3.0.0 has the city in the time zone of 99634; the Bethel area keeps Anchorage time.
_WRONG_ZONES = {"Napakiak": "America/Anchorage"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a five-digit ZIP lies: degrees, IANA time zone, and what else its city is called.

    Military and a few unmapped ZIPs have no coordinates; military ones have no time zone either.
    `also_called` are names USPS accepts, `not_called` names people use that USPS does not.
    """

    zip_code: str
    city: str
    state_code: str
    latitude: float | None
    longitude: float | None
    timezone: str | None
    also_called: tuple[str, ...] = ()
    not_called: tuple[str, ...] = ()

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, or None where the ZIP is not on the map."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    def accepts(self, city: str) -> bool:
        """Whether USPS accepts this city name here, whatever its case, punctuation or St/Saint spelling."""
        return _spoken(city) in {_spoken(name) for name in (self.city, *self.also_called)}

    def knows(self, city: str) -> bool:
        """Whether the name is one people use for this place, accepted by USPS or not."""
        return self.accepts(city) or _spoken(city) in {_spoken(name) for name in self.not_called}


def split_zip(text: str) -> tuple[str, str] | None:
    """The five digits and the four of ZIP+4 (may be empty), or None when the text has not that shape."""
    match = _ZIP.fullmatch(text.strip())
    return (match[1], match[2] or "") if match else None


def place(zip_code: str) -> Place | None:
    """The place of a ZIP or ZIP+4, or None when there is no such ZIP. Never raises.

    Source: PyPI `zipcodes`, which takes about 0.7 s to unpack on the first call of a process. After that
    each three-digit section is read once (1 ms) and every further lookup in it is one dict access.
    """
    parts = split_zip(zip_code)
    return _section(parts[0][:3]).get(parts[0]) if parts else None


def example_zip(city: str, state: str) -> str | None:
    """Some ZIP of a city, to show what a right one looks like; None when the city is not known there."""
    code = state_code(state)
    if not code or not city:
        return None
    found = zipcodes.filter_by(  # type: ignore[no-untyped-call]
        city=string.capwords(city), state=code, zip_code_type="STANDARD", active=True
    )
    return str(found[0]["zip_code"]) if found else None


@cache
def _section(prefix: str) -> dict[str, Place]:
    rows = zipcodes.similar_to(prefix)  # type: ignore[no-untyped-call]
    return {row["zip_code"]: _read(row) for row in rows}


def _read(row: dict[str, Any]) -> Place:
    """One row of the library, which spells unknown coordinates 0 and files some military ZIPs under NJ."""
    zip_code, city, state = row["zip_code"], row["city"], row["state"]
    latitude, longitude = float(row["lat"]), float(row["long"])
    zone = _WRONG_ZONES.get(row["timezone"], row["timezone"])
    on_map = latitude != 0 or longitude != 0
    if city.upper() in _MILITARY_CITIES:
        city, state, zone, on_map = city.upper(), _MILITARY_STATES[zip_code[0]], "", False
    return Place(
        zip_code=zip_code,
        city=city,
        state_code=state,
        latitude=latitude if on_map else None,
        longitude=longitude if on_map else None,
        timezone=zone or None,
        also_called=tuple(filter(None, row["acceptable_cities"])),
        not_called=tuple(filter(None, row["unacceptable_cities"])),
    )


def _spoken(name: str) -> str:
    words = _WORD.findall(name.casefold().replace("'", ""))
    return " ".join(_SHORT_WORDS.get(word, word) for word in words)
