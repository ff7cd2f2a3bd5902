"""Run one command and tell its seconds and its peak memory: `python -I -S launch.py FILE COMMAND…`, output to FILE.

A process counts the memory of whoever started it, too, up to the moment of its start. So this is a program of its own
that imports next to nothing.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path


def main(output: str, *command: str) -> None:
    began = time.perf_counter()
    with Path(output).open("wb") as file:
        ended = subprocess.run(command, stdout=file, check=False)  # noqa: S603  # what the benchmark names
    seconds = time.perf_counter() - began
    print(seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    sys.exit(ended.returncode)


if __name__ == "__main__":
    main(*sys.argv[1:])
