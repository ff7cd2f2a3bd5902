"""Runs every benchmark, one after the other, each in its own process."""

import subprocess
import sys

BENCHMARKS = ("quote", "export", "export_writers", "shipments")


def main() -> None:
    """Run them all; the first that fails ends the run."""
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)  # noqa: S603


if __name__ == "__main__":
    main()
