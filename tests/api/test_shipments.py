"""/v1/shipments by the API page's own bodies, and what it refuses."""

from datetime import timedelta
from typing import Any

import pytest

from lib.models.base import utc_now
from lib.runtime import Runtime
from lib.store.database import writing
from lib.store.shipments import SHIPMENTS
from tests.api.calling import Client, bought, quoted
from tests.examples import EXAMPLE, QUOTABLE, TEMPE

ENVELOPE = ["message", "data", "status", "errors", "code", "endpoint", "events"]


def test_example_names_its_placeholders(client: Client) -> None:
    response = client.post("/v1/shipments", json=EXAMPLE)
    answer = response.json()
    assert (response.status_code, answer["errors"]) == (404, ["location_id", "fulfillment_id"])
    assert "loc_xyz" in answer["message"]
    assert "ful_xyz" in answer["message"]
    assert client.get("/v1/shipments").json()["pagination"]["total_count"] == 0


def test_example_without_its_placeholders_is_quoted(client: Client) -> None:
    response = client.post("/v1/shipments", json=QUOTABLE)
    answer = response.json()
    assert response.status_code == 200
    assert list(answer) == ENVELOPE
    assert {name: answer[name] for name in ENVELOPE if name != "data"} == {
        "message": "Rates generated.",
        "status": 200,
        "errors": [],
        "code": None,
        "endpoint": "/v1/shipments",
        "events": ["shipment.rates_generated"],
    }
    shipment = answer["data"]
    assert shipment["status"] == "rates_generated"
    assert {name: shipment["parcels"][0][name] for name in EXAMPLE["parcel"] if name != "contents"} == {
        name: value for name, value in EXAMPLE["parcel"].items() if name != "contents"
    }
    assert {rate["provider"]["id"] for rate in shipment["rates"]} == {"ups", "fedex", "usps"}
    books_only = ("Library Mail", "Media Mail")
    anything = [rate for rate in shipment["rates"] if rate["service_level"]["name"] not in books_only]
    assert shipment["recommended_rate"] == min(anything, key=lambda rate: rate["billed_amount"])
    assert client.get(f"/v1/shipments/{shipment['id']}").json()["data"] == shipment


def test_parcels_and_parcel_are_the_same(client: Client) -> None:
    both = [quoted(client), quoted(client, parcels=[EXAMPLE["parcel"]])]
    assert len({str([rate["amount"] for rate in shipment["rates"]]) for shipment in both}) == 1


def test_bought_twice_it_is_bought_once(client: Client) -> None:
    before, first = bought(client)
    path = f"/v1/shipments/{before['id']}"
    again = client.post(f"{path}/buy", json={"rate_id": first["purchased_rate"]["id"]})
    assert again.json()["data"]["tracking_number"] == first["tracking_number"]
    other = next(rate["id"] for rate in before["rates"] if rate["id"] != first["purchased_rate"]["id"])
    refused = client.post(f"{path}/purchase", json={"rate_id": other})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_purchased")
    assert client.post(f"{path}/refresh").status_code == 409


def test_expired_rate_is_409_and_refresh_helps(client: Client, held: Runtime) -> None:
    shipment = quoted(client)
    kept = SHIPMENTS.get(held.engine, shipment["id"])
    with writing(held.engine).begin() as connection:
        SHIPMENTS.update(
            connection, kept.model_copy(update={"rates_generated_at": utc_now() - timedelta(minutes=15, seconds=1)})
        )
    path = f"/v1/shipments/{shipment['id']}"
    refused = client.post(f"{path}/purchase", json={"rate_id": shipment["recommended_rate"]["id"]})
    assert refused.status_code == 409
    assert {name: refused.json()[name] for name in ("code", "errors", "data")} == {
        "code": "rates_expired",
        "errors": ["rate_id"],
        "data": None,
    }
    fresh = client.post(f"{path}/refresh", json={"options": {"providers": ["usps"]}}).json()
    assert fresh["events"] == ["shipment.rates_generated"]
    assert {rate["provider"]["id"] for rate in fresh["data"]["rates"]} == {"usps"}
    body = {"rate_id": fresh["data"]["recommended_rate"]["id"]}
    assert client.post(f"{path}/purchase", json=body).status_code == 200


def test_unknown_rate_is_404(client: Client) -> None:
    shipment = quoted(client)
    response = client.post(f"/v1/shipments/{shipment['id']}/purchase", json={"rate_id": "rate_none"})
    assert (response.status_code, response.json()["errors"]) == (404, ["rate_id"])
    assert client.get(f"/v1/shipments/{shipment['id']}").json()["data"] == shipment


def test_unknown_shipment_is_404_in_a_whole_envelope(client: Client) -> None:
    response = client.get("/v1/shipments/ship_none")
    assert response.status_code == 404
    assert response.json() == {
        "message": "There is no shipment ship_none.",
        "data": None,
        "status": 404,
        "errors": ["shipment_id"],
        "code": "shipment_not_found",
        "endpoint": "/v1/shipments/ship_none",
        "events": [],
    }


@pytest.mark.parametrize(
    ("address", "errors"),
    [
        (TEMPE["address"] | {"postal_code": "00000"}, ["recipient.address.postal_code"]),
        ("1 Main St, Nowhere, NY, 99999", ["recipient.address.postal_code"]),
        ({"line1": "500 7th ave"}, ["recipient.address.postal_code"]),
    ],
)
def test_unknown_zip_is_400_and_nothing_is_kept(client: Client, address: Any, errors: list[str]) -> None:
    before = client.get("/v1/shipments").json()["pagination"]["total_count"]
    response = client.post("/v1/shipments", json=QUOTABLE | {"recipient": TEMPE | {"address": address}})
    assert (response.status_code, response.json()["errors"]) == (400, errors)
    assert client.get("/v1/shipments").json()["pagination"]["total_count"] == before


def test_list_pages_and_filters(client: Client) -> None:
    ids = [quoted(client, order_number="PAGES")["id"] for _ in range(3)]
    first = client.get("/v1/shipments?order_number=PAGES&limit=2&order_by=created_at&direction=asc").json()
    assert list(first) == [*ENVELOPE, "pagination"]
    assert [shipment["id"] for shipment in first["data"]] == ids[:2]
    assert first["pagination"] == {"limit": 2, "page": 1, "has_more": True, "total_count": 3}
    second = client.get("/v1/shipments?order_number=PAGES&limit=2&direction=asc&page=2").json()
    assert [shipment["id"] for shipment in second["data"]] == ids[2:]
    assert second["pagination"]["has_more"] is False
    assert client.get("/v1/shipments?order_number=PAGES&provider=ups,fedex").json()["data"] == []
