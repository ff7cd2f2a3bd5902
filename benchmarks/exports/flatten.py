"""Flattened: one cell a leaf. Beside pandas, a loop over the rows, and a Polars scan of the same rows as Parquet."""

from benchmarks.exports.comparing import check_same_cells
from benchmarks.exports.measuring import Taken, goal, goal_at_least, measure_way
from benchmarks.exports.places import Place, prepare_parquet

_TIMES = 3


def measure(place: Place) -> Taken:
    """What Shipdesk took, everything printed."""
    print("flatten, the same columns", flush=True)
    ours = place.out("shipdesk")
    shipdesk = measure_way("Shipdesk", "shipdesk", "flatten", place.url, place.rows, ours, times=_TIMES)
    prepare_parquet(place)
    ways = (
        ("Polars, from Parquet", "polars", str(place.parquet), _TIMES),
        ("pandas.json_normalize() in chunks, lists spread", "pandas", str(place.database), 1),
        ("orjson + a loop + csv.DictWriter", "loop", str(place.database), 1),
    )
    peers = []
    for name, way, source, times in ways:
        theirs = place.out(way)
        peers.append(measure_way(name, way, "flatten", source, place.rows, theirs, times=times))
        check_same_cells(ours, theirs, same_header=False)
        theirs.unlink()
    ours.unlink()
    polars, pandas, loop = (peer.seconds for peer in peers)
    goal_at_least("times as fast as pandas in chunks", pandas / shipdesk.seconds, 8, " x")
    goal_at_least("times as fast as the loop", loop / shipdesk.seconds, 8, " x")
    goal("Shipdesk's time to that of Polars from Parquet", shipdesk.seconds / polars, 2, " x")
    goal("peak RSS", shipdesk.rss_mb, 300, " MB")
    return shipdesk
