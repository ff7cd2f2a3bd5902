"""One line of text that ends in a country other than the United States, to its parts.

The country's own rules say how a postal code looks and which provinces there are; both are found near the end of the
line, what is left before them is city and street.
"""

import re
from dataclasses import dataclass

from lib.address.countries import HOME_COUNTRY, country_code
from lib.address.parts import ParsedAddress
from lib.address.rules import Area, CountryRules, rules_of
from lib.address.states import state_code

_LONGEST_COUNTRY_WORDS = 5
_LONGEST_CODE_WORDS = 3
_LONGEST_AREA_WORDS = 5
_LONGEST_WRONG_CODE_WORDS = 2
_SHORTEST_WRONG_CODE = 3
# How far before the country a postal code is looked for: city and province may each be a segment.
_NEAR_SEGMENTS = 2
_CODE_LETTERS = 3
_US_ZIP = re.compile(r"[0-9]{5}(?:-[0-9]{4})?")
_HYPHEN_AT_END = re.compile(r"\s*-\s*([^-]+)$")


def split_country(text: str) -> tuple[str, str]:
    """The line without the foreign country named at its end, and the country's code; (text, "") where there is none.

    A code counts only in capitals. What is also a US state (CA, Georgia) counts only behind a postal code of the
    country, so that `Atlanta, Georgia` stays at home.
    """
    before, _, last = text.rpartition(",")
    if _names(last.strip(), before):
        return before.strip(" ,"), country_code(last) or ""
    words = last.split()
    for count in range(min(len(words) - 1, _LONGEST_COUNTRY_WORDS), 0, -1):
        name = " ".join(words[-count:])
        rest = f"{before},{' '.join(words[:-count])}".strip(" ,")
        longer = " ".join(words[-count - 1 :])
        if state_code(longer) is None and _names(name, rest, alone=False):
            return rest, country_code(name) or ""
    for count in range(1, len(words)):
        code, rules = _abroad(" ".join(words[:count]))
        number = " ".join(words[count:])
        if rules and _is_code(rules, number) and not _US_ZIP.fullmatch(number):
            return f"{before}, {number}".strip(" ,"), code
    return text, ""


def split_abroad(text: str, line2: str, code: str) -> ParsedAddress:
    """The parts of a line, its country `code` taken off. What cannot be told apart stays in the street."""
    rules = rules_of(code)
    if rules is None:
        return ParsedAddress(line1=text, line2=line2, country_code=code)
    line = _Line([part.strip() for part in text.split(",") if part.strip()], rules)
    line.take_postal_code()
    line.take_wrong_code()
    line.take_area()
    line.take_wrong_code()
    line.take_city()
    first, *others = line.segments or [""]
    return ParsedAddress(
        line1=", ".join(line.segments) if line2 else first,
        line2=line2 or ", ".join(others),
        city=line.city,
        state_code=line.area,
        postal_code=line.postal_code,
        country_code=code,
    )


@dataclass(slots=True)
class _Line:
    """A line being taken apart from its end."""

    segments: list[str]
    rules: CountryRules
    postal_code: str = ""
    area: str = ""
    city: str = ""

    def take_postal_code(self) -> None:
        """The last thing that looks like a postal code, at either end of a segment behind the street."""
        alone = len(self.segments) == 1
        for at in range(len(self.segments) - 1, -1 if alone else 0, -1):
            words = self.segments[at].split()
            found = _code_at(self.rules, words, at_start=not alone or self.rules.code_before_city)
            if found is not None:
                self._take(at, words[found], words[: found.start] + words[found.stop :])
                return

    def take_wrong_code(self) -> None:
        """The number standing where a postal code belongs, so that the check can say what is wrong with it."""
        if self.postal_code or not self.segments or not self.rules.has_postal_codes:
            return
        at, words = len(self.segments) - 1, self.segments[-1].split()
        count = 0
        while count < min(len(words), _LONGEST_WRONG_CODE_WORDS) and _has_digit(words[-1 - count]):
            count += 1
        rest, number = words[: len(words) - count], words[len(words) - count :]
        if len("".join(number)) >= _SHORTEST_WRONG_CODE and (at > 0 or not rest):
            self._take(at, number, rest)
        elif at > 0 and self.rules.code_before_city and words[0].isdigit():
            self._take(at, words[:1], words[1:])

    def take_area(self) -> None:
        """The province: a segment of its own, or the words behind the city where the post writes them so."""
        if not self.rules.areas or not self.segments:
            return
        last = self.segments[-1]
        if area := self.rules.area(last):
            self._take_whole(area, last)
            return
        if not self.rules.area_after_city:
            return
        if (match := _HYPHEN_AT_END.search(last)) and self.rules.area(match[1]):
            self.area, self.segments[-1] = match[1], last[: match.start()]
            return
        words = last.split()
        for count in range(min(len(words) - 1, _LONGEST_AREA_WORDS), 0, -1):
            name = " ".join(words[-count:])
            if self.rules.area(name):
                self.area, self.segments[-1] = name, " ".join(words[:-count])
                return

    def take_city(self) -> None:
        """The last segment that is left, if it can be one."""
        if self.city or not self.segments:
            return
        last = self.segments[-1]
        behind_street = self.rules.city_required and len(self.segments) > 1
        is_city = self.rules.city_has_a_place and (behind_street or not _has_digit(last))
        if is_city or country_code(last) == self.rules.code:
            self.city = self.segments.pop()

    def _take_whole(self, area: Area, segment: str) -> None:
        """A segment that is an area; where it is the city's name too and no other is left, it is both."""
        self.area = segment
        self.segments.pop()
        streets_only = all(_has_digit(each) for each in self.segments)
        if self.rules.city_required and streets_only and segment not in {area.key} - {area.latin, area.native}:
            self.city = segment

    def _take(self, at: int, code: list[str], rest: list[str]) -> None:
        self.postal_code = " ".join(code)
        left = " ".join(rest).strip(" -\N{EN DASH}")
        self.segments[at : at + 1] = [left] if left else []


def _names(text: str, before: str, *, alone: bool = True) -> bool:
    """Whether the text is a foreign country; `before` is what stands in front of it, `alone` whether behind a comma."""
    _, rules = _abroad(text)
    if rules is None:
        return False
    is_code = len(text.replace(".", "")) <= _CODE_LETTERS
    if is_code and not text.isupper():
        return False
    if state_code(text) is None and (alone or not is_code):
        return True
    return any(_code_at(rules, segment.split()) is not None for segment in before.split(",")[-_NEAR_SEGMENTS:])


def _abroad(text: str) -> tuple[str, CountryRules | None]:
    code = country_code(text) if text else None
    return (code, rules_of(code)) if code and code != HOME_COUNTRY else ("", None)


def _code_at(rules: CountryRules, words: list[str], *, at_start: bool = True) -> slice | None:
    """Which of the words are a postal code: those at the end, or else those at the start."""
    for count in range(min(len(words), _LONGEST_CODE_WORDS), 0, -1):
        if _is_code(rules, " ".join(words[-count:])):
            return slice(len(words) - count, len(words))
        if at_start and _is_code(rules, " ".join(words[:count])):
            return slice(0, count)
    return None


def _is_code(rules: CountryRules, text: str) -> bool:
    text = text.strip(" \N{POSTAL MARK}")
    return rules.has_postal_codes and _has_digit(text) and rules.takes(rules.spelled(text))


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)
