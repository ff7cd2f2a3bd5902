"""One way of writing an export's file, timed: `python -m benchmarks.exports.ways WAY MODE SOURCE OUT`."""

import sys
import time
from importlib import import_module
from pathlib import Path

WAYS = {
    "shipdesk": "benchmarks.exports.by_shipdesk",
    "pandas": "benchmarks.exports.by_pandas",
    "loop": "benchmarks.exports.by_loop",
    "polars": "benchmarks.exports.by_polars",
    "copy": "benchmarks.exports.by_copy",
}


def main(way: str, mode: str, source: str, out: str) -> None:
    """Print the seconds that it took, without those of the imports."""
    write = getattr(import_module(WAYS[way]), mode)
    began = time.perf_counter()
    write(source, Path(out))
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
