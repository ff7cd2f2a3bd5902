"""The description of the API: valid, complete, and a page that fetches nothing."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from fastapi.openapi.models import OpenAPI

from tests.api.calling import Client
from tests.examples import EXAMPLE, PURCHASE, QUICK_START

ROUTES = {
    "/shipments": {"get", "post"},
    "/shipments/{shipment_id}": {"get", "post"},
    "/shipments/{shipment_id}/duplicate": {"post"},
    "/shipments/{shipment_id}/return": {"post"},
    "/shipments/{shipment_id}/purchase": {"post"},
    "/shipments/{shipment_id}/buy": {"post"},
    "/shipments/{shipment_id}/refund": {"post"},
    "/payment_methods": {"get", "post"},
    "/payment_methods/{payment_method_id}": {"get", "post", "delete"},
    "/ledger": {"get"},
    "/shipments/{shipment_id}/refresh": {"post"},
    "/shipments/{shipment_id}/label": {"get"},
    "/labels": {"get"},
    "/shipments/{shipment_id}/commercial_invoice": {"get"},
    "/addresses/verify": {"post"},
    "/contacts": {"get", "post"},
    "/contacts/{contact_id}": {"get", "post", "delete"},
    "/groups": {"get", "post"},
    "/groups/{group_id}": {"get", "post", "delete"},
    "/locations": {"get", "post"},
    "/locations/{location_id}": {"get", "post", "delete"},
    "/addresses": {"get", "post"},
    "/addresses/{address_id}": {"get", "post", "delete"},
    "/fulfillments": {"get", "post"},
    "/fulfillments/{fulfillment_id}": {"get", "post", "delete"},
    "/shipping_label_inferences": {"get", "post"},
    "/shipping_label_inferences/{shipping_label_inference_id}": {"get", "post", "delete"},
    "/exports": {"get", "post"},
    "/exports/preview": {"post"},
    "/exports/{export_id}": {"get", "delete"},
    "/exports/{export_id}/cancel": {"post"},
    "/exports/{export_id}/retry": {"post"},
    "/exports/{export_id}/download": {"get"},
    "/exports/{export_id}/files/{kind}": {"get"},
    "/export_templates": {"get", "post"},
    "/export_templates/{export_template_id}": {"delete", "get", "post"},
    "/export_templates/{export_template_id}/run": {"post"},
    "/export_templates/{export_template_id}/runs": {"get"},
    "/export_templates/{export_template_id}/file": {"get"},
    "/trackers": {"get", "post"},
    "/trackers/{tracker_id}": {"get", "post", "delete"},
    "/rate_cards": {"get", "post"},
    "/rate_cards/{card_id}": {"get", "delete"},
    "/rate_cards/templates/{kind}": {"get"},
    "/events": {"get"},
    "/events/{event_id}": {"get"},
    "/webhooks": {"get", "post"},
    "/webhooks/{webhook_id}": {"delete", "get", "post"},
    "/webhooks/{webhook_id}/ping": {"post"},
    "/webhooks/{webhook_id}/deliveries": {"get"},
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": {"post"},
}


def described(stranger: Client) -> dict[str, Any]:
    response = stranger.get("/v1/openapi.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def test_every_route_is_described(stranger: Client) -> None:
    description = described(stranger)
    assert {path: set(methods) for path, methods in description["paths"].items()} == ROUTES
    assert description["servers"] == [{"url": "/v1"}]


def test_description_is_openapi_and_every_reference_leads_somewhere(stranger: Client) -> None:
    description = described(stranger)
    OpenAPI.model_validate(description)
    references = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(description)))
    assert references <= set(description["components"]["schemas"])
    identifiers = [operation["operationId"] for path in description["paths"].values() for operation in path.values()]
    assert len(set(identifiers)) == len(identifiers)


def test_description_never_speaks_of_422(stranger: Client) -> None:
    assert "422" not in json.dumps(described(stranger))


def test_every_operation_tells_the_header(stranger: Client) -> None:
    description = described(stranger)
    assert description["components"]["securitySchemes"] == {
        "key": {"type": "apiKey", "in": "header", "name": "PX-API-KEY"}
    }
    for path in description["paths"].values():
        assert all(operation["security"] == [{"key": []}] for operation in path.values())


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        yield from ((f"{method.upper()} {path}", operation) for method, operation in methods.items())


def resolved(description: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to; what is no reference as it is."""
    for name in part.get("$ref", "#").split("/")[1:]:
        description = description[name]
    return description if "$ref" in part else part


def test_every_operation_is_told_in_words(stranger: Client) -> None:
    silent = [
        name for name, operation in operations(described(stranger))
        if not operation["summary"].strip() or not operation.get("description", "").strip()
    ]  # fmt: skip
    assert silent == []


