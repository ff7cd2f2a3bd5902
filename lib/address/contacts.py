"""Phone numbers and email addresses of the people at an address."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from lib.address.problems import AddressProblem, shown

# North American numbers: neither area code nor exchange begins with 0 or 1.
_NORTH_AMERICAN = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}")


def normalize_phone(text: str, region: str = "US") -> str:
    """The phone number as E.164 (`+12125550100`), read as dialled in `region`, a country code; no extension.

    Length and shape are checked, not whether the number is in service, so 555 numbers pass.
    Raises AddressProblem (field `phone`).
    """
    try:
        number = phonenumbers.parse(text, region if region in phonenumbers.SUPPORTED_REGIONS else "US")
    except phonenumbers.NumberParseException:
        raise _not_a_phone(text) from None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if not possible or (number.country_code == 1 and not _NORTH_AMERICAN.fullmatch(e164)):
        raise _not_a_phone(text)
    return e164


def check_email(text: str) -> str:
    """The email address with its domain in lower case; the domain is not looked up.

    Raises AddressProblem (field `email`).
    """
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise AddressProblem(
            "email", f'"{shown(text)}" is not an email address: {error} Use one such as name@example.com.'
        ) from None


def _not_a_phone(text: str) -> AddressProblem:
    return AddressProblem(
        "phone",
        f'"{shown(text)}" is not a phone number. '
        "Use area code and number, such as 212 555 0100, or + and the country code.",
    )
