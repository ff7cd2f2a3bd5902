"""What the place field of a form says while it is being filled in."""

from lib.address.checking import check, complete
from lib.address.countries import HOME_COUNTRY, country_name
from lib.address.formatting import formatted_line
from lib.address.parsing import ParsedAddress, parse_line
from lib.address.problems import AddressProblem
from lib.address.zips import place, split_zip
from lib.models.addresses import Address
from lib.ui.formats import plain

_PARTIAL = 5


def is_zip(text: str) -> bool:
    """Whether a place is given by a ZIP (or the beginning of one) and not by a whole address."""
    stripped = text.strip()
    return not stripped or stripped.replace("-", "").isdigit()


def city_words(address: Address | None) -> str:
    """Where an address is: `Tempe, AZ`, abroad `Berlin, Germany`."""
    if address is None:
        return ""
    around = address.state_code if address.country_code == HOME_COUNTRY else address.country
    return ", ".join(part for part in (address.city, around) if part)


def parsed(text: str) -> ParsedAddress | None:
    """The parts of a whole address as typed, or None for a ZIP or nothing."""
    if is_zip(text):
        return None
    try:
        return parse_line(text)
    except AddressProblem:
        return None


def place_note(text: str) -> str:
    """City and state of the place typed so far, as Markdown; empty while there is nothing to say."""
    stripped = text.strip()
    if not stripped:
        return ""
    if is_zip(stripped):
        known = place(stripped)
        if known:
            return f":material/location_on: {plain(known.city)}, {known.state_code}"
        if split_zip(stripped) or len(stripped) > _PARTIAL:
            return ":red[:material/error: There is no such ZIP code.]"
        return ""
    return _note_of(parsed(stripped))


def _note_of(address: ParsedAddress | None) -> str:
    if address and address.country_code != HOME_COUNTRY:
        return _note_abroad(address)
    if address and address.city and address.postal_code:
        street = f"{plain(address.line1)}, " if address.line1 else ""
        return (
            f":material/location_on: {street}{plain(address.city)}, {plain(address.state_code)} "
            f"{plain(address.postal_code)}"
        )
    return ":material/info: Add city, state and ZIP, such as 500 7th Ave, New York, NY 10018"


def _note_abroad(address: ParsedAddress) -> str:
    """What was read of an address abroad, or the first thing that is still missing in it."""
    problems = check(address)
    if problems:
        return f":material/info: {plain(country_name(address.country_code))}: {plain(problems[0].message)}"
    return f":material/location_on: {plain(formatted_line(complete(address).address))}"
