"""Every part for every number of shipments: `python -m benchmarks.exports --rows 10000 100000 1000000`."""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.exports import download, flatten, merge, postgres, reruns, selective, writers
from benchmarks.exports.measuring import Taken, goal
from benchmarks.exports.places import Place, prepare

ROWS = (100_000,)
# Those that write files, and those that look at what goes on beside an export.
TIMED: dict[str, Callable[[Place, int], Taken]] = {
    "merge": merge.measure,
    "flatten": flatten.measure,
    "postgres": postgres.measure,
    "selective": selective.measure,
}
OTHERS: dict[str, Callable[[Place], None]] = {
    "reruns": reruns.measure,
    "writers": writers.measure,
}
BY_ROW = ("merge", "flatten", "postgres")
DOWNLOAD = "download"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, nargs="+", default=ROWS, help="numbers of shipments (%(default)s)")
    asked.add_argument("--part", choices=(*TIMED, *OTHERS, DOWNLOAD), action="append", help="may be given again")
    asked.add_argument("--folder", type=Path, help="keeps what is made for the next run; 20 GB for a million")
    asked.add_argument("--times", type=int, default=3, help="runs of what is quick; their median counts")
    chosen = asked.parse_args()
    parts = chosen.part or (*TIMED, *OTHERS, DOWNLOAD)
    print(f"load average {os.getloadavg()[0]:.2f} on {os.cpu_count()} processors")
    with _kept(chosen.folder) as folder:
        measure(folder, sorted(chosen.rows), parts, times=chosen.times)


def measure(folder: Path, sizes: Sequence[int], parts: Sequence[str], *, times: int) -> None:
    """Those parts at each size, and how the time of a row grows from the smallest to the largest."""
    taken: dict[str, list[Taken]] = {name: [] for name in TIMED if name in parts}
    for rows in sizes:
        place = Place(folder, rows)
        print()
        prepare(place)
        for name, measured in taken.items():
            measured.append(TIMED[name](place, times))
        for name, measure_part in OTHERS.items():
            if name in parts:
                measure_part(place)
    for name, measured in taken.items():
        if name in BY_ROW and len(measured) > 1:
            tell_growth(name, measured[0], measured[-1])
    if DOWNLOAD in parts:
        download.measure(folder)


def tell_growth(name: str, small: Taken, large: Taken) -> None:
    """How much longer a row takes when there are more of them."""
    growth = (large.seconds / large.rows) / (small.seconds / small.rows)
    goal(f"{name}, time of a row of {large.rows:,} to one of {small.rows:,}", growth, 1.2, " x")


@contextmanager
def _kept(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


if __name__ == "__main__":
    main()
