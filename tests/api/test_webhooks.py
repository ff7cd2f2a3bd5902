"""/webhooks and /events over HTTP: made, told, logged, told again; the secret never comes back."""

import asyncio
from typing import Any

import pytest

from lib.models.base import parse_instant, utc_now
from lib.runtime import Runtime
from lib.webhooks.sending import Sender
from tests.api.calling import Client, quoted
from tests.receivers import answering, receiving

WEBHOOK = {
    "url": "https://example.com/hooks",
    "events": ["shipment.*", "export.completed"],
    "header": {"key": "Authorization", "value": "Bearer hunter2"},
    "description": "Tells the shop",
}


def made(client: Client, **changes: Any) -> dict[str, Any]:
    response = client.post("/v1/webhooks", json=WEBHOOK | changes)
    assert response.status_code == 200, response.text
    webhook: dict[str, Any] = response.json()["data"]
    return webhook


def test_webhook_lives_and_its_secret_never_comes_back(client: Client) -> None:
    created = client.post("/v1/webhooks", json=WEBHOOK)
    webhook = created.json()["data"]
    path = f"/v1/webhooks/{webhook['id']}"
    assert created.json()["events"] == ["webhook.created"]
    assert {name: webhook[name] for name in ("url", "events", "description", "active", "header", "failing_since")} == {
        **WEBHOOK, "active": True, "header": {"key": "Authorization", "value": "••••••••"}, "failing_since": None,
    }  # fmt: skip

    updated = client.post(path, json={"active": False, "header": webhook["header"]})
    assert updated.json()["data"] == webhook | {"active": False, "updated_at": updated.json()["data"]["updated_at"]}
    listed = client.get("/v1/webhooks?search=shop")
    assert listed.json()["data"] == [updated.json()["data"]]
    deleted = client.request("DELETE", path)
    assert deleted.json()["data"] == updated.json()["data"]
    gone = client.get(path)
    assert (gone.status_code, gone.json()["code"]) == (404, "webhook_not_found")
    assert "hunter2" not in "".join(one.text for one in (created, updated, listed, deleted, gone))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"url": "example.com"}, "url", "a web address was expected"),
        ({"url": None}, "url", "must be text"),
        ({"events": ["shipment.*", "shipment.purchasd"]}, "events.1", "did you mean “shipment.purchased”?"),
        ({"events": []}, "events", "must hold at least 1"),
        ({"header": {"key": "Host", "value": "v"}}, "header.key", "is set by the desk itself"),
        ({"header": {"key": "Authorization"}}, "header.value", "is required"),
        ({"header": {"key": "Authorization", "value": 90210}}, "header.value", "visible ASCII characters"),
        ({"active": "yes"}, "active", "must be true or false"),
    ],
)
def test_what_is_wrong_is_named(client: Client, changes: dict[str, Any], field: str, words: str) -> None:
    response = client.post("/v1/webhooks", json=WEBHOOK | changes)
    assert (response.status_code, response.json()["errors"]) == (400, [field])
    assert words in response.json()["message"]
    assert "90210" not in response.text


def test_told_logged_and_told_again(client: Client, held: Runtime) -> None:
    with receiving() as receiver:
        webhook = made(client, url=receiver.base, events=["shipment.rates_generated"])
        log = f"/v1/webhooks/{webhook['id']}/deliveries"
        shipment = quoted(client)
        (waiting,) = client.get(log).json()["data"]
        assert (waiting["status"], waiting["event"], waiting["resource_id"]) == (
            "pending", "shipment.rates_generated", shipment["id"],
        )  # fmt: skip
        receiver.answers = [answering(400, b"no"), answering(200)]
        asyncio.run(Sender(held.engine).send_due())
        again = client.post(f"{log}/{waiting['id']}/redeliver")
        assert parse_instant(again.json()["data"]["next_attempt_at"]) <= utc_now()
        asyncio.run(Sender(held.engine).send_due())
        (delivered,) = client.get(f"{log}?status=delivered&limit=5").json()["data"]
        assert [(one["status_code"], one["response"]) for one in delivered["attempts"]] == [(400, "no"), (200, None)]
        assert receiver.received[1].json["subject"]["id"] == shipment["id"]

        pinged = client.post(f"/v1/webhooks/{webhook['id']}/ping")
        assert (pinged.json()["events"], pinged.json()["data"]["event"]) == (["webhook.pinged"], "webhook.pinged")
        asyncio.run(Sender(held.engine).send_due())
        assert receiver.events[-1] == "webhook.pinged"
    assert client.get(f"{log}?status=lost").json()["errors"] == ["status"]
    unknown = client.post(f"{log}/dlv_unknown/redeliver")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "delivery_not_found")


def test_events_are_listed_read_and_followed(client: Client) -> None:
    shipment = quoted(client)
    listed = client.get(f"/v1/events?resource_id={shipment['id']}")
    (event,) = listed.json()["data"]
    assert listed.json()["pagination"] == {"limit": 25, "page": 1, "has_more": False, "total_count": 1}
    assert (event["event"], event["resource"], event["data"]) == ("shipment.rates_generated", "shipment", {})
    assert client.get(f"/v1/events/{event['id']}").json()["data"] == event

    second = quoted(client)
    since = client.get(f"/v1/events?after={event['sequence']}&resource=shipment").json()["data"]
    assert [one["resource_id"] for one in since] == [second["id"]]


@pytest.mark.parametrize(
    ("query", "field"), [("event=shipment.bought", "event"), ("after=x", "after"), ("nothing=1", "nothing")]
)
def test_wrong_filters_of_events_are_named(client: Client, query: str, field: str) -> None:
    response = client.get(f"/v1/events?{query}")
    assert (response.status_code, response.json()["errors"]) == (400, [field])


def test_unknown_event(client: Client) -> None:
    response = client.get("/v1/events/evt_1")
    assert (response.status_code, response.json()["code"]) == (404, "event_not_found")


def test_every_event_is_described(client: Client) -> None:
    description = client.get("/v1/openapi.json").json()["paths"]["/events"]["get"]["description"]
    assert "- `shipment.purchased`: A rate was bought and its label made." in description
