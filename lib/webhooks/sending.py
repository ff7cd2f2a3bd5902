"""Sending what is due: many receivers side by side, each one's deliveries one after the other."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.webhooks import RETRY_DELAYS, DeliveryAttempt, WebhookDelivery
from lib.store.webhooks import Claim, claim_delivery, settle_delivery
from lib.webhooks.posting import post, succeeded
from lib.webhooks.service import MAX_WEBHOOKS

log = logging.getLogger("shipdesk.webhooks")

# Every webhook has a place of its own: a slow receiver holds up nobody else.
_AT_ONCE = MAX_WEBHOOKS
# An event is noticed within this time.
_POLL_SEC = 0.5
_ATTEMPTS_KEPT = 50


class Sender:
    """Claims deliveries, posts them and keeps what came of it. `now` is the clock that due times go by."""

    def __init__(self, engine: sa.Engine, *, public_only: bool = False, now: Callable[[], datetime] = utc_now) -> None:
        self._engine, self._public_only, self._now = engine, public_only, now
        self._running = set[asyncio.Task[None]]()
        self._stopping = False

    async def send_due(self) -> None:
        """Send everything that is due now, and end when nothing is."""
        while await self._begin() or self._running:
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def run(self, stop: threading.Event) -> None:
        """Send whatever falls due until told to stop; what is being sent then is sent to its end."""
        # Looking up a name may hang in its thread for longer than an attempt takes.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * _AT_ONCE))
        while not stop.is_set():
            await self._begin()
            await asyncio.to_thread(stop.wait, _POLL_SEC)
        self._stopping = True
        if self._running:
            await asyncio.wait(self._running)

    async def _begin(self) -> bool:
        """Take up what is due as far as there is room; whether anything was."""
        begun = False
        while len(self._running) < _AT_ONCE and (claim := await self._claim()):
            task = asyncio.create_task(self._work_off(claim))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            begun = True
        return begun

    async def _work_off(self, claim: Claim | None) -> None:
        """Send this one, and then whatever else is due."""
        while claim is not None:
            await self._send(claim)
            claim = None if self._stopping else await self._claim()

    async def _claim(self) -> Claim | None:
        try:
            return await asyncio.to_thread(claim_delivery, self._engine, self._now())
        except sa.exc.SQLAlchemyError:
            log.exception("looking for webhook deliveries failed; trying again")
            return None

    async def _send(self, claim: Claim) -> None:
        attempt = await post(claim, self._now(), public_only=self._public_only)
        told = attempt.error or attempt.status_code
        log.info("webhook %s delivery %s: %s", claim.webhook.id, claim.delivery.id, told)
        settled = after_attempt(claim.delivery, attempt)
        try:
            await asyncio.to_thread(settle_delivery, self._engine, claim, settled, _health(claim, attempt))
        except sa.exc.SQLAlchemyError:
            # It is due again when the claim runs out.
            log.exception("delivery %s could not be settled", claim.delivery.id)


def after_attempt(delivery: WebhookDelivery, attempt: DeliveryAttempt) -> WebhookDelivery:
    """The delivery with one more attempt: delivered, to be tried again later, or failed for good."""
    changed = {"attempts": [*delivery.attempts, attempt][-_ATTEMPTS_KEPT:], "updated_at": attempt.at}
    if succeeded(attempt):
        return delivery.model_copy(update={**changed, "status": "delivered", "next_attempt_at": None})
    if delivery.retries_left == 0:
        return delivery.model_copy(update={**changed, "status": "failed", "next_attempt_at": None})
    delay = RETRY_DELAYS[-delivery.retries_left]
    later = {"status": "pending", "next_attempt_at": attempt.at + delay, "retries_left": delivery.retries_left - 1}
    return delivery.model_copy(update={**changed, **later})


def _health(claim: Claim, attempt: DeliveryAttempt) -> dict[str, datetime | str | None]:
    """What the attempt says of the webhook."""
    if succeeded(attempt):
        return {"last_delivered_at": attempt.at, "failing_since": None, "last_error": None}
    error = attempt.error or f"The receiver answered {attempt.status_code}."
    return {"failing_since": claim.webhook.failing_since or attempt.at, "last_error": error}


class SenderThread:
    """A sender in a thread of its own, for a worker process."""

    def __init__(self, engine: sa.Engine, *, public_only: bool) -> None:
        # Its lines tell the whole address, in which receivers like to have a secret.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._stop = threading.Event()
        sender = Sender(engine, public_only=public_only)
        self._thread = threading.Thread(target=lambda: asyncio.run(sender.run(self._stop)), name="webhooks")
        self._thread.start()

    def stop(self) -> None:
        """End it; what is being sent is sent to its end."""
        self._stop.set()
        self._thread.join()
