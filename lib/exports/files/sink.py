"""Where the bytes of a file go: counted and hashed on their way, and compressed when asked for."""

import hashlib
from typing import BinaryIO

from isal import isal_zlib

# At this level isal is the fastest and packs as tightly as at the next; zlib takes six times as long.
_LEVEL = 1
# In zlib's words: a gzip header, which has neither name nor time, so equal files stay equal.
_GZIP = 31


class Sink:
    """One way into a file. `size` and `sha256` are of what stands in the file, so of the compressed bytes."""

    closed = False

    def __init__(self, out: BinaryIO, *, compressed: bool) -> None:
        """`compressed` makes it gzip."""
        self._out, self._digest = out, hashlib.sha256()
        self._packer = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _GZIP) if compressed else None
        self.size, self._is_cut = 0, False

    @property
    def sha256(self) -> str:
        """The SHA-256 in hex of all bytes so far."""
        return self._digest.hexdigest()

    def write(self, data: bytes | memoryview) -> int:
        """Put `data` behind what is there; its length."""
        self._put(data if self._packer is None else self._packer.compress(data))
        return len(data)

    def flush(self) -> None:
        """Nothing: libraries that write files call it, and a compressed stream would grow by it."""

    def cut(self) -> None:
        """Let nothing more through."""
        self._is_cut = True

    def close(self) -> None:
        """Write what is held back for compression."""
        if self._packer is not None:
            self._put(self._packer.flush())

    def _put(self, data: bytes | memoryview) -> None:
        if self._is_cut:
            return
        self._digest.update(data)
        self._out.write(data)
        self.size += len(data)
