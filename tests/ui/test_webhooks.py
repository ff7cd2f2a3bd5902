"""The Webhooks tab: what it says and does, over the real desk and a real receiver."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from lib import runtime
from lib.desk.protocol import Desk
from lib.models.events import subscriptions
from lib.models.lists import ListQuery
from lib.models.webhooks import DeliveryAttempt, Webhook, WebhookCreate, WebhookDelivery
from lib.ui.event_words import event_name
from lib.ui.webhook_log import attempts_frame, delivery_words
from lib.ui.webhooks import address_words, events_words, state_words
from lib.webhooks.sending import Sender
from tests.receivers import Receiver, answering, receiving
from tests.ui.conftest import texts

AT = datetime(2026, 3, 2, 15, 5, tzinfo=UTC)


@pytest.fixture
def settings(app: AppTest) -> AppTest:
    return app.switch_page("pages/settings.py").run()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(autouse=True)
def _no_webhooks(desk: Desk) -> Iterator[None]:
    yield
    for webhook in kept(desk):
        desk.webhooks.delete(webhook.id)


def kept(desk: Desk) -> list[Webhook]:
    return desk.webhooks.list(ListQuery(limit=50)).items


def add(desk: Desk, url: str) -> str:
    return desk.webhooks.create(WebhookCreate(url=url, events=["shipment.*"])).id


def send() -> None:
    asyncio.run(Sender(runtime.current().engine).send_due())


def webhook(**changes) -> Webhook:
    return Webhook(id="whk_1", url="https://example.com/", events=["*"], created_at=AT, updated_at=AT, **changes)


def delivery(status: str, *, tries: int = 0, due: datetime | None = None) -> WebhookDelivery:
    return WebhookDelivery.model_validate({
        "id": "dlv_1", "webhook_id": "whk_1", "event": "shipment.purchased", "event_id": "evt_1", "event_sequence": 1,
        "resource_id": "ship_1", "status": status, "created_at": AT, "updated_at": AT, "next_attempt_at": due,
        "attempts": [DeliveryAttempt(at=AT, duration_ms=1)] * tries,
    })  # fmt: skip


def test_empty_desk_says_what_it_is_for_and_takes_the_first(settings: AppTest, desk: Desk) -> None:
    assert "A webhook tells another program" in texts(settings)
    settings.text_input("webhooks_url_new").set_value("https://example.com/hooks?token=hunter2")
    settings.multiselect("webhooks_events_new").set_value(["shipment.*", "export.completed"])
    settings.text_input("webhooks_header_new").set_value("Authorization")
    settings.text_input("webhooks_secret_new").set_value("Bearer hunter2")
    settings.text_input("webhooks_description_new").set_value("Tells the *shop*")
    settings.button("webhooks_save_new").click().run()
    assert not settings.exception
    assert not settings.error
    (made,) = kept(desk)
    assert (made.url, made.events, made.description, made.header and made.header.key) == (
        "https://example.com/hooks?token=hunter2", ["shipment.*", "export.completed"], "Tells the *shop*",
        "Authorization",
    )  # fmt: skip
    words = texts(settings)
    assert "**example.com/hooks** Tells the \\*shop\\*" in words
    assert "Told of: All about shipments, Export completed" in words
    assert "Nothing to tell yet" in words
    assert "hunter2" not in words


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        (("", "", ""), "**Address.** Enter the address that is to be told"),
        (("example.com", "", ""), "A web address was expected"),
        (("https://example.com", "Authorization", ""), "Enter the value of the header too"),
        (("https://example.com", "", "hunter2"), "Name the header that this value belongs to"),
        (("https://example.com", "Host", "hunter2"), "The header Host is set by the desk itself"),
    ],
)
def test_what_is_missing_is_said(settings: AppTest, desk: Desk, entered: tuple[str, str, str], words: str) -> None:
    for field, text in zip(("url", "header", "secret"), entered, strict=True):
        settings.text_input(f"webhooks_{field}_new").set_value(text)
    settings.button("webhooks_save_new").click().run()
    assert words in settings.error[0].value.replace("\\", "")
    assert "hunter2" not in settings.error[0].value
    assert kept(desk) == []


def test_changed_without_touching_the_secret(settings: AppTest, desk: Desk, receiver: Receiver) -> None:
    header = {"key": "Authorization", "value": "Bearer hunter2"}
    made = desk.webhooks.create(
        WebhookCreate.model_validate({"url": "https://example.com/", "events": ["*"], "header": header})
    )
    settings.run()
    settings.button(f"webhooks_form_{made.id}").click().run()
    assert settings.text_input(f"webhooks_secret_{made.id}").value == ""
    settings.text_input(f"webhooks_url_{made.id}").set_value(receiver.base)
    settings.button(f"webhooks_save_{made.id}").click().run()
    assert not settings.error
    desk.webhooks.ping(made.id)
    send()
    assert receiver.received[-1].headers["Authorization"] == "Bearer hunter2"


def test_tried_out_refused_and_sent_again(settings: AppTest, desk: Desk, receiver: Receiver) -> None:
    made = add(desk, receiver.base)
    receiver.answers = [answering(503, b"closed"), answering(200)]
    settings.run()
    settings.button(f"webhooks_ping_{made}").click().run()
    send()
    settings.run()
    assert "The receiver answered 503" in texts(settings).replace("\\", "")
    (entry,) = settings.get("expander")
    assert entry.label.replace("\\", "").startswith("Webhook pinged · Next try in 1 min")
    frame = entry.dataframe[0].value
    assert frame[["What came of it", "It said"]].to_dict("records") == [
        {"What came of it": "Answered 503", "It said": "closed"}
    ]

    (logged,) = desk.webhooks.deliveries(made, ListQuery()).items
    settings.button(f"webhooks_again_{logged.id}").click().run()
    send()
    settings.run()
    assert "Told just now" in texts(settings)
    assert "Delivered at try 2" in settings.get("expander")[0].label
    assert receiver.events == ["webhook.pinged"] * 2


def test_paused_resumed_and_deleted(settings: AppTest, desk: Desk) -> None:
    made = add(desk, "https://example.com/")
    settings.run()
    settings.button(f"webhooks_pause_{made}").click().run()
    assert "Paused: it is told nothing" in texts(settings)
    assert not desk.webhooks.retrieve(made).active
    settings.button(f"webhooks_resume_{made}").click().run()
    assert desk.webhooks.retrieve(made).active
    settings.button(f"webhooks_log_{made}").click().run()
    assert "Nothing was sent to it yet" in texts(settings)
    settings.button(f"webhooks_delete_{made}").click().run()
    assert kept(desk) == []
    assert not settings.exception


def test_what_somebody_else_deleted_is_said_and_gone(settings: AppTest, desk: Desk) -> None:
    made = add(desk, "https://example.com/")
    settings.run()
    desk.webhooks.delete(made)
    settings.button(f"webhooks_pause_{made}").click().run()
    assert f"There is no webhook {made}" in settings.error[0].value.replace("\\", "")
    assert not settings.exception


def test_state_of_a_webhook_in_words() -> None:
    now = AT + timedelta(minutes=3)
    assert state_words(webhook(), now, "UTC") == "Nothing to tell yet"
    assert state_words(webhook(last_delivered_at=AT), now, "UTC") == "Told 3 min ago"
    assert state_words(webhook(active=False, failing_since=AT), now, "UTC") == "Paused: it is told nothing"
    failing = state_words(webhook(failing_since=AT, last_error="The receiver answered 500."), now, "America/New_York")
    assert failing.replace("\\", "").startswith(":red[:material/error: Failing since Mon, Mar 2")
    assert failing.endswith("The receiver answered 500.]")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (delivery("pending", due=AT), "Waiting to be sent"),
        (delivery("sending", due=AT), "Being sent"),
        (delivery("delivered", tries=1), "Delivered"),
        (delivery("delivered", tries=3), "Delivered at try 3"),
        (delivery("failed", tries=7), "Failed after 7 tries"),
        (delivery("pending", tries=1, due=AT + timedelta(days=36_500)), "Next try in "),
    ],
)
def test_state_of_a_delivery_in_words(found: WebhookDelivery, words: str) -> None:
    assert delivery_words(found).startswith(words)


def test_tries_as_a_table() -> None:
    tries = [
        DeliveryAttempt(at=AT, duration_ms=5012, error="No answer within 5 seconds."),
        DeliveryAttempt(at=AT, duration_ms=4, status_code=500, response="no"),
    ]
    assert attempts_frame(tries, "UTC")[["What came of it", "It said", "Took"]].to_numpy().tolist() == [
        ["No answer within 5 seconds.", "", "5,012 ms"], ["Answered 500", "no", "4 ms"],
    ]  # fmt: skip


def test_addresses_and_events_in_words() -> None:
    assert address_words("https://example.com/hooks/shop?token=hunter2") == "example.com/hooks/shop"
    assert address_words("http://127.0.0.1:8080/") == "127.0.0.1:8080"
    assert address_words("https://example.com/" + "a" * 100) == "example.com/" + "a" * 48 + "…"
    assert events_words(["*"]) == "Everything"
    assert events_words(["shipment.*", "team.*", "api_key.revoked", "export.failed", "address.*"]) == (
        "All about shipments, All about the team, API key revoked and 2 more"
    )
    names = [event_name(name) for name in subscriptions()]
    assert len(set(names)) == len(names)
    assert {"All about addresses", "All about samples", "All about API keys"} <= set(names)
