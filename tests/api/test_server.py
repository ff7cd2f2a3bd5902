"""The real server as a process: one port for pages, API and health, and an end that leaves nothing running."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lib.api.guard import HOW_TO_GO_PUBLIC
from lib.api.worker import ROOT
from tests.api.calling import KEY


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def launch(*command: str, data_dir: Path) -> "subprocess.Popen[str]":
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHIPDESK_", "STREAMLIT_"))
    }
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment | {"SHIPDESK_DATA_DIR": str(data_dir), "SHIPDESK_API_KEY": KEY},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(url: str, process: "subprocess.Popen[str]") -> httpx.Response:
    deadline = time.monotonic() + 60
    while True:
        try:
            return httpx.get(f"{url}/healthz", timeout=30)
        except httpx.TransportError:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < deadline
            time.sleep(0.1)


def read_until(process: "subprocess.Popen[str]", words: str) -> str:
    """Everything written up to the line with those words; the output ends without it when the process ends."""
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            break
    output = "".join(lines)
    assert words in output
    return output


def read_to_the_end(process: "subprocess.Popen[str]") -> str:
    """Everything written after what was read, up to the end, which has to come within half a minute.

    Not by `communicate`: lines that reading one by one had taken into its buffer would be lost.
    """
    assert process.stdout is not None
    killer = threading.Timer(30, process.kill)
    killer.start()
    rest = process.stdout.read()
    killer.cancel()
    assert process.wait() != -signal.SIGKILL
    return rest


@pytest.fixture(params=["streamlit", "uvicorn"])
def command(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[str]]]:
    port = free_port()
    commands = {
        "streamlit": ["streamlit", "run", "app.py", "--server.port", str(port)],
        "uvicorn": ["uvicorn", "app:app", "--port", str(port)],
    }
    return f"http://localhost:{port}", commands[request.param]


def test_one_port_serves_everything_and_ends_whole(command: tuple[str, list[str]], tmp_path: Path) -> None:
    url, words = command
    with launch(*words, data_dir=tmp_path) as process:
        try:
            health = wait_for(url, process)
            assert (health.status_code, health.json()) == (200, {"status": "ok", "database": "up", "workers": "up"})
            page = httpx.get(url)
            assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
            assert httpx.get(f"{url}/v1/shipments").status_code == 401
            # Paths that Streamlit would refuse by itself, in bare words.
            for odd in ("%00", "..%2F..%2Fetc"):
                refused = httpx.get(f"{url}/v1/shipments/ship_1/{odd}", headers={"PX-API-KEY": KEY})
                assert (refused.status_code, refused.json()["code"]) == (404, "no_route")
                assert refused.headers["X-Request-Id"].startswith("req_")
            assert httpx.get(f"{url}/..%2Fetc").text == "Bad Request"
            tracked = httpx.get(f"{url}/track/track_none")
            assert (tracked.status_code, "Nothing to track here" in tracked.text) == (404, True)
            listed = httpx.get(
                f"{url}/v1/shipments?signature=private", headers={"PX-API-KEY": KEY, "X-Request-Id": "order-1"}
            )
            assert (listed.status_code, listed.headers["X-Request-Id"]) == (400, "order-1")
            assert httpx.get(f"{url}/v1/openapi.json").json()["servers"] == [{"url": "/v1"}]
            large = httpx.post(f"{url}/v1/shipments", content=b" " * 10_000_000, headers={"PX-API-KEY": KEY})
            assert (large.status_code, large.json()["code"]) == (400, "body_too_large")
            # Its worker writes to the same output, which so ends only when both have ended.
            output = read_until(process, "worker ready")
        finally:
            process.send_signal(signal.SIGTERM)
            rest = read_to_the_end(process)
    output += rest
    assert "Traceback" not in output
    assert "Fatal" not in output
    assert "order-1 GET /v1/shipments 400 " in output
    assert "private" not in output
    assert KEY not in output


def test_public_address_without_login_does_not_start(tmp_path: Path) -> None:
    everywhere = ["--server.address", "0.0.0.0", "--server.port", str(free_port())]  # noqa: S104
    with launch("streamlit", "run", "app.py", *everywhere, data_dir=tmp_path) as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode != 0
    assert HOW_TO_GO_PUBLIC in output
    assert "Traceback" not in output
