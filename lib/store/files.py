"""Files: labels and exports, in a folder or in S3, by one interface."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

_CHUNK = 1 << 20


class Files:
    """A store of named byte strings such as `labels/ship_….pdf`."""

    def __init__(self, url: str) -> None:
        """Open `file:///…` (made where missing) or `s3://bucket/prefix`."""
        self._folder: Path | None = None
        if url.startswith("file:"):
            self._folder = Path(unquote(urlsplit(url).path))
            self._folder.mkdir(parents=True, exist_ok=True)
            self._store: ObjectStore = LocalStore(self._folder, mkdir=True)
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

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content in pieces of about a megabyte. Raises FileNotFoundError."""
        for chunk in obstore.get(self._store, name).stream(min_chunk_size=_CHUNK):
            yield bytes(chunk)

    def delete(self, name: str) -> None:
        """Forget the file; nothing happens where there is none."""
        try:
            obstore.delete(self._store, name)
        except FileNotFoundError:
            return
