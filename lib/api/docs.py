"""The API's description as one page of plain HTML: no script, nothing fetched from elsewhere."""

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h2 { border-top: 1px solid #8886; padding-top: 1.5rem; font-size: 1.1rem; }
code, pre { font: 14px/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; border-radius: 6px; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top; }
""".strip()

_EXACT = re.compile("`([^`]+)`")

Schema = Mapping[str, Any]


def page_of(description: Schema, prefix: str) -> str:
    """The page for an OpenAPI description whose routes lie below `prefix`."""
    info = description["info"]
    operations = "".join(
        _operation(description, method, f"{prefix}{path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])} API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(info['title'])} API</h1>{_paragraphs(info['description'])}"
        f'<p>For programs: <a href="{prefix}/openapi.json">openapi.json</a></p>{operations}</main></body></html>'
    )


def _operation(description: Schema, method: str, path: str, operation: Schema) -> str:
    heading = f"<h2><code>{method.upper()} {escape(path)}</code> {escape(operation['summary'])}</h2>"
    parts = (
        _paragraphs(operation.get("description", "")),
        _parameters(operation),
        _body(description, operation),
        _answer(operation),
        _errors(description, operation),
    )
    return f"<section>{heading}{''.join(parts)}</section>"


def _parameters(operation: Schema) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(found['name'])}</code></td><td>{escape(found['in'])}</td>"
        f"<td>{_words(found.get('description', ''))}</td></tr>"
        for found in operation.get("parameters", [])
    )
    return f"<table><tr><th>Parameter</th><th>In</th><th></th></tr>{rows}</table>" if rows else ""


def _body(description: Schema, operation: Schema) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return ""
    fields = _fields(_resolved(description, content["schema"]))
    example = f"<p>Body</p><pre>{_json(content['example'])}</pre>"
    return f"{example}<details><summary>Fields of the body</summary>{fields}</details>"


def _answer(operation: Schema) -> str:
    content = operation["responses"]["200"].get("content", {})
    if "application/json" not in content:
        return f"<p>Answer: <code>{escape(', '.join(content))}</code></p>"
    example = _json(content["application/json"]["example"])
    return f"<details><summary>Example of an answer</summary><pre>{example}</pre></details>"


def _errors(description: Schema, operation: Schema) -> str:
    """A table of what may go wrong, with the code of one error of each kind."""
    rows = ""
    for status, reference in operation["responses"].items():
        if "$ref" not in reference:
            continue
        error = description["components"]["responses"][reference["$ref"].rsplit("/", 1)[1]]
        example = error["content"]["application/json"]["example"]
        code = example.get("code") or example.get("error")
        rows += (
            f"<tr><td>{escape(status)}</td><td><code>{escape(code)}</code></td>"
            f"<td>{_words(error['description'])}</td></tr>"
        )
    table = f"<table><tr><th>Status</th><th>For example</th><th></th></tr>{rows}</table>"
    return f"<details><summary>Errors</summary>{table}</details>"


def _resolved(description: Schema, schema: Schema) -> Schema:
    """The schema a reference points at; of an optional body the one that is not null."""
    for option in schema.get("anyOf", [schema]):
        if "$ref" in option:
            found: Schema = description["components"]["schemas"][option["$ref"].rsplit("/", 1)[1]]
            return found
    return schema


def _fields(schema: Schema) -> str:
    required = schema.get("required", [])
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{'required' if name in required else ''}</td>"
        f"<td>{escape(_kind(field))}</td></tr>"
        for name, field in schema.get("properties", {}).items()
    )
    return f"{_paragraphs(schema.get('description', ''))}<table>{rows}</table>"


def _kind(field: Schema) -> str:
    """The type of a field in a word or two."""
    if "$ref" in field:
        return str(field["$ref"].rsplit("/", 1)[1])
    if "enum" in field:
        return ", ".join(map(str, field["enum"]))
    options = field.get("anyOf") or field.get("oneOf")
    if options:
        return " or ".join(_kind(option) for option in options)
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}))}"
    return str(field.get("type", "anything"))


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_words(part)}</p>" for part in text.split("\n\n") if part)


def _words(text: str) -> str:
    """Prose in which backticks mark what is spelled exactly so."""
    return _EXACT.sub(r"<code>\1</code>", escape(text))


def _json(value: Any) -> str:
    return escape(json.dumps(value, indent=2, ensure_ascii=False), quote=False)
