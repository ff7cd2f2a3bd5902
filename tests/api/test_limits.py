"""How much may be sent: levels, characters, items; what is over is refused by name, what is just within is taken."""

from typing import Any

import pytest

from tests.api.calling import Client
from tests.examples import QUICK_START, QUOTABLE, TEMPE

PARCEL = {"length": 10, "width": 10, "height": 10, "weight": 5}
QUICK = QUOTABLE | {"options": {"providers": ["usps"]}}


def nested(levels: int) -> Any:
    """An object in an object …, that many."""
    value: Any = {}
    for _ in range(levels - 1):
        value = {"in": value}
    return value


def refused(client: Client, changes: dict[str, Any]) -> tuple[list[str], str]:
    response = client.post("/v1/shipments", json=QUICK | changes)
    assert response.status_code == 400, response.text
    return response.json()["errors"], response.json()["message"]


def test_twenty_levels(client: Client) -> None:
    assert client.post("/v1/shipments", json=QUICK | {"unknown": nested(19)}).status_code == 200
    assert client.post("/v1/shipments", json=QUICK | {"unknown": [[]] * 30}).status_code == 200
    response = client.post("/v1/shipments", json=QUICK | {"unknown": nested(20)})
    assert (response.status_code, response.json()["code"]) == (400, "too_deep")
    assert response.json()["message"] == "The body is nested deeper than 20 levels."


@pytest.mark.parametrize("path", ["/v1/shipments?search=", "/v1/exports?x=", "/v1/shipments/ship_"])
def test_eight_thousand_characters_of_path_and_query(client: Client, path: str) -> None:
    within = path + "x" * (8_000 - len(path.replace("?", "")))
    assert client.get(within).json().get("code") != "query_too_long"
    response = client.get(f"{within}x")
    assert response.status_code == 400
    assert "query_too_long" in (response.json().get("code"), response.json().get("error"))


def test_two_hundred_parcels(client: Client) -> None:
    body = {name: value for name, value in QUICK.items() if name != "parcel"}
    assert client.post("/v1/shipments", json=body | {"parcels": [PARCEL] * 200}).status_code == 200
    response = client.post("/v1/shipments", json=body | {"parcels": [PARCEL] * 201})
    assert (response.status_code, response.json()["errors"]) == (400, ["parcels"])
    assert response.json()["message"] == "parcels: must hold at most 200"


FITS: list[dict[str, Any]] = [
    {"tags": ["x" * 255] * 50},
    {"metadata": {f"{number:0100}": "x" * 1998 for number in range(50)}},
    {"metadata": {"": {"deep": [[[1]]]}}},
    {"notes": "x" * 255},
    {"parcel": PARCEL | {"special_handling_tags": ["fragile"] * 50}},
    {"parcel": PARCEL | {"contents": [{"name": "A", "attributes": ["fragile"] * 50, "quantity": 1_000_000}] * 500}},
    {"parcel": PARCEL | {"contents": [{"name": "A", "value": 100_000_000_000}]}},
]


@pytest.mark.parametrize("changes", FITS, ids=str)
def test_what_just_fits(client: Client, changes: dict[str, Any]) -> None:
    response = client.post("/v1/shipments", json=QUICK | changes)
    assert response.status_code == 200, response.text


TOO_MUCH: list[tuple[dict[str, Any], str, str]] = [
    ({"tags": ["x"] * 51}, "tags", "must hold at most 50"),
    ({"tags": ["x" * 256]}, "tags.0", "must have at most 255 characters"),
    ({"metadata": {str(number): 1 for number in range(51)}}, "metadata", "must hold at most 50"),
    ({"metadata": {"a": "x" * 1999}}, "metadata.a", "must have at most 2000 bytes as JSON"),
    ({"metadata": {"a": ["é" * 999]}}, "metadata.a", "must have at most 2000 bytes as JSON"),
    ({"metadata": {"x" * 101: 1}}, f"metadata.{'x' * 101}", "must have at most 100 characters"),
    ({"sender": TEMPE | {"metadata": {"a": "x" * 1999}}}, "sender.metadata.a", "must have at most 2000 bytes as JSON"),
    ({"parcel": PARCEL | {"special_handling_tags": ["fragile"] * 51}}, "parcels.0.special_handling_tags", "50"),
    ({"parcel": PARCEL | {"contents": [{"name": "A"}] * 501}}, "parcels.0.contents", "must hold at most 500"),
    (
        {"parcel": PARCEL | {"contents": [{"name": "A", "attributes": ["fragile"] * 51}]}},
        "parcels.0.contents.0.attributes",
        "must hold at most 50",
    ),
    (
        {"parcel": PARCEL | {"contents": [{"name": "A", "quantity": 1_000_001}]}},
        "parcels.0.contents.0.quantity",
        "must be at most 1000000, was 1000001",
    ),
    (
        {"parcel": PARCEL | {"contents": [{"name": "A", "value": 100_000_000_001}]}},
        "parcels.0.contents.0.value",
        "must be at most 100000000000, was 100000000001",
    ),
    ({"options": {"providers": ["usps"] * 51}}, "options.providers", "must hold at most 50"),
    ({"options": {"service_levels": ["ground"] * 51}}, "options.service_levels", "must hold at most 50"),
    ({"customs": {"items": [{"description": "A", "value": 1}] * 501}}, "customs.items", "must hold at most 500"),
]


@pytest.mark.parametrize(("changes", "path", "message"), TOO_MUCH, ids=[path[:40] for _, path, _ in TOO_MUCH])
def test_what_is_too_much(client: Client, changes: dict[str, Any], path: str, message: str) -> None:
    fields, told = refused(client, changes)
    assert fields == [path]
    assert told.startswith(f"{path}: ")
    assert message in told


def test_a_thousand_columns(client: Client) -> None:
    look = QUICK_START["csv_field_options"]
    many = {f"metadata.{number}": True for number in range(1001)}
    response = client.post("/v1/exports/preview", json=QUICK_START | {"csv_field_options": look | {"columns": many}})
    assert response.status_code == 400
    assert response.json()["details"] == {"csv_field_options.columns": "must hold at most 1000"}
    many_filters = {f"metadata.{number}": "a" for number in range(101)}
    response = client.post("/v1/exports/preview", json=QUICK_START | {"options": many_filters})
    assert response.json()["details"] == {"options": "must hold at most 100"}
