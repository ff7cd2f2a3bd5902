"""A process killed with SIGKILL in the middle of buying: the next one ends up with exactly one purchase and charge."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lib.models.shipments import QuoteRequest, Shipment
from lib.models.team import TeamSettings
from lib.shipping.labels import label_pdf
from lib.shipping.service import LocalShipments
from lib.store.files import Files
from lib.store.shipments import SHIPMENTS
from lib.store.tables import events, idempotency_keys, ledger_lines, purchases, shipments
from tests.crash.buy_and_die import GIVING_BACK, POINTS
from tests.crash.create_and_die import POINTS as CREATING

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# A start took 2 s on a quiet machine.
START_SECONDS = 60
LAST_GIVEN_BACK = list(GIVING_BACK)[-1]
NOTHING_KEPT = {"key claimed, nothing reserved", "charged, not committed"}
LABEL_FILED = {
    "label filed, step not recorded",
    "shipment changed, not committed",
    "shipment committed, step not recorded",
}
BOUGHT = "shipment committed, step not recorded"
REQUEST = {
    "sender": {"name": "Ann Sender", "address": "500 7th Ave, New York, NY 10018"},
    "recipient": {"name": "Bob Recipient", "address": "1 Main St, Brooklyn, NY 11201"},
    "parcels": [{"length": 10, "width": 8, "height": 6, "weight": 5}],
}


def run(tmp_path: Path, database_url: str, script: str, *arguments: str) -> int:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SHIPDESK_DATA_DIR": str(tmp_path),
        "SHIPDESK_DATABASE_URL": database_url,
    }
    command = [sys.executable, str(HERE / script), *arguments]
    return subprocess.run(command, env=environment, timeout=START_SECONDS, check=False).returncode  # noqa: S603


class Kept:
    """What the database and the files hold of a shipment that was quoted."""

    def __init__(self, engine: sa.Engine, files: Files, quoted: Shipment) -> None:
        self._engine, self._files, self.quoted = engine, files, quoted
        price = quoted.rates[0].billed_amount
        self.charge, self.reversal = ("charge", price), ("reversal", -price)
        self.first_seen = ""

    def _column(self, column: sa.ColumnElement[Any], owner: sa.ColumnElement[Any], *order: Any) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.scalars(sa.select(column).where(owner == self.quoted.id).order_by(*order)))

    @property
    def now(self) -> Shipment:
        return SHIPMENTS.get(self._engine, self.quoted.id)

    @property
    def numbers(self) -> list[str]:
        return self._column(purchases.c.tracking_number, purchases.c.shipment_id)

    @property
    def lines(self) -> list[tuple[str, int]]:
        columns = ledger_lines.c
        with self._engine.connect() as connection:
            wanted = sa.select(columns.kind, columns.amount).where(columns.shipment_id == self.quoted.id)
            return sorted((row.kind, row.amount) for row in connection.execute(wanted))

    @property
    def keys(self) -> list[str]:
        return self._column(idempotency_keys.c.key, idempotency_keys.c.resource_id)

    @property
    def events(self) -> list[str]:
        return self._column(events.c.event, events.c.resource_id, events.c.sequence)

    @property
    def label(self) -> bytes | None:
        try:
            return self._files.read(f"labels/{self.quoted.id}.pdf")
        except FileNotFoundError:
            return None


def check_died(point: str, kept: Kept) -> None:
    """What a process leaves behind that was killed at that point."""
    if point in NOTHING_KEPT:
        left: tuple[int, list[tuple[str, int]], list[str]] = (0, [], [])
    elif point == LAST_GIVEN_BACK:
        left = (0, [kept.charge, kept.reversal], [])
    else:
        left = (1, [kept.charge], [point])
    assert (len(kept.numbers), kept.lines, kept.keys) == left, point
    assert (kept.label is not None) == (point in LABEL_FILED), point
    assert (kept.now == kept.quoted) == (point != BOUGHT), point


def check_taken_up(point: str, kept: Kept) -> None:
    """What has become of it once a later process has taken it up; nothing changes it any more."""
    now = kept.now
    kept.first_seen = kept.first_seen or now.model_dump_json()
    assert now.model_dump_json() == kept.first_seen, point
    assert kept.events == ["shipment.rates_generated", "shipment.purchased"], point
    assert (kept.numbers, kept.lines, kept.keys) == ([now.tracking_number], [kept.charge], [point]), point
    assert now.purchased_rate == now.rate(kept.quoted.rates[0].id), point
    assert [update.status for update in now.tracking_updates] == ["created"], point
    assert (now.paid, now.payment_method) == (True, "pay_invoice"), point
    assert kept.label == label_pdf(now, "4x6"), point


def check_given_back(point: str, kept: Kept) -> None:
    """What has become of it once a later process has given it back."""
    assert kept.now == kept.quoted, point
    assert (kept.numbers, kept.lines, kept.keys) == ([], [kept.charge, kept.reversal], []), point
    assert (kept.label, kept.events) == (None, ["shipment.rates_generated"]), point


def test_killed_anywhere_there_is_exactly_one_purchase(engine: sa.Engine, database_url: str, tmp_path: Path) -> None:
    """One process a point: each takes up what the one before left, and is killed at the next point itself."""
    files = Files((tmp_path / "files").as_uri())
    desk = LocalShipments(engine, TeamSettings)
    request = QuoteRequest.model_validate(REQUEST)
    every = {point: Kept(engine, files, desk.create(request)) for point in [*POINTS, *GIVING_BACK]}

    for position, (point, kept) in enumerate(every.items()):
        quoted = kept.quoted
        exit_code = run(tmp_path, database_url, "buy_and_die.py", quoted.id, quoted.rates[0].id, point)
        assert exit_code == -signal.SIGKILL, point
        check_died(point, kept)
        for earlier, kept_earlier in list(every.items())[:position]:
            check = check_given_back if earlier in GIVING_BACK else check_taken_up
            check(earlier, kept_earlier)

    # The last one takes up what was left, and then buys what had been given back, without fresh rates.
    last = every[LAST_GIVEN_BACK]
    assert run(tmp_path, database_url, "buy_and_die.py", last.quoted.id, last.quoted.rates[0].id, "never") == 0
    now = last.now
    assert (last.numbers, last.keys, last.label) == ([now.tracking_number], ["never"], label_pdf(now, "4x6"))
    assert last.lines == [last.charge, last.charge, last.reversal]
    assert last.events == ["shipment.rates_generated", "shipment.purchased"]
    bought = [every[point].now for point in [*POINTS, LAST_GIVEN_BACK]]
    with engine.connect() as connection:
        numbers = sorted(connection.scalars(sa.select(purchases.c.tracking_number)))
        owed = connection.scalar(sa.select(sa.func.sum(ledger_lines.c.amount)))
    assert numbers == sorted({shipment.tracking_number for shipment in bought})
    assert owed == sum(shipment.billed_amount or 0 for shipment in bought)


def test_killed_while_quoting_there_is_one_shipment_a_key(engine: sa.Engine, database_url: str, tmp_path: Path) -> None:
    desk = LocalShipments(engine, TeamSettings)
    made = []
    for point in CREATING:
        exit_code = run(tmp_path, database_url, "create_and_die.py", json.dumps(REQUEST), point)
        assert exit_code == -signal.SIGKILL, point
        with engine.connect() as connection:
            keys = list(connection.scalars(sa.select(idempotency_keys.c.key)))
        assert (point in keys) == (point == "shipment kept, not answered")
        made += [desk.create(QuoteRequest.model_validate(REQUEST), idempotency_key=point).id for _ in range(2)]
        with engine.connect() as connection:
            assert set(connection.scalars(sa.select(shipments.c.id))) == set(made), point
    assert len(set(made)) == len(CREATING)
