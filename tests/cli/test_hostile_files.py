"""Hostile files beside a good template: a clear answer to each, and the good one is audited."""

from __future__ import annotations

import json
import os
import socket

import pytest

RULE = "Follow the manual and answer in one sentence with the page number, always. "
GOOD = f"Now {{{{ now }}}} {RULE * 30}\n"
DAY = ("--at", "2026-11-20")
BOMB = 'a0: &a0 ["x", "x", "x", "x", "x", "x", "x", "x"]\n' + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20)
)
DEEP = "[" * 100_000
FILES = {
    "bomb.yaml": (BOMB + 'prompt: "{{ now }}"\n', ""),
    "deep.yaml": (f"prompt: {DEEP}", "has more than 64 levels"),
    "tag.yaml": ("a: !!python/object/apply:os.system ['{{ x }}']\n", ""),
    "deep.toml": (f"prompt = '{{{{ x }}}}'\nx = {DEEP}", "is not TOML"),
    "dots.toml": ("a." * 20_000 + "b = '{{ x }}'\n", "has a key of more than 64 parts"),
    "digits.toml": (f"prompt = '{{{{ x }}}}'\nx = {'9' * 100_000}", "is not TOML"),
    "head.prompty": (f"---\n{BOMB}---\n{{{{ now }}}} {RULE}", ""),
    "deep.py": (f'prompt = """{RULE * 3}{{a}}"""\nx = {DEEP}', "is not Python"),
    "digits.py": (f'prompt = """{RULE * 3}{{a}}"""\nx = {"9" * 9_000}', "is not Python"),
    "nul.py": ('prompt = """\0"""', "is a binary file"),
    "zero.j2": ("Hello \0 {{ now }}", "is a binary file"),
    "large.j2": ("Hello {{ now }} " * 400_000, "is larger than 5 MB"),
    "deep.json": (f'{{"messages": {DEEP}', "deep.json"),
    "endless.j2": ("{% for a in range(99999) %}{% for b in range(99999) %}x", "not a valid"),
    "types.json": ('{"model": {}, "messages": [{"role": [], "content": {}}, 5], "tools": "x"}', ""),
}
CHOICES = {
    "--context": (BOMB, f"contexts: {DEEP}", "contexts: 5", "[1]", "\0"),
    "--config": (BOMB, f"paths: {DEEP}", "null", "[1, 2]", "fail-on: [1]\nsuppressions: [5]"),
    "--baseline": (DEEP, "5", '{"schema_version": 1e999, "findings": []}', "\0", "{}"),
    "--calibration": (DEEP, "\n" * 9_999, '{"tokenizer": 5}', "\0"),
    "--pricing": (BOMB, DEEP, "provider: x\nmodels: 5"),
    "--workload": (BOMB, DEEP, "name: x\ntraffic: {requests_per_day: 1e300}"),
}


def clean(ran) -> bool:
    return "Traceback" not in ran.err and "internal error" not in ran.err


@pytest.mark.parametrize(("name", "text", "said"), [(n, *f) for n, f in FILES.items()], ids=FILES)
def test_a_hostile_file_stops_no_other(name, text, said, tmp_path, cli):
    (tmp_path / name).write_text(text)
    (tmp_path / "good.j2").write_text(GOOD)
    ran = cli("audit", name, "good.j2", "--format", "json", *DAY)
    assert clean(ran)
    assert said in ran.err
    found = [
        (f["path"], f["code"]) for file in json.loads(ran.out)["files"] for f in file["findings"]
    ]
    assert ("good.j2", "PC101") in found


@pytest.mark.parametrize(
    ("option", "text"), [(option, text) for option, texts in CHOICES.items() for text in texts]
)
def test_a_hostile_file_of_an_option_is_refused(option, text, tmp_path, cli):
    (tmp_path / "own.yaml").write_text(text)
    (tmp_path / "good.j2").write_text(GOOD)
    ran = cli("audit", "good.j2", option, "own.yaml", *DAY)
    assert clean(ran)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: own.yaml")


@pytest.fixture
def odd(tmp_path, monkeypatch):
    """Make what is named like a template and is no file, beside a good one."""
    os.mkfifo(tmp_path / "pipe.j2")
    (tmp_path / "folder.j2").mkdir()
    (tmp_path / "nowhere.j2").symlink_to("none")
    (tmp_path / "circle.j2").symlink_to("circle.j2")
    (tmp_path / "endless.j2").symlink_to("/dev/zero")
    (tmp_path / "outside.j2").symlink_to("/etc/hosts")
    (tmp_path / "again").symlink_to(".")
    (tmp_path / "good.j2").write_text(GOOD)
    with socket.socket(socket.AF_UNIX) as bound:
        monkeypatch.chdir(tmp_path)  # the path of a socket must be short
        bound.bind("socket.j2")
        yield tmp_path


needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


@needs_pipes
@pytest.mark.usefixtures("odd")
def test_what_is_no_file_stops_no_other(cli):
    ran = cli("audit", ".", "--format", "concise", *DAY)
    assert clean(ran)
    assert [line.split(":")[0] for line in ran.out.splitlines()] == ["good.j2"]
    assert "pipe.j2: is not a regular file; name a file" in ran.err
    assert "outside.j2" not in ran.err


@needs_pipes
@pytest.mark.usefixtures("odd")
@pytest.mark.parametrize("name", ["pipe.j2", "endless.j2", "circle.j2", "nowhere.j2", "socket.j2"])
@pytest.mark.parametrize("option", ["", "--context", "--config", "--baseline", "--pricing"])
def test_what_is_no_file_is_never_waited_for(option, name, cli):
    ran = cli("audit", "good.j2", *filter(None, [option]), name, *DAY)
    assert clean(ran)
    assert f"error: {name}: " in ran.err
    assert ran.code == 2


@pytest.mark.skipif(os.name != "posix", reason="needs names that are bytes")
@pytest.mark.parametrize("form", ["terminal", "json", "sarif", "github", "markdown", "concise"])
def test_names_that_are_not_text_are_shown_escaped(form, tmp_path, cli):
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / os.fsdecode(b"p\xff.j2")).write_text(GOOD)
    ran = cli("audit", ".", "--format", form, *DAY)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.encode("utf-8")
