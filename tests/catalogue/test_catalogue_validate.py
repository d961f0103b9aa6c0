from __future__ import annotations

import json
import re

import pytest
from catalogue.small_provider import ACME, NOON, pricing
from hypothesis import given, settings
from hypothesis import strategies as st

from promptcost.catalogue import Target, explain, load_catalogue, validate
from promptcost.errors import Problem
from promptcost.files.yaml import parse_yaml


def yaml_values():
    document, _ = parse_yaml(ACME, "acme.yaml")
    return json.loads(json.dumps(document.value, default=float))


MISTAKES = """\
provider: mistaken
name: Mistaken
about: Ten different mistakes.
checked: 2026-13-01
sources:
  A: {text: a page}
usage: []
caches:
  marks:
    family: breakpoint
    how: At marks.
    options: {5m: {ttl: {value: five minutes, evidence: documented}}}
    knobs:
      max_breakpoints: {value: 4, evidence: guessed}
      step: {value: 128, evidence: assumed}
      lookback: {value: 20, evidence: documented}
      refreshed_by_use: {value: true, evidence: documented}
      readable_after: {value: 2s, evidence: assumed}
      automatic_tail: {value: false, evidence: documented}
      writes_billed_as_input: {value: false, evidence: documented}
      isolation: {value: workspace, evidence: documented}
models:
  - id: one
    tokenizer: o200k
    caches: {markz: {}}
    trust: high
    sources: [A, B]
    prices:
      - {input: 0.003, cache_read: 0.0003, output: 0.015}
  - id: two
    tokenizer: o200k
    contxt_window: 1000
    trust: high
    sources: [A]
    prices:
      - {from: 2026-06-01, input: 3, cache_read: 3.5, output: 15}
      - {from: 2026-01-01, input: 3, cache_write: {5m: 2}, output: 15}
      - {from: 2026-07-01, input: "3", output: 15}
  - id: three
    tokenizer: o200k
    trust: high
    sources: [A]
    prices: [{input: 3, output: 15}]
  - id: four
    tokenizer: o200k
    trust: high
    trust: low
    sources: [A]
    prices: [{input: 4, output: -20}]
"""


def test_a_file_with_many_mistakes_yields_a_problem_with_its_line_for_each_in_one_run(tmp_path):
    found = validate([pricing(tmp_path, MISTAKES, "mistaken.yaml")])
    assert [(problem.line, problem.message) for problem in found] == [
        (4, "checked: '2026-13-01' is not a date"),
        (12, "caches.marks.options.5m.ttl.value: 'five minutes' is not a duration"),
        (14, ("caches.marks.knobs.max_breakpoints.evidence: "
             "Input should be 'documented', 'observed' or 'assumed' (got 'guessed')")),
        (15, "a cache of the family breakpoint has no knob 'step'"),
        (25, "unknown cache 'markz'"),
        (27, "unknown source 'B'"),
        (29, "input 0.003 is far from what this provider asks (about 3)"),
        (29, "output 0.015 is far from what this provider asks (about 15)"),
        (32, "unknown key 'contxt_window'"),
        (36, "cache_read 3.5 is not below input 3"),
        (37, "begins before the price above it begins or ends"),
        (37, "cache_write 2 is below input 3"),
        (38, "models.1.prices.2.input: a price is a plain number of dollars"),
        (47, "key 'trust' is already set on line 46"),
        (49, "models.3.prices.0.output: a price lies between 0 and 100,000 dollars"),
    ]  # fmt: skip
    assert all(problem.column for problem in found)
    assert all(problem.repair for problem in found)
    assert found[1].repair == "write it as 5m, 1h or 90s"


def problems_of(folder, text: str) -> list[Problem]:
    return validate([pricing(folder, text)])


def test_the_small_provider_has_no_fault(tmp_path):
    assert problems_of(tmp_path, ACME) == []


