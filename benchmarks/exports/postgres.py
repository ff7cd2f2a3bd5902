"""Merged from PostgreSQL, beside its own COPY."""

from benchmarks.exports.measuring import Taken, goal, measure_way, told
from benchmarks.exports.places import Place, postgres

_WAYS = (
    ("Shipdesk", "shipdesk.merge"),
    ("COPY, the same cells as raw columns", "copy.columns"),
    ("COPY, the cells taken out of the documents", "copy.documents"),
)


def measure(place: Place, times: int) -> Taken:
    """What Shipdesk took, everything printed; what is quick is run so many times."""
    print("PostgreSQL, merge", flush=True)
    out = place.out("postgres")
    with postgres(place) as url:
        shipdesk, columns, documents = (
            measure_way(name, way, url, rows=place.rows, out=out, times=times) for name, way in _WAYS
        )
    out.unlink()
    goal(
        "Shipdesk's time to that of COPY, the same cells as raw columns", shipdesk.seconds / columns.seconds, 2.5, " x"
    )
    told("to that of COPY, the cells taken out of the documents", shipdesk.seconds / documents.seconds, " x")
    goal("peak RSS", shipdesk.rss_mb, 300, " MB")
    return shipdesk
