"""Labels as files: their formats, and one as it is handed out."""

from dataclasses import dataclass
from typing import Literal

LabelFormat = Literal["pdf", "png", "zpl"]
MergedFormat = Literal["pdf", "zpl"]
MAX_MERGED = 200


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A label, or several in one file, ready to be sent or saved."""

    content: bytes
    media_type: str
    filename: str
