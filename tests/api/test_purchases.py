"""/v1 buying and refunding by the API page's own bodies, payment methods, the ledger, and the Idempotency-Key."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.calling import Client, quoted
from tests.api.test_shipments import ENVELOPE
from tests.examples import QUOTABLE

# The request example of the API page; `rate_abc123xyz` is its placeholder.
EXAMPLE_PURCHASE = {
    "rate_id": "rate_abc123xyz",
    "payment_reference": "ORDER-12345",
    "payment_method": "card_xyz123",
    "metadata": {"department": "Sales", "project": "Q1 Launch"},
    "tags": ["priority", "fragile"],
}


def of_rate(shipment: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**EXAMPLE_PURCHASE, "rate_id": shipment["recommended_rate"]["id"], **more}


def bought(client: Client, **more: Any) -> dict[str, Any]:
    shipment = quoted(client)
    response = client.post(f"/v1/shipments/{shipment['id']}/purchase", json=of_rate(shipment, **more))
    assert response.status_code == 200, response.text
    data: dict[str, Any] = response.json()["data"]
    return data


def keyed(key: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Idempotency-Key": key}}


def test_purchase_example_verbatim_names_its_placeholder(client: Client) -> None:
    shipment = quoted(client)
    response = client.post(f"/v1/shipments/{shipment['id']}/purchase", json=EXAMPLE_PURCHASE)
    assert (response.status_code, response.json()["code"], response.json()["errors"]) == (
        404, "rate_not_found", ["rate_id"],
    )  # fmt: skip


@pytest.mark.parametrize("word", ["purchase", "buy"])
def test_purchase_example_with_a_rate_of_its_own(client: Client, word: str) -> None:
    shipment = quoted(client)
    body = of_rate(shipment, order_number="12345", label_size="a6")
    answer = client.post(f"/v1/shipments/{shipment['id']}/{word}", json=body).json()
    data = answer["data"]
    assert list(answer) == ENVELOPE
    assert (answer["message"], answer["events"]) == ("Shipment purchased.", ["shipment.purchased"])
    assert {name: data[name] for name in body if name != "rate_id"} == {
        name: value for name, value in body.items() if name != "rate_id"
    }
    assert data["purchased_rate"]["id"] == body["rate_id"]
    card = client.get("/v1/payment_methods/card_xyz123").json()["data"]
    assert {name: card[name] for name in ("id", "kind", "name", "default")} == {
        "id": "card_xyz123", "kind": "card", "name": "card_xyz123", "default": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"label_size": "5x7"}, ["label_size"]),
        ({"rate_id": 5}, ["rate_id"]),
        ({"tags": "fragile"}, ["tags"]),
        ({"payment_method": ["card_xyz123"]}, ["payment_method"]),
        ({"payment_method": "invoice"}, ["payment_method"]),
        ({"payment_method": "card_4242424242424242"}, ["payment_method"]),
    ],
)
def test_purchase_refuses_what_cannot_be(client: Client, changes: dict[str, Any], errors: list[str]) -> None:
    shipment = quoted(client)
    response = client.post(f"/v1/shipments/{shipment['id']}/purchase", json=of_rate(shipment, **changes))
    assert (response.status_code, response.json()["errors"]) == (400, errors)
    assert client.get(f"/v1/shipments/{shipment['id']}").json()["data"] == shipment


def test_refund(client: Client) -> None:
    shipment = bought(client)
    path = f"/v1/shipments/{shipment['id']}"
    answer = client.post(f"{path}/refund").json()
    assert (answer["status"], answer["message"], answer["events"]) == (
        200, "Shipment refunded.", ["shipment.canceled", "shipment.refunded"],
    )  # fmt: skip
    data = answer["data"]
    assert (data["status"], data["refund_status"]) == ("canceled", "refunded")
    assert [update["status"] for update in data["tracking_updates"]] == ["created", "canceled"]
    assert client.post(f"{path}/refund").json()["data"] == data
    label = client.get(f"{path}/label")
    assert (label.status_code, label.json()["code"]) == (409, "shipment_canceled")
    found = client.get(f"/v1/ledger?shipment_id={shipment['id']}").json()
    price = shipment["billed_amount"]
    assert list(found) == [*ENVELOPE, "pagination", "totals"]
    assert [(line["kind"], line["amount"], line["reference"]) for line in found["data"]] == [
        ("refund", -price, "ORDER-12345"),
        ("charge", price, "ORDER-12345"),
    ]
    assert found["totals"] == [
        {
            "payment_method_id": "card_xyz123",
            "currency": "usd",
            "charged": price,
            "reversed": 0,
            "refunded": -price,
            "balance": 0,
        }
    ]


def test_refund_refusals(client: Client) -> None:
    shipment = quoted(client)
    refused = client.post(f"/v1/shipments/{shipment['id']}/refund")
    assert (refused.status_code, refused.json()["code"]) == (400, "not_purchased")
    assert client.post("/v1/shipments/ship_none/refund").status_code == 404


def test_ledger_refuses_filters_it_has_not(client: Client) -> None:
    response = client.get("/v1/ledger?order_number=1")
    assert (response.status_code, response.json()["errors"]) == (400, ["order_number"])


def test_payment_methods(client: Client) -> None:
    created = client.post("/v1/payment_methods", json={"id": "card_team", "name": "Visa ending 4242"})
    assert (created.status_code, created.json()["events"]) == (200, ["payment_method.created"])
    assert client.post("/v1/payment_methods/card_team", json={"default": True}).json()["data"]["default"]
    listed = client.get("/v1/payment_methods?limit=500").json()["data"]
    assert [one["id"] for one in listed if one["default"]] == ["card_team"]
    assert "pay_invoice" in [one["id"] for one in listed]
    assert client.request("DELETE", "/v1/payment_methods/card_team").status_code == 409
    assert client.post("/v1/payment_methods/pay_invoice", json={"default": True}).status_code == 200
    assert client.request("DELETE", "/v1/payment_methods/card_team").status_code == 200
    assert client.request("DELETE", "/v1/payment_methods/pay_invoice").status_code == 409
    assert client.get("/v1/payment_methods/card_team").status_code == 404


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, ["name"]),
        ({"name": " "}, ["name"]),
        ({"name": "x" * 61}, ["name"]),
        ({"name": "Visa 4242 4242 4242 4242"}, ["name"]),
        ({"name": "Visa", "id": "card_4242424242424242"}, ["id"]),
        ({"name": "Visa", "id": "pay_invoice"}, ["id"]),
        ({"name": "Visa", "default": "yes"}, ["default"]),
    ],
)
def test_payment_methods_refuse_what_cannot_be(client: Client, body: dict[str, Any], errors: list[str]) -> None:
    response = client.post("/v1/payment_methods", json=body)
    assert (response.status_code, response.json()["errors"]) == (400, errors)


def test_one_key_is_one_shipment_one_purchase_one_refund(client: Client) -> None:
    first, again = (client.post("/v1/shipments", json=QUOTABLE, **keyed("order 1")) for _ in range(2))
    assert first.json() == again.json()
    shipment = first.json()["data"]
    path = f"/v1/shipments/{shipment['id']}"
    other = client.post("/v1/shipments", json=QUOTABLE | {"order_number": "2"}, **keyed("order 1"))
    assert (other.status_code, other.json()["code"], other.json()["errors"]) == (
        409, "idempotency_key_reused", ["Idempotency-Key"],
    )  # fmt: skip
    body = of_rate(shipment)
    purchased = client.post(f"{path}/purchase", json=body, **keyed("order 1"))
    # The other spelling is the same request.
    assert client.post(f"{path}/buy", json=body, **keyed("order 1")).json()["data"] == purchased.json()["data"]
    changed = client.post(f"{path}/buy", json=body | {"tags": []}, **keyed("order 1"))
    assert (changed.status_code, changed.json()["code"]) == (409, "idempotency_key_reused")
    refunded = client.post(f"{path}/refund", **keyed("order 1"))
    assert client.post(f"{path}/refund", **keyed("order 1")).json() == refunded.json()


def test_two_at_once_under_one_key_make_one_shipment(client: Client) -> None:
    with ThreadPoolExecutor(2) as threads:
        calls = [
            threads.submit(client.post, "/v1/shipments", json=QUOTABLE | {"order_number": "K"}, **keyed("two"))
            for _ in range(2)
        ]
    assert calls[0].result().json()["data"] == calls[1].result().json()["data"]
    assert client.get("/v1/shipments?order_number=K").json()["pagination"]["total_count"] == 1


def test_key_too_long_is_400(client: Client) -> None:
    response = client.post("/v1/shipments", json=QUOTABLE, **keyed("x" * 256))
    assert (response.status_code, response.json()["errors"]) == (400, ["Idempotency-Key"])
    assert client.post("/v1/shipments", json=QUOTABLE, **keyed("x" * 255)).status_code == 200


def test_key_is_described_where_it_is_taken(client: Client) -> None:
    paths = client.get("/v1/openapi.json").json()["paths"]
    taking = set()
    for path, methods in paths.items():
        described = [found for operation in methods.values() for found in operation.get("parameters", [])]
        if ("Idempotency-Key", "header") in [(found["name"], found["in"]) for found in described]:
            taking.add(path)
    assert taking == {
        "/shipments",
        "/shipments/{shipment_id}/purchase",
        "/shipments/{shipment_id}/buy",
        "/shipments/{shipment_id}/refund",
    }
