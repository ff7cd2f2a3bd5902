import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from lib.desk.protocol import Desk
from lib.ui import shell
from tests.ui.conftest import APP, TIMEOUT_S, texts

AUTH = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "for tests only",
    "client_id": "id",
    "client_secret": "none",
    "server_metadata_url": "http://localhost:1/.well-known/openid-configuration",
}


def test_pages_are_in_the_navigation(app: AppTest) -> None:
    pages = {
        "shipments": "Shipments", "address_book": "Address book", "exports": "Exports", "rate_cards": "Rate cards",
        "settings": "Settings", "compare_rates": "Compare rates",
    }  # fmt: skip
    for page, title in pages.items():
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert [element.value for element in app.title] == [title]


def test_configured_login_leaves_no_page_but_sign_in(desk: Desk) -> None:  # noqa: ARG001
    app = AppTest.from_file(APP, default_timeout=TIMEOUT_S)
    app.secrets["auth"] = AUTH
    app.run()
    assert not app.exception
    assert [element.value for element in app.title] == ["Sign in to Shipdesk"]
    assert [button.label for button in app.button] == ["Sign in"]
    assert "ZIP" not in texts(app)
    with pytest.raises(ValueError, match=r"Known pages: \['Sign in'\]"):
        app.switch_page("pages/exports.py")


def test_page_started_without_the_shell_starts_again_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[bool] = []
    monkeypatch.setattr(PagesManager, "uses_pages_directory", True)
    monkeypatch.setattr(shell.st, "session_state", {})
    monkeypatch.setattr(shell.st, "rerun", lambda: started.append(True))
    shell.inside()
    assert (started, PagesManager.uses_pages_directory) == ([True], False)
    shell.st.session_state["shell_drawn"] = True
    shell.inside()
    assert started == [True]
