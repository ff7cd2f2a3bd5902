"""Text on labels: what is drawn of any text, and that it stays within its lines."""

from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics

from lib.shipping.lettering import REGULAR, drawable, fitted


def test_letters_of_europe_are_kept() -> None:
    assert drawable("Žofie Łęcka-Ørsted, Ελένη & Дмитрий", REGULAR) == "Žofie Łęcka-Ørsted, Ελένη & Дмитрий"


def test_accents_typed_apart_are_joined() -> None:
    assert drawable("Rene\N{COMBINING ACUTE ACCENT}", REGULAR) == "René"


def test_letters_without_a_glyph_and_from_right_to_left_are_boxes() -> None:
    assert drawable("王 Wang שלום 🚀", REGULAR) == "□ Wang □□□□ □"


def test_wide_letters_become_plain_ones() -> None:
    assert drawable("\N{FULLWIDTH LATIN CAPITAL LETTER A}\N{FULLWIDTH DIGIT ONE}", REGULAR) == "A1"


def test_controls_and_line_breaks_become_one_space() -> None:
    assert drawable("a\n\t\0b\N{ZERO WIDTH SPACE}c \N{NO-BREAK SPACE} d", REGULAR) == "a bc d"


def test_text_that_fits_keeps_its_size() -> None:
    assert fitted("Ann Sender", REGULAR, size=14, smallest=8, width=260, lines=1) == (14, ("Ann Sender",))


def test_text_shrinks_before_it_is_cut() -> None:
    size, lines = fitted("The quick brown fox jumps over it", REGULAR, size=20, smallest=8, width=260, lines=1)
    assert lines == ("The quick brown fox jumps over it",)
    assert 8 < size < 20


def test_text_too_long_for_all_lines_ends_in_an_ellipsis() -> None:
    size, lines = fitted("word " * 60, REGULAR, size=14, smallest=10, width=100, lines=2)
    assert (size, len(lines)) == (10, 2)
    assert lines[1].endswith("…")


def test_empty_text_has_no_lines() -> None:
    assert fitted("  ", REGULAR, size=14, smallest=8, width=260, lines=2) == (14, ())


@given(st.text(max_size=255), st.integers(1, 3), st.floats(40, 260))
def test_no_line_is_wider_than_its_place(text: str, lines: int, width: float) -> None:
    size, wrapped = fitted(text, REGULAR, size=14, smallest=8, width=width, lines=lines)
    assert len(wrapped) <= lines
    assert all(pdfmetrics.stringWidth(line, REGULAR, size) <= width + 0.001 for line in wrapped)
