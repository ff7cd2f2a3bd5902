"""The parts of an address, as every module of this room hands them on."""

from dataclasses import dataclass

from lib.address.countries import HOME_COUNTRY


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """The parts of an address as text; a part that is not known is empty.

    `state_code`, `postal_code` and `country_code` hold what was typed until `checking.complete` has normalised them.
    """

    line1: str = ""
    line2: str = ""
    city: str = ""
    state_code: str = ""
    postal_code: str = ""
    country_code: str = HOME_COUNTRY
