"""Nested fields merged into one column each, as the JSON that they are stored as."""

from collections.abc import Iterable, Iterator

from lib.exports.plan import Plan
from lib.exports.rows.by_hand import merged_leaves
from lib.exports.rows.columns import Columns
from lib.exports.rows.documents import Documents
from lib.exports.rows.layout import Field, Part
from lib.exports.rows.skeleton import merged_skeleton


class MergeLayout:
    """One column per chosen field: nested values and lists of named things as JSON."""

    def __init__(self, plan: Plan) -> None:
        """Of the plan's columns."""
        self.fields = [
            Field(column.name, is_instant=column.kind == "instant", is_names=column.kind == "names")
            for column in plan.columns
        ]
        paths = [(column.name,) for column in plan.columns]
        self._columns = Columns(paths, merged_skeleton, merged_leaves)

    def parts(self, batches: Iterable[Documents]) -> Iterator[Part]:
        """The part of the file that each batch is."""
        return self._columns.parts(batches)
