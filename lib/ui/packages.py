"""The predefined packages as a person picks them from a list."""

from lib.rating.packages import PACKAGES
from lib.ui.theme import look_of

OWN_BOX = ""
_CARRIER_ORDER = {"usps": 0, "ups": 1, "fedex": 2}


def package_choices() -> list[str]:
    """Package codes for a list: the own box first, then each carrier's packages in the order of its price list."""
    offered = [package for code, package in PACKAGES.items() if code == package.code]
    listed = [package for package in offered if package.carrier in _CARRIER_ORDER and _is_packaging(package.code)]
    return [OWN_BOX, *(package.code for package in sorted(listed, key=lambda one: _CARRIER_ORDER[one.carrier]))]


def package_label(code: str) -> str:
    """A package as a line of the list: `USPS: Small Flat Rate Box`."""
    if code == OWN_BOX:
        return "Own box"
    package = PACKAGES[code]
    return f"{look_of(package.carrier).name}: {package.label.removeprefix('UPS ').removeprefix('FedEx ')}"


def _is_packaging(code: str) -> bool:
    return not code.endswith("_custom_package")
