"""Webhooks: where to tell others what happened, and the log of having told it."""

import re
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, Field, SecretStr, TypeAdapter, ValidationError

from lib.models.base import Document, Flag, LongText, UtcDateTime, WireModel
from lib.models.events import known_subscription

# What answers show in place of a header's value; sent back to us it means the value that is kept.
MASK = "••••••••"
# How long after each failed attempt the next one follows; after the last the delivery has failed.
RETRY_DELAYS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
DeliveryStatus = Literal["pending", "sending", "delivered", "failed"]

_URL = TypeAdapter(AnyHttpUrl)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HEADER_VALUE = re.compile(r"[!-~]([ -~]{0,998}[!-~])?")
_OURS = frozenset(
    {"accept-encoding", "connection", "content-length", "content-type", "host", "transfer-encoding", "user-agent"}
)
_OUR_PREFIX = "x-shipdesk-"


def _checked_url(text: str) -> str:
    try:
        url = _URL.validate_python(text)
    except ValidationError:
        raise ValueError("a web address was expected, such as https://example.com/hooks") from None
    if url.username or url.password:
        raise ValueError("leave the user and password out; send a secret in `header`")
    return str(url)


def _checked_name(text: str) -> str:
    if not _HEADER_NAME.fullmatch(text):
        raise ValueError("the name of a header was expected, such as Authorization")
    if text.lower() in _OURS or text.lower().startswith(_OUR_PREFIX):
        raise ValueError(f"the header {text} is set by the desk itself; choose another name")
    return text


def _checked_secret(value: Any) -> SecretStr:
    """A header's value; what is wrong with it is said without repeating it."""
    text = value.get_secret_value() if isinstance(value, SecretStr) else value
    if not isinstance(text, str) or not _HEADER_VALUE.fullmatch(text):
        raise ValueError("1 to 1000 visible ASCII characters were expected")
    return SecretStr(text)


def _unmasked(value: Any) -> Any:
    return None if value == MASK else value


WebAddress = Annotated[LongText, AfterValidator(_checked_url)]
HeaderName = Annotated[str, Field(strict=True), AfterValidator(_checked_name)]
HeaderValue = Annotated[SecretStr, BeforeValidator(_checked_secret)]
Subscription = Annotated[str, Field(strict=True, max_length=60), AfterValidator(known_subscription)]
Subscriptions = Annotated[list[Subscription], Field(min_length=1, max_length=100)]


class WebhookHeader(WireModel):
    """The header that goes with every delivery, as shown: its value never is."""

    key: str
    value: str = MASK


class NewWebhookHeader(WireModel):
    """A header to send with every delivery, such as `Authorization`; its value is kept and not shown again."""

    key: HeaderName
    value: HeaderValue


class ChangedWebhookHeader(WireModel):
    """Another header; without a value, or with the mask that is shown for it, the kept value stays."""

    key: HeaderName
    value: Annotated[HeaderValue | None, BeforeValidator(_unmasked)] = None


class Webhook(Document):
    """Where to tell what happened. `failing_since` is set while deliveries fail, until the next one succeeds."""

    url: str
    events: list[str]
    header: WebhookHeader | None = None
    active: bool = True
    description: str | None = None
    created_at: UtcDateTime
    updated_at: UtcDateTime
    last_delivered_at: UtcDateTime | None = None
    failing_since: UtcDateTime | None = None
    last_error: str | None = None


class WebhookCreate(WireModel):
    """What `POST /v1/webhooks` takes. `events` are names, `shipment.*` for a topic, or `*`."""

    url: WebAddress
    events: Subscriptions
    header: NewWebhookHeader | None = None
    active: Flag = True
    description: LongText | None = None


class WebhookUpdate(WireModel):
    """What is to change; a `header` of null takes the header away."""

    url: WebAddress | None = None
    events: Subscriptions | None = None
    header: ChangedWebhookHeader | None = None
    active: Flag | None = None
    description: LongText | None = None


class DeliveryAttempt(WireModel):
    """One try: what the receiver answered, or in `error` why there was no answer, and the time it took.

    `response` is the beginning of what a receiver that refused it said.
    """

    at: UtcDateTime
    duration_ms: int
    status_code: int | None = None
    error: str | None = None
    response: str | None = None


class WebhookDelivery(Document):
    """An event on its way to one webhook. `next_attempt_at` is set while another try is to come."""

    webhook_id: str
    event: str
    event_id: str
    event_sequence: int
    resource_id: str
    status: DeliveryStatus = "pending"
    created_at: UtcDateTime
    updated_at: UtcDateTime
    next_attempt_at: UtcDateTime | None = None
    retries_left: int = len(RETRY_DELAYS)
    attempts: list[DeliveryAttempt] = Field(default_factory=list)
