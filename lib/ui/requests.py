"""Values of a form into wire models, with what is wrong said for people."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lib.models.errors import InvalidRequest
from lib.ui.formats import money
from lib.ui.option_words import OPTION_NAMES

Model = TypeVar("Model", bound=BaseModel)
_CENTS = frozenset({"declared_value", "checkout_total", "same_day_tip_amount", "price", "amount", "min_checkout_total"})
_LIMITS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}
_UNITS = {"weight": " lb", "length": " in", "width": " in", "height": " in"}


def validated(model: type[Model], data: Mapping[str, Any], *, at: str = "") -> Model:
    """The model of that data. Raises InvalidRequest naming each field that is wrong, as a wire path below `at`."""
    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=True)
        paths = [".".join(part for part in (at, *map(str, one["loc"])) if part) for one in found]
        sentences = list(dict.fromkeys(_sentence(one) for one in found))
        raise InvalidRequest(" ".join(sentences), fields=paths) from None


def _sentence(error: Mapping[str, Any]) -> str:
    location = [str(part) for part in error["loc"] if not isinstance(part, int)]
    field = location[-1] if location else ""
    name, context, given = _name(field), error.get("ctx", {}), error.get("input")
    for limit, words in _LIMITS.items():
        if limit in context:
            shown = f", not {_shown(given, field)}" if isinstance(given, int | float) else ""
            return f"{name} has to be {words} {_shown(context[limit], field)}{shown}."
    match error["type"]:
        case "string_too_short":
            return f"{name} is empty."
        case "string_too_long":
            return f"{name} is longer than {context['max_length']} letters."
        case "value_error":
            words = str(context.get("error", error["msg"]))
            return f"{words[:1].upper()}{words[1:]}."
        case _:
            return f"{name}: {error['msg']}."


def _name(field: str) -> str:
    return OPTION_NAMES.get(field, field.replace("_", " ")).capitalize() or "This"


def _shown(value: float, field: str) -> str:
    return money(int(value)) if field in _CENTS else f"{value:g}{_UNITS.get(field, '')}"
