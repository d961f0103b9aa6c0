from __future__ import annotations

import gzip
import json

import pytest

from promptcost.errors import Problem
from promptcost.wire import WireRequest, is_packed, open_log, read_requests, stored

BODY = json.dumps({"model": "gpt-5", "messages": [{"role": "user", "content": "Hi"}]}) + "\n"


def test_a_packed_log_is_unpacked_while_it_is_read(tmp_path):
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(gzip.compress((BODY * 3).encode()))
    found = list(read_requests(path))
    assert [(type(one), one.line) for one in found] == [(WireRequest, n) for n in (1, 2, 3)]
    assert is_packed(path)


def test_a_plain_log_is_read_as_it_is(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(BODY, encoding="utf-8")
    assert not is_packed(path)
    with open_log(path) as stream:
        assert stream.read() == BODY.encode()


PACKED = gzip.compress(BODY.encode(), mtime=0)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04rest", "it is packed with zip; unpack it first"),
        (b"\x28\xb5\x2f\xfdrest", "it is packed with zstd; unpack it first"),
        (b"BZh9rest", "it is packed with bzip2; unpack it first"),
        (b"\xfd7zXZrest", "it is packed with xz; unpack it first"),
        (
            gzip.compress(BODY.encode(), mtime=0)[:-12],
            "it is damaged or cut off where it is packed",
        ),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 40, "it is damaged or cut off where it is packed"),
        (b"\x1f\x8b\x07rest", "it is damaged or cut off where it is packed"),
    ],
)
def test_what_cannot_be_unpacked_is_told(data, said, tmp_path):
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(data)
    *_, problem = read_requests(path)
    assert isinstance(problem, Problem)
    assert problem.message == f"cannot be read: {said}"


def test_a_small_file_that_unpacks_to_too_much_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(stored, "MOST_UNPACKED", 1_000)
    path = tmp_path / "log.jsonl.gz"
    path.write_bytes(gzip.compress((BODY * 100).encode()))
    *_, problem = read_requests(path)
    assert problem.message == "cannot be read: it unpacks to more than a gigabyte"
