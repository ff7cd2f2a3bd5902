"""One line of text to the parts of an address, a US one unless it ends in another country.

Of a US address ZIP and state are read off the end, the ZIP's own city names find the city, and usaddress decides
what is left.
"""

import re
import unicodedata
from dataclasses import replace
from threading import Lock

import usaddress

from lib.address.countries import HOME_COUNTRY
from lib.address.lines_abroad import split_abroad, split_country
from lib.address.parts import ParsedAddress
from lib.address.problems import AddressProblem
from lib.address.states import state_code
from lib.address.zips import Place, place, split_zip

__all__ = ["ParsedAddress", "filled", "names_a_country", "parse_line", "read_line"]

_COUNTRY = re.compile(r"(?:\b(?:United States(?: of America)?|USA|U\.S\.A)|(?<=[,\d])\s*(?:US|U\.S))$", re.IGNORECASE)
_ZIP_AT_END = re.compile(r"(?:^|[\s,])([0-9]{5}(?:[-\u2013]?[0-9]{4})?)$")
_ZIP_AT_START = re.compile(r"([0-9]{5}(?:-[0-9]{4})?)\s*(?:,|$)")
_DIGITS_AT_END = re.compile(r"(?:^|[\s,])([0-9][0-9-]{1,11})$")
_NUMBERED_THING = re.compile(
    r"(?:#|\b(?:box|apt|apartment|unit|suite|ste|room|rm|floor|fl|no|number|route|rt|hwy|highway))\.?$", re.IGNORECASE
)
_PART_OF_BUILDING = re.compile(
    r"(?:apt|apartment|unit|suite|ste|room|rm|floor|fl|bldg|building|lobby|basement|penthouse|ph|rear|front|attn|c/o)\b|#",
    re.IGNORECASE,
)
_LONGEST_STATE_WORDS = 5
_LONGEST_CITY_WORDS = 6
_SHORTEST_WRONG_ZIP = 3
# Streets end in these too (Court, Northeast), so only usaddress can tell.
_ALSO_STREET_WORDS = {"CT", "FL", "LA", "NE"}
# The tagger is one object for the whole process and keeps the sequence it is working on.
_tagging = Lock()


def parse_line(text: str, line2: str = "") -> ParsedAddress:
    """The parts of an address such as `500 7th ave, New York, NY, 10018`; `line2` is a second line typed apart.

    A ZIP alone is enough: city and state are filled from it, and nothing else is changed or checked.
    Raises AddressProblem (field `address`) when there is no text to read, and nothing else.
    """
    return filled(read_line(text, line2))


def read_line(text: str, line2: str = "") -> ParsedAddress:
    """The parts of a line as they stand in it, nothing filled in. Raises AddressProblem as `parse_line` does."""
    whole = _tidy(text)
    rest = _COUNTRY.sub("", whole).rstrip(" ,;")
    if not rest:
        raise AddressProblem("address", "The address is empty. Use one such as 500 7th Ave, New York, NY 10018.")
    if rest == whole.rstrip(" ,;"):
        abroad, country = split_country(rest)
        if country:
            return split_abroad(abroad, _tidy(line2), country)
    rest, postal_code = _take_zip(rest)
    known = place(postal_code)
    rest, state = _take_state(rest, postal_code, known)
    if not postal_code:
        rest, state, postal_code = _take_wrong_zip(rest, state)
    streets, city = _take_city(_segments(rest), state, postal_code, known)
    second = _tidy(line2)
    if second:
        first = ", ".join(streets)
    else:
        first, second = _street_lines(streets)
    return ParsedAddress(first, second, city, state, postal_code)


def names_a_country(text: str) -> bool:
    """Whether the line says itself in which country it lies."""
    whole = _tidy(text)
    return _COUNTRY.search(whole) is not None or bool(split_country(whole)[1])


def filled(address: ParsedAddress) -> ParsedAddress:
    """The same US address with city and state taken from its ZIP where they were empty; one abroad as it is."""
    known = place(address.postal_code) if address.country_code == HOME_COUNTRY else None
    if known is None:
        return address
    return replace(address, city=address.city or known.city, state_code=address.state_code or known.state_code)


def _tidy(text: str) -> str:
    """Lines become commas, unprintable letters become spaces, runs of spaces and commas become one."""
    text = re.sub(r"[\r\n\v\f\x85\u2028\u2029]+", ", ", text)
    text = "".join(" " if unicodedata.category(letter) in {"Cc", "Cs", "Cf"} else letter for letter in text)
    return ", ".join(_segments(text)).strip(" .;")


def _segments(text: str) -> list[str]:
    parts = (" ".join(part.split()) for part in text.split(","))
    return [part for part in parts if part]


