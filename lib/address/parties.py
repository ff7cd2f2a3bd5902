"""From a sender or recipient as typed to one as kept: address read, checked and completed."""

import hashlib
from dataclasses import dataclass

from lib.address.checking import check, check_email, complete, normalize_phone
from lib.address.formatting import formatted_line, textarea_lines, timezone
from lib.address.parsing import ParsedAddress, parse_line
from lib.address.problems import AddressProblem
from lib.address.states import state_name
from lib.address.zips import place
from lib.models.addresses import Address, AddressInput, Coordinates, Party, PartyInput
from lib.models.errors import InvalidRequest
from lib.models.ids import new_id

HOME_COUNTRY = "US"


@dataclass(frozen=True, slots=True)
class ReadAddress:
    """An address as kept, None where something is wrong with it, and what was corrected or filled in on the way."""

    address: Address | None
    corrections: list[str]
    problems: list[AddressProblem]


@dataclass(frozen=True, slots=True)
class ResolvedParty:
    """A party as kept, and what was corrected or filled in on the way, one sentence each."""

    party: Party
    corrections: list[str]


def resolve_party(given: PartyInput, path: str, kept: Address | None = None) -> ResolvedParty:
    """The party whose wire path is `path` (`sender`, `recipient`); its address is `kept` where one stands already.

    Raises InvalidRequest naming every wrong field.
    """
    problems: list[AddressProblem] = []
    phone = email = ""
    try:
        email = check_email(given.email) if given.email and given.email.strip() else ""
    except AddressProblem as problem:
        problems.append(problem)
    try:
        phone = normalize_phone(given.phone) if given.phone and given.phone.strip() else ""
    except AddressProblem as problem:
        problems.append(problem)
    read = ReadAddress(kept, [], []) if kept else read_address(given.address, given.address_line2)
    problems += read.problems
    if read.address:
        problems += _not_served(read.address.country_code)
    if problems or read.address is None:
        raise InvalidRequest(
            " ".join(f"{path.capitalize()}: {problem.message}" for problem in problems),
            fields=[f"{path}.{problem.field}" for problem in problems],
        )
    party = Party(
        name=_tidy(given.name),
        email=email,
        phone=phone,
        business=_tidy(given.business),
        contact_id=given.contact_id,
        address=read.address,
        metadata=given.metadata,
    )
    return ResolvedParty(party, [f"{path.capitalize()}: {correction}" for correction in read.corrections])


def read_address(given: str | AddressInput | None, line2: str | None = None) -> ReadAddress:
    """The address of one line or of fields, with a second line typed apart. Never raises.

    The fields of its problems begin with `address`.
    """
    try:
        typed = _typed_address(given, line2 or "")
    except AddressProblem as problem:
        return ReadAddress(None, [], [problem])
    address, corrections = complete(typed)
    problems = check(typed)
    return ReadAddress(None if problems else _kept(address), corrections, problems)


def with_line2(address: Address, line2: str) -> Address:
    """The same address with another second line, which makes it one of its own."""
    fields = fields_of(address).model_copy(update={"line2": line2})
    return read_address(fields).address or address


def fields_of(address: Address) -> AddressInput:
    """The fields of a kept address as they can be typed."""
    return AddressInput(
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        state=address.state_code,
        postal_code=address.postal_code,
        country_code=address.country_code,
    )


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())


def _typed_address(given: str | AddressInput | None, line2: str) -> ParsedAddress:
    if isinstance(given, AddressInput):
        return ParsedAddress(
            line1=given.line1 or "",
            line2=given.line2 or line2,
            city=given.city or "",
            state_code=given.state or "",
            postal_code=given.postal_code or "",
            country_code=(given.country_code or "").strip() or HOME_COUNTRY,
        )
    return parse_line(given or "", line2)


def _not_served(country_code: str) -> list[AddressProblem]:
    if country_code == HOME_COUNTRY:
        return []
    served = "Rates are for shipments within the United States, its territories and military addresses"
    return [AddressProblem("address.country_code", f"{served}; {country_code} is not served.")]


def _kept(address: ParsedAddress) -> Address:
    known = place(address.postal_code)
    point = known.coordinates if known else None
    textarea = "\n".join(textarea_lines(address, with_line2=False))
    return Address(
        id=new_id("addr"),
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        state=state_name(address.state_code) or address.state_code,
        state_code=address.state_code,
        postal_code=address.postal_code,
        country_code=address.country_code,
        formatted_address=formatted_line(address),
        textarea=textarea,
        timezone=timezone(address),
        coordinates=Coordinates(latitude=point[0], longitude=point[1]) if point else None,
        hash=hashlib.sha256(" ".join(textarea.casefold().split()).encode()).hexdigest(),
    )
