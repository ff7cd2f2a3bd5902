"""The pages as they are drawn, over the real embedded desk in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import lib.desk.local
from lib import runtime
from lib.desk.protocol import Desk
from lib.settings import Settings

APP = str(Path(__file__).parents[2] / "app.py")
# A page draws in well under a second; a cold start of every table on a busy machine took 6 s.
TIMEOUT_S = 30


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An empty desk of this module."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("desk"), database_url=None, files_url=None)
    lib.desk.local.open_desk.cache_clear()
    st.cache_resource.clear()
    runtime.start(settings, "worker")
    yield lib.desk.local.open_desk()
    lib.desk.local.open_desk.cache_clear()
    st.cache_resource.clear()
    runtime.stop()


@pytest.fixture
def app(desk: Desk) -> AppTest:  # noqa: ARG001
    """The start page, drawn for a new visitor."""
    return AppTest.from_file(APP, default_timeout=TIMEOUT_S).run()


def texts(app: AppTest) -> str:
    """All prose on the screen, one piece a line."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info", "success")
    return "\n".join(str(element.value) for kind in kinds for element in app.get(kind))
