"""What is claimed about rating, measured: `python -m benchmarks.quote`.

How long a fresh process takes to load every table, how long one quote takes, how many rates a second the batch makes,
and how that compares with karrio-generic where `requirements-bench.txt` is installed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from benchmarks import beside_karrio
from lib.models.options import ShipmentOptions
from lib.models.team import TeamSettings
from lib.rating.batch import rate_many
from lib.rating.quoting import RatingParcel, RatingRequest, quote, warm

QUOTES = 500
SHIPMENTS = 100_000
RUNS = 3
SHIP_AT = datetime(2026, 11, 23, 15, tzinfo=UTC)

# Run in a process of its own. What is imported before is code, what is loaded after is tables.
COLD = """
import time
from resource import RUSAGE_SELF, getrusage
from lib.rating.warming import load_tables, warm
before, started = getrusage(RUSAGE_SELF).ru_maxrss, time.perf_counter()
load_tables()
loaded, grown = time.perf_counter() - started, getrusage(RUSAGE_SELF).ru_maxrss - before
warm()
print(loaded, grown, time.perf_counter() - started - loaded)
"""


def main() -> None:
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors")
    cold()
    one_quote()
    many()
    beside_karrio.main()


def cold() -> None:
    unit = 1 if sys.platform == "darwin" else 1024
    runs = []
    for _ in range(RUNS):
        told = subprocess.run([sys.executable, "-c", COLD], capture_output=True, check=True, text=True)  # noqa: S603
        loaded, grown, calendar = (float(each) for each in told.stdout.split())
        runs.append((loaded * 1000, grown * unit / 1e6, calendar * 1000))
    tables = ", ".join(f"{loaded:.0f} ms and {grown:.0f} MB" for loaded, grown, _ in runs)
    calendars = ", ".join(f"{calendar:.0f}" for *_, calendar in runs)
    print(f"cold load of all tables in {RUNS} fresh processes: {tables}; then the library of holidays: {calendars} ms")


def one_quote() -> None:
    warm()
    request = RatingRequest(
        origin_zip="10001",
        destination_zip="90012",
        parcels=(RatingParcel(weight=5, length=12, width=10, height=7),),
        residential=True,
        ship_at=SHIP_AT,
        options=ShipmentOptions(),
        team=TeamSettings(),
    )
    rates = len(quote(request).rates)
    taken = [timed(lambda: quote(request)) for _ in range(QUOTES)]
    p50, p99 = np.percentile(taken, [50, 99]) * 1000
    print(f"one quote of all providers, {rates} rates with their reasons: p50 {p50:.2f} ms, p99 {p99:.2f} ms")


def many() -> None:
    arrays = shipments()
    tables = []
    seconds = min(
        timed(lambda: tables.append(rate_many(on=SHIP_AT.date(), team=TeamSettings(), **arrays))) for _ in range(RUNS)
    )
    count = tables[0].rates
    print(
        f"{SHIPMENTS:,} shipments × {len(tables[0].services)} services, {count:,} rates: "  # noqa: RUF001
        f"{seconds:.2f} s, {count / seconds:,.0f} rates a second in one process (best of {RUNS})"
    )


def shipments() -> dict[str, np.ndarray]:
    random = np.random.default_rng(2026)
    return {
        "origin_zip": random.integers(1_000, 99_999, SHIPMENTS),
        "destination_zip": random.integers(1_000, 99_999, SHIPMENTS),
        "weight": random.gamma(2.0, 4.0, SHIPMENTS) + 0.1,
        "sides": random.uniform(2, 24, (SHIPMENTS, 3)),
        "residential": random.random(SHIPMENTS) < 0.6,
    }


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
