"""``--tokenizer-json`` and ``--calibration``: the user's own knowledge of tokenizers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli.conftest import Ran

DAY = ("--at", "2026-11-20")
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPLIT = {"type": "Split", "pattern": {"Regex": LLAMA3}, "behavior": "Isolated", "invert": False}
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}
TOKENIZER = {
    "normalizer": None,
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [SPLIT, BYTE_LEVEL]},
    "model": {"type": "BPE", "merges": ["h e", "l l", "he ll", "hell o"], "vocab": {}},
}
WORKLOAD = """\
name: bot
traffic: {requests_per_day: 20}
period: 1d
prompt: [{name: system, template: hello.j2}]
targets: [vllm/llama-3.1-8b, anthropic/claude-sonnet-5-5@5m]
"""
LLAMA = ("--target", "vllm/llama-3.1-8b")
CLAUDE = ("--target", "anthropic/claude-sonnet-5-5@5m")


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    (tmp_path / "hello.j2").write_text("hello" * 40 + "{{ now }}")
    (tmp_path / "tokenizer.json").write_text(json.dumps(TOKENIZER))
    (tmp_path / "workload.yaml").write_text(WORKLOAD)
    lines = [("Hello there, how are you?", 9), ("Answer politely and cite the manual.", 11)]
    (tmp_path / "counts.jsonl").write_text(
        "".join(
            json.dumps({"tokenizer": "claude-2026", "text": text, "input_tokens": n}) + "\n"
            for text, n in lines
        )
    )


def bases(ran: Ran) -> list[tuple[str, str]]:
    targets = json.loads(ran.out)["basis"]["targets"]
    return [(target["tokenizer"], target["method"]) for target in targets]


def test_a_tokenizer_json_makes_the_audit_exact(cli: Callable[..., Ran]) -> None:
    words = ("audit", "hello.j2", *LLAMA, "--format", "json", *DAY)
    plain, own = cli(*words), cli(*words, "--tokenizer-json", "llama3=tokenizer.json")
    assert (bases(plain), bases(own)) == ([("llama3", "estimated")], [("llama3", "exact")])
    row = json.loads(own.out)["files"][0]["survival"][0]["targets"][0]["tokens_total"]
    assert (row["method"], row["low"]) == ("exact", row["high"])
    assert own.err == ""


def test_measured_counts_calibrate_the_audit(cli: Callable[..., Ran]) -> None:
    words = ("audit", "hello.j2", *CLAUDE, "--calibration", "counts.jsonl", *DAY)
    assert bases(cli(*words, "--format", "json")) == [("claude-2026", "calibrated")]
    assert "(calibrated " in cli(*words).out
    assert "tokens of claude-2026 calibrated" in cli(*words).out


def test_a_simulation_counts_templates_with_them_too(cli: Callable[..., Ran]) -> None:
    ran = cli(
        "simulate", "workload.yaml", "--format", "json", *DAY,
        *("--tokenizer-json", "llama3=tokenizer.json", "--calibration", "counts.jsonl"),
    )  # fmt: skip
    found = [target["tokens"]["method"] for target in json.loads(ran.out)["targets"]]
    assert found == ["exact", "calibrated"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tokenizer-json", "llama3"), "is not FAMILY=FILE"),
        (("--tokenizer-json", "=x"), "is not FAMILY=FILE"),
        (("--tokenizer-json", "llama=tokenizer.json"), "did you mean llama3?"),
        (("--tokenizer-json", "o200k=tokenizer.json"), "is counted exactly without a file"),
        (("--tokenizer-json", "llama3=missing.json"), "missing.json: no such file"),
        (("--tokenizer-json", "llama3=hello.j2"), "hello.j2"),
        (("--calibration", "missing.jsonl"), "missing.jsonl: no such file"),
        (("--calibration", "hello.j2"), "hello.j2:1: is not a JSON object"),
        (("--calibration", "empty.jsonl"), "empty.jsonl: holds no measured count"),
    ],
)
@pytest.mark.parametrize("command", [("audit", "hello.j2"), ("simulate", "workload.yaml")])
def test_what_cannot_be_used_ends_the_run(
    command: tuple[str, ...],
    words: tuple[str, ...],
    said: str,
    tmp_path: Path,
    cli: Callable[..., Ran],
) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    ran = cli(*command, *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_what_no_target_needs_is_said(cli: Callable[..., Ran]) -> None:
    own = ("--tokenizer-json", "llama3=tokenizer.json", "--calibration", "counts.jsonl")
    ran = cli("audit", "hello.j2", "--target", "openai/gpt-4o", *own, *DAY)
    unused = "no target uses the tokenizer"
    assert [line.split(", so")[0] for line in ran.err.splitlines()] == [
        f"warning: --calibration: {unused} claude-2026",
        f"warning: tokenizer.json: {unused} llama3",
    ]
