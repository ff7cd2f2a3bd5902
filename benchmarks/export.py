"""How long an export of 100,000 shipments takes, beside the same table by pandas, and how much memory each needs.

Every column of the catalogue, merged, dates in New York. Both read the documents from the same SQLite file and write
the same cells; each runs in a process of its own, one after the other.

    python -m benchmarks.export [--rows 100000]
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lib.exports.catalogue import find_resource
from lib.exports.plan import plan_export
from lib.exports.writer import write_csv
from lib.models.exports import CsvFieldOptions, ExportCreate
from lib.store.database import create_engine, migrate
from tests.generate import make_shipment, store_shipments

ROWS = 100_000
PATTERN = "MM/dd/yyyy hh:mm:ss a"
PATTERN_STRFTIME = "%m/%d/%Y %I:%M:%S %p"
TIMEZONE = "America/New_York"
# Linux counts ru_maxrss in KB, macOS in bytes.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024
CHUNK = 2_000
COMPARED = 1_000


def database(folder: Path) -> str:
    return f"sqlite:///{folder / 'shipments.sqlite3'}"


def fill(folder: Path, rows: int) -> int:
    """Make the shipments; the mean size of a document in bytes."""
    engine = create_engine(database(folder))
    migrate(engine)
    for start in range(0, rows, CHUNK):
        numbers = range(start, min(start + CHUNK, rows))
        store_shipments(engine, (make_shipment(number) for number in numbers))
    with engine.connect() as connection:
        size = connection.exec_driver_sql("SELECT avg(length(document)) FROM shipments").scalar()
    engine.dispose()
    return round(size or 0)


def by_shipdesk(folder: Path, out: Path) -> None:
    columns = dict.fromkeys(find_resource("shipment").column_names(), True)
    look = CsvFieldOptions(timezone=TIMEZONE, datetime_format=PATTERN, columns=columns)
    request = ExportCreate(resource="shipment", options={"direction": "asc"}, csv_field_options=look)
    with out.open("wb") as file:
        write_csv(create_engine(database(folder)), plan_export(request), file)


def by_pandas(folder: Path, out: Path) -> None:
    import sqlite3  # noqa: PLC0415  # only this process pays for it

    import pandas as pd  # noqa: PLC0415

    connection = sqlite3.connect(folder / "shipments.sqlite3")
    documents = connection.execute("SELECT document FROM shipments ORDER BY created_at, id")
    table = pd.json_normalize([json.loads(document) for (document,) in documents], max_level=0)
    columns = find_resource("shipment").columns
    table = table.reindex(columns=[column.name for column in columns])
    for column in columns:
        values = table[column.name]
        match column.kind:
            case "instant":
                local = pd.to_datetime(values, utc=True, format="ISO8601").dt.tz_convert(TIMEZONE)
                table[column.name] = local.dt.strftime(PATTERN_STRFTIME)
            case "names":
                table[column.name] = values.map(", ".join, na_action="ignore")
            case "nested":
                table[column.name] = values.map(_compact, na_action="ignore")
            case "money":
                table[column.name] = values.astype("Int64")
            case _:
                pass
    table.to_csv(out, index=False, lineterminator="\r\n")


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


WAYS = {"shipdesk": by_shipdesk, "pandas": by_pandas}


def measure(way: str, folder: Path) -> tuple[float, float]:
    """Seconds and peak RSS in MB of one way in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.export", "--way", way, "--folder", str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # this file
    seconds, rss = map(float, answer.stdout.split())
    size = (folder / f"{way}.csv").stat().st_size / 1e6
    print(f"{way:>9}  {seconds:7.2f} s  {rss:7.0f} MB peak RSS  {size:7.0f} MB of CSV", flush=True)
    return seconds, rss


def run_one(way: str, folder: Path) -> None:
    began = time.perf_counter()
    WAYS[way](folder, folder / f"{way}.csv")
    seconds = time.perf_counter() - began
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT / 1e6)


def check_same_cells(folder: Path) -> None:
    """The beginnings of the two files hold the same, but for guarded formulas and how pandas spells flags."""
    with (folder / "shipdesk.csv").open(newline="") as ours, (folder / "pandas.csv").open(newline="") as theirs:
        for _, mine, other in zip(range(COMPARED), csv.reader(ours), csv.reader(theirs), strict=False):
            cells = [cell.lower() if cell in {"True", "False"} else cell for cell in other]
            assert [cell.removeprefix("'") for cell in mine] == cells


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=ROWS)
    arguments.add_argument("--way", choices=WAYS)
    arguments.add_argument("--folder", type=Path)
    chosen = arguments.parse_args()
    if chosen.way:
        run_one(chosen.way, chosen.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{chosen.rows:,} shipments, {fill(folder, chosen.rows):,} bytes each on average", flush=True)
        seconds, rss = measure("shipdesk", folder)
        pandas_seconds, pandas_rss = measure("pandas", folder)
        check_same_cells(folder)
        print(f"Shipdesk: {chosen.rows / seconds:,.0f} rows/s; {pandas_seconds / seconds:.1f} times as fast as pandas,")
        print(f"with 1/{pandas_rss / rss:.1f} of its memory.")


if __name__ == "__main__":
    main()
