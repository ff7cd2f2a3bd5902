"""The answer to `is this address right?`, as far as it can be given without asking anybody."""

from collections.abc import Callable

from lib.address.contacts import check_email, normalize_phone
from lib.address.countries import HOME_COUNTRY
from lib.address.problems import AddressProblem
from lib.address.resolving import NO_STREET, ResolvedAddress, not_asked, resolve_address, street_findings
from lib.models.address_checks import AddressCheck, AddressVerification, FieldProblem

_NO_STREET = AddressProblem("address.line1", NO_STREET)


def verify(asked: AddressCheck) -> AddressVerification:
    """The address completed, with everything that was changed, only assumed, or is wrong. Never raises."""
    found = resolve_address(asked.address, asked.address_line2)
    problems = address_problems(found)
    region = found.address.country_code if found.address else HOME_COUNTRY
    email, wrong_email = _checked(check_email, asked.email)
    phone, wrong_phone = _checked(lambda text: normalize_phone(text, region), asked.phone)
    return AddressVerification(
        address=found.address,
        corrections=found.corrections,
        assumptions=[*found.assumptions, *found.fills, *_unchecked(found)],
        problems=[
            FieldProblem(field=problem.field, message=problem.message)
            for problem in (*problems, *wrong_email, *wrong_phone)
        ],
        deliverable=False if problems else None,
        email=email,
        phone=phone,
    )


def address_problems(found: ResolvedAddress) -> list[AddressProblem]:
    """What is wrong with an address that is to be on a label: the street has to be there as well."""
    streetless = found.address is not None and not found.address.line1
    return [*found.problems, *([_NO_STREET] if streetless else [])]


def _unchecked(found: ResolvedAddress) -> list[str]:
    return [] if found.address is None else [*street_findings(found.address), *not_asked(found.address)]


def _checked(check: Callable[[str], str], text: str | None) -> tuple[str | None, list[AddressProblem]]:
    if text is None or not text.strip():
        return None, []
    try:
        return check(text), []
    except AddressProblem as problem:
        return None, [problem]
