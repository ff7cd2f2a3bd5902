"""One way of writing the file in a process of its own, and how what it took is told beside the goal."""

import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Linux counts ru_maxrss in KB, macOS in bytes.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a way took: its name, rows, seconds, peak RSS in MB, bytes of its file."""

    name: str
    rows: int
    seconds: float
    rss_mb: float
    size: int

    def __str__(self) -> str:
        return (
            f"  {self.name:<58} {self.seconds:8.2f} s {self.rows / self.seconds:10,.0f} rows/s "
            f"{self.rss_mb:6,.0f} MB peak RSS {self.size / 1e6:7,.1f} MB of CSV"
        )


def measure_way(name: str, way: str, source: str, *, rows: int, out: Path, times: int = 1) -> Taken:
    """A way and its mode, such as `pandas.merge`; its own seconds, imports left out, the median of so many runs."""
    command = [sys.executable, "-m", "benchmarks.exports.ways", *way.split("."), source, str(out)]
    report = out.with_suffix(".seconds")
    runs = []
    for _ in range(times):
        rss_mb = _launch(command, report)[1]
        runs.append((float(report.read_text()), rss_mb))
    report.unlink()
    return _told(name, rows, runs, out)


def measure_command(name: str, command: Sequence[str], *, rows: int, out: Path, times: int = 1) -> Taken:
    """Another program that writes the file to its standard output; from its start to its end."""
    return _told(name, rows, [_launch(command, out) for _ in range(times)], out)


def goal(what: str, measured: float, most: float, unit: str) -> None:
    """Print what was measured beside a goal that is reached from below."""
    _print_goal(what, measured, "at most", most, unit, met=measured <= most)


def goal_at_least(what: str, measured: float, least: float, unit: str) -> None:
    """Print what was measured beside a goal that is reached from above."""
    _print_goal(what, measured, "at least", least, unit, met=measured >= least)


def told(what: str, measured: float, unit: str) -> None:
    """Print what was measured where there is no goal."""
    print(f"    {what}: {measured:,.2f}{unit}", flush=True)


def _print_goal(what: str, measured: float, bound: str, limit: float, unit: str, *, met: bool) -> None:
    print(f"    {what}: {measured:,.2f}{unit}; goal {bound} {limit:g}{unit}: {'met' if met else 'NOT met'}", flush=True)


def _launch(command: Sequence[str], output: Path) -> tuple[float, float]:
    """Seconds and peak RSS in MB."""
    launched = [sys.executable, "-I", "-S", str(_LAUNCH), str(output), *command]
    answer = subprocess.run(launched, check=False, capture_output=True, text=True)  # noqa: S603  # this folder's own
    if answer.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{answer.stderr}")
    seconds, rss = answer.stdout.split()
    return float(seconds), int(rss) * _RSS_UNIT / 1e6


def _told(name: str, rows: int, runs: Sequence[tuple[float, float]], out: Path) -> Taken:
    seconds = statistics.median(seconds for seconds, _ in runs)
    taken = Taken(name, rows, seconds, max(rss_mb for _, rss_mb in runs), out.stat().st_size)
    print(taken, flush=True)
    return taken
