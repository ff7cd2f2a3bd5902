"""The text of one moment by the letters of a date pattern, in American English, by Babel.

Where Babel strays from Unicode the text is written here: the fraction of a second, which Babel rounds up to 10 tenths;
offsets west of Greenwich that are not whole hours, -02:30 being -03:30 to Babel; and Irish time, as Babel gives the
winter summer's name. `Z` follows the published API rather than Unicode: `Z` where the offset is zero. The names of time
are today's: a place that has moved to another time since bears the present one's name in old moments too.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from babel import Locale
from babel.dates import format_datetime, get_timezone_gmt, get_timezone_name

from lib.exports.files.pattern_letters import Field, Token

_ENGLISH = Locale("en", "US")
_WITH_COLONS = (3, 5)
_WITH_SECONDS = (4, 5)
_LONG, _ISO = 4, 5
# Their standard time is summer's, so that the tz database counts winter as daylight saving time.
_IRISH = ("Europe/Dublin", "Eire")


def moment_text(tokens: Iterable[Token], local: datetime) -> str:
    """The text of an aware moment, a ZoneInfo its time zone."""
    return "".join(_field_text(token.letters, local) if isinstance(token, Field) else token for token in tokens)


def _field_text(letters: str, local: datetime) -> str:
    match letters[0]:
        case "S":
            return f"{local.microsecond:06}000"[: len(letters)]
        case "x" | "X" | "Z":
            return _offset_text(letters, local)
        case "z":
            return _zone_name(local, len(letters))
        case "V":
            return str(local.tzinfo)
        case _:
            text: str = format_datetime(local, letters, locale=_ENGLISH)
            return text


def _offset_text(letters: str, local: datetime) -> str:
    letter, width = letters[0], len(letters)
    if letters == "ZZZZ":
        return f"GMT{_offset(local, _ISO)}"
    if letter != "x" and not local.utcoffset():
        return "Z"
    return _offset(local, width if letter != "Z" or width == _ISO else 2)


def _offset(local: datetime, width: int) -> str:
    """The offset as x writes it: +hh, +hhmm or +hh:mm, with the seconds of old local mean times from width 4 on."""
    written = f"{local:%z}"
    hours, minutes, seconds = written[:3], written[3:5], written[5:7]
    parts = [hours]
    if width > 1 or minutes != "00":
        parts.append(minutes)
    if width in _WITH_SECONDS and seconds:
        parts.append(seconds)
    return (":" if width in _WITH_COLONS else "").join(parts)


def _zone_name(local: datetime, width: int) -> str:
    """The name of the time that is kept, such as EST; its offset where English has no name."""
    size: Literal["long", "short"] = "long" if width == _LONG else "short"
    name: str = get_timezone_name(local, size, locale=_ENGLISH, zone_variant=_variant(local))
    if name != get_timezone_gmt(local, size, locale=_ENGLISH):
        return name
    return _offset_text("ZZZZ" if width == _LONG else "xx", local)


def _variant(local: datetime) -> Literal["daylight", "standard"]:
    saves = (local.utcoffset() or timedelta()) > timedelta() if str(local.tzinfo) in _IRISH else local.dst()
    return "daylight" if saves else "standard"
