"""Labels as files: their formats, and one as it is handed out."""

from dataclasses import dataclass
from typing import Final, Literal

from lib.models.shipments import LabelSize

LabelFormat = Literal["pdf", "png", "zpl"]
MergedFormat = Literal["pdf", "zpl"]
# What fits a label printer; sheets go to office printers, which do not speak ZPL.
ZPL_SIZES: Final[tuple[LabelSize, ...]] = ("4x6", "4x8", "a6")
MAX_MERGED = 200


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A label, or several in one file, ready to be sent or saved."""

    content: bytes
    media_type: str
    filename: str
