from __future__ import annotations

import json

import pytest

RULES = "Answer in one sentence and name the file you took it from, never more than that. " * 12
LOOP = "{% for k, v in tools.items() %}{{ k }}{% endfor %}\n"
SORTED = "{% for k, v in tools.items() | sort %}{{ k }}{% endfor %}\n"
DAY = ("--at", "2026-11-20")


def test_safe_fix_is_written_and_audited_again(tmp_path, cli):
    path = tmp_path / "p.j2"
    path.write_text(LOOP)
    ran = cli("audit", "p.j2", "--fix", "--notes", "--format", "json", *DAY)
    assert path.read_text() == SORTED
    assert [file["findings"] for file in json.loads(ran.out)["files"]] == [[]]
    assert "1 repair made" in ran.err
    assert ran.code == 0


def test_preview_changes_nothing(tmp_path, cli):
    path = tmp_path / "p.j2"
    path.write_text(LOOP)
    ran = cli("audit", "p.j2", "--diff", "--notes", *DAY)
    assert path.read_text() == LOOP
    assert ran.out.splitlines()[:2] == ["--- a/p.j2", "+++ b/p.j2"]
    assert f"-{LOOP.strip()}" in ran.out
    assert f"+{SORTED.strip()}" in ran.out


def test_moving_text_needs_to_be_asked_for(tmp_path, cli):
    path = tmp_path / "p.j2"
    text = f"Now: {{{{ now }}}}\n{RULES}\n"
    path.write_text(text)
    cli("audit", "p.j2", "--fix", *DAY)
    assert path.read_text() == text
    cli("audit", "p.j2", "--fix", "--unsafe-fixes", *DAY)
    assert path.read_text() == f"{RULES}\nNow: {{{{ now }}}}\n"


def test_unsafe_fixes_alone_are_wrong_usage(tmp_path, cli):
    (tmp_path / "p.j2").write_text(LOOP)
    ran = cli("audit", "p.j2", "--unsafe-fixes", *DAY)
    assert (ran.code, "--fix or --diff" in ran.err) == (2, True)


def test_control_characters_do_not_reach_the_terminal(tmp_path, cli):
    (tmp_path / "p.j2").write_text(f"\x1b[31m{LOOP}")
    ran = cli("audit", "p.j2", "--diff", "--notes", *DAY)
    assert "\x1b" not in ran.out
    assert "\\x1b[31m" in ran.out


def test_mark_of_byte_order_is_kept(tmp_path, cli):
    path = tmp_path / "p.j2"
    path.write_bytes(b"\xef\xbb\xbf" + LOOP.encode())
    cli("audit", "p.j2", "--fix", "--notes", *DAY)
    assert path.read_bytes() == b"\xef\xbb\xbf" + SORTED.encode()


@pytest.mark.parametrize("data", [LOOP.encode("utf-16"), b"\xff" + LOOP.encode() * 9])
def test_file_that_reading_alters_is_left_alone(tmp_path, cli, data):
    path = tmp_path / "p.j2"
    path.write_bytes(data)
    cli("audit", "p.j2", "--fix", "--notes", *DAY)
    assert path.read_bytes() == data


def test_file_that_cannot_be_written_is_told(tmp_path, cli, monkeypatch):
    (tmp_path / "p.j2").write_text(LOOP)

    def refuse(*_arguments):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("promptcost.cli.fixes.write_atomic", refuse)
    ran = cli("audit", "p.j2", "--fix", "--notes", *DAY)
    assert (ran.code, "Read-only file system" in ran.err) == (2, True)
