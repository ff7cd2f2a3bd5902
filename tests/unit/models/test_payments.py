"""Card numbers are recognised however they are written, and nothing else is taken for one."""

import pytest
from pydantic import ValidationError

from lib.models.payments import PaymentMethodCreate, holds_card_number

# Numbers that card networks and payment providers publish for testing.
VISA, AMEX, MASTERCARD, VISA_19 = "4242424242424242", "378282246310005", "5555555555554444", "4000000000000000006"


@pytest.mark.parametrize(
    "text",
    [
        VISA,
        AMEX,
        MASTERCARD,
        VISA_19,
        "4222222222222",
        "4242 4242 4242 4242",
        "3782-822463-10005",
        f"card_{VISA}",
        "card_4242_4242_4242_4242",
        f"Visa {VISA}, 12/27",
        f"2024 {VISA}",
        f"No. 7 {VISA[:8]} {VISA[8:]} 123",
        "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
    ],
)
def test_card_numbers_are_seen(text: str) -> None:
    assert holds_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "Visa ending 4242",
        "card_xyz123",
        "4242424242424241",
        "424242424242",
        f"{VISA}{VISA}",
        "ORDER-12345",
        "PKGX-5LO98Q3-UR2VMEB",
        "",
    ],
)
def test_other_texts_are_not_taken_for_card_numbers(text: str) -> None:
    assert not holds_card_number(text)


def test_a_method_is_named_without_a_number() -> None:
    assert PaymentMethodCreate(name=" Visa ending 4242 ").name == "Visa ending 4242"
    for given in ({"name": f"Visa {VISA}"}, {"name": "Visa", "id": f"card_{VISA}"}, {"name": "Visa", "id": "card_\n"}):
        with pytest.raises(ValidationError):
            PaymentMethodCreate.model_validate(given)
