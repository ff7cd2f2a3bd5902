"""The OpenAPI description made whole: an example of every body and answer, and every error a call may get."""

import re
from typing import Any

from lib.api.examples import BODIES, Examples
from lib.store.links import PREFIX

_JSON = "application/json"
_ERRORS: dict[str, tuple[str, dict[str, Any]]] = {
    "400": (
        "The request is not right; `errors` names the fields.",
        {
            "message": "parcels.0.weight: must be greater than 0, was -1",
            "errors": ["parcels.0.weight"],
            "code": "invalid_request",
        },
    ),
    "401": (
        "No API key, or one that is not known here.",
        {"message": "This API key is not known here or was revoked.", "code": "key_unknown"},
    ),
    "403": (
        "The key lacks the scope, or the link does not open this.",
        {"message": "This call needs a key with the scope ship; this key has read.", "code": "scope_missing"},
    ),
    "404": (
        "Nothing is kept under an id that was given.",
        {
            "message": "There is no shipment ship_11fkZ8wQzscUj9SZaX1By1.",
            "errors": ["shipment_id"],
            "code": "shipment_not_found",
        },
    ),
    "409": (
        "The thing is there, but how it stands does not allow this.",
        {"message": "These rates have expired. Refresh them and choose again.", "code": "rates_expired"},
    ),
    "429": (
        "Asked too often; try again after the seconds in `Retry-After`.",
        {
            "message": "This key may call 12000 times a minute and has done so. Try again in 7 seconds.",
            "code": "rate_limited",
        },
    ),
    "default": (
        "Something went wrong here; the message says under which id it is logged.",
        {"message": "Something went wrong here; it is logged as req_abc123xyz.", "code": "server_error"},
    ),
}
_ONLY_WITH_KEY = frozenset({"401", "403"})
_RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}, "example": 7}}
_EXPORT_ERROR = "ExportError"
_DONE = {
    "Create": "created", "List": "found", "Read": "found", "Update": "updated", "Delete": "deleted",
    "Remove": "removed", "Refund": "refunded", "Duplicate": "duplicated", "Verify": "verified",
}  # fmt: skip
_ARTICLE = re.compile("^(an?|the) ")
_MESSAGES = {
    "Get rates": "Rates generated.",
    "Refetch rates": "Rates generated.",
    "Buy a rate": "Shipment purchased.",
    "Buy a rate (other spelling)": "Shipment purchased.",
    "Load a rate card": "Rate card applied.",
}

Part = dict[str, Any]


def completed(description: Part) -> Part:
    """The description with what the routes need not say themselves."""
    components = description["components"]
    examples = Examples(components["schemas"])
    components["responses"] = {
        f"{shape}{status}": _error(shape, status) for shape in ("ErrorEnvelope", _EXPORT_ERROR) for status in _ERRORS
    }
    for path, methods in description["paths"].items():
        for operation in methods.values():
            _give_examples(operation, f"{PREFIX}{path}", examples)
            _tell_errors(operation)
    return description


def _give_examples(operation: Part, path: str, examples: Examples) -> None:
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            parameter["example"] = examples.of(parameter["schema"], parameter["name"])
            path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
    body = operation.get("requestBody", {}).get("content", {}).get(_JSON)
    if body is not None:
        given = body["schema"].pop("examples", [])
        body["example"] = BODIES.get(_model(body["schema"])) or (given[0] if given else examples.of(body["schema"]))
    answer = operation["responses"]["200"].get("content", {}).get(_JSON)
    if answer is not None:
        answer["example"] = _answer(examples.of(answer["schema"]), operation["summary"], path)


def _answer(example: Any, summary: str, endpoint: str) -> Any:
    """The example with what its envelope, if it is one, says about this very operation."""
    if isinstance(example, dict) and "endpoint" in example:
        return {**example, "message": _message(summary), "endpoint": endpoint}
    return example


def _message(summary: str) -> str:
    verb, _, noun = summary.partition(" ")
    if summary in _MESSAGES or verb not in _DONE:
        return _MESSAGES.get(summary, f"{summary}.")
    return f"{_ARTICLE.sub('', noun)} {_DONE[verb]}.".capitalize()


def _model(schema: Part) -> str:
    """The name of the model that a schema refers to; of an optional one that of what it is otherwise."""
    found = [branch["$ref"] for branch in schema.get("anyOf", [schema]) if "$ref" in branch]
    return str(found[0]).rsplit("/", 1)[-1] if found else ""


def _tell_errors(operation: Part) -> None:
    told = operation["responses"].pop("default", {}).get("content", {}).get(_JSON, {}).get("schema", {})
    shape = _EXPORT_ERROR if _model(told) == _EXPORT_ERROR else "ErrorEnvelope"
    for status in _ERRORS:
        if operation.get("security") or status not in _ONLY_WITH_KEY:
            operation["responses"][status] = {"$ref": f"#/components/responses/{shape}{status}"}


def _error(shape: str, status: str) -> Part:
    words, said = _ERRORS[status]
    if shape == _EXPORT_ERROR:
        details = dict.fromkeys(said.get("errors", []), said["message"])
        example: Part = {"error": said["code"], "message": said["message"], "details": details}
    else:
        number = 500 if status == "default" else int(status)
        usual: Part = {"data": None, "status": number, "errors": [], "endpoint": f"{PREFIX}/shipments", "events": []}
        example = {**usual, **said}
    content = {_JSON: {"schema": {"$ref": f"#/components/schemas/{shape}"}, "example": example}}
    return {"description": words, "content": content, **({"headers": _RETRY_AFTER} if status == "429" else {})}