def change(old: str, new: str) -> str:
    assert ACME.count(old) >= 1
    return ACME.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "message", "repair"),
    [
        ("provider: acme", "provider: Acme AI", "provider: String should match", ""),
        ("name: Acme AI\n", "", "a provider that is not built in needs 'name'", "add 'name'"),
        ("checked: 2026-11-01", "checked: 2026-W45-1", "is not a date", ""),
        ("trust: high", "trust: hihg", "trust: Input should be 'high', 'medium' or 'low'", ""),
        ("tokenizer: o200k", "tokenizer: gpt2", "tokenizer: Input should be 'o200k'", ""),
        ("context_window: 1000000", "context_window: -1", "greater than 0", ""),
        ("context_window: 1000000", "context_window: 1e6", "valid integer", ""),
        ("source: A, as_of", "source: X, as_of", "unknown source 'X'", "define it under sources"),
        ("sources: [A]", "sources: [B]", "unknown source 'B'", "define it under sources"),
        ("family: breakpoint", "family: breakpiont", "family: Input should be", ""),
        ("options: {steps: {}}", "options: {none: {}}", "'none' means no caching", "rename it"),
        ("      steps: {}\n", "      stepz: {}\n", "unknown cache 'stepz'", "did you mean steps?"),
        (
            "      step: {value: 128, evidence: documented, source: A}\n",
            "",
            "big-2.5@steps lacks the knobs step",
            "set them here or in the cache",
        ),
        (
            "marked: {min_tokens:",
            "marked: {block_tokens:",
            "a cache of the family breakpoint has no knob 'block_tokens'",
            "its knobs: ttl, min_tokens",
        ),
        (
            "options: {steps: {}}",
            "options: {5m: {}}",
            "the option '5m' is in both caches, marked and steps",
            "rename one",
        ),
        ("{5m: 0.25, 1h: 0.25", "{5m: 0.25, 2h: 0.25", "unknown cache option '2h'", "1h"),
        ("factor: 0.5, excludes", "factors: {}, factor: 0.5, excludes", "tier half needs", "give"),
        ("{factor: 2, excludes", "{excludes", "tier double needs", "give one of the two"),
        ("use: half", "use: quarter", "unknown tier 'quarter'", ""),
        ("regional: tenth-more", "regional: tenth-mor", "unknown tier 'tenth-mor'", "tenth-more"),
        ("windows: [peak]", "windows: [pek]", "unknown window 'pek'", "did you mean peak?"),
        ('"09:00-12:00"', '"12:00-09:00"', "is not a span of hours", ""),
        ("Asia/Shanghai", "Asia/Shangri-La", "is not a time zone", ""),
        ("days: [mon, fri]", "days: [monday]", "Input should be 'mon'", ""),
        ("aliases: [big, huge-2.5]", "aliases: [big, plain]", "the name 'plain' already", "give"),
        ("- id: plain", "- id: BIG-2-5", "the name 'BIG-2-5' already belongs", "give every"),
        ("from: 2026-12-24", "from: 2026-05-24", "begins before the price above it", "order"),
        ("{from: 2026-12-24, input: 2,", "{input: 2,", "a later price has no 'from'", "say when"),
        ("{until: 2026-12-31,", "{from: 2027-01-01, until: 2026-12-31,", "ends before it", "swap"),
        ("T12:00:00Z", "T12:00:00", "is not a date or instant", ""),
        ("{input: 1, cache_read: 0.1", "{cache_read: 0.1", "the price has no 'input'", "derived"),
        ("cache_read: 0.1,", "cache_read: 1,", "cache_read 1 is not below input 1", "a cached"),
        ("cache_read: 0.1,", "cache_read: 0.0001,", "cache_read 0.0001 is too small", "million"),
        ("cache_read: 0.1,", "cache_read: 0,", "cache_read is zero", "no_charge"),
        ("{5m: 3.75, 1h: 6}", "{5m: 2.99, 1h: 6}", "cache_write 2.99 is below input 3", "a write"),
        ("{5m: 3.75, 1h: 6}", "{5m: 375, 1h: 6}", "cache_write 375 is too much", "million"),
        ("{5m: 3.75, 1h: 6}", "{soon: 3.75}", "'soon' is not a duration", ""),
        ("1h: 6}, output: 15}", "1h: 6}, output: 0.015}", "output 0.015 does not go with", "mill"),
        ("storage_per_mtok_hour: 4.5", "storage_per_mtok_hour: 4500", "storage 4500", "and hour"),
        ("input: 2.5\n", "input: 0.0000025\n", "is too little for a million tokens", "per token"),
        ("{above: 100000,", "{above: 100000, at_least: 5,", "needs one of 'above' and", "give one"),
        ("{above: 100000,", "{above: 400000,", "stands after a larger tier", "order tiers"),
        ("{above: 100000, input: 5, cache_read: 0.5", "{above: 1, input: 5, cache_read: 5.5",
         "cache_read 5.5 is not below input 5", "a cached"),
        ("output: 4, windows", "output: true, windows", "a price is a plain number", ""),
        ("text: the price page,", "", "has no 'text'", "add 'text'"),
        ("usd: 10}", "usd: 11}", "example 1 (acme/big-2.5@5m): costs 10", "correct price"),
        ("usd: 10}", "api: chat, usd: 10}", "", ""),
        ("target: acme/big-2.5@5m", "target: acme/small", "has no model 'small'", "correct"),
        ("target: acme/big-2.5@5m", "target: big", "is not written provider/model", "correct"),
        ("usage: {input: 1000000}", "usage: {cache_write@9m: 1}", "no price for", ""),
        ("usage: {input: 1000000}", "api: mail", "needs usage, or reported", ""),
        (
            "usage: {input: 1000000}",
            "api: chat, reported: {usage: {prompt: many}}",
            "usage.prompt is not a count of tokens",
            "",
        ),
    ],
)  # fmt: skip
def test_every_mistake_has_its_message_and_repair(tmp_path, old, new, message, repair):
    found = problems_of(tmp_path, change(old, new))
    shown = [f"{problem.message}; {problem.repair}" for problem in found] or ["; "]
    assert any(message in text and repair in text for text in shown), shown
    assert not any("Traceback" in text for text in shown)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a pricing file"),
        ("- a\n- b\n", "is not a pricing file"),
        ("provider: [", "is not YAML"),
        (
            "provider: acme\nmodels: 3\ncaches: [1]\ntiers: {a: 1}\nsources: 5\n",
            "caches is not a mapping",
        ),
        ("provider: x\nmodels: [{prices: [{input: x, cache_read: [1]}, 3]}, 7]\n", "models.0"),
        ("\0\0\0", "is a binary file"),
    ],
)
def test_a_file_of_another_shape_is_a_problem_and_no_traceback(tmp_path, text, message):
    found = problems_of(tmp_path, text)
    assert any(message in problem.message for problem in found), found


