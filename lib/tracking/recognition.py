"""From a tracking number to its carrier, by form and check digit.

The forms and check digits are those of the `tracking-numbers` package, with three differences: a UPS number's service
code is no reason to doubt it, for the package's list of them is not whole (UPS' own sample 1Z648616E192760718 is
missing); a UPS number with the code YW is SurePost; and the form of CDL, ten signs without a check digit, is left out.
Twenty bare digits have up to three forms, of USPS and of FedEx SmartPost, so there a typing error can stay unnoticed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracking_numbers import DEFINITIONS, get_definition

from lib.models.errors import InvalidRequest
from lib.models.trackers import CARRIERS
from lib.tracking.own_numbers import (
    OWN_PREFIX,
    TEST_PREFIX,
    check_sign,
    has_own_form,
    is_own_number,
    is_test_number,
)

CARRIER_NAMES = {
    "self": "Own courier",
    "marketplace": "Marketplace",
    "ups": "UPS",
    "upssurepost": "UPS SurePost",
    "usps": "USPS",
    "fedex": "FedEx",
    "doordash": "DoorDash",
    "dhl": "DHL",
    "ontrac": "OnTrac",
    "amazon": "Amazon Logistics",
    "s10": "International mail",
}
_READABLE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{2,98}[A-Z0-9])")
_CHECK = "checksum"
_UPS_SERVICE = slice(8, 10)
_SUREPOST_SERVICE = "YW"
# Whose forms a provider's numbers have, where that is not the provider itself.
_SAME_FORMS = {"upssurepost": "ups"}
_USPS_PAGE = get_definition("USPS 91")


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a number tells: itself as it is kept, its carrier, and the carrier's own page for it."""

    number: str
    provider: str | None
    carrier_url: str | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """The number as one form has it."""

    provider: str
    url: str | None
    checks: bool


def recognise(number: str, provider: str | None = None) -> Recognition:
    """The number with its carrier: the given provider, else the one that the number tells; test numbers are nobody's.

    Raises InvalidRequest for a check digit that is wrong by every form the number could have, and for an unknown form
    without a provider. A given provider is believed, except for a check digit wrong by its own forms: a carrier that
    prints check digits prints them right.
    """
    found = _recognised(tidied(number), provider)
    if found.provider is None and not is_test_number(found.number):
        raise InvalidRequest(
            f"No carrier is known by the form of {found.number}. Name it as provider: one of {', '.join(CARRIERS)}.",
            fields=["provider"],
            code="carrier_unknown",
        )
    return found


def carrier_page(number: str, provider: str | None) -> str | None:
    """The carrier's own page for a number that is known to be right; None where there is none."""
    return next((reading.url for reading in _readings(number, provider) if reading.checks), None)


def tidied(number: str) -> str:
    """The number as it is kept: capital letters, no spaces. Raises InvalidRequest for what is no number."""
    tidy = "".join(number.split()).upper()
    if _READABLE.fullmatch(tidy) is None:
        raise InvalidRequest(
            "A tracking number has 4 to 100 letters, digits and hyphens, such as 1Z999AA10123456784.",
            fields=["tracking_number"],
            code="invalid_tracking_number",
        )
    return tidy


def _recognised(number: str, provider: str | None) -> Recognition:
    if number.startswith((TEST_PREFIX, OWN_PREFIX)):
        return _ours(number, provider)
    readings = _readings(number, provider)
    valid = next((reading for reading in readings if reading.checks), None)
    if valid is None and readings:
        raise _mistyped(number, [reading.provider for reading in readings])
    return Recognition(number, provider or (valid.provider if valid else None), valid.url if valid else None)


def _ours(number: str, provider: str | None) -> Recognition:
    if number.startswith(TEST_PREFIX):
        if not is_test_number(number):
            raise _malformed(number, f"{TEST_PREFIX}5LO98Q3-UR2VMEB")
        return Recognition(number, provider)
    if not has_own_form(number):
        raise _malformed(number, f"{OWN_PREFIX}12345-6789{check_sign('123456789')}")
    if not is_own_number(number):
        raise _mistyped(number, ["self"])
    return Recognition(number, "self")


def _readings(number: str, provider: str | None = None) -> list[_Reading]:
    """The number in every form it could have, only a provider's forms where one is given."""
    wanted = _SAME_FORMS.get(provider, provider) if provider else None
    return [
        reading
        for reading in _all_readings(number)
        if wanted is None or _SAME_FORMS.get(reading.provider, reading.provider) == wanted
    ]


def _all_readings(number: str) -> Iterator[_Reading]:
    for definition in DEFINITIONS:
        found = definition.test(number)
        if found is None or definition.courier.code not in CARRIERS:
            continue
        wrong = {name for name, _ in found.validation_errors}
        checks = _CHECK not in wrong
        provider, url = definition.courier.code, found.tracking_url
        if provider == "ups":
            provider = "upssurepost" if number[_UPS_SERVICE] == _SUREPOST_SERVICE else provider
        elif wrong - {_CHECK}:
            continue
        elif provider == "s10" and number.endswith("US"):
            provider, url = "usps", _USPS_PAGE.tracking_url(number) if _USPS_PAGE else None
        yield _Reading(provider, url, checks)


def _mistyped(number: str, providers: list[str]) -> InvalidRequest:
    names = " or ".join(dict.fromkeys(CARRIER_NAMES[provider] for provider in providers))
    return InvalidRequest(
        f"{number} has the form of a number of {names}, but its check digit is wrong. Look for a typing error.",
        fields=["tracking_number"],
        code="wrong_check_digit",
    )


def _malformed(number: str, example: str) -> InvalidRequest:
    return InvalidRequest(
        f"{number} is not whole; such a number reads {example}.",
        fields=["tracking_number"],
        code="invalid_tracking_number",
    )
