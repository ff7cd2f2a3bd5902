"""What an attempt makes of a delivery."""

from datetime import UTC, datetime, timedelta

from lib.models.webhooks import DeliveryAttempt, WebhookDelivery
from lib.webhooks.sending import after_attempt

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
DELIVERY = WebhookDelivery(
    id="dlv_1", webhook_id="whk_1", event="shipment.purchased", event_id="evt_1", event_sequence=1,
    resource_id="ship_1", created_at=AT, updated_at=AT, next_attempt_at=AT,
)  # fmt: skip


def failed_at(moment: datetime) -> DeliveryAttempt:
    return DeliveryAttempt(at=moment, duration_ms=7, status_code=500)


def test_six_retries_further_and_further_apart_then_failed() -> None:
    delivery, pauses = DELIVERY, []
    while delivery.status == "pending":
        assert delivery.next_attempt_at is not None
        moment = delivery.next_attempt_at
        delivery = after_attempt(delivery, failed_at(moment))
        if delivery.next_attempt_at:
            pauses.append(delivery.next_attempt_at - moment)
    assert pauses == [
        timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2),
        timedelta(hours=6),
    ]  # fmt: skip
    assert (delivery.status, delivery.next_attempt_at, len(delivery.attempts)) == ("failed", None, 7)


def test_taken_it_is_done() -> None:
    tried = after_attempt(DELIVERY, failed_at(AT))
    later = AT + timedelta(seconds=10)
    done = after_attempt(tried, DeliveryAttempt(at=later, duration_ms=7, status_code=204))
    assert (done.status, done.next_attempt_at, done.updated_at) == ("delivered", None, later)
    assert [attempt.status_code for attempt in done.attempts] == [500, 204]


def test_log_of_attempts_has_an_end() -> None:
    many = DELIVERY.model_copy(update={"attempts": [failed_at(AT)] * 50})
    last = DeliveryAttempt(at=AT, duration_ms=7, error="The receiver could not be reached.")
    assert after_attempt(many, last).attempts == [failed_at(AT)] * 49 + [last]
