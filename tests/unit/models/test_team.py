from typing import Any

import pytest
from pydantic import ValidationError

from lib.models.team import Courier, InternationalPrice

ROW: dict[str, Any] = {"country_code": "CA", "max_weight_lb": 20, "price": 44_00, "days": 5}


def test_own_courier_has_no_prices_abroad_until_some_are_entered() -> None:
    assert Courier().international == []
    assert Courier(international=[InternationalPrice(**ROW)]).model_dump()["international"] == [ROW]


@pytest.mark.parametrize(
    "change",
    [
        {"country_code": "Canada"},
        {"country_code": "ca"},
        {"max_weight_lb": 0},
        {"max_weight_lb": 151},
        {"price": -1},
        {"price": 10_000_01},
        {"price": 1.5},
        {"days": -1},
        {"days": 91},
        {"days": 2.5},
    ],
)
def test_price_abroad_that_cannot_be(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        InternationalPrice(**{**ROW, **change})
    assert [error["loc"] for error in caught.value.errors()] == [tuple(change)]
