"""Carriers' predefined packages with sizes, limits and the price rows they are sold under.

Source: ``tables/packages.csv``, gathered from the carriers' lists and service guides; a size that
no source gave stays None.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

_TABLE = Path(__file__).parent / "tables" / "packages.csv"
_ALIASES = {
    "usps_medium_flat_rate_box": "usps_medium_flat_rate_box_top_loading",
    "usps_medium_flat_rate_box_1": "usps_medium_flat_rate_box_top_loading",
    "usps_medium_flat_rate_box_2": "usps_medium_flat_rate_box_side_loading",
    "usps_large_flat_rate_box_apo": "usps_large_flat_rate_box_apo_fpo_dpo",
    "ups_express_envelope": "ups_letter",
    "fedex_large_pak": "fedex_pak",
}


@dataclass(frozen=True, slots=True)
class Package:
    """One predefined package: sides in inches, weights in pounds, volume in cubic inches.

    ``flat_package`` names the row of the carrier's flat price list (USPS flat rate, UPS Simple
    Rate, FedEx One Rate), ``rate_package`` the row of the list by weight; None = not sold that way.
    ``services`` limits the flat price to some services, empty = every service with such a row.
    """

    code: str
    carrier: str
    label: str
    length_in: float | None
    width_in: float | None
    height_in: float | None
    max_weight_lb: float | None
    max_volume_in3: float | None
    min_billable_lb: float | None
    flat_package: str | None
    rate_package: str | None
    services: tuple[str, ...]
    note: str


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _package(row: Mapping[str, str]) -> Package:
    return Package(
        code=row["code"],
        carrier=row["carrier"],
        label=row["label"],
        length_in=_number(row["length_in"]),
        width_in=_number(row["width_in"]),
        height_in=_number(row["height_in"]),
        max_weight_lb=_number(row["max_weight_lb"]),
        max_volume_in3=_number(row["max_volume_in3"]),
        min_billable_lb=_number(row["min_billable_lb"]),
        flat_package=row["flat_package"] or None,
        rate_package=row["rate_package"] or None,
        services=tuple(row["services"].split()),
        note=row["note"],
    )


def load_packages(path: Path = _TABLE) -> Mapping[str, Package]:
    """Read the table of packages: code to package, also under the names other systems use."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        packages = {row["code"]: _package(row) for row in rows}
    aliases = {alias: packages[code] for alias, code in _ALIASES.items() if code in packages}
    return MappingProxyType(packages | aliases)


PACKAGES: Mapping[str, Package] = load_packages()
