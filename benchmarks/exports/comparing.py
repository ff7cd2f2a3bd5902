"""Whether two ways wrote the same cells."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

_COMPARED = 1_000


def check_same_cells(ours: Path, theirs: Path, *, same_header: bool = True) -> None:
    """The first rows hold the same values under the same names; only `same_header` minds the order and empty columns.

    Left aside is how numbers and flags are spelled, and the apostrophe before what a spreadsheet would run.
    """
    if same_header:
        assert _header(ours) == _header(theirs), f"the columns of {theirs.name} are others"
    count = 0
    for mine, other in zip(_rows(ours), _rows(theirs), strict=True):
        count += 1
        differing = {name: (mine.get(name), other.get(name)) for name in mine.keys() | other.keys()}
        differing = {name: pair for name, pair in differing.items() if pair[0] != pair[1]}
        assert not differing, f"row {count} of {theirs.name}: {differing}"
    assert count, f"{ours.name} has no rows"


def _header(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return next(csv.reader(file))


def _rows(path: Path) -> Iterator[dict[str, object]]:
    """The first rows, each without its empty cells."""
    with path.open(newline="", encoding="utf-8") as file:
        for row in islice(csv.DictReader(file), _COMPARED):
            yield {name: _plain(cell) for name, cell in row.items() if cell}


def _plain(cell: str) -> object:
    text = cell.removeprefix("'")
    try:
        return float(text)
    except ValueError:
        return text.lower() if text in {"True", "False"} else text
