"""The types of the columns of a Parquet file, which have one each from its first row to its last.

They begin as what a column is said to hold, and widen where values are found that do not fit: whole numbers to
numbers, anything to text at last. A value is never bent to fit.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto

import msgspec
import polars as pl

from lib.exports.files.shown import STORED_INSTANT, Shown, replaced, stored_instants
from lib.exports.plan import Plan
from lib.exports.rows.layout import Field, Part, column_name

# Whole numbers up to here are exact among the floating ones.
_EXACT = 2**53


class Type(Enum):
    """What a column holds. `LARGE` are whole numbers that no floating one equals; `TEXT` can spell anything."""

    NOTHING = auto()
    FLAG = auto()
    WHOLE = auto()
    LARGE = auto()
    NUMBER = auto()
    INSTANT = auto()
    TEXT = auto()


_DTYPES: dict[Type, pl.DataType] = {
    Type.NOTHING: pl.String(),
    Type.FLAG: pl.Boolean(),
    Type.WHOLE: pl.Int64(),
    Type.LARGE: pl.Int64(),
    Type.NUMBER: pl.Float64(),
    Type.INSTANT: pl.Datetime("ms", "UTC"),
    Type.TEXT: pl.String(),
}
_DECLARED = {"flag": Type.FLAG, "money": Type.WHOLE, "number": Type.NUMBER}
_JSON = ("names", "nested")
_TRUE, _FALSE = "true", "false"


class ParquetTypes:
    """The types of the columns of rows, and the rows in those types. `json` says which columns hold JSON."""

    def __init__(self, plan: Plan, fields: Sequence[Field]) -> None:
        """A column of the resource begins as what it is said to hold, a leaf of a nested one as nothing."""
        kinds = {column.name: column.kind for column in plan.columns}
        if plan.properties == "flatten":
            kinds = {name: kind for name, kind in kinds.items() if kind not in _JSON}
        self._fields = fields
        self.json = [kinds.get(field.name) in _JSON for field in fields]
        self._shown = Shown(plan, [Field(field.name) for field in fields])
        self._types = [_declared(field, kinds.get(field.name)) for field in fields]

    @property
    def dtypes(self) -> list[pl.DataType]:
        """The types as Polars has them."""
        return [_DTYPES[kind] for kind in self._types]

    def widen(self, part: Part) -> bool:
        """Make room for these rows; whether there was none."""
        if not part.rows.height:
            return False
        before = self.dtypes
        columns = zip(self._fields, self._types, part.rows.iter_columns(), strict=True)
        self._types = [
            kind if kind is Type.TEXT else _wider(kind, _found(field, column, is_json=column.name in part.json))
            for field, kind, column in columns
        ]
        return self.dtypes != before

    def typed(self, part: Part) -> pl.DataFrame:
        """The rows with every column in its type; they have to fit."""
        kept = {column_name(index) for index, is_json in enumerate(self.json) if is_json}
        shown = self._shown.cells(replace(part, mixed=part.mixed - kept))
        shown = replaced(shown, (_quoted(shown[name]) for name in kept - part.json))
        return shown.select(_typed(pl.col(name), kind) for name, kind in zip(shown.columns, self._types, strict=True))


def _quoted(texts: pl.Series) -> pl.Series:
    """Texts as JSON, like everything else in their column."""
    spelled = [None if text is None else msgspec.json.encode(text).decode() for text in texts]
    return pl.Series(texts.name, spelled, dtype=pl.String)


def _typed(cells: pl.Expr, kind: Type) -> pl.Expr:
    match kind:
        case Type.INSTANT:
            return stored_instants(cells)
        case Type.FLAG:
            return cells == _TRUE
        case _:
            return cells.cast(_DTYPES[kind])


def _declared(field: Field, kind: str | None) -> Type:
    if field.is_instant:
        return Type.INSTANT
    return Type.NOTHING if kind is None else _DECLARED.get(kind, Type.TEXT)


def _wider(one: Type, other: Type) -> Type:
    """What can hold all that either of two can."""
    together = {one, other} - {Type.NOTHING}
    if not together:
        return Type.NOTHING
    if len(together) == 1:
        return together.pop()
    if together == {Type.WHOLE, Type.LARGE}:
        return Type.LARGE
    return Type.NUMBER if together == {Type.WHOLE, Type.NUMBER} else Type.TEXT


def _found(field: Field, column: pl.Series, *, is_json: bool) -> Type:
    """What the values of a column are."""
    if column.null_count() == len(column):
        return Type.NOTHING
    if not is_json:
        return Type.INSTANT if field.is_instant and _are_instants(column) else Type.TEXT
    if column.drop_nulls().is_in([_TRUE, _FALSE]).all():
        return Type.FLAG
    whole = column.cast(pl.Int64, strict=False)
    if whole.null_count() == column.null_count():
        return Type.WHOLE if whole.is_between(-_EXACT, _EXACT).all() else Type.LARGE
    return Type.NUMBER if all(map(_is_number, column)) else Type.TEXT


def _are_instants(column: pl.Series) -> bool:
    told = pl.select(stored_instants(pl.lit(column)).dt.to_string(STORED_INSTANT)).to_series()
    return bool(told.eq_missing(column).all())


def _is_number(json: str | None) -> bool:
    value = None if json is None else msgspec.json.decode(json)
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) <= _EXACT
    return value is None or isinstance(value, float)
