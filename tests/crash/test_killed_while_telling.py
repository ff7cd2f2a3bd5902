"""A worker killed with SIGKILL while a receiver is being told: the next one tells it again, and only that."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from lib.models.base import utc_now
from lib.models.lists import ListQuery
from lib.models.webhooks import WebhookCreate
from lib.store.database import writing
from lib.store.events import record_event
from lib.store.webhooks import HELD, claim_delivery
from lib.webhooks.sending import Sender
from lib.webhooks.service import LocalWebhooks
from tests.receivers import answering, receiving

ROOT = Path(__file__).parents[2]
# A start took 3 s on a quiet machine.
START_SECONDS = 60


@contextmanager
def running_worker(data_dir: Path, database_url: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SHIPDESK_")},
        "SHIPDESK_DATA_DIR": str(data_dir),
        "SHIPDESK_DATABASE_URL": database_url,
    }
    command = [sys.executable, "-m", "lib.worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as worker:  # noqa: S603
        try:
            yield worker
        finally:
            worker.kill()


def test_killed_in_the_middle_it_is_told_by_the_next(engine: sa.Engine, database_url: str, tmp_path: Path) -> None:
    webhooks = LocalWebhooks(engine)
    killed = threading.Event()
    with receiving() as receiver:
        receiver.answers = [lambda handler: killed.wait(START_SECONDS) and answering(200)(handler), answering(200)]
        webhook = webhooks.create(WebhookCreate(url=receiver.base, events=["shipment.*"]))
        for name in ("shipment.purchased", "shipment.canceled"):
            with writing(engine).begin() as connection:
                record_event(connection, name, "ship_1")

        with running_worker(tmp_path, database_url) as worker:
            assert receiver.arrived.wait(START_SECONDS)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        killed.set()
        assert receiver.events == ["shipment.purchased"]

        # Until the dead one's time is up it keeps its place in the line.
        assert claim_delivery(engine, utc_now()) is None
        asyncio.run(Sender(engine, now=lambda: utc_now() + HELD).send_due())
        assert receiver.events == ["shipment.purchased", "shipment.purchased", "shipment.canceled"]
        assert receiver.received[0] == receiver.received[1]

    log = webhooks.deliveries(webhook.id, ListQuery(direction="asc")).items
    assert [(delivery.event, delivery.status, len(delivery.attempts)) for delivery in log] == [
        ("shipment.purchased", "delivered", 1), ("shipment.canceled", "delivered", 1),
    ]  # fmt: skip
