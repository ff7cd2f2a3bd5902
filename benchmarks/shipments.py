"""How quick shipments are through the real server: quoting, buying, and finding 25 of a million, on both databases.

Server and clients run on this one machine, the server as one process, as `make run` starts it.

    python -m benchmarks.shipments [--shipments 1000000] [--asks 200] [--clients 8] [--seconds 10]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import sqlalchemy as sa

from benchmarks.many_shipments import age_of, fill
from benchmarks.serving import Client, connected, database, serving
from lib.models.lists import ListQuery
from lib.store.database import open_database
from lib.store.shipments import SHIPMENTS

DATABASES = ("sqlite", "postgresql")
PARTY = {"name": "A name", "email": "name@example.com", "phone": "+12125550100"}
QUOTE: dict[str, Any] = {
    "sender": {**PARTY, "address": "500 7th ave, New York, NY, 10018"},
    "recipient": {**PARTY, "address": {"line1": "5000 S Arizona Mills Cir", "postal_code": "85282"}},
    "parcels": [{"length": 10, "width": 8, "height": 4, "weight": 2.5}],
}
BODY = json.dumps(QUOTE).encode()


def mixes() -> dict[str, dict[str, str]]:
    """The lists that are asked for, by what they are."""
    lately, long_ago = (age_of(share).date().isoformat() for share in (0.9, 0.3))
    return {
        "everything": {},
        "page 20,000": {"page": "20000"},
        "a common status": {"status": "delivered"},
        "a rare status": {"status": "package_lost"},
        "a group of statuses, dates": {"statuses": "completed", "created_at": f"bwi:{long_ago},{lately}"},
        "two statuses, since a day": {"statuses": "in_transit,delayed", "created_at": f"gte:{lately}"},
        "provider, since a day": {"provider": "ups", "created_at": f"gte:{lately}"},
        "provider, status, type": {"provider": "usps", "status": "delivered", "type": "inbound"},
        "changed since a day": {"updated_at": f"gte:{lately}"},
        "a tag of a fifth": {"tags": "fragile"},
        "a tag of one in a thousand": {"tags": "recalled"},
        "that tag of a fifth, a status": {"tags": "fragile", "status": "in_transit"},
        "metadata of a half, a location": {"metadata.department": "Sales", "location_id": "loc_counter"},
        "two tags, provider, dates": {"tags": "priority,recalled", "provider": "ups", "created_at": f"lt:{lately}"},
        "words many have": {"search": "sample tempe"},
        "a word one has": {"search": "recipient777"},
        "an order number": {"order_number": "ORDER-77"},
        "by last change": {"order_by": "updated_at", "direction": "desc", "status": "delivered"},
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--shipments", type=int, default=1_000_000)
    asked.add_argument("--asks", type=int, default=200)
    asked.add_argument("--clients", type=int, default=8)
    asked.add_argument("--seconds", type=float, default=10)
    asked.add_argument("--database", choices=DATABASES, action="append")
    asked.add_argument("--client", type=int, help="the port for one of the clients")
    chosen = asked.parse_args()
    if chosen.client:
        print(quote_for(chosen.client, chosen.seconds))
        return
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors")
    for kind in chosen.database or DATABASES:
        with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as url:
            print(f"\n{kind}", flush=True)
            measure(url, Path(name), shipments=chosen.shipments, asks=chosen.asks, clients=chosen.clients,
                    seconds=chosen.seconds)  # fmt: skip


def measure(url: str, folder: Path, *, shipments: int, asks: int, clients: int, seconds: float) -> None:
    """Everything on one database."""
    engine = open_database(url)
    began = time.perf_counter()
    fill(engine, shipments)
    print(f"  {shipments:,} shipments made in {time.perf_counter() - began:.0f} s", flush=True)
    with serving(url, folder) as port:
        with connected(port) as client:
            quoting(client, asks)
            buying(client, asks)
        together(port, clients, seconds)
        with connected(port) as client:
            listing(client, asks)
    explaining(engine)
    engine.dispose()


def quoting(client: Client, asks: int) -> None:
    taken = [seconds_of(lambda: client.ask("POST", "/v1/shipments", BODY)) for _ in range(asks)]
    print(f"  POST /v1/shipments, every carrier, one client: {shown(taken)}", flush=True)


def buying(client: Client, asks: int) -> None:
    """The purchase alone; each time of a shipment quoted before."""

    def quoted() -> tuple[str, bytes]:
        shipment = client.data("POST", "/v1/shipments", QUOTE)
        body = json.dumps({"rate_id": shipment["recommended_rate"]["id"]}).encode()
        return f"/v1/shipments/{shipment['id']}/purchase", body

    taken = []
    for _ in range(asks):
        path, body = quoted()
        taken.append(seconds_of(lambda: client.ask("POST", path, body)))  # noqa: B023
    print(f"  POST /v1/shipments/…/purchase, one client: {shown(taken)}", flush=True)


def together(port: int, clients: int, seconds: float) -> None:
    """Quotes a second of clients that are processes of their own."""
    command = [sys.executable, "-m", "benchmarks.shipments", "--client", str(port), "--seconds", str(seconds)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(clients)]  # noqa: S603
    made = sum(float(process.communicate()[0]) for process in started)
    print(f"  POST /v1/shipments, {clients} clients: {made:.0f} a second", flush=True)


def quote_for(port: int, seconds: float) -> float:
    """Quotes a second that one client gets, the first not counted."""
    with connected(port) as client:
        client.ask("POST", "/v1/shipments", BODY)
        made, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            client.ask("POST", "/v1/shipments", BODY)
            made += 1
        return made / (time.perf_counter() - began)


def listing(client: Client, asks: int) -> None:
    """Every mix: asked for the first time, again, and each time after a shipment has changed."""
    changed = f"/v1/shipments/{client.data('POST', '/v1/shipments', QUOTE)['id']}"
    print("  GET /v1/shipments, 25 of      first   again, p50   after a change, p50")
    for name, filters in mixes().items():
        path = f"/v1/shipments?{urlencode(filters, quote_via=quote)}"
        first = seconds_of(lambda: client.ask("GET", path))  # noqa: B023
        total = json.loads(client.ask("GET", path))["pagination"]["total_count"]
        again = [seconds_of(lambda: client.ask("GET", path)) for _ in range(asks)]  # noqa: B023
        after = []
        for number in range(asks):
            client.ask("POST", changed, json.dumps({"notes": f"{number}"}).encode())
            after.append(seconds_of(lambda: client.ask("GET", path)))  # noqa: B023
        figures = f"{first * 1000:8.1f} ms {middle(again):8.1f} ms {middle(after):8.1f} ms"
        print(f"    {total:>9,} {name:<32} {figures}", flush=True)


def explaining(engine: sa.Engine) -> None:
    """How the database finds what the lists ask for, once the weeks are counted."""
    print("  EXPLAIN")
    for name, filters in mixes().items():
        words = {key: value for key, value in filters.items() if key not in ("page", "order_by", "direction")}
        query = ListQuery.model_validate({**filters, "filters": words})
        SHIPMENTS.page(engine, query)
        print(f"    {name}")
        for line in plan_of(engine, lambda: SHIPMENTS.page(engine, query)):  # noqa: B023
            print(f"      {line}")


def plan_of(engine: sa.Engine, work: Callable[[], object]) -> list[str]:
    """The lines of the plan that name an index, of every statement on shipments that `work` executes."""
    statements: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM shipments" in statement:
            statements.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", keep)
    work()
    sa.event.remove(engine, "before_cursor_execute", keep)
    verb, column = ("EXPLAIN", 0) if engine.dialect.name == "postgresql" else ("EXPLAIN QUERY PLAN", 3)
    with engine.connect() as connection:
        lines = [
            str(row[column]).strip()
            for statement, parameters in statements
            for row in connection.exec_driver_sql(f"{verb} {statement}", parameters)
        ]
    return [line.partition("  (cost")[0] for line in lines if "INDEX" in line.upper()]


def shown(taken: list[float]) -> str:
    return f"p50 {middle(taken):.1f} ms, slowest {max(taken) * 1000:.1f} ms"


def middle(taken: list[float]) -> float:
    """Milliseconds in the middle."""
    return statistics.median(taken) * 1000


def seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
