"""/v1/trackers from the number to the end, over the real desk."""

from typing import Any

import pytest

from lib.desk.protocol import Desk
from lib.models.trackers import Tracker
from tests.api.calling import Client

UPS = "1Z999AA10123456784"


@pytest.fixture(scope="module")
def tracker(client: Client) -> dict[str, Any]:
    body = {"tracking_number": UPS, "tags": ["priority"], "location_id": "loc_1", "metadata": {"department": "Sales"}}
    response = client.post("/v1/trackers", json=body)
    answer: dict[str, Any] = response.json()
    assert (response.status_code, answer["message"], answer["events"]) == (200, "Tracker created.", ["tracker.created"])
    data: dict[str, Any] = answer["data"]
    return data


def test_tracker_is_shown_with_whole_links_and_every_field_of_the_page(tracker: dict[str, Any]) -> None:
    assert set(tracker) == set(Tracker.model_fields)
    page = """id type tags status tracking_number tracking_url tracking_updates destination_address destination_layout
        destination_location destination_contact sender_contact chained_status auto_close_shipments_option
        auto_close_shipments_status manifest_id estimated_delivery_at final_chained_shipment_id current_shipment_id
        created_at updated_at updated_by organization_id metadata"""
    assert set(page.split()) <= set(tracker)
    assert tracker["tracking_url"] == f"http://localhost/track/{tracker['id']}"
    assert (tracker["provider"], tracker["status"], tracker["tracking_number"]) == ("ups", "created", UPS)


def test_tracker_is_read_and_listed_alike(client: Client, tracker: dict[str, Any]) -> None:
    assert client.get(f"/v1/trackers/{tracker['id']}").json()["data"] == tracker
    for query in ("provider=ups,usps", "status=created", "statuses=outstanding", "location_id=loc_1",
                  "metadata.department=Sales", "search=1z999aa"):  # fmt: skip
        listed = client.get(f"/v1/trackers?{query}").json()
        assert (listed["data"], listed["pagination"]["total_count"]) == ([tracker], 1), query
    assert client.get("/v1/trackers?provider=fedex").json()["data"] == []


def test_sandbox_number_needs_nothing_else(client: Client) -> None:
    response = client.post("/v1/trackers", json={"tracking_number": "PKGX-AAAAAAA-1234567"})
    data = response.json()["data"]
    assert response.status_code == 200
    assert (data["provider"], data["status"]) == (None, "created")
    assert data["created_at"] < data["moves_at"] < data["estimated_delivery_at"]


def test_update_adds_what_happened(client: Client) -> None:
    made = client.post("/v1/trackers", json={"tracking_number": "986578788855"}).json()["data"]
    body = {"tracking_update": {"status": "in_transit", "address": "Denver, CO"}, "metadata": {"seen": "yes"}}
    response = client.post(f"/v1/trackers/{made['id']}", json=body)
    assert (response.status_code, response.json()["events"]) == (200, ["tracker.updated"])
    data = response.json()["data"]
    assert (data["status"], data["metadata"]) == ("in_transit", {"seen": "yes"})
    assert [update["status"] for update in data["tracking_updates"]] == ["created", "in_transit"]
    assert data["tracking_url"].startswith("http://localhost/track/")
    gone = client.request("DELETE", f"/v1/trackers/{made['id']}")
    assert gone.json()["data"] == data
    assert client.get(f"/v1/trackers/{made['id']}").json()["code"] == "tracker_not_found"


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ({}, "invalid_request", ["tracking_number"]),
        ({"tracking_number": 5}, "invalid_request", ["tracking_number"]),
        ({"tracking_number": "1Z999AA10123456785"}, "wrong_check_digit", ["tracking_number"]),
        ({"tracking_number": "SOMETHING1"}, "carrier_unknown", ["provider"]),
        ({"tracking_number": "SOMETHING1", "provider": "post"}, "invalid_request", ["provider"]),
        ({"tracking_number": UPS, "id": "ship_1"}, "invalid_request", ["id"]),
        (
            {"tracking_number": UPS, "options": {"tracker_chained_status": "delivered"}},
            "invalid_request",
            ["options.tracker_chained_status"],
        ),
    ],
)
def test_refusals_name_the_field(client: Client, body: dict[str, Any], code: str, fields: list[str]) -> None:
    answer = client.post("/v1/trackers", json=body).json()
    assert (answer["status"], answer["code"], answer["errors"]) == (400, code, fields)


def test_a_number_followed_already_is_a_conflict(client: Client, tracker: dict[str, Any]) -> None:
    answer = client.post("/v1/trackers", json={"tracking_number": UPS}).json()
    assert (answer["status"], answer["code"], answer["errors"]) == (409, "tracker_exists", ["tracking_number"])
    assert tracker["id"] in answer["message"]


def test_an_update_that_cannot_be_is_a_conflict(client: Client, desk: Desk) -> None:
    made = client.post("/v1/trackers", json={"tracking_number": "3318810025"}).json()["data"]
    path = f"/v1/trackers/{made['id']}"
    assert client.post(path, json={"tracking_update": {"status": "delivered"}}).status_code == 200
    answer = client.post(path, json={"tracking_update": {"status": "in_transit"}}).json()
    assert (answer["status"], answer["code"], answer["errors"]) == (
        409,
        "tracking_completed",
        ["tracking_update.status"],
    )
    for body in ({"tags": None}, {"chained_status": None}, {"tracking_update": {"status": "arrived"}}):
        assert client.post(path, json=body).status_code == 400
    assert desk.trackers.retrieve(made["id"]).status == "delivered"


def test_trackers_need_a_key(stranger: Client, tracker: dict[str, Any]) -> None:
    assert stranger.get("/v1/trackers").status_code == 401
    assert stranger.get(f"/v1/trackers/{tracker['id']}").status_code == 401
