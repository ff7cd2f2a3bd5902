"""The kinds of filters of an export as widgets. Each reads its own into the recipe's options, and takes it back.

Widgets keep what they say in the session, also while they are not drawn: `key` is where.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import streamlit as st

from lib.desk.protocol import Desk
from lib.store.conditions import comma_words
from lib.store.facets import METADATA_PREFIX

MAX_LETTERS = 255
Options = Mapping[str, str]


class Filter(Protocol):
    """What every kind of filter does. `name` is its name among the options."""

    @property
    def name(self) -> str: ...

    def draw(self, desk: Desk, key: str) -> None:
        """The widget, with what the session keeps for it."""
        ...

    def read(self, key: str) -> dict[str, str]:
        """What it says as options; none where it narrows nothing."""
        ...

    def fill(self, key: str, options: Options) -> set[str]:
        """Say what these options do, as far as this filter can; the names of those that it took."""
        ...


@dataclass(frozen=True, slots=True)
class Choices:
    """Some of the codes that there are; with `own`, also others typed in."""

    name: str
    label: str
    codes: Sequence[str]
    words: Callable[[str], str]
    placeholder: str
    own: bool = False

    def draw(self, desk: Desk, key: str) -> None:  # noqa: ARG002
        """A list to choose several from."""
        st.multiselect(
            self.label, list(self.codes), key=key, format_func=self.words, placeholder=self.placeholder,
            accept_new_options=self.own, persist_state="session",
        )  # fmt: skip

    def read(self, key: str) -> dict[str, str]:
        """The chosen ones with commas."""
        return _given(self.name, ",".join(st.session_state.get(key) or ()))

    def fill(self, key: str, options: Options) -> set[str]:
        """Choose those."""
        chosen = comma_words(options.get(self.name, ""))
        taken = bool(chosen) and (self.own or set(chosen) <= set(self.codes))
        st.session_state[key] = chosen if taken else []
        return {self.name} if taken else set()


@dataclass(frozen=True, slots=True)
class Entries:
    """Some of what is kept in the address book, chosen by name. `named` finds the names by their ids."""

    name: str
    label: str
    named: Callable[[Desk], Mapping[str, str]]
    placeholder: str
    most: int | None = None

    def draw(self, desk: Desk, key: str) -> None:
        """A list of names to choose from; who is kept no longer stands there by the id."""
        names = self.named(desk)
        chosen = st.session_state.get(key) or []
        st.multiselect(
            self.label, list(dict.fromkeys([*names, *chosen])), key=key, format_func=lambda one: names.get(one, one),
            placeholder=self.placeholder, max_selections=self.most, persist_state="session",
        )  # fmt: skip

    def read(self, key: str) -> dict[str, str]:
        """The ids of those chosen, with commas."""
        return _given(self.name, ",".join(st.session_state.get(key) or ()))

    def fill(self, key: str, options: Options) -> set[str]:
        """Choose those."""
        chosen = comma_words(options.get(self.name, ""))
        taken = bool(chosen) and len(chosen) <= (self.most or len(chosen))
        st.session_state[key] = chosen if taken else []
        return {self.name} if taken else set()


@dataclass(frozen=True, slots=True)
class Typed:
    """A text typed in."""

    name: str
    label: str
    placeholder: str = ""

    def draw(self, desk: Desk, key: str) -> None:  # noqa: ARG002
        """A line of text."""
        st.text_input(self.label, key=key, placeholder=self.placeholder, max_chars=MAX_LETTERS, persist_state="session")

    def read(self, key: str) -> dict[str, str]:
        """The text without blanks around it."""
        return _given(self.name, str(st.session_state.get(key) or "").strip())

    def fill(self, key: str, options: Options) -> set[str]:
        """Write it there."""
        text = options.get(self.name, "")
        taken = _fits(text)
        st.session_state[key] = text if taken else ""
        return {self.name} if taken else set()


@dataclass(frozen=True, slots=True)
class Metadata:
    """One value of the metadata, by its key."""

    label: str = "Metadata"

    @property
    def name(self) -> str:
        """What its name among the options begins with."""
        return METADATA_PREFIX.rstrip(".")

    def draw(self, desk: Desk, key: str) -> None:  # noqa: ARG002
        """Two lines of text side by side."""
        with st.container(key=f"{key}_pair"):
            at, is_ = st.columns(2, vertical_alignment="bottom")
        with at:
            st.text_input(
                f"{self.label}: key", key=f"{key}_key", placeholder="department", max_chars=MAX_LETTERS,
                persist_state="session",
            )  # fmt: skip
        with is_:
            st.text_input(
                "Value", key=f"{key}_value", placeholder="returns", max_chars=MAX_LETTERS, persist_state="session"
            )

    def read(self, key: str) -> dict[str, str]:
        """The value under its key, once both are there."""
        at = str(st.session_state.get(f"{key}_key") or "").strip()
        return _given(f"{METADATA_PREFIX}{at}", str(st.session_state.get(f"{key}_value") or "").strip()) if at else {}

    def fill(self, key: str, options: Options) -> set[str]:
        """Write the first key and its value there."""
        found = [name for name, text in options.items() if name.startswith(METADATA_PREFIX) and _fits(text)]
        name = next((name for name in found if _fits(name.removeprefix(METADATA_PREFIX))), None)
        st.session_state[f"{key}_key"] = name.removeprefix(METADATA_PREFIX) if name else ""
        st.session_state[f"{key}_value"] = options[name] if name else ""
        return {name} if name else set()


def _given(name: str, text: str) -> dict[str, str]:
    return {name: text} if text else {}


def _fits(text: str) -> bool:
    """Whether a line of text can say it and would give it back as it is."""
    return 0 < len(text) <= MAX_LETTERS and text.isprintable() and text == text.strip()
