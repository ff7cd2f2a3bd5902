"""Addresses outside the United States, checked and completed by the rules of their own country."""

from dataclasses import replace

from lib.address.countries import country_name
from lib.address.parts import ParsedAddress
from lib.address.problems import AddressProblem, shown
from lib.address.rules import Area, CountryRules


def problems_abroad(address: ParsedAddress, rules: CountryRules) -> list[AddressProblem]:
    """What the post of the country misses or cannot place: city, province and postal code. Never raises."""
    area = rules.area(address.state_code)
    found = []
    if rules.city_required and not address.city.strip():
        found.append(AddressProblem("address.city", "The city is missing; without it nothing can be delivered there."))
    if rules.area_required and area is None and rules.areas:
        found.append(_area_problem(address, rules))
    return [*found, *_code_problems(address, rules, area)]


def completed_abroad(address: ParsedAddress, rules: CountryRules) -> tuple[ParsedAddress, list[str]]:
    """The address with postal code and province spelled as the post does, and what was filled in, one sentence each.

    Where no province is given and the postal code lies in one alone, it is filled in. Never raises.
    """
    address = replace(address, postal_code=rules.spelled(address.postal_code))
    area = rules.area(address.state_code)
    if area is not None:
        return replace(address, state_code=area.written(address.state_code)), []
    possible = rules.areas_of(address.postal_code) if _is_right(address.postal_code, rules) else []
    if address.state_code or len(possible) != 1:
        return address, []
    state = possible[0].written(address.city or address.line1)
    kind = rules.area_kind.capitalize()
    filled = f"{kind} {state} was filled in from postal code {address.postal_code}."
    return replace(address, state_code=state), [filled]


def _is_right(postal_code: str, rules: CountryRules) -> bool:
    return bool(postal_code) and rules.has_postal_codes and rules.takes(postal_code)


def _in(rules: CountryRules) -> str:
    return country_name(rules.code)


def _area_problem(address: ParsedAddress, rules: CountryRules) -> AddressProblem:
    possible = rules.areas_of(rules.spelled(address.postal_code)) or rules.areas
    latin = address.city or address.line1
    names = [f"{area.written(latin)}" for area in possible[:3]]
    use = f"Use {'one such as ' if len(possible) > 1 else ''}{' or '.join(names)}."
    if not address.state_code.strip():
        return AddressProblem("address.state", f"The {rules.area_kind} is missing. {use}")
    return AddressProblem(
        "address.state", f'"{shown(address.state_code)}" is not a {rules.area_kind} of {_in(rules)}. {use}'
    )


def _code_problems(address: ParsedAddress, rules: CountryRules, area: Area | None) -> list[AddressProblem]:
    if not rules.has_postal_codes:
        return []
    typed, example = rules.spelled(address.postal_code), rules.example(area)
    use = f"Use one such as {example}." if example else ""
    if not typed:
        missing = f"The postal code is missing. {use}".strip()
        return [AddressProblem("address.postal_code", missing)] if rules.postal_code_required else []
    if not rules.takes(typed):
        return [AddressProblem("address.postal_code", f"{shown(typed)} is not a postal code of {_in(rules)}. {use}")]
    if area is not None and not area.holds(typed):
        return [AddressProblem("address.postal_code", _elsewhere(typed, rules, area))]
    return []


def _elsewhere(typed: str, rules: CountryRules, area: Area) -> str:
    """That a postal code is not one of the province; with the province it is of, if that is known."""
    of = [each.latin for each in rules.areas_of(typed)]
    lies = f"{typed} is a postal code of {' or '.join(of)}" if of else f"{typed} is no postal code of {_in(rules)}"
    example = rules.example(area)
    use = f"Use one such as {example}, or correct" if example and area.holds(example) else "Correct it or"
    return f"{lies}, not of {area.latin}. {use} the {rules.area_kind}."
