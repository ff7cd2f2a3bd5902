"""From a sender or recipient as typed to one as kept: address read, checked and completed."""

from dataclasses import dataclass

from lib.address.checking import check_email, normalize_phone
from lib.address.problems import AddressProblem
from lib.address.resolving import HOME_COUNTRY, ResolvedAddress, resolve_address
from lib.models.addresses import Address, Party, PartyInput
from lib.models.errors import InvalidRequest


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
    read = ResolvedAddress(kept, [], []) if kept else resolve_address(given.address, given.address_line2)
    problems += read.problems
    if read.address and not read.problems:
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


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())


def _not_served(country_code: str) -> list[AddressProblem]:
    if country_code == HOME_COUNTRY:
        return []
    served = "Rates are for shipments within the United States, its territories and military addresses"
    return [AddressProblem("address.country_code", f"{served}; {country_code} is not served.")]
