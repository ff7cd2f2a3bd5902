"""Values as they are spelled in documents, and the columns that are made of them.

Nothing is copied but what is short: a column is made of Arrow's views, 16 bytes for each text, its size and where it
is, or the text itself when it has no more than 12.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from lib.exports.rows.skeleton import Bytes, Flags, Ints

Views = npt.NDArray[np.uint32]

_VIEW = "V16"
_SHORT, _PREFIX = 12, 4
_BY_NUMBER = b"\\u"


@dataclass(frozen=True, slots=True)
class Values:
    """Values in `text`: the column and row of each, where it begins, its bytes, the first one.

    Texts have their quotes around them; `escaped` says in which something is, `by_number` whether by its number.
    """

    text: bytes
    columns: Ints
    rows: Ints
    starts: Ints
    sizes: Ints
    firsts: Bytes
    escaped: Flags
    by_number: bool

    @classmethod
    def of(cls, columns: Sequence[int], rows: Sequence[int], values: Sequence[bytes]) -> Self:
        """Values that are at hand one by one."""
        text = b"".join(values)
        sizes = np.fromiter(map(len, values), np.int64, len(values))
        starts = np.cumsum(sizes) - sizes
        escaped = [b"\\" in value for value in values] if b"\\" in text else np.zeros(len(values), np.bool_)
        return cls(
            text, np.array(columns, np.int64), np.array(rows, np.int64), starts, sizes,
            firsts=np.frombuffer(text, np.uint8).take(starts), escaped=np.array(escaped, np.bool_),
            by_number=_BY_NUMBER in text,
        )  # fmt: skip


def views(text: bytes, starts: Ints, sizes: Ints, buffer: int) -> Views:
    """The views of texts in the buffer of that number, which is `text`."""
    made = np.empty((len(starts), 4), np.uint32)
    made[:, 0] = sizes
    masks = _MASKS.take(np.minimum(sizes, _SHORT + 1), axis=0)
    np.bitwise_and(_heads(text, starts).view(np.uint32).reshape(-1, 3), masks, out=made[:, 1:])
    long = np.flatnonzero(sizes > _SHORT)
    made[long, 2] = buffer
    made[long, 3] = starts[long]
    return made


def first_bytes(made: Views) -> Bytes:
    """The first byte of the text of each view, 0 where it has none."""
    return made[:, 1].astype(np.uint8)


def put(made: Views, where: Ints, some: Views) -> None:
    """Put some views to their places. As wholes: by their parts it takes seven times as long."""
    made.view(_VIEW).ravel()[where] = some.view(_VIEW).ravel()


def column_of(made: Views, is_there: Flags, buffers: Iterable[bytes]) -> pl.Series:
    """The texts of those views as one column, null where there is none."""
    there = pa.py_buffer(np.packbits(is_there, bitorder="little"))
    parts = [there, pa.py_buffer(made), *map(pa.py_buffer, buffers)]
    return pl.Series(pl.from_arrow(pa.Array.from_buffers(pa.string_view(), len(made), parts)))


def _heads(text: bytes, starts: Ints) -> npt.NDArray[np.void]:
    """The 12 bytes that begin at each start; behind the end of the text are zeros."""
    last = max(len(text) - _SHORT, 0)
    every = np.ndarray((last + 1,), f"V{_SHORT}", text.ljust(_SHORT, b"\0"), strides=(1,))
    heads = every[np.minimum(starts, last)]
    for place in np.flatnonzero(starts > last):
        heads[place] = text[starts[place] :].ljust(_SHORT, b"\0")
    return heads


def _masks() -> Views:
    """Which of 12 bytes stand in the view of a text of 0 to 12 bytes, and at last in that of any longer one."""
    used = np.arange(_SHORT) < np.arange(_SHORT + 2)[:, None]
    used[_SHORT + 1] = np.arange(_SHORT) < _PREFIX
    return np.where(used, 255, 0).astype(np.uint8).view(np.uint32)


_MASKS = _masks()
