"""A real server, started as `make run` starts it, and a real Chromium."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import find_chromium

API_KEY = "browser-tests"
# A cold start on a busy two-core machine took up to 12 s.
START_SECONDS = 60
EXPECT_MS = 20_000
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on an empty desk."""
    port, data_dir = _free_port(), tmp_path_factory.mktemp("desk")
    log = data_dir / "server.log"
    environment = os.environ | {"SHIPDESK_DATA_DIR": str(data_dir), "SHIPDESK_API_KEY": API_KEY}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)  # noqa: S603
    address = f"http://localhost:{port}"
    try:
        _wait_until_healthy(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(20)
    assert "Traceback" not in log.read_text()


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/healthz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium from the machine; per module, because Playwright keeps an event loop running meanwhile."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, server: str) -> Iterator[Page]:
    """A fresh page that fails the test when anything is fetched from elsewhere or goes wrong in the browser."""
    expect.set_options(timeout=EXPECT_MS)
    context = chromium.new_context(
        base_url=server, viewport={"width": 1280, "height": 1800}, timezone_id="America/New_York", accept_downloads=True
    )
    opened = context.new_page()
    foreign: list[str] = []
    broken: list[str] = []
    opened.on("request", lambda request: foreign.append(request.url) if _is_foreign(request.url, server) else None)
    opened.on("pageerror", lambda error: broken.append(str(error)))
    yield opened
    context.close()
    assert (foreign, broken) == ([], [])


def _is_foreign(url: str, server: str) -> bool:
    local = (server, server.replace("http", "ws", 1), "data:", "blob:")
    return not url.startswith(local)
