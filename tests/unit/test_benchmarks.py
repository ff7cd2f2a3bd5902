"""The benchmark of shipments in small, so that it still runs when somebody wants its figures."""

import re
from pathlib import Path

import pytest

from benchmarks import shipments
from benchmarks.serving import database


@pytest.mark.parametrize("kind", shipments.DATABASES)
def test_benchmark_of_shipments_measures_everything(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with database(kind, tmp_path) as url:
        shipments.measure(url, tmp_path, shipments=200, asks=1, clients=1, seconds=0.1)
    told = capsys.readouterr().out
    for line in (
        r"200 shipments made in \d+ s",
        r"POST /v1/shipments, every carrier, one client: p50 [\d.]+ ms",
        r"POST /v1/shipments/…/purchase, one client: p50 [\d.]+ ms",
        r"POST /v1/shipments, 1 clients: \d+ a second",
        r" 1 an order number +[\d.]+ ms +[\d.]+ ms +[\d.]+ ms",
        r"shipments_by_created",
        r"shipments_by_order_number",
    ):
        assert re.search(line, told), line
    mixes = [name for name in shipments.mixes() if re.search(rf"\d {re.escape(name)} +[\d.]+ ms", told)]
    assert mixes == list(shipments.mixes())
