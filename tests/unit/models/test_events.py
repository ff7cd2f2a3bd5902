"""The vocabulary of events, and what a webhook may subscribe to."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from lib.models.events import EVENTS, is_subscribed, subscriptions
from lib.models.webhooks import ChangedWebhookHeader, WebhookCreate, WebhookUpdate

LIB = Path(__file__).parents[3] / "lib"
# The reference's own.
PUBLISHED = {
    "shipment.rates_generated", "shipment.expired", "shipment.purchased", "shipment.tracking_updated",
    "shipment.canceled", "shipment.refunded", "shipment.coordinates_updated",
}  # fmt: skip


def recorded() -> Iterator[str]:
    """Every name that some code records an event under, as far as it is written out there."""
    for path in LIB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("record_event", "write_event"):
                name = node.args[1]
                if isinstance(name, ast.Constant):
                    yield str(name.value)


def refusal(**webhook) -> str:
    with pytest.raises(ValidationError) as caught:
        WebhookCreate.model_validate({"url": "https://example.com/", "events": ["*"]} | webhook)
    (error,) = caught.value.errors()
    return f"{'.'.join(map(str, error['loc']))}: {error['msg'].removeprefix('Value error, ')}"


def test_every_name_in_the_code_is_in_the_vocabulary() -> None:
    found = set(recorded())
    assert {"shipment.purchased", "rate_card.applied", "webhook.pinged"} <= found <= EVENTS.keys()


def test_the_reference_s_names_are_known_and_every_name_has_a_meaning() -> None:
    assert EVENTS.keys() >= PUBLISHED
    assert all(name.count(".") == 1 and meaning.endswith(".") for name, meaning in EVENTS.items())


@pytest.mark.parametrize(
    ("subscribed", "told"),
    [
        (["*"], True),
        (["shipment.*"], True),
        (["shipment.purchased"], True),
        (["export.*", "shipment.purchased"], True),
        (["shipment.canceled"], False),
        (["export.*"], False),
        ([], False),
    ],
)
def test_who_is_told_of_a_purchase(subscribed: list[str], told: bool) -> None:
    assert is_subscribed(subscribed, "shipment.purchased") is told


def test_all_or_a_topic_or_a_name_can_be_subscribed_to() -> None:
    known = subscriptions()
    assert known[0] == "*"
    assert {"shipment.*", "team.*", "shipment.purchased"} <= set(known)
    assert WebhookCreate(url="https://example.com/", events=known).events == known


def test_misspelled_event_gets_the_nearest_name() -> None:
    assert refusal(events=["*", "shipment.purchasd"]) == (
        "events.1: there is no event “shipment.purchasd”; did you mean “shipment.purchased”?"
    )
    assert refusal(events=["zzz"]) == (
        "events.0: there is no event “zzz”; subscribe to *, shipment.* or a name such as shipment.purchased"
    )
    assert refusal(events=[]).startswith("events: List should have at least 1 item")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.com/hooks?a=b", "https://example.com/hooks?a=b"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example/"),
    ],
)
def test_addresses_that_can_be_told(url: str, kept: str) -> None:
    assert WebhookCreate(url=url, events=["*"]).url == kept


@pytest.mark.parametrize("url", ["example.com", "ftp://example.com/", "http://", "http://exa mple/", "javascript:1"])
def test_what_is_no_web_address(url: str) -> None:
    assert refusal(url=url) == "url: a web address was expected, such as https://example.com/hooks"


def test_address_holds_no_password() -> None:
    told = refusal(url="https://user:hunter2@example.com/")
    assert told == "url: leave the user and password out; send a secret in `header`"
    assert refusal(url="https://example.com/" + "a" * 2000) == "url: String should have at most 2000 characters"


@pytest.mark.parametrize("key", ["Content-Length", "host", "X-Shipdesk-Event", "two words", "", "Colon:", "Ünï"])
def test_headers_that_are_not_the_receivers(key: str) -> None:
    assert refusal(header={"key": key, "value": "v"}).startswith("header.key: the ")


@pytest.mark.parametrize("value", ["", "line\r\nX-Smuggled: 1", " padded ", "ünï", "x" * 1001, 12345, "••••••••"])
def test_unusable_secret_is_refused_without_repeating_it(value) -> None:
    assert refusal(header={"key": "Authorization", "value": value}) == (
        "header.value: 1 to 1000 visible ASCII characters were expected"
    )


def test_secret_is_nowhere_to_be_seen() -> None:
    create = WebhookCreate.model_validate(
        {"url": "https://example.com/", "events": ["*"], "header": {"key": "Authorization", "value": "hunter2"}}
    )
    assert "hunter2" not in f"{create!r} {create} {create.model_dump_json()} {create.model_dump()}"
    assert create.header is not None
    assert create.header.value.get_secret_value() == "hunter2"


def test_mask_sent_back_means_the_kept_value() -> None:
    changes = WebhookUpdate.model_validate({"header": {"key": "Authorization", "value": "••••••••"}})
    assert changes.header == ChangedWebhookHeader(key="Authorization", value=None)
