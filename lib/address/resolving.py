"""An address as typed to one as kept: read, completed, checked, and what of it is only assumed."""

import hashlib
import re
from dataclasses import dataclass

from lib.address.checking import check, complete
from lib.address.countries import HOME_COUNTRY, country_name
from lib.address.formatting import formatted_line, textarea_lines, timezone
from lib.address.parsing import ParsedAddress, names_a_country, read_line
from lib.address.problems import AddressProblem
from lib.address.rules import rules_of
from lib.address.states import state_name
from lib.address.zips import place
from lib.models.addresses import Address, AddressInput, Coordinates
from lib.models.ids import new_id

_PO_BOX = re.compile(r"\bp\.?\s*o\.?\s*box\b", re.IGNORECASE)
NO_STREET = "There is no street, which a label needs."
_COUNTRY_ASSUMED = "No country is given; it was taken as the United States."
_NOT_ASKED_AT_HOME = "Addresses were checked by ZIP, city and state; whether the street exists was not."
_NOT_ASKED_ABROAD = (
    "Addresses abroad were checked by the postal code and province of their country; whether city and street exist "
    "was not."
)


@dataclass(frozen=True, slots=True)
class ResolvedAddress:
    """An address as kept, None where there was nothing to read, and what is to be said about it.

    `corrections` is what was changed, `fills` what was filled into fields that were left empty, `assumptions` how it
    was read where it could have been read otherwise, with what a line did not say; a sentence each. `problems` keep a
    carrier from placing it.
    """

    address: Address | None
    corrections: list[str]
    fills: list[str]
    assumptions: list[str]
    problems: list[AddressProblem]


def resolve_address(given: AddressInput | str | None, line2: str | None = None) -> ResolvedAddress:
    """The address completed, from one line or from fields; `line2` is a second line typed apart. Never raises."""
    try:
        typed = _typed(given, line2 or "")
    except AddressProblem as problem:
        return ResolvedAddress(None, [], [], [], [problem])
    done = complete(typed)
    assumed = _assumed(given, done.address)
    if not isinstance(given, AddressInput):
        return ResolvedAddress(kept(done.address), done.corrections, [], [*assumed, *done.fills], check(typed))
    return ResolvedAddress(kept(done.address), done.corrections, done.fills, assumed, check(typed))


def kept(parts: ParsedAddress) -> Address:
    """Completed parts as a wire address with a fresh id, its time zone and, at home, its place on the map."""
    known = place(parts.postal_code) if parts.country_code == HOME_COUNTRY else None
    point = known.coordinates if known else None
    textarea = "\n".join(textarea_lines(parts, with_line2=False))
    return Address(
        id=new_id("addr"),
        line1=parts.line1,
        line2=parts.line2,
        city=parts.city,
        state=_state_name(parts),
        state_code=parts.state_code,
        postal_code=parts.postal_code,
        country=country_name(parts.country_code),
        country_code=parts.country_code,
        formatted_address=formatted_line(parts),
        textarea=textarea,
        timezone=timezone(parts),
        coordinates=Coordinates(latitude=point[0], longitude=point[1]) if point else None,
        hash=hashlib.sha256(" ".join(textarea.casefold().split()).encode()).hexdigest(),
    )


def street_findings(address: Address) -> list[str]:
    """What a person should look at in the street, one sentence each; a missing one is no finding but a problem."""
    if not address.line1:
        return []
    if _PO_BOX.search(address.line1):
        return ["A PO Box takes mail of USPS only; UPS and FedEx do not deliver there."]
    if not any(sign.isdigit() for sign in address.line1):
        return [f"No house number was found in {address.line1}."]
    return []


def not_asked(*addresses: Address) -> list[str]:
    """What nobody was asked about these addresses."""
    abroad = {address.country_code != HOME_COUNTRY for address in addresses}
    return [words for where, words in ((False, _NOT_ASKED_AT_HOME), (True, _NOT_ASKED_ABROAD)) if where in abroad]


def _typed(given: AddressInput | str | None, line2: str) -> ParsedAddress:
    if not isinstance(given, AddressInput):
        return read_line(given or "", line2)
    return ParsedAddress(
        line1=given.line1 or "",
        line2=given.line2 or line2,
        city=given.city or "",
        state_code=given.state or "",
        postal_code=given.postal_code or "",
        country_code=_country_given(given) or HOME_COUNTRY,
    )


def _country_given(given: AddressInput) -> str:
    """The country as typed: its code, or else its name as an address of ours has it; empty where there is neither."""
    code = given.country_code if "country_code" in given.model_fields_set else None
    return (code or given.country or "").strip()


def _assumed(given: AddressInput | str | None, done: ParsedAddress) -> list[str]:
    if isinstance(given, AddressInput):
        return [] if _country_given(given) else [_COUNTRY_ASSUMED]
    if done.country_code != HOME_COUNTRY:
        return [f"The parts were read off one line in the usual order of {country_name(done.country_code)}."]
    return [] if names_a_country(given or "") else [_COUNTRY_ASSUMED]


def _state_name(parts: ParsedAddress) -> str:
    if parts.country_code == HOME_COUNTRY:
        return state_name(parts.state_code) or parts.state_code
    rules = rules_of(parts.country_code)
    area = rules.area(parts.state_code) if rules else None
    return area.name(parts.state_code) if area else parts.state_code
