"""An address as people write it, abroad in the order of the country's own post. Nothing typed changes its case."""

import re
from dataclasses import replace

from lib.address.countries import HOME_COUNTRY, country_name, folded, only_timezone
from lib.address.parts import ParsedAddress
from lib.address.rules import CountryRules, rules_of
from lib.address.zips import place
from lib.models.addresses import Address

_PART = re.compile(r"%([ACDNOSXZ])")
_FREE_ENDS = " ,-\N{POSTAL MARK}"


def formatted_line(address: ParsedAddress) -> str:
    """One line: `500 7th ave, Floor 10, New York, NY 10018`, with the country's English name when it is not US."""
    return ", ".join(textarea_lines(address))


def textarea_lines(address: ParsedAddress, *, with_line2: bool = True) -> list[str]:
    """The lines of a label or a text area: `500 7th ave` / `Floor 10` / `New York, NY 10018` (/ country)."""
    street = [address.line1, address.line2 if with_line2 else ""]
    rules = None if address.country_code == HOME_COUNTRY else rules_of(address.country_code)
    if rules is not None:
        lines = [*_lines_abroad(address, [line for line in street if line], rules), country_name(rules.code)]
    else:
        country = "" if address.country_code == HOME_COUNTRY else address.country_code
        lines = [*street, _place_line(address), country]
    return [line for line in lines if line]


def lines_from_abroad(address: Address) -> list[str]:
    """The lines of a kept address as somebody in another country has to write it: with its country whichever it is."""
    at_home = address.country_code == HOME_COUNTRY
    return [*textarea_lines(_parts(address)), *([address.country] if at_home else [])]


def town_line(address: Address) -> str:
    """Where an address lies, without the street: `New York, NY 10018`, and abroad with the country."""
    return formatted_line(replace(_parts(address), line1="", line2=""))


def timezone(address: ParsedAddress) -> str | None:
    """The IANA time zone the address lies in: by its ZIP, or abroad the only one of the country.

    None for military mail, without a known ZIP and in countries with several zones.
    """
    if address.country_code != HOME_COUNTRY:
        return only_timezone(address.country_code)
    found = place(address.postal_code)
    return found.timezone if found else None


def _parts(address: Address) -> ParsedAddress:
    return ParsedAddress(
        address.line1, address.line2, address.city, address.state_code, address.postal_code, address.country_code
    )


def _place_line(address: ParsedAddress) -> str:
    state_and_zip = f"{address.state_code} {address.postal_code}".strip()
    return ", ".join(part for part in (address.city, state_and_zip) if part)


def _lines_abroad(address: ParsedAddress, street: list[str], rules: CountryRules) -> list[str]:
    """The lines by the format of the country; a part that the format has no place for stands below the street."""
    typed = {"C": address.city, "S": address.state_code, "Z": address.postal_code}
    form = rules.format("".join([*street, address.city, address.state_code]))
    used = set(_PART.findall(form))
    without_place = [value for part, value in typed.items() if part not in used and value]
    found = []
    for line in form.split("%n"):
        parts = _PART.findall(line)
        if "A" in parts:
            *before, last = street or [""]
            found += [*before, _filled_in(line, {**typed, "A": last}), *without_place]
        elif any(typed.get(part) for part in parts):
            found.append(_filled_in(line, typed))
    known = {folded(country_name(rules.code)), *(folded(line) for line in found if line not in without_place)}
    return [line for line in found if line and (line not in without_place or folded(line) not in known)]


def _filled_in(line: str, values: dict[str, str]) -> str:
    text = _PART.sub(lambda part: values.get(part[1], ""), line)
    return " ".join(text.split()).strip(_FREE_ENDS)
