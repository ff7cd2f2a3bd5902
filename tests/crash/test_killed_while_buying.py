"""A process killed with SIGKILL in the middle of buying: the next one ends up with exactly one purchase."""

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
from lib.store.tables import purchases
from tests.crash.buy_and_die import POINTS

SCRIPT = Path(__file__).with_name("buy_and_die.py")
ROOT = Path(__file__).parents[2]
# A start took 2 s on a quiet machine.
START_SECONDS = 60
FILED_AT = {
    "label filed, step not recorded",
    "shipment changed, not committed",
    "shipment committed, step not recorded",
}
REQUEST = {
    "sender": {"name": "Ann Sender", "address": "500 7th Ave, New York, NY 10018"},
    "recipient": {"name": "Bob Recipient", "address": "1 Main St, Brooklyn, NY 11201"},
    "parcels": [{"length": 10, "width": 8, "height": 6, "weight": 5}],
}


def buy(tmp_path: Path, database_url: str, shipment: Shipment, point: str) -> int:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SHIPDESK_DATA_DIR": str(tmp_path),
        "SHIPDESK_DATABASE_URL": database_url,
    }
    command = [sys.executable, str(SCRIPT), shipment.id, shipment.rates[0].id, point]
    return subprocess.run(command, env=environment, timeout=START_SECONDS, check=False).returncode  # noqa: S603


def reserved(engine: sa.Engine) -> dict[str, Any]:
    """Tracking numbers of all purchases by shipment."""
    with engine.connect() as connection:
        rows = connection.execute(sa.select(purchases.c.shipment_id, purchases.c.tracking_number))
        return {row.shipment_id: row.tracking_number for row in rows}


def test_killed_anywhere_there_is_exactly_one_purchase(engine: sa.Engine, database_url: str, tmp_path: Path) -> None:
    """One process a point: each takes up what the one before left, and is killed at the next point itself."""
    files = Files((tmp_path / "files").as_uri())
    desk = LocalShipments(engine, files, TeamSettings)
    numbers: dict[str, str] = {}
    bought: dict[str, str] = {}
    quoted = {point: desk.create(QuoteRequest.model_validate(REQUEST)) for point in [*POINTS, "never"]}

    for point, shipment in quoted.items():
        exit_code = buy(tmp_path, database_url, shipment, point)
        assert exit_code == (0 if point == "never" else -signal.SIGKILL), point

        now_reserved = reserved(engine)
        assert (shipment.id in now_reserved) == (point != "nothing reserved"), point
        label_is_filed = (tmp_path / "files" / "labels" / f"{shipment.id}.pdf").exists()
        assert label_is_filed == (point in FILED_AT or point == "never"), point
        kept = desk.retrieve(shipment.id)
        if point in ("shipment committed, step not recorded", "never"):
            bought[shipment.id] = kept.model_dump_json()
        else:
            assert kept.model_dump_json() == shipment.model_dump_json(), point

        # What was reserved or bought before stays as it was, and what was begun is bought by now.
        assert numbers.items() <= now_reserved.items()
        numbers = now_reserved
        for earlier in quoted.values():
            if earlier.id == shipment.id:
                break
            kept = desk.retrieve(earlier.id)
            assert bought.setdefault(earlier.id, kept.model_dump_json()) == kept.model_dump_json()
            assert kept.purchased_rate == kept.rate(earlier.rates[0].id)
            assert kept.purchased_rate is not None
            assert kept.tracking_number == numbers[earlier.id]
            assert [update.status for update in kept.tracking_updates] == ["created"]
            assert files.read(f"labels/{earlier.id}.pdf") == label_pdf(kept, "4x6")

    assert len(set(numbers.values())) == len(quoted)
