"""An address as typed to one as kept: read, completed and checked."""

import hashlib
from dataclasses import dataclass

from lib.address.checking import check, complete
from lib.address.formatting import formatted_line, textarea_lines, timezone
from lib.address.parsing import ParsedAddress, parse_line
from lib.address.problems import AddressProblem
from lib.address.states import state_name
from lib.address.zips import place
from lib.models.addresses import Address, AddressInput, Coordinates
from lib.models.ids import new_id

HOME_COUNTRY = "US"


@dataclass(frozen=True, slots=True)
class ResolvedAddress:
    """An address as kept, None where there was nothing to read, with what was corrected or filled in on the way.

    `problems` keep a carrier from placing it.
    """

    address: Address | None
    corrections: list[str]
    problems: list[AddressProblem]


def resolve_address(given: AddressInput | str | None, line2: str | None = None) -> ResolvedAddress:
    """The address completed, from one line or from fields; `line2` is a second line typed apart. Never raises."""
    try:
        typed = _typed(given, line2 or "")
    except AddressProblem as problem:
        return ResolvedAddress(None, [], [problem])
    address, corrections = complete(typed)
    return ResolvedAddress(_kept(address), corrections, check(typed))


def _typed(given: AddressInput | str | None, line2: str) -> ParsedAddress:
    if not isinstance(given, AddressInput):
        return parse_line(given or "", line2)
    return ParsedAddress(
        line1=given.line1 or "",
        line2=given.line2 or line2,
        city=given.city or "",
        state_code=given.state or "",
        postal_code=given.postal_code or "",
        country_code=(given.country_code or "").strip() or HOME_COUNTRY,
    )


def _kept(address: ParsedAddress) -> Address:
    known = place(address.postal_code) if address.country_code == HOME_COUNTRY else None
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
