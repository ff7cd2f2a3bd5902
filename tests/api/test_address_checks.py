"""Verifying addresses, and the commercial invoice, over the API."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from lib.desk.protocol import Desk
from lib.models.team import Courier, InternationalPrice, TeamSettings
from tests.api.calling import Client, quoted

OTTAWA = {
    "name": "Kyle Grzybowski",
    "email": "kyle.grzybowski@packagex.io",
    "phone": "+16135550100",
    "address": "111 Wellington St, Ottawa ON K1A 0A9, Canada",
}
CUSTOMS = {
    "signer": "Kyle Grzybowski",
    "certify": True,
    "items": [{"description": "Dispatch Roasters Coffee", "quantity": 2, "value": 1850, "origin_country": "US"}],
}
PRICE = InternationalPrice(country_code="CA", max_weight_lb=100, price=24_00, days=5)


def verified(client: Client, **body: Any) -> dict[str, Any]:
    response = client.post("/v1/addresses/verify", json=body)
    assert response.status_code == 200, response.text
    assert (response.json()["message"], response.json()["errors"]) == ("Address checked.", [])
    found: dict[str, Any] = response.json()["data"]
    return found


def test_verify_tells_what_was_corrected_and_what_was_only_assumed(client: Client) -> None:
    found = verified(client, address="1 Main St, Mesa, 85282", phone="602 555 0100", email="A@Example.COM")
    assert found["address"]["formatted_address"] == "1 Main St, Tempe, AZ 85282"
    assert found["address"]["timezone"] == "America/Phoenix"
    assert found["address"]["coordinates"] == {"latitude": 33.3917, "longitude": -111.9249}
    assert {name: value for name, value in found.items() if name != "address"} == {
        "corrections": ["City changed from Mesa to Tempe: ZIP 85282 is in Tempe, AZ."],
        "assumptions": [
            "No country is given; it was taken as the United States.",
            "State AZ was filled in from ZIP 85282.",
            "Addresses were checked by ZIP, city and state; whether the street exists was not.",
        ],
        "problems": [],
        "deliverable": None,
        "email": "A@example.com",
        "phone": "+16025550100",
    }


def test_verify_answers_with_every_problem(client: Client) -> None:
    address = {"line2": "5", "city": "Ottawa", "state": "ON", "postal_code": "12345", "country_code": "Canada"}
    found = verified(client, address=address, email="nobody", phone="1")
    assert [problem["field"] for problem in found["problems"]] == [
        "address.postal_code", "address.line1", "email", "phone",
    ]  # fmt: skip
    assert "Use one such as K1A 0B1." in found["problems"][0]["message"]
    assert (found["deliverable"], found["email"], found["phone"]) == (False, None, None)
    assert found["address"]["country_code"] == "CA"
    empty = verified(client, address="  ")
    assert (empty["address"], empty["deliverable"], empty["problems"][0]["field"]) == (None, False, "address")


def test_verify_takes_its_own_answer_and_has_nothing_more_to_correct(client: Client) -> None:
    first = verified(client, address=OTTAWA["address"])
    again = verified(client, address=first["address"])
    assert again["corrections"] == []
    assert {**again["address"], "id": ""} == {**first["address"], "id": ""}


def test_verify_refuses_what_is_no_address(client: Client, stranger: Client) -> None:
    for body, field in (({}, "address"), ({"address": 5}, "address"), ({"address": {"city": 5}}, "address.city")):
        response = client.post("/v1/addresses/verify", json=body)
        assert (response.status_code, response.json()["errors"]) == (400, [field])
    assert stranger.post("/v1/addresses/verify", json={"address": "10018"}).status_code == 401


@pytest.fixture
def abroad(client: Client, desk: Desk) -> dict[str, Any]:
    """A shipment to Canada with its customs declaration."""
    before = desk.team.update(TeamSettings(courier=Courier(international=[PRICE])))
    found = quoted(client, recipient=OTTAWA, customs=CUSTOMS, options={})
    desk.team.update(before.model_copy(update={"courier": Courier()}))
    return found


def test_commercial_invoice_opens_by_key_and_by_its_link(
    client: Client, stranger: Client, abroad: dict[str, Any]
) -> None:
    path = f"/v1/shipments/{abroad['id']}/commercial_invoice"
    by_key = client.get(path)
    assert (by_key.status_code, by_key.headers["Content-Type"]) == (200, "application/pdf")
    assert by_key.headers["Content-Disposition"] == 'inline; filename="commercial-invoice.pdf"'
    link = abroad["commercial_invoice_url"]
    assert link.startswith(f"http://localhost{path}?signature=")
    assert stranger.get(link.removeprefix("http://localhost")).content == by_key.content
    assert "37.00" in PdfReader(io.BytesIO(by_key.content)).pages[0].extract_text()
    assert stranger.get(path).status_code == 401
    assert stranger.get(f"{path}?signature=x").status_code == 403


def test_purchase_without_customs_names_each_field(client: Client, abroad: dict[str, Any], desk: Desk) -> None:
    desk.team.update(TeamSettings(courier=Courier(international=[PRICE])))
    shipment = quoted(client, recipient=OTTAWA, options={})
    desk.team.update(TeamSettings())
    assert shipment["commercial_invoice_url"] is None
    response = client.post(f"/v1/shipments/{shipment['id']}/buy", json={"rate_id": shipment["rates"][0]["id"]})
    assert (response.status_code, response.json()["code"]) == (400, "customs_incomplete")
    # The contents of the example say neither what they are worth nor where they are from.
    contents = [f"parcels.0.contents.{number}.{name}" for number in (0, 1) for name in ("value", "origin_country")]
    assert response.json()["errors"] == [*contents, "customs.signer", "customs.certify"]
    bought = client.post(f"/v1/shipments/{abroad['id']}/buy", json={"rate_id": abroad["rates"][0]["id"]})
    assert bought.status_code == 200


def test_there_is_no_invoice_at_home(client: Client) -> None:
    shipment = quoted(client)
    assert shipment["commercial_invoice_url"] is None
    response = client.get(f"/v1/shipments/{shipment['id']}/commercial_invoice")
    assert (response.status_code, response.json()["code"]) == (409, "not_international")
    assert client.get("/v1/shipments/ship_none/commercial_invoice").status_code == 404


def test_customs_of_the_wrong_type_is_a_400_by_its_path(client: Client) -> None:
    body = {"customs": {**CUSTOMS, "items": [{"description": "Coffee"}]}}
    response = client.post("/v1/shipments", json={**_body(), **body})
    assert (response.status_code, response.json()["errors"]) == (400, ["customs.items.0.value"])


def _body() -> dict[str, Any]:
    parcel = {"length": 10, "width": 8, "height": 4, "weight": 2.5}
    return {"sender": OTTAWA, "recipient": OTTAWA, "parcels": [parcel]}
