"""Makes a vendored vocabulary from a published ``.tiktoken`` file (a maintainer's script).

Run as ``python -m promptcost.tokens.build_vocabulary RAW OUT``.  A raw file has one line per token,
base64 of its bytes and its rank.  The vendored form holds the same in less: one length byte per
token in rank order, then the bytes of all tokens.
"""

from __future__ import annotations

import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

from promptcost.tokens._vocabulary import BUNDLED, split_tokens


def pack(raw: bytes) -> bytes:
    """Return the vendored form of a raw file.

    Raises ValueError when the ranks are not 0, 1, 2, … or a token is longer than 255 bytes.
    """
    tokens = []
    for rank, line in enumerate(raw.splitlines()):
        token, _, number = line.partition(b" ")
        if int(number) != rank:
            message = f"line {rank + 1}: rank {rank} expected"
            raise ValueError(message)
        tokens.append(b64decode(token, validate=True))
    return bytes(map(len, tokens)) + b"".join(tokens)


def unpack(data: bytes, count: int) -> bytes:
    """Return the raw file of a vendored one with `count` tokens, byte for byte."""
    tokens = split_tokens(data, count)
    return b"".join(b"%b %d\n" % (b64encode(token), rank) for rank, token in enumerate(tokens))


def build(raw: bytes) -> bytes:
    """Return the vendored form of a file whose digest upstream publishes; else ValueError."""
    found = sha256(raw).hexdigest()
    if found not in {entry.upstream_sha256 for entry in BUNDLED.values()}:
        message = f"sha256 {found} is none of the published vocabularies"
        raise ValueError(message)
    return pack(raw)


def main(arguments: list[str]) -> int:
    """Read RAW, write OUT, print the digest to record; 2 when the input is not as published."""
    try:
        raw, out = map(Path, arguments)
        data = build(raw.read_bytes())
    except (OSError, ValueError) as error:
        sys.stderr.write(f"usage: build_vocabulary RAW OUT: {error}\n")
        return 2
    out.write_bytes(data)
    sys.stdout.write(f"{out}: {len(data)} bytes, sha256 {sha256(data).hexdigest()}\n")
    return 0


if __name__ == "__main__":  # pragma: no cover - the line that makes it a script
    raise SystemExit(main(sys.argv[1:]))
