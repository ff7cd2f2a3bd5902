"""Nested fields spread over dotted columns: `recipient.address.city`, `parcels.0.weight`.

The header covers every leaf of every row: rows tell the shape of their documents, and one document of each shape is
looked at before the first row is written.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from lib.exports.catalogue import COLUMNS_FIELD
from lib.exports.plan import Plan
from lib.exports.rows.by_hand import FAULTS, flattened_leaves, read
from lib.exports.rows.columns import Columns
from lib.exports.rows.documents import Documents
from lib.exports.rows.layout import Field, Part
from lib.exports.rows.skeleton import Path, flattened_skeleton
from lib.exports.rows.structure import Place
from lib.models.errors import InvalidRequest
from lib.store.shapes import FREE_FORM

_INSTANT_ENDINGS = ("_at", "estimated_delivery", "earliest_delivery")


class FlattenLayout:
    """One column per leaf of the chosen fields; numbers stay numbers."""

    def __init__(self, plan: Plan, examples: Iterable[Documents], max_columns: int) -> None:
        """Find the leaves in `examples`, a document at least of every shape that the rows have.

        Raises InvalidRequest when they are more than `max_columns`.
        """
        self._most = max_columns
        self._places = {column.name: Place() for column in plan.columns}
        for documents in examples:
            for text in documents.texts():
                self._learn(text)
            self._check_width()
        self._check_width()
        paths = [path for name, place in self._places.items() for path in place.leaves((name,))]
        instants = {(column.name,) for column in plan.columns if column.kind == "instant"}
        self.fields = [Field(".".join(map(str, path)), path in instants or _is_instant(path)) for path in paths]
        self._columns = Columns(paths, flattened_skeleton, flattened_leaves)

    def parts(self, batches: Iterable[Documents]) -> Iterator[Part]:
        """The part of the file that each batch is. Raises Outgrown where there is a value that no column is for."""
        return self._columns.parts(batches)

    def _learn(self, text: memoryview) -> None:
        try:
            document = read(text)
        except FAULTS:
            return
        for name, place in self._places.items():
            place.learn(document.get(name))

    def _check_width(self) -> None:
        widths = Counter({name: place.width() for name, place in self._places.items()})
        if widths.total() > self._most:
            widest, width = widths.most_common(1)[0]
            raise InvalidRequest(
                f"Flattened, this export needs more than {self._most:,} columns, {width:,} of them for “{widest}”. "
                "Leave that column out, narrow the filters, or merge instead.",
                fields=[f"{COLUMNS_FIELD}.{widest}"],
                code="too_many_columns",
                details={"widest": widest, "columns": width, "most": self._most},
            )


def _is_instant(path: Path) -> bool:
    """Whether a nested value is one, by its name."""
    return len(path) > 1 and str(path[-1]).endswith(_INSTANT_ENDINGS) and FREE_FORM.isdisjoint(path)
