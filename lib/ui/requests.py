"""Values of a form into wire models, with what is wrong said for people."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lib.models.errors import InvalidRequest

Model = TypeVar("Model", bound=BaseModel)
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
    location = error["loc"]
    field = str(location[-1]) if location else ""
    name, unit, limits = field.replace("_", " ").capitalize() or "This", _UNITS.get(field, ""), error.get("ctx", {})
    given = error.get("input")
    shown = f", not {given:g}{unit}" if isinstance(given, int | float) else ""
    match error["type"]:
        case "greater_than":
            return f"{name} has to be above {limits['gt']:g}{unit}{shown}."
        case "greater_than_equal":
            return f"{name} has to be at least {limits['ge']:g}{unit}{shown}."
        case "less_than_equal":
            return f"{name} has to be at most {limits['le']:g}{unit}{shown}."
        case "string_too_long":
            return f"{name} is longer than {limits['max_length']} letters."
        case "value_error":
            words = str(limits.get("error", error["msg"]))
            return f"{words[:1].upper()}{words[1:]}."
        case _:
            return f"{name}: {error['msg']}."
