"""The file by PostgreSQL's own COPY; the source is the URL of the database."""

from pathlib import Path

import psycopg

from benchmarks.exports.places import taking_out


def columns(source: str, out: Path) -> None:
    """The same cells as columns already."""
    _copy(source, "SELECT * FROM wide", out)


def documents(source: str, out: Path) -> None:
    """The same cells, taken out of the documents."""
    _copy(source, taking_out(), out)


def _copy(source: str, query: str, out: Path) -> None:
    url = source.replace("postgresql+psycopg://", "postgresql://", 1)
    copy = f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)".encode()
    with psycopg.connect(url) as connection, out.open("wb") as file, connection.cursor().copy(copy) as copying:
        for data in copying:
            file.write(data)