def _take_zip(text: str) -> tuple[str, str]:
    """The text without its ZIP, and the ZIP as digits or ZIP+4; a box or flat number is not a ZIP."""
    match = _ZIP_AT_END.search(text)
    if match and not _NUMBERED_THING.search(text[: match.start()].rstrip(" ,")):
        rest = text[: match.start()]
    elif match := _ZIP_AT_START.match(text):
        rest = text[match.end() :]
    else:
        return text, ""
    digits, four = split_zip(match[1]) or (match[1], "")
    return rest.strip(" ,"), f"{digits}-{four}" if four else digits


def _take_state(text: str, postal_code: str, known: Place | None) -> tuple[str, str]:
    """The text without the state at its end, and the state's code."""
    before, _, last = text.rpartition(",")
    code = state_code(last)
    if code:
        if known and known.state_code != code and known.knows(last):
            return text, ""
        return before.strip(" ,"), code
    words = last.split()
    labels = _labels(f"{text} {postal_code}")
    if postal_code:
        labels = labels[:-1]
    for count in range(min(len(words) - 1, _LONGEST_STATE_WORDS), 0, -1):
        code = state_code(" ".join(words[-count:]))
        if code is None or (known and known.state_code != code and _known_city_at_end(last, known)[1]):
            continue
        agrees = known.state_code == code if known else words[-1] == code and not text.isupper()
        agrees = agrees and words[-1].upper() not in _ALSO_STREET_WORDS
        if agrees or (labels and all(label == "StateName" for _, label in labels[-count:])):
            return f"{before}, {' '.join(words[:-count])}".strip(" ,"), code
    return text, ""


def _take_wrong_zip(text: str, state: str) -> tuple[str, str, str]:
    """Text, state and the number standing where a ZIP belongs, so that the check can say what is wrong with it."""
    match = _DIGITS_AT_END.search(text)
    if match is None or state:
        return text, state, ""
    before = text[: match.start()].rstrip()
    own_segment = text[: match.end() - len(match[1])].rstrip().endswith(",") or not before
    rest, found = _take_state(before.rstrip(" ,"), "", None) if before else ("", "")
    if found or (own_segment and len(match[1]) >= _SHORTEST_WRONG_ZIP):
        return rest, found, match[1]
    return text, state, ""


def _take_city(segments: list[str], state: str, postal_code: str, known: Place | None) -> tuple[list[str], str]:
    """The segments before the city, and the city."""
    if not segments:
        return [], ""
    *streets, last = segments
    alone = not streets
    mixed = alone or any(letter.isdigit() for letter in last)
    if known and known.knows(last):
        return streets, last
    if not mixed:
        return (segments, "") if _PART_OF_BUILDING.match(last) else (streets, last)
    head, city = _known_city_at_end(last, known) if known else (last, "")
    if not city:
        head, city = _tagged_city_at_end(last, f"{state} {postal_code}")
    return [*streets, head] if head else streets, city


def _known_city_at_end(text: str, known: Place) -> tuple[str, str]:
    words = text.split()
    for start in range(max(0, len(words) - _LONGEST_CITY_WORDS), len(words)):
        city = " ".join(words[start:])
        if known.knows(city):
            return " ".join(words[:start]), city
    return text, ""


def _tagged_city_at_end(text: str, after: str) -> tuple[str, str]:
    labels = _labels(f"{text}, {after}")
    while labels and labels[-1][1] in {"StateName", "ZipCode"}:
        labels.pop()
    return _cut(text, _count_at_end(labels, ("PlaceName",)))


def _street_lines(segments: list[str]) -> tuple[str, str]:
    """Line 1 and line 2: what follows the first comma, or else the apartment or floor at the end of line 1."""
    if not segments:
        return "", ""
    first, *others = segments
    if others:
        return first, ", ".join(others)
    line1, line2 = _cut(first, _count_at_end(_labels(first), ("Occupancy", "Subaddress")))
    return (line1, line2) if line1 and _PART_OF_BUILDING.match(line2) else (first, "")


def _count_at_end(labels: list[tuple[str, str]], kinds: tuple[str, ...]) -> int:
    count = 0
    while count < len(labels) and labels[-1 - count][1].startswith(kinds):
        count += 1
    return count


def _cut(text: str, count: int) -> tuple[str, str]:
    """The text before and the text of its last `count` words."""
    words = text.split()
    return " ".join(words[: len(words) - count]), " ".join(words[len(words) - count :])


def _labels(text: str) -> list[tuple[str, str]]:
    """Each word with the label usaddress gives it; empty where it reads other words than there are."""
    with _tagging:
        tokens = usaddress.parse(text)
    words = text.split()
    labels: list[tuple[str, str]] = []
    read = ""
    for token, label in tokens:
        read += token
        if len(labels) < len(words) and read == words[len(labels)]:
            labels.append((read, label))
            read = ""
    return labels if len(labels) == len(words) else []
