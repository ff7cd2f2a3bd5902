"""The description of the API: valid, complete, and a page that fetches nothing."""

import json
import re
from typing import Any

from fastapi.openapi.models import OpenAPI

from tests.api.calling import Client

ROUTES = {
    "/shipments": {"get", "post"},
    "/shipments/{shipment_id}": {"get", "post"},
    "/shipments/{shipment_id}/duplicate": {"post"},
    "/shipments/{shipment_id}/return": {"post"},
    "/shipments/{shipment_id}/purchase": {"post"},
    "/shipments/{shipment_id}/buy": {"post"},
    "/shipments/{shipment_id}/refresh": {"post"},
    "/shipments/{shipment_id}/label": {"get"},
    "/exports": {"get", "post"},
    "/exports/preview": {"post"},
    "/exports/{export_id}": {"get"},
    "/exports/{export_id}/download": {"get"},
    "/rate_cards": {"get", "post"},
    "/rate_cards/{card_id}": {"get", "delete"},
    "/rate_cards/templates/{kind}": {"get"},
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


def test_page_names_every_route_and_fetches_nothing(stranger: Client) -> None:
    response = stranger.get("/v1/docs")
    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    for path, methods in ROUTES.items():
        for method in methods:
            assert f"<code>{method.upper()} /v1{path}</code>" in response.text
    assert re.findall(r'(?:src|href)="([^"]*)"', response.text) == ["/v1/openapi.json"]
    assert "<script" not in response.text
