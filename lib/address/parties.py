"""From a sender or recipient as typed to one as kept: address read, checked and completed."""

from dataclasses import dataclass

from lib.address.contacts import check_email, normalize_phone
from lib.address.countries import HOME_COUNTRY
from lib.address.problems import AddressProblem
from lib.address.resolving import ResolvedAddress, resolve_address
from lib.models.addresses import Address, Party, PartyInput
from lib.models.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class ResolvedParty:
    """A party as kept, and one sentence each on what was corrected or filled in and on what was only assumed."""

    party: Party
    corrections: list[str]
    assumptions: list[str]


def resolve_party(given: PartyInput, path: str, kept: Address | None = None) -> ResolvedParty:
    """The party whose wire path is `path` (`sender`, `recipient`); its address is `kept` where one stands already.

    Raises InvalidRequest naming every wrong field.
    """
    found = ResolvedAddress(kept, [], [], [], []) if kept else resolve_address(given.address, given.address_line2)
    region = found.address.country_code if found.address else HOME_COUNTRY
    problems: list[AddressProblem] = []
    phone = email = ""
    try:
        email = check_email(given.email) if given.email and given.email.strip() else ""
    except AddressProblem as problem:
        problems.append(problem)
    try:
        phone = normalize_phone(given.phone, region) if given.phone and given.phone.strip() else ""
    except AddressProblem as problem:
        problems.append(problem)
    problems += found.problems
    if problems or found.address is None:
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
        address=found.address,
        metadata=given.metadata,
    )
    corrections = [*found.corrections, *found.fills]
    return ResolvedParty(party, _told(path, corrections), _told(path, found.assumptions))


def _told(path: str, sentences: list[str]) -> list[str]:
    return [f"{path.capitalize()}: {sentence}" for sentence in sentences]


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())
