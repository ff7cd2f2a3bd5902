"""Files of exports in S3: kept, fetched whole and in parts, checked and deleted, on a real S3 server."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer
from starlette.requests import Request

from lib.api.exports import _stream
from lib.exports.downloads import DamagedError, checked_chunks, is_whole
from lib.models.exports import Download
from lib.store.files import Files
from tests.api.calling import Client

CONTENT = b"id,status\r\n" + b"ship_1,delivered\r\n" * 200_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
NAME = "exports/exp_1/1/data.csv"


@pytest.fixture(scope="module")
def files() -> Iterator[Files]:
    """A bucket of a server that speaks S3, with settings as they stand in a deployment's environment."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    with pytest.MonkeyPatch.context() as environment:
        for name, value in {
            "AWS_ENDPOINT_URL": url, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION":
            "us-east-1", "AWS_ACCESS_KEY_ID": "sample", "AWS_SECRET_ACCESS_KEY": "sample",
        }.items():  # fmt: skip
            environment.setenv(name, value)
        boto3.client("s3").create_bucket(Bucket="desk")
        yield Files("s3://desk/kept")
    server.stop()


@pytest.fixture
def kept(files: Files, tmp_path: Path) -> Files:
    path = tmp_path / "data.csv"
    path.write_bytes(CONTENT)
    files.upload(NAME, path)
    return files


def ask(files: Files, method: str = "GET", **headers: str):
    """The answer to a call for the file."""

    async def app(scope, receive, send) -> None:
        def chunks(start: int = 0, end: int | None = None) -> Iterator[bytes]:
            return files.chunks(NAME, start, end)

        download = Download(None, chunks, len(CONTENT), SHA256, "x.csv", "text/csv")
        await _stream(Request(scope), download, {"ETag": f'"{SHA256}"'})(scope, receive, send)

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(app).request(method, "/", headers=named)


def test_whole(kept):
    answer = ask(kept)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    head = ask(kept, "HEAD")
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(CONTENT)))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("3-9", 3, 10), ("2000000-", 2_000_000, len(CONTENT)), ("-5", len(CONTENT) - 5, len(CONTENT)), ("0-0", 0, 1),
     ("10-99999999", 10, len(CONTENT))],
)  # fmt: skip
def test_part(kept, asked, start, end):
    answer = ask(kept, Range=f"bytes={asked}")
    assert (answer.status_code, answer.content) == (206, CONTENT[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(end - start)


def test_part_of_another_file_is_the_whole_and_beyond_the_end_is_nothing(kept):
    assert ask(kept, Range="bytes=3-9", If_Range='"another"').status_code == 200
    assert ask(kept, Range="bytes=3-9", If_Range=f'"{SHA256}"').status_code == 206
    beyond = ask(kept, Range=f"bytes={len(CONTENT)}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")


def test_what_is_not_the_file_is_not_sent_to_its_end(kept):
    assert is_whole(kept, NAME, size=len(CONTENT), sha256=SHA256)
    assert not is_whole(kept, NAME, size=len(CONTENT) + 1, sha256=SHA256)
    assert b"".join(checked_chunks(kept.chunks(NAME), SHA256)) == CONTENT
    sent = []
    with pytest.raises(DamagedError, match="not the one that was written"):
        sent.extend(checked_chunks(kept.chunks(NAME), "0" * 64))
    assert len(b"".join(sent)) < len(CONTENT)


def test_deleted_with_everything_beside_it(kept):
    kept.write("exports/exp_1/2/data.csv", b"id\r\n")
    kept.write("exports/exp_10/1/data.csv", b"id\r\n")
    kept.delete_folder("exports/exp_1")
    assert kept.size(NAME) is None
    assert kept.size("exports/exp_1/2/data.csv") is None
    assert kept.size("exports/exp_10/1/data.csv") == 4
    assert not is_whole(kept, NAME, size=len(CONTENT), sha256=SHA256)
