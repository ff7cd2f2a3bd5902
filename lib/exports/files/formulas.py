"""Cells that a spreadsheet would run as a formula, and how they are defused: an apostrophe goes before them.

Only text is ever guarded; a number such as -52.55 stays a number.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from lib.exports.rows.long_column import as_one

Mask = npt.NDArray[np.bool_]

# OWASP, CSV injection. The last four are the full-width forms that Japanese spreadsheets run too.
STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_STARTS_TUPLE = tuple(STARTS)
# By the first byte of a text, whether it may be one; the backslash since it may spell a tab.
MAY_START = np.isin(np.arange(256), [ord("\\"), *(start.encode()[0] for start in STARTS)])
_PATTERN = "^[" + STARTS.replace("-", "\\-") + "]"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run this cell."""
    return text.startswith(_STARTS_TUPLE)


def defused(text: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet might run."""
    return f"'{text}" if is_formula(text) else text


def formulas_in(columns: Sequence[pl.Series]) -> dict[str, Mask]:
    """For those columns of text, all of one height, in which a spreadsheet might run a cell: which cells."""
    found = as_one(lambda texts: texts.str.contains(_PATTERN).fill_null(value=False), columns)
    return {cells.name: cells.to_numpy() for cells in found if cells.any()}


def defused_column(name: str, cells: Mask) -> pl.Expr:
    """The column of text of that name, with an apostrophe before those cells."""
    text = pl.col(name)
    return pl.when(pl.lit(pl.Series(cells))).then(pl.concat_str([pl.lit("'"), text])).otherwise(text).alias(name)
