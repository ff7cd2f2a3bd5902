"""Cells that a spreadsheet would run as a formula, and how they are defused: an apostrophe goes before them.

Only text is ever guarded; a number such as -52.55 stays a number.
"""

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
    return pl.when(text.str.contains(_PATTERN)).then(pl.concat_str([pl.lit("'"), text])).otherwise(text)
