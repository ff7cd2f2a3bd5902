"""Files: labels and exports, in a folder or in S3, by one interface."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

if TYPE_CHECKING:
    from obstore import GetOptions

_CHUNK = 1 << 20


class Files:
    """A store of named byte strings such as `labels/ship_….pdf`."""

    def __init__(self, url: str) -> None:
        """Open `file:///…` (made where missing) or `s3://bucket/prefix`."""
        self._folder: Path | None = None
        if url.startswith("file:"):
            self._folder = Path(unquote(urlsplit(url).path))
            self._folder.mkdir(parents=True, exist_ok=True)
            self._store: ObjectStore = LocalStore(self._folder, mkdir=True, automatic_cleanup=True)
        else:
            self._store = from_url(url)

    def write(self, name: str, content: bytes) -> None:
        """Keep `content` under `name`, whole or not at all."""
        obstore.put(self._store, name, content)

    def upload(self, name: str, path: Path) -> None:
        """Keep a finished local file under `name`, in parts when it is large."""
        obstore.put(self._store, name, path)

    def read(self, name: str) -> bytes:
        """The whole content. Raises FileNotFoundError."""
        return bytes(obstore.get(self._store, name).bytes())

    def local_path(self, name: str) -> Path | None:
        """Where the file lies on this machine, None when it lies elsewhere."""
        return None if self._folder is None else self._folder / name

    def size(self, name: str) -> int | None:
        """How many bytes the file has, None when there is none."""
        try:
            return obstore.head(self._store, name)["size"]
        except FileNotFoundError:
            return None

    def chunks(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The content from byte `start` to before `end` in pieces of about a megabyte. Raises FileNotFoundError."""
        part: GetOptions = {"range": {"offset": start} if end is None else (start, end)}
        found = obstore.get(self._store, name, options=part if start or end is not None else None)
        for chunk in found.stream(min_chunk_size=_CHUNK):
            yield bytes(chunk)

    def delete(self, name: str) -> None:
        """Forget the file; nothing happens where there is none."""
        try:
            obstore.delete(self._store, name)
        except FileNotFoundError:
            return

    def delete_folder(self, folder: str) -> None:
        """Forget every file whose name begins with `folder` and a slash."""
        for found in obstore.list(self._store, folder):
            for item in found:
                self.delete(item["path"])
