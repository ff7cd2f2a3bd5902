"""What is wrong with an address, and what could be put right without asking."""

import re
from dataclasses import replace
from typing import NamedTuple

from lib.address.abroad import completed_abroad, problems_abroad
from lib.address.contacts import check_email, normalize_phone
from lib.address.countries import HOME_COUNTRY, country_code
from lib.address.parsing import ParsedAddress, filled
from lib.address.problems import AddressProblem, shown
from lib.address.rules import rules_of
from lib.address.states import state_code, state_name
from lib.address.zips import Place, example_zip, place, split_zip

__all__ = ["AddressProblem", "Completion", "check", "check_email", "complete", "normalize_phone"]

# These have country codes of their own, yet mail to them is domestic.
_TERRITORIES = {"AS", "GU", "MP", "PR", "VI"}
_LOST_ZERO = re.compile(r"[0-9]{4}")


class Completion(NamedTuple):
    """An address completed: what was changed in it, and what was filled in where nothing stood, a sentence each."""

    address: ParsedAddress
    corrections: list[str]
    fills: list[str]


def check(address: ParsedAddress) -> list[AddressProblem]:
    """Everything that keeps a carrier from placing the address; empty when nothing does.

    Fields are `address.country_code`, `address.postal_code`, `address.state` and abroad `address.city`. A city that is
    not the ZIP's is no problem: `complete` corrects it. Abroad the rules of the country's post hold. Never raises.
    """
    country = _country_code(address)
    if country != HOME_COUNTRY:
        rules = rules_of(country)
        return [_country_unknown(address)] if rules is None else problems_abroad(address, rules)
    known = place(address.postal_code)
    problems = []
    if known is None:
        problems.append(_zip_missing(address) if not address.postal_code.strip() else _zip_unknown(address))
    code = state_code(address.state_code)
    if address.state_code.strip() and code is None:
        problems.append(_state_unknown(address, known))
    if known and code and code != known.state_code:
        problems.append(_states_differ(address, known, code))
    return problems


def complete(address: ParsedAddress) -> Completion:
    """The address with codes normalised, gaps filled from the ZIP and the city made the ZIP's, and what that changed.

    Spelling alone (`Arizona` → `AZ`, `852821234` → `85282-1234`, `Canada` → `CA`) is not reported. What `check` finds
    wrong is left as it was typed. Completing twice changes nothing more. Never raises.
    """
    country = _country_code(address)
    address = ParsedAddress(
        line1=address.line1.strip(),
        line2=address.line2.strip(),
        city=address.city.strip(),
        state_code=address.state_code.strip(),
        postal_code=address.postal_code.strip(),
        country_code=country,
    )
    if country != HOME_COUNTRY:
        rules = rules_of(country)
        if rules is None:
            return Completion(address, [], [])
        full, fills = completed_abroad(address, rules)
        return Completion(full, [], fills)
    address = replace(
        address,
        state_code=state_code(address.state_code) or address.state_code,
        postal_code=_zip_spelling(address.postal_code),
    )
    known = place(address.postal_code)
    if known is None:
        return Completion(address, [], [])
    full, corrections = filled(address), []
    if full.state_code == known.state_code and not known.accepts(full.city):
        corrections.append(f"City changed from {shown(full.city)} to {known.city}: {_zip_is_in(known)}.")
        full = replace(full, city=known.city)
    return Completion(full, corrections, _fills(address, known))


def _fills(address: ParsedAddress, known: Place) -> list[str]:
    filled_in = [] if address.city else [f"City {known.city}"]
    if not address.state_code:
        filled_in.append(f"State {known.state_code}")
    return [f"{part} was filled in from ZIP {known.zip_code}." for part in filled_in]


def _country_code(address: ParsedAddress) -> str:
    """The code of the country as given; of a country that is not known what was typed."""
    code = country_code(address.country_code) or address.country_code.strip()
    if code in _TERRITORIES:
        known = place(address.postal_code)
        return HOME_COUNTRY if known and known.state_code == code else code
    return code


def _zip_spelling(text: str) -> str:
    parts = split_zip(text)
    return "-".join(part for part in parts if part) if parts else text


def _zip_is_in(known: Place) -> str:
    return f"ZIP {known.zip_code} is in {known.city}, {known.state_code}"


def _country_unknown(address: ParsedAddress) -> AddressProblem:
    return AddressProblem(
        "address.country_code",
        f'"{shown(address.country_code)}" is not a country. Use its code or English name, such as US or Canada.',
    )


def _zip_missing(address: ParsedAddress) -> AddressProblem:
    example = example_zip(address.city, address.state_code)
    use = f"{example} for {shown(address.city)}" if example else "10018"
    return AddressProblem("address.postal_code", f"The ZIP code is missing. Use five digits such as {use}.")


def _zip_unknown(address: ParsedAddress) -> AddressProblem:
    text = address.postal_code.strip()
    meant = place(f"0{text}") if _LOST_ZERO.fullmatch(text) else None
    if meant and state_code(address.state_code) in {None, meant.state_code}:
        use = f"Its leading zero may be missing: {_zip_is_in(meant)}."
    else:
        use = f"Use five digits such as {example_zip(address.city, address.state_code) or '10018'}."
    return AddressProblem("address.postal_code", f"ZIP {shown(text)} is not a US ZIP code. {use}")


def _state_unknown(address: ParsedAddress, known: Place | None) -> AddressProblem:
    use = f"{_zip_is_in(known)}: use {known.state_code}" if known else "Use a two-letter code such as AZ"
    return AddressProblem("address.state", f'"{shown(address.state_code)}" is not a US state. {use}.')


def _states_differ(address: ParsedAddress, known: Place, code: str) -> AddressProblem:
    """The city tells which of the two was mistyped; without it the ZIP is the one in doubt."""
    if known.knows(address.city):
        return AddressProblem(
            "address.state", f"{_zip_is_in(known)}, not in {code}. Use {known.state_code} as the state."
        )
    example = example_zip(address.city, code)
    use = f"a ZIP such as {example}" if example else f"a ZIP in {state_name(code)}"
    return AddressProblem(
        "address.postal_code", f"{_zip_is_in(known)}, not in {code}. Use {use}, or {known.state_code} as the state."
    )
