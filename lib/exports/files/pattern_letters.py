"""Reading a date pattern: Unicode (LDML) letters, and text that stands for itself, between quotes where it has letters.

A letter is known where what is written for it is right in English; anything else is an error that points at the
letter, because a date that is silently wrong is worse than none.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lib.models.errors import InvalidRequest

PATTERN_FIELD = "csv_field_options.datetime_format"

# How often each letter may stand. YYYY is the year that the week ww belongs to, so it asks for a w beside it.
_WIDTHS = {
    "G": (1, 2, 3, 4, 5), "y": (1, 2, 3, 4, 5, 6, 7, 8, 9), "u": (1, 4), "Y": (1, 2, 4),
    "Q": (1, 2, 3, 4, 5), "q": (1, 2, 3, 4, 5), "M": (1, 2, 3, 4, 5), "L": (1, 2, 3, 4, 5),
    "w": (1, 2), "W": (1,), "d": (1, 2), "D": (1, 3), "F": (1,),
    "E": (1, 2, 3, 4, 5, 6), "e": (1, 2, 3, 4, 5, 6), "c": (1, 3, 4, 5, 6),
    "a": (1, 2, 3, 4, 5), "B": (1, 2, 3, 4, 5), "h": (1, 2), "H": (1, 2), "K": (1, 2), "k": (1, 2),
    "m": (1, 2), "s": (1, 2), "S": (1, 2, 3, 4, 5, 6, 7, 8, 9),
    "z": (1, 2, 3, 4), "Z": (1, 2, 3, 4, 5), "V": (2,), "x": (1, 2, 3, 4, 5), "X": (1, 2, 3, 4, 5),
}  # fmt: skip
_HINTS = {
    "Y": "yyyy is the year, and YYYY the one that a week ww belongs to",
    "D": "dd is the day of the month",
    "T": "put text between quotes, like 'T'",
    "A": "a is AM or PM",
    "b": "a is AM or PM, and B the part of the day",
    "O": "ZZZZ is the offset, like GMT-05:00",
    "v": "zzzz is the name of the time",
}
_RUN = re.compile(r"([A-Za-z])\1*")


@dataclass(frozen=True, slots=True)
class Field:
    """One letter as often as it stands in the pattern, such as `yyyy`, and where it begins there."""

    letters: str
    position: int


# What a pattern is made of: fields, and text that stands for itself.
Token = Field | str


@functools.lru_cache(maxsize=256)
def read_pattern(pattern: str) -> tuple[Token, ...]:
    """The tokens of a pattern in order; no two texts in a row. Raises InvalidRequest that points at the letter."""
    tokens: list[Token] = []
    position, text = 0, ""
    while position < len(pattern):
        if pattern[position] == "'":
            quoted, position = _quoted(pattern, position)
            text += quoted
        elif run := _RUN.match(pattern, position):
            tokens += [text, Field(run.group(), position)]
            position, text = run.end(), ""
        else:
            text += pattern[position]
            position += 1
    if not tokens:
        raise _bad_pattern("The date pattern has no date in it; write one like MM/dd/yyyy.", 0, pattern[:1])
    _check([token for token in tokens if isinstance(token, Field)])
    return tuple(token for token in [*tokens, text] if token)


def _quoted(pattern: str, start: int) -> tuple[str, int]:
    """The text of the quote that opens at `start` and where it ends; two quotes stand for one."""
    if pattern[start : start + 2] == "''":
        return "'", start + 2
    text, position = "", start + 1
    while position < len(pattern):
        if pattern[position] != "'":
            text += pattern[position]
            position += 1
        elif pattern[position : position + 2] == "''":
            text += "'"
            position += 2
        else:
            return text, position + 1
    raise _bad_pattern(f"The date pattern opens a quote at character {start + 1} and does not close it.", start, "'")


def _check(fields: Sequence[Field]) -> None:
    has_week = any(field.letters.startswith("w") for field in fields)
    for field in fields:
        letter, widths = field.letters[0], _WIDTHS.get(field.letters[0], ())
        if len(field.letters) not in widths or (letter == "Y" and not has_week):
            known = " or ".join(letter * width for width in widths)
            hint = _HINTS.get(letter, f"write {known}" if known else "put text between quotes, like 'at'")
            where = f"“{field.letters}” at character {field.position + 1}"
            raise _bad_pattern(f"The date pattern has {where}, which is not known; {hint}.", field.position, letter)


def _bad_pattern(message: str, position: int, letter: str) -> InvalidRequest:
    details = {"position": position + 1, "letter": letter}
    return InvalidRequest(message, fields=[PATTERN_FIELD], code="invalid_date_pattern", details=details)
