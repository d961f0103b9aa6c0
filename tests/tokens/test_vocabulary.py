"""The vendored vocabularies are tiktoken's, and they load only when something is counted."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from hashlib import sha1, sha256
from pathlib import Path

import pytest
import tiktoken
import tiktoken_ext.openai_public

from promptcost.tokens import _vocabulary, build_vocabulary
from promptcost.tokens._vocabulary import BUNDLED, bundled

FOLDER = Path(_vocabulary.__file__).parent.parent / "data" / "vocab"
FAMILIES = sorted(BUNDLED)


def upstream_source(family):
    return inspect.getsource(getattr(tiktoken_ext.openai_public, BUNDLED[family].name))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_rebuilt_file_has_the_digest_that_tiktoken_expects(family):
    entry = BUNDLED[family]
    raw = build_vocabulary.unpack((FOLDER / f"{entry.name}.bin").read_bytes(), entry.tokens)
    assert sha256(raw).hexdigest() == entry.upstream_sha256
    assert f'expected_hash="{entry.upstream_sha256}"' in upstream_source(family)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_encoding_is_that_of_tiktoken(family, tmp_path, monkeypatch):
    entry = BUNDLED[family]
    raw = build_vocabulary.unpack((FOLDER / f"{entry.name}.bin").read_bytes(), entry.tokens)
    url = re.search(r'"(https://[^"]+\.tiktoken)"', upstream_source(family)).group(1)
    (tmp_path / sha1(url.encode()).hexdigest()).write_bytes(raw)  # noqa: S324 - its file name
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    theirs = tiktoken.get_encoding(entry.name)
    assert bundled(family).ranks == theirs._mergeable_ranks
    assert entry.pattern == theirs._pat_str


@pytest.mark.parametrize("family", FAMILIES)
def test_the_token_lengths_stand_in_rank_order(family):
    vocabulary = bundled(family)
    assert [len(token) for token in vocabulary.ranks] == list(vocabulary.lengths)
    assert list(vocabulary.ranks.values()) == list(range(BUNDLED[family].tokens))


def test_a_vocabulary_is_built_once():
    assert bundled("o200k") is bundled("o200k")


def test_a_damaged_file_is_not_used(tmp_path, monkeypatch):
    (tmp_path / "o200k_base.bin").write_bytes(b"\x01a")
    monkeypatch.setattr(_vocabulary, "_FOLDER", tmp_path)
    with pytest.raises(RuntimeError, match="o200k_base is damaged: install promptcost-cli again"):
        bundled.__wrapped__("o200k")


def test_importing_the_package_loads_no_heavy_module():
    script = "import sys, promptcost.tokens; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)  # noqa: S603 - our own interpreter
    loaded = set(run.stdout.decode().split())
    assert "promptcost.tokens" in loaded
    assert not loaded & {"tiktoken", "regex", "yaml", "numpy", "jinja2", "pydantic"}


def test_packing_keeps_every_token():
    raw = b"YQ== 0\nYmM= 1\nZGVm 2\n"
    assert build_vocabulary.pack(raw) == b"\x01\x02\x03abcdef"
    assert build_vocabulary.unpack(b"\x01\x02\x03abcdef", 3) == raw


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"YQ== 0\nYmM= 2\n", "line 2: rank 1 expected"),
        (b"YQ== zero\n", "invalid literal"),
        (b"%% 0\n", "base64|alphabet|padding"),
    ],
)
def test_a_raw_file_that_is_not_a_ranking_is_refused(raw, message):
    with pytest.raises(ValueError, match=message):
        build_vocabulary.pack(raw)


def test_the_script_writes_the_vendored_file(tmp_path, capsys):
    raw = tmp_path / "raw"
    vendored = FOLDER / "cl100k_base.bin"
    raw.write_bytes(build_vocabulary.unpack(vendored.read_bytes(), 100_256))
    assert build_vocabulary.main([str(raw), str(tmp_path / "out")]) == 0
    assert (tmp_path / "out").read_bytes() == vendored.read_bytes()
    assert BUNDLED["cl100k"].sha256 in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["raw", "out"], "is none of the published vocabularies"),
        (["missing", "out"], "No such file"),
        (["raw"], "usage: build_vocabulary RAW OUT"),
    ],
)
def test_the_script_says_why_it_wrote_nothing(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("raw").write_bytes(b"YQ== 0\n")
    assert build_vocabulary.main(arguments) == 2
    assert message in capsys.readouterr().err
    assert not Path("out").exists()
