"""Values as people write them: money, dates, times gone by, sizes. Nothing here asks anything."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_MARKDOWN = str.maketrans({letter: f"\\{letter}" for letter in r"\`*_{}[]<>()#+-!|~$:&"})
_KIB = 1024
_ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def money(cents: int) -> str:
    """Cents as dollars: `$1,234.50`, a discount as minus `$2.00`."""
    sign = "\N{MINUS SIGN}" if cents < 0 else ""
    return f"{sign}${abs(cents) / 100:,.2f}"


def to_cents(dollars: float) -> int:
    """Dollars as typed into a field as whole cents, half a cent up."""
    return int((Decimal(str(dollars)) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def plain(text: str) -> str:
    """Text somebody typed, safe inside Markdown: nothing in it can become a link, an image or a style."""
    return " ".join(text.split()).translate(_MARKDOWN)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 rate`, `2,000 rates`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def number(value: float) -> str:
    """A measured number without trailing zeros: `5`, `0.5`, `12.25`."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def pounds(value: float) -> str:
    """A weight: `5 lb`."""
    return f"{number(value)} lb"


def calendar_day(value: date) -> str:
    """A date with its year: `Jan 5, 2026`."""
    return f"{value:%b} {value.day}, {value.year}"


def with_written_days(text: str) -> str:
    """A sentence of the desk with its dates as people write them."""

    def written(found: re.Match[str]) -> str:
        try:
            return calendar_day(date.fromisoformat(found[0]))
        except ValueError:
            return found[0]

    return _ISO_DAY.sub(written, text)


def span(seconds: float) -> str:
    """A length of time in its largest whole unit: `40 seconds`, `3 min`, `2 hours`, `5 days`."""
    whole = int(seconds)
    if whole < _MINUTE:
        return count(whole, "second")
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < _DAY:
        return count(whole // _HOUR, "hour")
    return count(whole // _DAY, "day")


def ago(moment: datetime, now: datetime) -> str:
    """How long since: `just now`, `3 min ago`."""
    seconds = (now - moment).total_seconds()
    return "just now" if seconds < _MINUTE else f"{span(seconds)} ago"


def left(until: datetime, now: datetime) -> str:
    """How long still, rounded up to whole minutes: `15 min`."""
    minutes = -(-(until - now) // timedelta(minutes=1))
    return f"{max(minutes, 0)} min"


def file_size(size: int) -> str:
    """Bytes in the unit that leaves the fewest digits: `812 B`, `1.4 MB`."""
    value = float(size)
    for unit in ("B", "KB", "MB", "GB"):
        if value < _KIB or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= _KIB
    raise AssertionError
