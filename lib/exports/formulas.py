"""Cells that a spreadsheet would run as a formula, and how they are defused: an apostrophe goes before them.

Only text is ever guarded; a number such as -52.55 stays a number.
"""

from collections.abc import Sequence

import polars as pl

# OWASP, CSV injection. The last four are the full-width forms that Japanese spreadsheets run too.
STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_STARTS_TUPLE = tuple(STARTS)
_PATTERN = "^[" + STARTS.replace("-", "\\-") + "]"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run this cell."""
    return text.startswith(_STARTS_TUPLE)


def defused(text: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet might run."""
    return f"'{text}" if is_formula(text) else text


def defused_column(text: pl.Expr) -> pl.Expr:
    """The same for a column of text; null stays null."""
    return pl.when(~text.str.contains(_PATTERN)).then(text).otherwise(pl.concat_str([pl.lit("'"), text]))


def with_formulas(columns: Sequence[pl.Series]) -> set[str]:
    """The names of those columns of text, all of one height, in which a spreadsheet might run a cell."""
    if not columns:
        return set()
    # As one long column: to look through hundreds of short ones one by one takes four times as long.
    found = pl.concat([column.rename("") for column in columns]).str.contains(_PATTERN).fill_null(value=False)
    by_column = found.to_numpy().reshape(len(columns), -1)
    return {column.name for column, formulas in zip(columns, by_column, strict=True) if formulas.any()}
