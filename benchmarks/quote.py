"""How long one quote takes, and how many rates a second the batch makes: `python -m benchmarks.quote`."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from lib.models.options import ShipmentOptions
from lib.models.team import TeamSettings
from lib.rating.batch import rate_many
from lib.rating.quoting import RatingParcel, RatingRequest, quote, warm

QUOTES = 500
SHIPMENTS = 100_000
SHIP_AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def main() -> None:
    seconds = timed(warm)
    print(f"cold load of all tables: {seconds * 1000:.0f} ms")
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
    print(f"one quote, {rates} rates: p50 {p50:.2f} ms, p99 {p99:.2f} ms")
    arrays = shipments()
    tables = []
    seconds = timed(lambda: tables.append(rate_many(on=SHIP_AT.date(), team=TeamSettings(), **arrays)))
    count = tables[0].rates
    print(f"{SHIPMENTS:,} shipments, {count:,} rates: {seconds:.2f} s, {count / seconds:,.0f} rates a second")


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