@pytest.mark.parametrize("key", re.findall(r"^(\w+):", ACME, re.MULTILINE))
@pytest.mark.parametrize("value", ["3", "word", "[1, {a: 2}]", "{a: [1], b: {c: null}}", "null"])
def test_a_wrong_value_of_any_part_is_reported_without_a_traceback(tmp_path, key, value):
    text = re.sub(rf"^{key}:.*\n((?: .*\n)*)", f"{key}: {value}\n", ACME, flags=re.MULTILINE)
    for problem in problems_of(tmp_path, text):
        assert problem.path.endswith("acme.yaml")


def test_a_missing_file_and_an_empty_directory_are_problems(tmp_path):
    assert [p.message for p in validate([tmp_path / "none.yaml"])] == ["no such file"]
    assert [p.message for p in validate([tmp_path])] == ["holds no pricing file"]


def test_a_free_price_says_why(tmp_path):
    text = change("output: 4, windows", "output: 4, no_charge: a gift, windows")
    assert problems_of(tmp_path, text.replace("cache_read: 0.1,", "cache_read: 0,")) == []


DERIVED = """\
    prices:
      - derived:
          gpu: card
          gpus: 2
          gpu_hour_usd: 3.6
          prefill_tokens_per_second: 10000
          decode_tokens_per_second: 1000
          kv_bytes_per_token: 100
          assumptions: [busy all day]
"""


def test_a_derived_price_follows_from_gpu_time(tmp_path):
    head, _, _ = ACME.partition("  - id: tidal")
    text = head + "  - id: own\n    tokenizer: llama3\n    trust: low\n    sources: [A]\n" + DERIVED
    catalogue, problems = load_catalogue(tmp_path / "no", [pricing(tmp_path, text)])
    assert [problem.message for problem in problems] == ["holds no pricing file"]
    (card,) = catalogue.card_history(Target.parse("acme/own"))
    assert [f"{rate.amount:f}" for _, rate in card.rates] == ["0.200000", "0", "2.000000"]
    assert card.derivation is not None
    assert card.derivation.assumptions == ("busy all day",)
    mixed = text.replace("      - derived:", "      - input: 3\n        derived:")
    found = [problem.message for problem in validate([pricing(tmp_path, mixed)])]
    assert found == ["a derived price has no input"]


def test_a_file_beyond_all_bounds_is_refused_at_once(tmp_path):
    price = "{input: 1, output: 2}, "
    text = f"provider: acme\nmodels: [{{id: a, prices: [{price * 2_001}]}}]\n"
    (found,) = problems_of(tmp_path, text)
    assert found.message == "holds more than 2,000 prices and examples"


def test_the_problems_of_one_file_are_bounded(tmp_path):
    models = "".join(f"  - {{id: m{n}, caches: {{x{n}: {{}}}}}}\n" for n in range(1_500))
    assert len(problems_of(tmp_path, f"provider: acme\nmodels:\n{models}")) < 1_000


SCALARS = st.sampled_from(
    [None, True, "", "none", "5m", "yes", "A", "big", "2026-06-01", "0001-01-01T00:00:00+14:00",
     "*", "a" * 200, 0, -1, 10**20, 1e-9, 0.5, 3, [], {}, ["x"], {"x": 1}, [[1]]]
)  # fmt: skip


def _paths(value, at=()):
    yield at
    listed = dict(enumerate(value)) if isinstance(value, list) else value
    for key, item in listed.items() if isinstance(listed, dict) else ():
        yield from _paths(item, (*at, key))


PATHS = list(_paths(yaml_values()))[1:]


@given(path=st.sampled_from(PATHS), value=SCALARS)
@settings(max_examples=150, deadline=None)
def test_a_file_that_is_accepted_can_be_used_throughout(tmp_path_factory, path, value):
    changed = yaml_values()
    part = changed
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    folder = tmp_path_factory.mktemp("changed")
    file = pricing(folder, json.dumps(changed))
    catalogue, problems = load_catalogue(folder / "none", [file])
    assert all(isinstance(problem, Problem) for problem in [*problems, *validate([file])])
    for target in catalogue.targets("*@*+*"):
        explain(catalogue, target, NOON)
