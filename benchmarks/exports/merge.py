"""Merged: one cell a field. Beside what the disk and `sqlite3` allow, pandas, and a loop over the rows."""

import shutil

from benchmarks.exports.comparing import check_same_cells
from benchmarks.exports.measuring import Taken, goal, goal_at_least, measure_command, measure_way, told
from benchmarks.exports.places import Place, extracting, prepare_wide
from benchmarks.exports.recipe import COLUMNS, INSTANTS

_HOW_TO_INSTALL = "  The sqlite3 shell is not installed here, so it is not compared with: apt-get install sqlite3"


def measure(place: Place, times: int) -> Taken:
    """What Shipdesk took, everything printed; what is quick is run so many times."""
    print(f"merge, {len(COLUMNS)} columns, {len(INSTANTS)} of them times in New York", flush=True)
    ours = place.out("shipdesk")
    shipdesk = measure_way("Shipdesk", "shipdesk.merge", place.url, rows=place.rows, out=ours, times=times)
    shells = _shells(place, times)
    peers = []
    for name, way in (("pandas.json_normalize().to_csv()", "pandas"), ("csv + orjson + Babel", "loop")):
        theirs = place.out(way)
        peers.append(measure_way(name, f"{way}.merge", str(place.database), rows=place.rows, out=theirs))
        check_same_cells(ours, theirs)
        theirs.unlink()
    ours.unlink()
    if shells:
        columns, documents, extracted = (shipdesk.seconds / shell.seconds for shell in shells)
        goal("Shipdesk's time to that of the shell, the same cells as raw columns", columns, 1.6, " x")
        told("to that of the shell, ids and documents as they are", documents, " x")
        told("to that of the shell, the cells taken out of the documents", extracted, " x")
    pandas, loop = (peer.seconds / shipdesk.seconds for peer in peers)
    goal_at_least("times as fast as pandas", pandas, 8, " x")
    goal_at_least("times as fast as csv + orjson + Babel", loop, 5.5, " x")
    goal("peak RSS", shipdesk.rss_mb, 300, " MB")
    return shipdesk


def _shells(place: Place, times: int) -> list[Taken]:
    """The dumps of the shell: raw columns, raw documents, and columns taken out of the documents."""
    shell = shutil.which("sqlite3")
    if shell is None:
        print(_HOW_TO_INSTALL)
        return []
    prepare_wide(place)
    dumps = (
        ("sqlite3 shell, the same cells as raw columns (the limit)", place.wide, "SELECT * FROM wide", times),
        ("sqlite3 shell, ids and documents as they are", place.database, "SELECT id, document FROM shipments", 1),
        ("sqlite3 shell, the cells taken out of the documents", place.database, extracting("shipments"), 1),
    )
    out, taken = place.out("shell"), []
    for name, database, query, runs in dumps:
        command = [shell, "-readonly", "-csv", "-header", str(database), query]
        taken.append(measure_command(name, command, rows=place.rows, out=out, times=runs))
        out.unlink()
    return taken
