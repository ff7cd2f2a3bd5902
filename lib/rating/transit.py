"""Business days in transit, by carrier, service and zone. Source: ``tables/transit_days.csv``."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lib.rating.rules import TABLES, Status

_LAST_MAINLAND_ZONE = 8


@dataclass(frozen=True, slots=True)
class TransitDays:
    """Business days in transit; ``zone`` is a number, ``all`` or ``ak_hi``."""

    carrier: str
    service: str
    zone: str
    min_days: int
    max_days: int
    status: Status


@cache
def transit_days() -> Mapping[tuple[str, str, str], TransitDays]:
    """Business days by (carrier, service, zone); zone is a number as text, ``all`` or ``ak_hi``."""
    with (TABLES / "transit_days.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    days = {}
    for row in rows:
        key = (row["carrier"], row["service"], row["zone"])
        status: Any = row["status"]
        days[key] = TransitDays(*key, int(row["min_days"]), int(row["max_days"]), status)
    return days


def transit_for(carrier: str, service: str, zone: int) -> TransitDays | None:
    """Business days of a service to a zone, None where nothing is published."""
    days = transit_days()
    zone_text = "ak_hi" if carrier == "fedex" and zone > _LAST_MAINLAND_ZONE else str(zone)
    return days.get((carrier, service, zone_text)) or days.get((carrier, service, "all"))
