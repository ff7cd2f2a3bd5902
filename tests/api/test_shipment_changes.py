"""/v1/shipments/{id}: update, duplicate, return; and the list by its query."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.api.calling import Client, quoted

ENVELOPE = ["message", "data", "status", "errors", "code", "endpoint", "events"]


def shell(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "data"}


def test_update(client: Client) -> None:
    shipment = quoted(client)
    path = f"/v1/shipments/{shipment['id']}"
    body = {
        "order_number": "ORDER-12345",
        "coordinates": {"latitude": 33.3917, "longitude": -111.9249},
        "tracking_update": {"status": "in_transit", "message": "Left the warehouse"},
        "unheard_of": 1,
    }
    answer = client.post(path, json=body).json()
    assert list(answer) == ENVELOPE
    assert shell(answer) == {
        "message": "Shipment updated.",
        "status": 200,
        "errors": [],
        "code": None,
        "endpoint": path,
        "events": ["shipment.coordinates_updated", "shipment.updated", "shipment.tracking_updated"],
    }
    assert (answer["data"]["order_number"], answer["data"]["status"]) == ("ORDER-12345", "in_transit")
    assert client.get(path).json()["data"] == answer["data"]


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"notes": "n" * 256}, ["notes"]),
        ({"coordinates": {"latitude": 91, "longitude": "2"}}, ["coordinates.latitude", "coordinates.longitude"]),
        ({"tracking_update": {"status": "lost"}}, ["tracking_update.status"]),
        ({"customs": {"items": [{"description": "Tea"}]}}, ["customs.items.0.value"]),
        ({"estimated_delivery_at": 1e300}, ["estimated_delivery_at"]),
        ({"estimated_delivery_at": "0001-01-01T00:00:00+14:00"}, ["estimated_delivery_at"]),
    ],
)
def test_update_of_wrong_types_is_400_naming_the_path(client: Client, body: dict[str, Any], errors: list[str]) -> None:
    shipment = quoted(client)
    response = client.post(f"/v1/shipments/{shipment['id']}", json=body)
    assert (response.status_code, response.json()["errors"]) == (400, errors)
    assert client.get(f"/v1/shipments/{shipment['id']}").json()["data"] == shipment


def test_update_duplicate_and_return_of_an_unknown_shipment_are_404(client: Client) -> None:
    for path in ("", "/duplicate", "/return"):
        response = client.post(f"/v1/shipments/ship_none{path}", json={})
        assert (response.status_code, response.json()["errors"]) == (404, ["shipment_id"])


def test_duplicate_and_return(client: Client) -> None:
    shipment = quoted(client)
    path = f"/v1/shipments/{shipment['id']}"
    refused = client.post(f"{path}/return")
    assert (refused.status_code, refused.json()["code"]) == (400, "not_shipped")
    rate = shipment["recommended_rate"]["id"]
    bought = client.post(f"{path}/purchase", json={"rate_id": rate}).json()["data"]
    fixed = client.post(path, json={"tracking_number": "1Z999AA10123456784"})
    assert (fixed.status_code, fixed.json()["code"]) == (409, "tracking_number_fixed")
    copy = client.post(f"{path}/duplicate").json()
    assert shell(copy) == {
        "message": "Shipment duplicated.",
        "status": 200,
        "errors": [],
        "code": None,
        "endpoint": f"{path}/duplicate",
        "events": ["shipment.rates_generated"],
    }
    assert (copy["data"]["sender"], copy["data"]["label_url"]) == (bought["sender"], None)
    back = client.post(f"{path}/return", json={"rma_number": "RMA-1"}).json()
    assert (back["message"], back["events"]) == ("Return shipment made.", ["shipment.rates_generated"])
    assert (back["data"]["type"], back["data"]["rma_number"], back["data"]["return_of"]) == (
        "inbound",
        "RMA-1",
        shipment["id"],
    )
    assert {item["id"] for item in client.get("/v1/shipments?search=RMA-1").json()["data"]} == {back["data"]["id"]}


def test_list_by_metadata_tags_and_search(client: Client) -> None:
    shipment = quoted(client, tags=["kühl"], metadata={"a,b": "1, 2", "plain": True}, order_number="Größe 50%")
    other = quoted(client, tags=["warm"], metadata={"a,b": "1"}, order_number="Größe 500")

    def ids(query: str) -> list[str]:
        answer = client.get(f"/v1/shipments?{query}").json()
        assert answer["pagination"]["total_count"] == len(answer["data"])
        return [item["id"] for item in answer["data"]]

    assert ids(f"metadata.{quote('a,b')}={quote('1, 2')}") == [shipment["id"]]
    assert ids("metadata.plain=true") == [shipment["id"]]
    assert ids(f"tags={quote('kühl')}&tags=warm") == [other["id"], shipment["id"]]
    assert ids(f"search={quote('grosse 50')}") == [other["id"], shipment["id"]]
    assert ids(f"search={quote('GROSSE 500')}&tags=") == [other["id"]]
    assert ids(f"search={quote('größe')}&tags={quote('kühl')}&statuses=outstanding") == [shipment["id"]]
