"""One row in a hundred, chosen by metadata."""

import csv

from benchmarks.exports.measuring import Taken, goal, measure_way
from benchmarks.exports.places import Place
from benchmarks.exports.recipe import CAMPAIGN_ONE_IN


def measure(place: Place, times: int) -> Taken:
    """What Shipdesk took, everything printed; what is quick is run so many times."""
    wanted = place.rows // CAMPAIGN_ONE_IN
    print(f"a filter that {wanted:,} of {place.rows:,} rows pass, merge", flush=True)
    out = place.out("selective")
    taken = measure_way("Shipdesk", "shipdesk.selective", place.url, rows=wanted, out=out, times=times)
    with out.open(newline="", encoding="utf-8") as file:
        found = sum(1 for _ in csv.reader(file)) - 1
    assert found == wanted, f"{found:,} rows instead of {wanted:,}"
    out.unlink()
    goal("seconds", taken.seconds, 2, " s")
    return taken
