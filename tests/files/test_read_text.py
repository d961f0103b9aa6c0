"""Reading text files: bounded, decoded openly, never repaired in silence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from promptcost.errors import Level, Problem
from promptcost.files.text import TextFile, decode, read_bytes, read_text

if TYPE_CHECKING:
    from pathlib import Path


def test_bytes_come_back_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"a\r\nb\x00")
    assert read_bytes(tmp_path / "f") == b"a\r\nb\x00"


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"12345")
    assert read_bytes(tmp_path / "f", limit=5) == b"12345"
    assert isinstance(read_bytes(tmp_path / "f", limit=4), Problem)


def test_the_limit_is_said_in_megabytes(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x" * 1_500_001)
    found = read_bytes(tmp_path / "f", limit=1_500_000)
    assert str(found) == f"{tmp_path / 'f'}: is larger than 1.5 MB; split the file"


def test_a_directory_is_not_a_file(tmp_path: Path) -> None:
    assert str(read_bytes(tmp_path)) == f"{tmp_path}: is a directory; name a file"


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    found = read_bytes(tmp_path / "none")
    assert str(found) == f"{tmp_path / 'none'}: no such file; check the path"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found = read_bytes(tmp_path / "pipe")
    assert isinstance(found, Problem)
    assert found.message == "is not a regular file"


def test_a_file_that_cannot_be_opened_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"x")

    def refuse(*_arguments: object, **_keywords: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    assert str(read_bytes(path)) == f"{path}: cannot be read: Permission denied; check the path"


def test_a_name_that_no_file_can_have_is_a_problem(tmp_path: Path) -> None:
    assert isinstance(read_bytes(tmp_path / "a\0b"), Problem)
    assert isinstance(read_bytes(tmp_path / ("x" * 5_000)), Problem)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"plain\r\n", "plain\r\n"),
        ("grün 😀".encode(), "grün 😀"),
        ("it has \ufffd already".encode(), "it has \ufffd already"),
    ],
)
def test_utf8_is_read_without_a_word(data: bytes, text: str) -> None:
    assert decode(data, "f") == TextFile(path="f", text=text)


@pytest.mark.parametrize(
    ("data", "text", "warning"),
    [
        (b"\xef\xbb\xbfa", "a", "starts with a byte-order mark, which is not counted"),
        (b"one bad \xff byte", "one bad \ufffd byte", "is not UTF-8 (1 characters replaced)"),
        ("über".encode("utf-16"), "über", "is not UTF-8 (0 characters replaced)"),
        (b"\xfe\xff\x00a", "a", "is not UTF-8 (0 characters replaced)"),
    ],
)
def test_other_bytes_are_read_with_a_warning(data: bytes, text: str, warning: str) -> None:
    found = decode(data, "f")
    assert isinstance(found, TextFile)
    assert found.text == text
    assert [(problem.message, problem.level) for problem in found.problems] == [
        (warning, Level.WARNING)
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"ELF\0\0\0", "is a binary file, not text"),
        (b"\x89PNG\xff\xd8\xff\xfe" * 9, "is not text"),
    ],
)
def test_a_binary_file_is_refused(data: bytes, message: str) -> None:
    found = decode(data, "f")
    assert isinstance(found, Problem)
    assert found.message == message


def test_a_text_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    assert read_text(tmp_path / "f") == TextFile(path=str(tmp_path / "f"), text="x")
    assert isinstance(read_text(tmp_path), Problem)
