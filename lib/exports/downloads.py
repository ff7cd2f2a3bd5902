"""Handing out finished files, never one that is not the whole of what was written.

Size and SHA-256 are compared before the first byte is sent. A file on this machine is hashed once by each process and
again only when it has changed since, so a hundred parts of it cost one reading. A file in S3 is compared by its size
before and by its hash while it is sent whole: the last piece is held back until the hash is right.
"""

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

from lib.store.files import Files

_Seen = tuple[int, int]
_checked: dict[Path, _Seen] = {}
_checking = threading.Lock()
_REMEMBERED = 10_000


class DamagedError(Exception):
    """What is kept is not what was written."""


def is_whole(files: Files, name: str, *, size: int, sha256: str) -> bool:
    """Whether the file is there with that size and, where it lies on this machine, that hash in hex."""
    path = files.local_path(name)
    if path is None:
        return files.size(name) == size
    try:
        stat = path.stat()
    except FileNotFoundError:
        return False
    return stat.st_size == size and _has_hash(path, (stat.st_mtime_ns, stat.st_size), sha256)


def checked_chunks(chunks: Iterator[bytes], sha256: str) -> Iterator[bytes]:
    """The pieces of a whole file, the last only once the hash of all is right. Raises DamagedError when it is not."""
    digest, held = hashlib.sha256(), b""
    for chunk in chunks:
        digest.update(chunk)
        if held:
            yield held
        held = chunk
    if digest.hexdigest() != sha256:
        raise DamagedError("the file that is kept is not the one that was written")
    yield held


def _has_hash(path: Path, seen: _Seen, sha256: str) -> bool:
    if _checked.get(path) == seen:
        return True
    with _checking:
        if _checked.get(path) == seen:
            return True
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return False
        if found == sha256:
            if len(_checked) >= _REMEMBERED:
                _checked.clear()
            _checked[path] = seen
    return found == sha256
