"""What a wrong body is answered with: the wire path and a sentence."""

from typing import Any

import pytest
from pydantic import ValidationError

from lib.api.validation import problems_in, summary
from lib.models.shipments import ShipmentCreate

PARTY = {"name": "A", "email": "a@example.com", "phone": "+12125550100", "address": "500 7th ave, New York, NY, 10018"}
PARCEL = {"length": 10, "width": 10, "height": 10, "weight": 5}
BODY: dict[str, Any] = {"sender": PARTY, "recipient": PARTY, "parcels": [PARCEL]}


def problems(**changes: Any) -> dict[str, str]:
    body = {name: value for name, value in {**BODY, **changes}.items() if value is not ...}
    with pytest.raises(ValidationError) as caught:
        ShipmentCreate.model_validate(body)
    return {problem.path: problem.message for problem in problems_in(caught.value.errors())}


@pytest.mark.parametrize(
    ("weight", "sentence"),
    [
        (0, "must be greater than 0, was 0"),
        (-1, "must be greater than 0, was -1"),
        ("5", 'must be a number, was "5"'),
        (200, "must be at most 150, was 200"),
        (None, "give weight, or a predefined package as type"),
        (True, "must be a number, was true"),
        ([5], "must be a number, was a list"),
    ],
)
def test_weight(weight: Any, sentence: str) -> None:
    assert problems(parcels=[PARCEL | {"weight": weight}]) == {"parcels.0.weight": sentence}


def test_second_spelling_of_parcels_names_the_first() -> None:
    assert problems(parcels=..., parcel={"width": 1}) == {
        f"parcels.0.{side}": "give length, height, weight, or a predefined package as type"
        for side in ("length", "height", "weight")
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sender": {"name": "A", "email": "a", "phone": "1"}}, {"sender.address": "is required"}),
        ({"sender": ...}, {"sender": "is required"}),
        ({"sender": 5}, {"sender": "must be an object, was 5"}),
        ({"sender": None}, {"sender": "must be an object, was null"}),
        ({"sender": {"contact_id": 5}}, {"sender.contact_id": "must be text, was 5"}),
        (
            {"recipient": "Joe"},
            {"recipient": 'must be a contact id such as ctct_…, or an object, was "Joe"'},
        ),
        (
            {"recipient": PARTY | {"address": 5}},
            {"recipient.address": "must be one line of text, an object or an id, was 5"},
        ),
        (
            {"recipient": PARTY | {"address": {"postal_code": 85282}}},
            {"recipient.address.postal_code": "must be text, was 85282"},
        ),
        (
            {"recipient": PARTY | {"address": "x" * 2001}},
            {"recipient.address": "must have at most 2000 characters"},
        ),
        ({"parcels": []}, {"parcels": "must hold at least 1"}),
        ({"parcels": [PARCEL] * 201}, {"parcels": "must hold at most 200"}),
        ({"parcels": {}}, {"parcels": "must be a list, was an object"}),
        (
            {"parcels": [PARCEL | {"contents": [{"name": "a", "id": 5}]}]},
            {"parcels.0.contents.0.id": "must be text, was 5"},
        ),
        ({"type": "sideways"}, {"type": "must be one of 'outbound' or 'inbound', was \"sideways\""}),
        ({"options": {"max_delivery_days": "3"}}, {"options.max_delivery_days": 'must be a whole number, was "3"'}),
        ({"options": {"verify_address": 1}}, {"options.verify_addresses": "must be true or false, was 1"}),
        (
            {"options": {"provider_timeout": 499}},
            {"options.provider_timeout": "must be at least 500, was 499"},
        ),
    ],
)  # fmt: skip
def test_problem(changes: dict[str, Any], expected: dict[str, str]) -> None:
    assert problems(**changes) == expected


def test_many_problems_are_told_in_few_words() -> None:
    found = [
        {"type": "missing", "loc": ("body", f"field{number}"), "input": {}, "msg": "Field required"}
        for number in range(7)
    ]
    assert summary(problems_in(found)) == (
        "field0: is required; field1: is required; field2: is required; field3: is required; "
        "field4: is required; and 2 more"
    )
