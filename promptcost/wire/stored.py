"""Opens a file of recorded requests as it was stored: plain, or packed with gzip.

Object stores keep logs packed (Bedrock's invocation logs, for one).  What comes out of a small
packed file may be huge, so unpacking is bounded.
"""

from __future__ import annotations

import errno
import gzip
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from pathlib import Path

PACKED_SUFFIX = ".gz"
MOST_UNPACKED = 1 << 30
_GZIP = b"\x1f\x8b"
_OTHERS = {b"PK\x03\x04": "zip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}


def open_log(path: Path) -> BinaryIO:
    """Return a file open for reading, unpacked on the way.

    Raises OSError, with a reason in `strerror`, when the file cannot be opened or is packed in
    another way; reading raises it when the file is damaged or unpacks to more than a gigabyte.
    """
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(_GZIP):
        return cast("BinaryIO", _Unpacked(path))
    for magic, name in _OTHERS.items():
        if start.startswith(magic):
            raise OSError(errno.EINVAL, f"it is packed with {name}; unpack it first")
    return path.open("rb")


def is_packed(path: Path) -> bool:
    """Say whether a file is unpacked while it is read, so that its bytes have no place in it."""
    with path.open("rb") as stream:
        return stream.read(len(_GZIP)) == _GZIP


class _Unpacked(gzip.GzipFile):
    """A packed file that gives up beyond a bound, and names every fault the same way."""

    def read(self, size: int | None = -1) -> bytes:
        self._check()
        try:
            return super().read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _damaged() from error

    def readline(self, size: int | None = -1) -> bytes:
        self._check()
        try:
            return super().readline(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _damaged() from error

    def _check(self) -> None:
        if self.tell() > MOST_UNPACKED:
            raise OSError(errno.EFBIG, "it unpacks to more than a gigabyte")


def _damaged() -> OSError:
    return OSError(errno.EIO, "it is damaged or cut off where it is packed")
