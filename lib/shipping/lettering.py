"""Text on labels: fonts that ship with the app, letters they can draw, lines that fit.

DejaVu Sans Condensed covers Latin, Greek and Cyrillic with all their accents. Letters it has not (Chinese,
Japanese, Korean, emoji) and scripts written from right to left, which would come out in the wrong order,
are shown as an empty box: plainly missing is better than wrong.
"""

import functools
import threading
import unicodedata
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

REGULAR = "DejaVuSansCondensed"
BOLD = "DejaVuSansCondensed-Bold"
# A font face is one object for the whole process and keeps a reading position while it is embedded: held whenever a
# PDF is drawn.
DRAWING = threading.Lock()
MISSING = "\N{WHITE SQUARE}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_TYPEFACES = Path(__file__).parent / "typefaces"
_RIGHT_TO_LEFT = {"R", "AL"}
_SHRINK_STEP = 0.5


@functools.cache
def font(name: str) -> TTFont:
    """The font of that name, registered with reportlab on first use."""
    found = TTFont(name, _TYPEFACES / f"{name}.ttf")
    _remember_subsets(found.face)
    pdfmetrics.registerFont(found)
    return found


def _remember_subsets(face: TTFontFace) -> None:
    """Keep how the face was cut down last: cutting is a third of the work of a label, and ASCII is always cut alike."""
    cut = functools.lru_cache(maxsize=64)(lambda letters: TTFontFace.makeSubset(face, list(letters)))
    face.makeSubset = lambda letters: cut(tuple(letters))


def drawable(text: str, name: str) -> str:
    """`text` on one line in letters the font can draw, in the order they are read."""
    glyphs = font(name).face.charToGlyph
    letters = (_letter(letter, glyphs) for letter in unicodedata.normalize("NFC", text))
    return " ".join("".join(letters).split())


@functools.lru_cache(maxsize=512)
def fitted(
    text: str, name: str, *, size: float, smallest: float, width: float, lines: int
) -> tuple[float, tuple[str, ...]]:
    """The text in at most that many lines of that width (points), as large as it can be set.

    Tried from `size` down to `smallest`; what does not fit even then ends in an ellipsis. An empty text has no lines.
    """
    clean = drawable(text, name)
    while True:
        wrapped = _wrap(clean, name, size, width)
        if len(wrapped) <= lines:
            return size, tuple(wrapped)
        if size <= smallest:
            return size, (*wrapped[: lines - 1], _cut(" ".join(wrapped[lines - 1 :]), name, size, width))
        size = max(smallest, size - _SHRINK_STEP)


def _letter(letter: str, glyphs: dict[int, int]) -> str:
    category = unicodedata.category(letter)
    if category in {"Mn", "Me", "Cf"}:
        return ""
    if category.startswith(("Z", "C")) and category not in {"Co", "Cn", "Cs"}:
        return " "
    if ord(letter) in glyphs and unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT:
        return letter
    plain = unicodedata.normalize("NFKD", letter)[0]
    plain_is_drawable = ord(plain) in glyphs and unicodedata.bidirectional(plain) not in _RIGHT_TO_LEFT
    return plain if plain_is_drawable else MISSING


def _wrap(text: str, name: str, size: float, width: float) -> list[str]:
    wrapped: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if _width(longer, name, size) <= width:
            line = longer
            continue
        if line:
            wrapped.append(line)
        *whole, line = _pieces(word, name, size, width)
        wrapped += whole
    return [*wrapped, line] if line else wrapped


def _pieces(word: str, name: str, size: float, width: float) -> list[str]:
    """A word longer than a line, broken where the line ends."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and _width(pieces[-1] + letter, name, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _cut(text: str, name: str, size: float, width: float) -> str:
    while text and _width(text + ELLIPSIS, name, size) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _width(text: str, name: str, size: float) -> float:
    width: float = font(name).stringWidth(text, size)
    return width
