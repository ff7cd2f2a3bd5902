"""Files in a folder: whole, named, in pieces."""

from pathlib import Path

import pytest

from lib.store.files import Files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files((tmp_path / "a folder").as_uri())


def test_what_is_written_is_read(files):
    files.write("labels/ship_1.pdf", b"%PDF-1.7")
    assert files.read("labels/ship_1.pdf") == b"%PDF-1.7"
    assert files.local_path("labels/ship_1.pdf").read_bytes() == b"%PDF-1.7"


def test_a_large_upload_comes_back_in_pieces(files, tmp_path):
    content = bytes(range(256)) * 20_000
    (tmp_path / "large").write_bytes(content)
    files.upload("exports/exp_1.csv", tmp_path / "large")
    pieces = list(files.chunks("exports/exp_1.csv"))
    assert len(pieces) > 1
    assert b"".join(pieces) == content


def test_what_is_deleted_is_gone_and_deleting_twice_is_no_error(files):
    files.write("a", b"1")
    files.delete("a")
    files.delete("a")
    with pytest.raises(FileNotFoundError):
        files.read("a")