def test_every_operation_tells_its_errors(stranger: Client) -> None:
    description = described(stranger)
    for name, operation in operations(description):
        told = set(operation["responses"])
        only_with_key = {"401", "403"} if operation.get("security") else set()
        assert told == {"200", "400", "404", "409", "429", "default"} | only_with_key, name
        shape = "ExportError" if "/exports" in name else "ErrorEnvelope"
        for status in told - {"200"}:
            error = resolved(description, operation["responses"][status])
            content = error["content"]["application/json"]
            assert content["schema"] == {"$ref": f"#/components/schemas/{shape}"}, (name, status)
            assert error["description"].strip()
            assert ("Retry-After" in error.get("headers", {})) == (status == "429")


def test_errors_are_shown_under_their_own_status(stranger: Client) -> None:
    shown = described(stranger)["components"]["responses"]
    assert shown["ErrorEnvelope404"]["content"]["application/json"]["example"] == {
        "message": "There is no shipment ship_11fkZ8wQzscUj9SZaX1By1.",
        "data": None,
        "status": 404,
        "errors": ["shipment_id"],
        "code": "shipment_not_found",
        "endpoint": "/v1/shipments",
        "events": [],
    }
    assert shown["ExportError400"]["content"]["application/json"]["example"] == {
        "error": "invalid_request",
        "message": "parcels.0.weight: must be greater than 0, was -1",
        "details": {"parcels.0.weight": "parcels.0.weight: must be greater than 0, was -1"},
    }
    assert shown["ErrorEnvelopedefault"]["content"]["application/json"]["example"]["status"] == 500


def test_every_example_is_there_and_is_as_its_schema_says(stranger: Client) -> None:
    description = described(stranger)
    for name, operation in operations(description):
        parts = [*operation["responses"].values(), *filter(None, [operation.get("requestBody")])]
        for part in parts:
            content = resolved(description, part)["content"].get("application/json")
            if content is None:
                assert operation["responses"]["200"] is part, name
                continue
            schema = {**content["schema"], "components": description["components"]}
            wrong = jsonschema_rs.Draft202012Validator(schema).iter_errors(content["example"])
            assert [(name, error.message, error.instance_path) for error in wrong] == []


def test_every_place_in_a_path_has_an_example(stranger: Client) -> None:
    for name, operation in operations(described(stranger)):
        places = [found for found in operation.get("parameters", []) if found["in"] == "path"]
        assert len(places) == name.count("{")
        assert all(found["example"] for found in places), name


@pytest.mark.parametrize(
    ("path", "example"),
    [
        ("/shipments", EXAMPLE),
        ("/shipments/{shipment_id}/purchase", PURCHASE),
        ("/shipments/{shipment_id}/buy", PURCHASE),
        ("/exports", QUICK_START),
        ("/exports/preview", QUICK_START),
    ],
)
def test_examples_are_those_of_the_pages(stranger: Client, path: str, example: dict[str, Any]) -> None:
    operation = described(stranger)["paths"][path]["post"]
    assert operation["requestBody"]["content"]["application/json"]["example"] == example


def test_answer_is_shown_for_the_very_operation(stranger: Client) -> None:
    operation = described(stranger)["paths"]["/rate_cards/{card_id}"]["delete"]
    shown = operation["responses"]["200"]["content"]["application/json"]["example"]
    assert {name: shown[name] for name in ("message", "endpoint", "status")} == {
        "message": "Rate card removed.",
        "endpoint": "/v1/rate_cards/rcard_11fkZ8wQzscUj9SZaX1By1",
        "status": 200,
    }
    assert shown["data"]["id"] == "rcard_11fkZ8wQzscUj9SZaX1By1"


def test_either_spelling_of_parcels_is_described(stranger: Client) -> None:
    schema = described(stranger)["components"]["schemas"]["ShipmentCreate"]
    assert schema["properties"]["parcel"] == schema["properties"]["parcels"]["items"]
    assert schema["required"] == ["sender", "recipient"]


def test_page_shows_examples_and_errors(stranger: Client) -> None:
    page = stranger.get("/v1/docs").text
    assert "`" not in page
    assert "the seconds in <code>Retry-After</code>." in page
    assert '"line1": "5000 S Arizona Mills Cir"' in page
    count = sum(map(len, ROUTES.values()))
    assert page.count("<summary>Errors</summary>") == count
    assert page.count("<td>429</td><td><code>rate_limited</code></td>") == count
    shown = page.count("<summary>Example of an answer</summary>")
    assert shown + page.count("<p>Answer: <code>") == count
    assert shown == sum(
        "application/json" in operation["responses"]["200"]["content"]
        for _, operation in operations(described(stranger))
    )


def test_page_names_every_route_and_fetches_nothing(stranger: Client) -> None:
    response = stranger.get("/v1/docs")
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    for path, methods in ROUTES.items():
        for method in methods:
            assert f"<code>{method.upper()} /v1{path}</code>" in response.text
    assert re.findall(r'(?:src|href)="([^"]*)"', response.text) == ["/v1/openapi.json"]
    assert "<script" not in response.text
