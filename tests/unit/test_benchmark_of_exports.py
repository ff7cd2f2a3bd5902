"""The benchmark of exports in small: it makes the shipments it says, and every part still runs."""

import json
import re
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.exports import __main__ as benchmark
from benchmarks.exports import download, reruns, writers
from benchmarks.exports.comparing import check_same_cells
from benchmarks.exports.desk import copied, database_of
from benchmarks.exports.generate import make_rows
from benchmarks.exports.measuring import Taken, goal, goal_at_least
from benchmarks.exports.places import Place, prepare
from benchmarks.serving import serving
from lib.models.shipments import Shipment
from lib.store.facets import SEARCH
from lib.store.shipments import columns, shipment_facets

ROWS = 400


def test_every_generated_row_says_what_its_document_says() -> None:
    made = list(make_rows(ROWS))
    for each in made:
        document = each.row["document"]
        shipment = Shipment.model_validate_json(document)
        assert shipment.model_dump_json() == document
        assert shipment.id == each.row["id"]
        assert {**columns(shipment), "rates_expire_at": None}.items() <= _in_milliseconds(each.row).items()
        assert set(each.facets) == {facet for facet in shipment_facets(shipment) if facet.name != SEARCH}
        assert shipment.recommended_rate in shipment.rates
        assert shipment.purchased_rate is None or shipment.amount == shipment.purchased_rate.amount


def test_generated_shipments_are_the_same_every_time_and_of_many_shapes() -> None:
    made = [each.row["document"] for each in make_rows(ROWS)]
    assert made == [each.row["document"] for each in make_rows(ROWS)]
    documents = [json.loads(document) for document in made]
    assert len({document["id"] for document in documents}) == ROWS
    assert {len(document["rates"]) for document in documents} == {1, 2, 3}
    assert {len(document["parcels"]) for document in documents} == {1, 2}
    assert {len(document["tracking_updates"]) for document in documents} == {0, 1, 2, 3}
    assert Counter("campaign" in document["metadata"] for document in documents)[True] == ROWS // 100
    assert 4_000 < sum(map(len, made)) / ROWS < 7_000


def test_files_and_their_peers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark.measure(tmp_path, [200], list(benchmark.TIMED), times=1)
    told = capsys.readouterr().out
    for line in (
        r"200 shipments, [45],\d{3} bytes each on average, \d+ columns",
        r"  sqlite3 shell, the same cells as raw columns \(the limit\) .* s .* rows/s|not installed here",
        r"times as fast as pandas: [\d.]+ x; goal at least 8 x: (NOT )?met",
        r"times as fast as csv \+ orjson \+ Babel: [\d.]+ x; goal at least 5.5 x: (NOT )?met",
        r"a filter that 2 of 200 rows pass",
        r"times as fast as pandas in chunks: [\d.]+ x; goal at least 8 x: (NOT )?met",
        r"times as fast as the loop: [\d.]+ x; goal at least 8 x: (NOT )?met",
        r"Shipdesk's time to that of Polars from Parquet: [\d.]+ x; goal at most 2 x: (NOT )?met",
        r"Shipdesk's time to that of COPY, the same cells as raw columns: [\d.]+ x; goal at most 2.5 x: (NOT )?met",
        r"peak RSS: [\d.]+ MB; goal at most 300 MB: (NOT )?met",
    ):
        assert re.search(line, told), line
    with sqlite3.connect(Place(tmp_path, 200).wide) as wide:
        assert wide.execute("SELECT count(*), count(DISTINCT id) FROM wide").fetchone() == (200, 200)


def test_what_goes_on_beside_an_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(tmp_path, 200)
    prepare(place)
    with copied(place) as folder:
        url = f"sqlite:///{database_of(folder)}"
        with serving(url, folder) as port:
            writers.compare(port, folder, url, writes=4)
            reruns.compare(port, folder, "exports", reruns=2)
            download.compare(port, url, folder, size=3_000_000, times=1)
    told = capsys.readouterr().out
    for line in (
        r"p99 while an export runs: [\d.]+ ms; goal at most 250 ms: (NOT )?met",
        r"Exports, the second to the first: [\d.]+ x; goal at most 3 x: (NOT )?met",
        r"downloading a file of 3,000,000 bytes",
        r"    the second to the first: [\d.]+ x; goal at most 1.15 x: (NOT )?met",
        r"more of it at its peak: [\d.]+ MB; goal at most 20 MB: (NOT )?met",
    ):
        assert re.search(line, told), line


def test_differing_cells_are_told(tmp_path: Path) -> None:
    ours, same, other = tmp_path / "ours.csv", tmp_path / "same.csv", tmp_path / "other.csv"
    ours.write_text("id,phone,paid\r\nship_1,'+1202,true\r\n")
    same.write_text("id,phone,paid\r\nship_1,1202.0,True\r\n")
    other.write_text("id,phone,paid\r\nship_1,1203,True\r\n")
    check_same_cells(ours, same)
    with pytest.raises(AssertionError, match=r"row 1 of other\.csv: \{'phone': \(1202\.0, 1203\.0\)\}"):
        check_same_cells(ours, other)


def test_goals_are_met_at_their_very_limit(capsys: pytest.CaptureFixture[str]) -> None:
    goal("time", 1.6, 1.6, " x")
    goal("time", 1.7, 1.6, " x")
    goal_at_least("speed", 8, 8, " x")
    goal_at_least("speed", 7.9, 8, " x")
    assert [line.rpartition(": ")[2] for line in capsys.readouterr().out.splitlines()] == [
        "met", "NOT met", "met", "NOT met",
    ]  # fmt: skip


def test_growth_is_told_by_the_row(capsys: pytest.CaptureFixture[str]) -> None:
    small, large = Taken("Shipdesk", 100, 2.0, 50, 1), Taken("Shipdesk", 1_000, 30.0, 50, 1)
    benchmark.tell_growth("merge", small, large)
    told = capsys.readouterr().out
    assert told == "    merge, time of a row of 1,000 to one of 100: 1.50 x; goal at most 1.2 x: NOT met\n"


def _in_milliseconds(row: dict[str, object]) -> dict[str, object]:
    """The row as the database keeps it."""
    moments = ("created_at", "updated_at")
    shipment = Shipment.model_validate_json(str(row["document"]))
    cut = {name: getattr(shipment, name) for name in moments}
    assert all(abs((cut[name] - row[name]).total_seconds()) < 0.001 for name in moments)  # type: ignore[operator]
    return {**row, **cut}
