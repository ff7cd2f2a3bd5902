"""Merged from PostgreSQL, beside its own COPY."""

from benchmarks.exports.measuring import Taken, goal, measure_way, told
from benchmarks.exports.places import Place, postgres

_TIMES = 3


def measure(place: Place) -> Taken:
    """What Shipdesk took, everything printed."""
    print("PostgreSQL, merge", flush=True)
    out = place.out("postgres")
    with postgres(place) as url:
        shipdesk = measure_way("Shipdesk", "shipdesk", "merge", url, place.rows, out, times=_TIMES)
        columns = measure_way("COPY, the same cells as raw columns", "copy", "columns", url, place.rows, out, times=_TIMES)
        documents = measure_way("COPY, the cells taken out of the documents", "copy", "documents", url, place.rows, out)
    out.unlink()
    goal("Shipdesk's time to that of COPY, the same cells as raw columns", shipdesk.seconds / columns.seconds, 2.5, " x")
    told("to that of COPY, the cells taken out of the documents", shipdesk.seconds / documents.seconds, " x")
    goal("peak RSS", shipdesk.rss_mb, 300, " MB")
    return shipdesk
