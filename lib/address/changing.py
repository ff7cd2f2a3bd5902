"""A kept address with some of it changed, read anew."""

from lib.address.resolving import resolve_address
from lib.models.addresses import Address, AddressInput


def fields_of(address: Address) -> AddressInput:
    """The fields of a kept address as they can be typed."""
    return AddressInput(
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        state=address.state_code,
        postal_code=address.postal_code,
        country_code=address.country_code,
    )


def with_line2(address: Address, line2: str) -> Address:
    """The same address with another second line, which makes it one of its own."""
    return resolve_address(fields_of(address).model_copy(update={"line2": line2})).address or address
