"""An address as people write it. Nothing that was typed changes its case."""

from lib.address.parsing import ParsedAddress
from lib.address.zips import place


def formatted_line(address: ParsedAddress) -> str:
    """One line: `500 7th ave, Floor 10, New York, NY 10018`, with the country code when it is not US."""
    return ", ".join(textarea_lines(address))


def textarea_lines(address: ParsedAddress, *, with_line2: bool = True) -> list[str]:
    """The lines of a label or a text area: `500 7th ave` / `Floor 10` / `New York, NY 10018` (/ country)."""
    country = "" if address.country_code == "US" else address.country_code
    lines = [address.line1, address.line2 if with_line2 else "", _place_line(address), country]
    return [line for line in lines if line]


def timezone(address: ParsedAddress) -> str | None:
    """The IANA time zone the address lies in, by its ZIP; None abroad, for military mail and without a known ZIP."""
    found = place(address.postal_code) if address.country_code == "US" else None
    return found.timezone if found else None


def _place_line(address: ParsedAddress) -> str:
    state_and_zip = f"{address.state_code} {address.postal_code}".strip()
    return ", ".join(part for part in (address.city, state_and_zip) if part)
