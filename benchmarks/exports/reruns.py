"""How long pages take to run again while an export is made in the one-command set-up.

Over the pages' own websocket, from asking for a rerun until the page says that it has finished; a browser would add
its drawing, which is the visitor's machine's work, to both sides.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from benchmarks.exports.desk import copied, database_of, exporting, percentile
from benchmarks.exports.measuring import goal, told
from benchmarks.exports.places import Place
from benchmarks.serving import serving

RERUNS = 30
PAGES = {"": "Compare rates", "shipments": "Shipments", "exports": "Exports"}
_PAUSE_SEC = 0.1
_PATIENCE_SEC = 60
_LARGEST = 1 << 28
# The generated shipments are older than what the Exports page begins with.
_DATES, _ALL_DATES = "Created", "All"


class Visitor:
    """A visitor's connection to one page, on which all dates are chosen where there is a choice."""

    def __init__(self, connection: ClientConnection, page: str) -> None:
        self._connection = connection
        self._state = ClientState(page_name=page)
        self._state.context_info.timezone = "America/New_York"
        self.headings: list[str] = []

    def rerun(self) -> float:
        """Seconds until the page has run again, with a short rest after it."""
        self.headings.clear()
        began = time.perf_counter()
        self._connection.send(BackMsg(rerun_script=self._state).SerializeToString())
        while True:
            message = ForwardMsg.FromString(self._connection.recv(_PATIENCE_SEC))
            match message.WhichOneof("type"):
                case "navigation":
                    self._state.page_script_hash = message.navigation.page_script_hash
                case "delta":
                    self._look_at(message.delta.new_element)
                case "script_finished":
                    break
        taken = time.perf_counter() - began
        assert message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY, message
        time.sleep(_PAUSE_SEC)
        return taken

    def _look_at(self, element: Element) -> None:
        match element.WhichOneof("type"):
            case "exception":
                raise AssertionError(element.exception.message)
            case "heading":
                self.headings.append(element.heading.body)
            case "selectbox" if element.selectbox.label == _DATES and not self._state.widget_states.widgets:
                self._state.widget_states.widgets.add(id=element.selectbox.id, string_value=_ALL_DATES)


@contextmanager
def visiting(port: int, page: str) -> Iterator[Visitor]:
    """Somebody who looks at the page that the address names."""
    with connect(f"ws://localhost:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=_LARGEST) as connection:
        yield Visitor(connection, page)


def measure(place: Place) -> None:
    """Each page idle and meanwhile, everything printed."""
    with copied(place) as folder, serving(f"sqlite:///{database_of(folder)}", folder) as port:
        print("running a page again, over its websocket, p50", flush=True)
        for page in PAGES:
            compare(port, folder, page, reruns=RERUNS)


def compare(port: int, folder: Path, page: str, *, reruns: int) -> None:
    """One page of a desk, so many times at least and until an export is made."""
    with visiting(port, page) as visitor:
        for _ in range(2):
            visitor.rerun()
            assert PAGES[page] in visitor.headings, visitor.headings
        idle = [visitor.rerun() for _ in range(reruns)]
        meanwhile = []
        with exporting(port, folder) as exports:
            while len(meanwhile) < reruns or not exports.made:
                meanwhile.append(visitor.rerun())
    title = PAGES[page]
    told(f"{title}, idle", percentile(idle, 50) * 1000, " ms")
    told(f"{title}, {len(meanwhile)} times while an export runs", percentile(meanwhile, 50) * 1000, " ms")
    told("an export meanwhile", percentile(exports.seconds, 50), " s")
    goal(f"{title}, the second to the first", percentile(meanwhile, 50) / percentile(idle, 50), 3, " x")
