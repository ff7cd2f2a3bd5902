"""Code 128 on whole dots of a label printer, so that every bar prints as wide as it was meant."""

from typing import Final

from reportlab.graphics.barcode.code128 import Code128
from reportlab.pdfgen.canvas import Canvas

# Most label printers put 203 dots on an inch; the bars suit 300 too, being far wider than a dot there.
PRINTER_DPI: Final = 203
DOT: Final = 72 / PRINTER_DPI
# The quiet zone of Code 128 on either side, in modules.
_QUIET_MODULES = 10
# Two dots are 0.25 mm, three 0.38 mm, which scanners read from an arm's length. One dot is below what Code 128
# allows (0.19 mm), and wider modules only take room.
_MODULE_DOTS = range(2, 4)
_WIDTH_BITS = 0b11111


def on_whole_dot(length: float, dot: float = DOT) -> float:
    """The length rounded to whole dots, both in the same unit."""
    return round(length / dot) * dot


def draw_bars(canvas: Canvas, number: str, *, centre: float, bottom: float, height: float, dot: float) -> None:
    """Draw the number as Code 128 about `centre`, its modules whole dots wide; `centre` is half the room there is.

    The canvas' origin has to lie on a whole dot. A number that is not printable ASCII, or too long for modules of
    two dots, gets no bars: none are better than wrong ones.
    """
    widths = _module_widths(number)
    room = int(2 * centre / dot)
    fitting = [dots for dots in _MODULE_DOTS if dots * (sum(widths) + 2 * _QUIET_MODULES) <= room]
    if not widths or not fitting:
        return
    module = fitting[-1]
    canvas.saveState()
    canvas.translate(on_whole_dot(centre - sum(widths) * module * dot / 2, dot), bottom)
    canvas.scale(module * dot, height)
    # In whole modules, and as one path: no edge is ever rounded on its own.
    canvas.addLiteral(f"{_rectangles(widths)} f")
    canvas.restoreState()


def _module_widths(number: str) -> list[int]:
    """How many modules wide each bar and each space is, in turn, beginning with a bar; empty where there is no code."""
    if not number.isascii() or not number.isprintable() or not number:
        return []
    code = Code128(number, quiet=0)
    code.validate()
    code.encode()
    # A letter an element: A is a bar of one module, b a space of two.
    return [ord(letter) & _WIDTH_BITS for letter in code.decompose()]


def _rectangles(widths: list[int]) -> str:
    starts = [sum(widths[:index]) for index in range(0, len(widths), 2)]
    return " ".join(f"{start} 0 {width} 1 re" for start, width in zip(starts, widths[::2], strict=True))
