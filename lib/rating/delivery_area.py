"""ZIP Codes where FedEx asks a delivery area surcharge."""

import gzip
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lib.rating.rules import TABLES

DELIVERY_AREA_TIERS: Final = (
    "none",
    "standard",
    "extended",
    "remote",
    "alaska",
    "hawaii",
    "intra_hawaii",
)


@cache
def fedex_delivery_area() -> NDArray[np.int8]:
    """int8[100000] by 5-digit ZIP: index into DELIVERY_AREA_TIERS, 0 outside the FedEx list.

    Source: the FedEx list of delivery area ZIPs, 2 June 2025.
    """
    body = gzip.decompress((TABLES / "fedex_delivery_area_zips_2025-06-02.csv.gz").read_bytes())
    rows = np.loadtxt(body.decode().splitlines(), dtype=np.int64, delimiter=",", skiprows=1)
    tiers = np.zeros(100_000, np.int8)
    tiers[rows[:, 0]] = rows[:, 1]
    tiers.flags.writeable = False
    return tiers
