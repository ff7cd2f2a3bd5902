"""What a rate card would change, before it does: counts, examples, and what is wrong line by line."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lib.models.rate_cards import CardReport, PriceChange, RowProblem
from lib.ui.card_form import KINDS
from lib.ui.formats import calendar_day, count, plain, with_written_days

_TALL_ROWS = 10
_TALL_PX = 420


def draw_report(report: CardReport) -> None:
    """Everything a dry run found; text from the file is safe in it."""
    st.header(f"What {plain(report.name)} changes", anchor=False)
    until = f" to {calendar_day(report.until)}" if report.until else ""
    st.caption(
        f"{KINDS[report.kind].name} · in force from {calendar_day(report.effective)}{until} · "
        f"read as {plain(report.layout)}"
    )
    if report.problem_count:
        _draw_problems(report)
        return
    if not report.rows_read:
        st.warning("There is no row in the file. Start from the template.", icon=":material/info:")
        return
    for column, (label, value) in zip(st.columns(4), _counts(report).items(), strict=True):
        column.metric(label, f"{value:,}")
    st.markdown(summary(report))
    if report.examples:
        _table(changes_frame(report.examples), key="cards_changes", alt="Examples of prices before and after")
        shown, all_of_them = len(report.examples), report.added + report.changed + report.removed
        if shown < all_of_them:
            st.caption(f"{shown} of {all_of_them:,} changes.")
    for note in report.notes:
        st.caption(plain(with_written_days(note)))


def summary(report: CardReport) -> str:
    """The counts that have no figure of their own, and what is replaced, as Markdown."""
    kept = f" {count(report.unchanged, 'price stays', 'prices stay')} as before." if report.unchanged else ""
    over = " and ".join(f"**{plain(with_written_days(name))}**" for name in report.replaces)
    return f"Takes over from {over}.{kept}" if over else f"Nothing of this kind holds on its first day yet.{kept}"


def changes_frame(changes: Sequence[PriceChange]) -> pd.DataFrame:
    """A price a row, before and after, safe in Markdown cells."""
    rows = [
        {
            "Price": plain(change.what),
            "Before": "None" if change.before is None else plain(change.before),
            "After": "None" if change.after is None else f"**{plain(change.after)}**",
        }
        for change in changes
    ]
    return pd.DataFrame(rows, columns=["Price", "Before", "After"])


def problems_frame(problems: Sequence[RowProblem]) -> pd.DataFrame:
    """A problem a row: where it is, and what would be right, safe in Markdown cells."""
    rows = [
        {
            "Sheet": plain(problem.sheet or ""),
            "Line": str(problem.line),
            "Column": plain(problem.column or ""),
            "What to correct": plain(problem.message),
        }
        for problem in problems
    ]
    frame = pd.DataFrame(rows, columns=["Sheet", "Line", "Column", "What to correct"])
    return frame if any(frame["Sheet"]) else frame.drop(columns="Sheet")


def _counts(report: CardReport) -> dict[str, int]:
    return {
        "Rows read": report.rows_read,
        "Prices added": report.added,
        "Changed": report.changed,
        "Removed": report.removed,
    }


def _draw_problems(report: CardReport) -> None:
    problems = count(report.problem_count, "problem")
    st.error(
        f"**{problems} in the file.** Nothing can be put in force. Correct the file and choose it again; what you "
        "entered is still here.",
        icon=":material/error:",
    )
    _table(problems_frame(report.problems), key="cards_problems", alt="Problems by line of the file")
    if len(report.problems) < report.problem_count:
        st.caption(f"The first {len(report.problems)} of {problems}.")


def _table(frame: pd.DataFrame, *, key: str, alt: str) -> None:
    with st.container(key=f"table_{key}"):
        st.table(
            frame,
            border="horizontal",
            hide_index=True,
            height=_TALL_PX if len(frame) > _TALL_ROWS else "content",
            alt=alt,
        )
