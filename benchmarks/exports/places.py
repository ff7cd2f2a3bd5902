"""Where the shipments of a benchmark are kept: made once in a folder, on either database, used by every part."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from benchmarks.exports.generate import fill
from benchmarks.exports.recipe import NAMES
from benchmarks.serving import postgres_server


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with so many shipments."""

    folder: Path
    rows: int

    @property
    def database(self) -> Path:
        """The SQLite file with the shipments."""
        return self.folder / f"shipments-{self.rows}" / "shipdesk.sqlite3"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"

    @property
    def wide(self) -> Path:
        """An SQLite file with one table: the same cells as raw columns of text."""
        return self.database.with_name("wide.sqlite3")

    @property
    def parquet(self) -> Path:
        """The same shipments for a Polars scan."""
        return self.database.with_name("shipments.parquet")

    def out(self, name: str) -> Path:
        """Where a way writes its file."""
        return self.database.with_name(f"{name}.csv")


def prepare(place: Place) -> None:
    """Make the SQLite file where it is not there yet, and tell how large its documents are."""
    if not place.database.exists():
        place.database.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.database.with_suffix(".unfinished")
        for path in place.database.parent.glob(f"{unfinished.name}*"):
            path.unlink()
        fill(f"sqlite:///{unfinished}", place.rows)
        with closing(sqlite3.connect(unfinished)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        unfinished.rename(place.database)
    with closing(sqlite3.connect(place.database)) as connection:
        (mean,) = connection.execute("SELECT avg(length(document)) FROM shipments").fetchone()
    print(f"{place.rows:,} shipments, {mean:,.0f} bytes each on average, {len(NAMES)} columns", flush=True)


def prepare_wide(place: Place) -> None:
    """Make the table of raw columns where it is not there yet."""
    if place.wide.exists():
        return
    unfinished = place.wide.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(unfinished)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("ATTACH ? AS desk", [str(place.database)])
        connection.execute(f"CREATE TABLE wide AS {extracting('desk.shipments')}")
        connection.commit()
    unfinished.rename(place.wide)


def prepare_parquet(place: Place) -> None:
    """Make the Parquet file where it is not there yet; in another process, which may be as large as it likes."""
    if not place.parquet.exists():
        unfinished = place.parquet.with_suffix(".unfinished")
        command = [sys.executable, "-m", "benchmarks.exports.ways", "polars", "build", str(place.database)]
        subprocess.run([*command, str(unfinished)], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        unfinished.rename(place.parquet)


def extracting(table: str) -> str:
    """SQLite's words for the same columns, taken out of the documents."""
    cells = ", ".join(f"json_extract(document, '$.{name}') AS \"{name}\"" for name in NAMES)
    return f"SELECT {cells} FROM {table} ORDER BY created_at, id"  # noqa: S608  # names of the catalogue


@contextmanager
def postgres(place: Place) -> Iterator[str]:
    """The URL of a PostgreSQL database with the shipments and a table `wide` of raw columns, kept in the folder."""
    with postgres_server(place.folder) as server:
        name = f"shipments_{place.rows}"
        url = server.set(database=name).render_as_string(hide_password=False)
        engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            known = connection.scalar(sa.text("SELECT true FROM pg_database WHERE datname = :name"), {"name": name})
            if not known:
                unfinished = f"{name}_unfinished"
                connection.execute(sa.text(f"DROP DATABASE IF EXISTS {unfinished}"))
                connection.execute(sa.text(f"CREATE DATABASE {unfinished}"))
                _fill_postgres(server.set(database=unfinished), place.rows)
                connection.execute(sa.text(f"ALTER DATABASE {unfinished} RENAME TO {name}"))
        engine.dispose()
        yield url


def _fill_postgres(url: sa.URL, rows: int) -> None:
    fill(url.render_as_string(hide_password=False), rows)
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE TABLE wide AS {taking_out()}")
        connection.exec_driver_sql("VACUUM ANALYZE wide")
    engine.dispose()


def taking_out() -> str:
    """PostgreSQL's words for the same columns, taken out of the documents, each of which is parsed once."""
    fields = ", ".join(f'"{name}" text' for name in NAMES)
    return (
        f"SELECT cells.* FROM shipments, json_to_record(document::json) AS cells({fields}) "  # noqa: S608
        "ORDER BY shipments.created_at, shipments.id"
    )
