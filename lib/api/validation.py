"""What pydantic found wrong with a request, as wire paths and sentences for people."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_PLACES = ("body", "query", "path", "header")
_PARTY_TAGS = frozenset({"full", "contact", "id"})
_LINE, _FIELDS = "constrained-str", "AddressInput"
_OWN_ID = "_[0-9A-Za-z_]+$"
_SIDES = ("length", "width", "height", "weight")
_SHOWN_CHARACTERS = 60
_SHOWN_PROBLEMS = 5

_SENTENCES = {
    "missing": "is required",
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "string_type": "must be text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "too_short": "must hold at least {min_length}",
    "too_long": "must hold at most {max_length}",
    "literal_error": "must be one of {expected}",
    "string_pattern_mismatch": "must look like {pattern}",
    "value_error": "{error}",
}
_WITHOUT_INPUT = frozenset({"missing", "too_short", "too_long", "value_error", "string_too_long"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One field that failed: its wire path (`parcels.0.weight`) and what is wrong with it."""

    path: str
    message: str


def problems_in(errors: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """One problem per field, in the order of the body. `errors` is what pydantic's `errors()` gives."""
    found: dict[str, Problem] = {}
    for error in errors:
        if _is_of_the_other_spelling(error):
            continue
        for path in _paths(error):
            found.setdefault(path, Problem(path, _sentence(error)))
    return list(found.values())


def summary(problems: Sequence[Problem]) -> str:
    """All of it in one message; of many problems the first few."""
    shown = [f"{problem.path}: {problem.message}" for problem in problems[:_SHOWN_PROBLEMS]]
    if len(problems) > _SHOWN_PROBLEMS:
        shown.append(f"and {len(problems) - _SHOWN_PROBLEMS} more")
    return "; ".join(shown)


def _paths(error: Mapping[str, Any]) -> list[str]:
    path = _wire_path(error["loc"])
    given = error.get("input")
    if error["type"] == "value_error" and path.startswith("parcels.") and isinstance(given, Mapping):
        # A parcel's check spans four fields; the ones that are absent are what the caller has to add.
        missing = [f"{path}.{side}" for side in _SIDES if given.get(side) is None]
        return missing or [path]
    return [path]


def _wire_path(location: Sequence[str | int]) -> str:
    """The location without pydantic's own words for union members."""
    parts: list[str] = []
    for index, part in enumerate(location):
        before = location[index - 1] if index else None
        if index == 0 and part in _PLACES:
            continue
        if part == "[key]" or (before in ("sender", "recipient") and part in _PARTY_TAGS):
            continue
        if part in (_LINE, _FIELDS):
            continue
        parts.append(str(part))
    return ".".join(parts) or "body"


def _is_of_the_other_spelling(error: Mapping[str, Any]) -> bool:
    """An address is a line or an object; a problem counts only for the spelling that was used."""
    location = error["loc"]
    if _LINE in location:
        return isinstance(error.get("input"), Mapping)
    return bool(location) and location[-1] == _FIELDS and error["type"] == "model_type"


def _sentence(error: Mapping[str, Any]) -> str:
    kind = error["type"]
    if kind == "string_type" and error["loc"][-1] == _LINE:
        return f"must be one line of text, an object or an id, was {_shown(error.get('input'))}"
    pattern = str(error.get("ctx", {}).get("pattern"))
    if kind == "string_pattern_mismatch" and pattern.endswith(_OWN_ID):
        prefix = pattern.removeprefix("^").removesuffix(_OWN_ID)
        return f"must be {prefix}_ and letters, digits or underscores, was {_shown(error.get('input'))}"
    if kind == "string_pattern_mismatch" and "ctct_" in pattern:
        return f"must be a contact id such as ctct_…, or an object, was {_shown(error.get('input'))}"
    context = {name: _plain(value) for name, value in error.get("ctx", {}).items()}
    template = _SENTENCES.get(kind)
    sentence = template.format(**context) if template else str(error["msg"])
    if kind in _WITHOUT_INPUT or "input" not in error:
        return sentence
    return f"{sentence}, was {_shown(error['input'])}"


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _shown(value: Any) -> str:
    """The value as it was sent, short."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
