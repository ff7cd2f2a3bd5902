"""Flattened: one cell a leaf. Beside pandas, a loop over the rows, and a Polars scan of the same rows as Parquet."""

from benchmarks.exports.comparing import check_same_cells
from benchmarks.exports.measuring import Taken, goal, goal_at_least, measure_way
from benchmarks.exports.places import Place, prepare_parquet


def measure(place: Place, times: int) -> Taken:
    """What Shipdesk took, everything printed; what is quick is run so many times."""
    print("flatten, the same columns", flush=True)
    ours = place.out("shipdesk")
    shipdesk = measure_way("Shipdesk", "shipdesk.flatten", place.url, rows=place.rows, out=ours, times=times)
    prepare_parquet(place)
    ways = (
        ("Polars, from Parquet", "polars", str(place.parquet), times),
        ("pandas.json_normalize() in chunks, lists spread", "pandas", str(place.database), 1),
        ("orjson + a loop + csv.DictWriter", "loop", str(place.database), 1),
    )
    peers = []
    for name, way, source, runs in ways:
        theirs = place.out(way)
        peers.append(measure_way(name, f"{way}.flatten", source, rows=place.rows, out=theirs, times=runs))
        check_same_cells(ours, theirs, same_header=False)
        theirs.unlink()
    ours.unlink()
    polars, pandas, loop = (peer.seconds for peer in peers)
    goal_at_least("times as fast as pandas in chunks", pandas / shipdesk.seconds, 8, " x")
    goal_at_least("times as fast as the loop", loop / shipdesk.seconds, 8, " x")
    goal("Shipdesk's time to that of Polars from Parquet", shipdesk.seconds / polars, 2, " x")
    goal("peak RSS", shipdesk.rss_mb, 300, " MB")
    return shipdesk
