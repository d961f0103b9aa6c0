"""Values that contradict each other, doubtful workloads, hostile files."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from promptcost.errors import Level
from promptcost.workload import _fields, load, schema
from promptcost.workload.load import load_workload

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "promptcost" / "data" / "workload.schema.json"
SAMPLES = sorted((ROOT / "samples").glob("*/workload*.yaml"))

BOT = """\
traffic: {requests_per_day: 1000}
prompt:
  - {name: system, tokens: 4000}
  - {name: docs, tokens: 100, pool: {size: 5}}
  - {name: question, tokens: 100, stability: request}
"""
CHAT = BOT.replace("  - {name: q", "  - {name: history, stability: turn}\n  - {name: q")


def answers(folder: Path, text: str) -> tuple[bool, list[str]]:
    """Whether there is a workload, and its problems without the name of the file."""
    path = folder / "w.yaml"
    path.write_text(text)
    workload, problems = load_workload(path)
    assert (workload is None) == any(problem.level is Level.ERROR for problem in problems)
    return workload is not None, [str(p).removeprefix(f"{path}:") for p in problems]


def parts(*lines: str) -> str:
    return "traffic: {requests_per_day: 1000}\nprompt:\n" + "".join(f"  - {p}\n" for p in lines)


SYSTEM, ASK = "{name: system, tokens: 9}", "{name: ask, tokens: 9, stability: request}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: is empty; write a document"),
        ("3", "1:1: the file is not a mapping (got '3')"),
        ("prompt: [{name: a, tokens: 1}]", "1:1: the file has no 'traffic'; add 'traffic'"),
        (
            "traffic: {}\ntemplate: x",
            "1:1: traffic says no number of requests; add requests_per_day: ...",
        ),
        (
            BOT.replace("day: 1000", "day: 1000, requests_per_hour: 3"),
            "1:35: traffic has both requests_per_day and requests_per_hour; keep one",
        ),
        (
            BOT.replace("day: 1000", "day: 9, arrivals: constant, diurnal: evening"),
            (
                "1:52: evenly spaced arrivals have no profile, but diurnal is given; "
                "write arrivals: diurnal"
            ),
        ),
        (
            BOT.replace("day: 1000", "day: 9, arrivals: constant, weekdays: working_days"),
            (
                "1:52: evenly spaced arrivals have no profile, but weekdays is given; "
                "write arrivals: diurnal"
            ),
        ),
        (
            f"{BOT}scope: {{tenants: 9, users: {{size: 8}}}}",
            "6:21: 8 users cannot be in 9 tenants; give every tenant a user",
        ),
        (
            "traffic: {requests_per_day: 9}",
            "1:1: has no prompt; add prompt: with its parts, or template: with a file",
        ),
        (
            f"{BOT}template: x.j2",
            "6:1: has both prompt and template; name the template in a part of the prompt",
        ),
        (f"{BOT}context: c", "6:1: context without a template; add template: or remove it"),
        (
            parts("{name: a, tokens: 1, variables: {now: day}}"),
            "3:26: variables without a template; add template: or remove it",
        ),
        (
            "traffic: {requests_per_day: 9}\nprompt: []",
            "2:1: prompt: List should have at least 1 item after validation, not 0",
        ),
        (parts(SYSTEM, SYSTEM), "4:6: part 'system' is there twice; rename one"),
        (
            parts("{name: tail, tokens: 1}"),
            "3:6: 'tail' names the end of the request; call the part otherwise",
        ),
        (parts("{name: a}"), "3:5: part 'a' has no size; add tokens: or template:"),
        (
            parts("{name: a, tokens: 1, template: b}"),
            "3:26: part 'a' has both tokens and template; keep one",
        ),
        (
            parts("{name: a, template: b, pool: {size: 3}}"),
            (
                "3:28: part 'a' has a pool but no tokens: for its items; "
                "add tokens: or remove the pool"
            ),
        ),
        (
            parts("{name: a, tokens: {geometric: 9}}"),
            (
                "3:15: part 'a' is the same for everybody, so its size is one number; "
                "write tokens: with a number, or say who has a text of their own in stability:"
            ),
        ),
        (
            parts("{name: history}", ASK, "{name: more, growth: []}"),
            "5:5: the prompt has two histories; keep one",
        ),
        (
            parts("{name: h, growth: [aks]}", ASK),
            "3:24: the history cannot keep 'aks': it is no part behind it; did you mean 'ask'?",
        ),
        (
            parts(ASK, "{name: h, growth: [ask]}"),
            "4:24: the history cannot keep 'ask': it is no part behind it; remove it",
        ),
        (
            parts(SYSTEM, "{name: tools, tokens: 1}"),
            (
                "4:5: tools stands behind what providers send after it; "
                "write the parts in wire order: tools, system, messages"
            ),
        ),
        (
            parts("{name: a, role: user, tokens: 1}", SYSTEM),
            (
                "4:5: system stands behind what providers send after it; "
                "write the parts in wire order: tools, system, messages"
            ),
        ),
        (
            f"{BOT}markers: [{{after: systme}}]",
            "6:12: no part 'systme' to mark; did you mean 'system'?",
        ),
        (
            f"{BOT}markers: [{{after: docs}}, {{after: system}}]",
            (
                "6:26: the mark after 'system' does not come behind the mark before it; "
                "write the markers in wire order, one for each part"
            ),
        ),
        (
            f"{BOT}markers: [{{after: tail}}, {{after: tail}}]",
            (
                "6:26: the mark after 'tail' does not come behind the mark before it; "
                "write the markers in wire order, one for each part"
            ),
        ),
        (
            f"{BOT}markers: [{{after: system, ttl: 5m}}, {{after: docs, ttl: 1h}}]",
            (
                "6:37: a longer lifetime comes behind a shorter one; "
                "providers take 1h marks first; swap the lifetimes"
            ),
        ),
        (
            f"{BOT}markers: [{{after: system, ttl: 0}}]",
            "6:27: markers.0.ttl: 0 is too short a lifetime; leave the mark out or write 5m or 1h",
        ),
        (
            f"{BOT}markers: [{{after: system, ttl: soon}}]",
            (
                "6:27: markers.0.ttl: 'soon' is not a duration; "
                "write a number and us, ms, s, m, h or d, as in 45s"
            ),
        ),
        (
            f"{BOT}uncertainty: {{docs.size: 20%}}",
            "6:15: 'docs.size' is no input that can be uncertain; did you mean 'docs.pool_size'?",
        ),
        (
            f"{BOT}uncertainty: {{question.pool_size: 20%}}",
            (
                "6:15: 'question.pool_size' is no input that can be uncertain; "
                "did you mean 'docs.pool_size'?"
            ),
        ),
        (
            f"{BOT}uncertainty: {{requests_per_day: 20%, requests_per_month: 20%}}",
            "6:38: the number of requests is uncertain twice; keep one",
        ),
        (
            f"{parts(SYSTEM)}uncertainty: {{pool_size: 20%}}",
            "4:15: pool_size is uncertain, but no part has pool:; remove it",
        ),
        (
            "traffic: {requests_per_day: 9}\ntemplate: x\nuncertainty: {prompt_tokens: 20%}",
            "3:15: prompt_tokens is uncertain, but no part has tokens:; remove it",
        ),
        (
            f"{BOT}uncertainty: {{users: 20%}}",
            "6:15: users is uncertain, but scope has no users:; remove it",
        ),
        (
            BOT.replace("day: 1000", "hour: 1e9"),
            (
                "1:1: the period has more than 10,000,000,000 requests; "
                "take fewer requests or a shorter period"
            ),
        ),
        (
            BOT.replace("day: 1000", "day: 9, weekdays: [0, 0, 0, 0, 0, 0, 1]") + "period: 3d",
            (
                "1:1: the weights of hours and weekdays leave the period without traffic; "
                "take a longer period or other weights"
            ),
        ),
        (
            BOT.replace("day: 1000", "day: 9, weekdays: [0, 0, 0, 0, 0, 0, 0]"),
            "1:32: traffic.weekdays: has no weight above 0, so there is no traffic",
        ),
        (
            BOT.replace("day: 1000", "day: 9, diurnal: [1, 2]"),
            "1:32: traffic.diurnal: is neither a profile nor a list of 24 weights",
        ),
        (
            BOT.replace("day: 1000", "day: 9, diurnal: offce_hours"),
            "1:32: traffic.diurnal: unknown profile 'offce_hours'; did you mean 'office_hours'?",
        ),
        (
            BOT.replace("day: 1000", "day: 9, timezone: ../../etc/passwd"),
            (
                "1:32: traffic.timezone: unknown time zone '../../etc/passwd'; "
                "write an IANA name, as in Europe/Berlin"
            ),
        ),
        (
            BOT.replace("day: 1000", "day: 9, timezone: Mars/Base"),
            (
                "1:32: traffic.timezone: unknown time zone 'Mars/Base'; "
                "write an IANA name, as in Europe/Berlin"
            ),
        ),
        (
            BOT.replace("day: 1000", "day: 9, start: 1999-12-31"),
            "1:32: traffic.start: '1999-12-31' is not between 2000-01-01 and 2100-01-01",
        ),
        (f"{BOT}period: 30m", "6:1: period: '30m' is not between 1h and 366d"),
        (f"{BOT}period: 999999999d", "6:1: period: '999999999d' is longer than ten years"),
        (f"{BOT}seed: 1.5", "6:1: seed: 1.5 is not a whole number"),
        (
            f"{BOT}uncertainty: {{output_tokens: ten}}",
            "6:15: uncertainty.output_tokens: 'ten' is not a share; write a percentage, as in 20%",
        ),
        (
            f"{BOT}conversation: {{turns: 2, think_time: 25h}}",
            "6:26: conversation.think_time: '25h' is longer than a day",
        ),
        (
            parts("{name: a, tokens: 1, stability: [day, hour]}"),
            (
                "3:26: prompt.0.stability: takes at most one clock word and one audience word, "
                "as in [day, tenant]"
            ),
        ),
        (
            parts("{name: a, tokens: 1, stability: []}"),
            (
                "3:26: prompt.0.stability: takes at most one clock word and one audience word, "
                "as in [day, tenant]"
            ),
        ),
        (
            parts("{name: a, tokens: 1, stability: 5}"),
            (
                "3:26: prompt.0.stability: 5 is not a stability; write one of static, never, "
                "deploy, day, hour, minute, second, all, tenant, user, session, turn, request"
            ),
        ),
        (
            parts("{name: a, tokens: 1, stability: [5]}"),
            (
                "3:26: prompt.0.stability: unknown stability 5; write one of static, never, "
                "deploy, day, hour, minute, second, all, tenant, user, session, turn, request"
            ),
        ),
        (f"{BOT}zzz: 1", "6:1: unknown key 'zzz'; remove it"),
        (f"{BOT}budgt: 1", "6:1: unknown key 'budgt'; did you mean 'budget'?"),
        (f"{BOT}name: ''", "6:1: name: '' is not a line of text"),
        (f"{BOT}seed: 1\nseed: 2", "7:1: key 'seed' is already set on line 6; keep one"),
    ],
)
def test_a_contradiction_is_said_with_its_place_and_repair(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert answers(tmp_path, text) == (False, [problem])


def test_a_folder_of_time_zones_is_no_time_zone(tmp_path: Path) -> None:
    _, (problem,) = answers(tmp_path, BOT.replace("day: 1000", "day: 9, timezone: Europe"))
    assert problem.startswith("1:32: traffic.timezone: unknown time zone 'Europe'; did you mean")


def test_a_machine_without_time_zones_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_fields, "available_timezones", set)
    text = BOT.replace("day: 1000", "day: 9, timezone: Europe/Nowhere")
    _, (problem,) = answers(tmp_path, text)
    assert problem == (
        "1:32: traffic.timezone: time zones are not installed here; "
        "install the package tzdata or write UTC"
    )


@pytest.mark.parametrize(
    ("law", "fault"),
    [
        ("{}", "names 0 distributions; write one, as in {exponential: ...}"),
        (
            "{geometric: 3, constant: 3}",
            "names 2 distributions; write one, as in {exponential: ...}",
        ),
        ("{geometric: 0.5}", "geometric counts 1, 2, 3..., so its mean is at least 1, not 0.5"),
        ("{exponential: 0}", "an exponential distribution has a mean above 0"),
        ("{exponential: {men: 3}}", "unknown parameter 'men'; did you mean 'mean'?"),
        ("{lognormal: 3}", "3 is not a mapping with median and sigma"),
        ("{lognormal: {median: 3}}", "has no sigma"),
        ("{lognormal: {}}", "has no median and no sigma"),
        ("{lognormal: {median: 0, sigma: 1}}", "a log-normal distribution has a median above 0"),
        ("{uniform: {low: 3, high: 3}}", "low 3 is not below high 3"),
        ("{empirical: []}", "values is not a list of 1 to 10000 numbers"),
        ("{empirical: 3}", "values is not a list of 1 to 10000 numbers"),
        ("{empirical: {values: [1], weights: [1, 2]}}", "has 1 values but 2 weights"),
        ("{empirical: {values: [1], weights: [0]}}", "has no weight above 0"),
        ("{empirical: {values: [1], weights: [-1]}}", "-1 is not between 0 and 1000000"),
        ("{empirical: [many]}", "'many' is not a number"),
        ("1e999", "1E+999 is not between 0 and 10000000"),
        ("true", "true is not a number"),
    ],
)
def test_a_distribution_that_is_none_is_said(tmp_path: Path, law: str, fault: str) -> None:
    assert answers(tmp_path, f"{BOT}output_tokens: {law}") == (
        False,
        [f"6:1: output_tokens: {fault}"],
    )


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (
            BOT.replace("day: 1000", "month: 29"),
            "1:1: fewer than 30 conversations in the period: mostly chance; take a longer period",
        ),
        (
            f"{BOT}conversation: {{turns: 3}}",
            (
                "6:1: conversations have several turns, but the prompt has no history; "
                "add the part {name: history, stability: turn}"
            ),
        ),
        (
            parts("{name: a, tokens: 9, stability: user}"),
            "3:5: a varies by user, but there is only one user; add scope: {users: ...}",
        ),
        (
            parts("{name: a, tokens: 9, stability: tenant}"),
            "3:5: a varies by tenant, but there is only one tenant; add scope: {tenants: ...}",
        ),
    ],
)
def test_a_doubtful_workload_comes_with_a_warning(tmp_path: Path, text: str, warning: str) -> None:
    assert answers(tmp_path, text) == (True, [warning])


@pytest.mark.parametrize(
    "text",
    [
        BOT,
        f"{CHAT}conversation: {{turns: 3}}",
        f"{CHAT}markers: [{{after: system, ttl: 1h}}, {{after: docs, ttl: 1h}}, {{after: tail}}]",
        f"{CHAT}markers: [{{after: system}}, {{after: docs, ttl: 1h}}]",
        f"{CHAT}uncertainty: {{docs.pool_size: 20%, pool_size: 10%, prompt_tokens: 0}}",
        f"{parts('{name: a, tokens: 9, stability: user}')}scope: {{users: 2}}",
        parts("{name: a, tokens: {constant: 3}}"),
        BOT.replace("day: 1000", "day: 1000, timezone: UTC"),
        parts("{name: a, tokens: {geometric: 3}, stability: session}"),
        BOT.replace("day: 1000", "day: 1000, weekdays: [0, 0, 0, 0, 0, 0, 1]") + "period: 7d",
    ],
)
def test_a_sound_workload_comes_without_a_word(tmp_path: Path, text: str) -> None:
    assert answers(tmp_path, text) == (True, [])


@pytest.mark.parametrize("key", ["template", "context"])
def test_a_missing_file_of_a_part_is_said_at_its_key(tmp_path: Path, key: str) -> None:
    (tmp_path / "there").write_text("x")
    names = {"template": "there", "context": "there", key: "missing"}
    part = f"{{name: a, template: {names['template']}, context: {names['context']}}}"
    _, (problem,) = answers(tmp_path, parts(part))
    assert f"{key}:" in parts(part)
    assert problem.endswith(f": no such file: {tmp_path / 'missing'}; check the path")


def test_a_missing_template_of_the_workload_is_said(tmp_path: Path) -> None:
    text = "traffic: {requests_per_day: 1000}\ntemplate: none.j2\n"
    _, (problem,) = answers(tmp_path, text)
    assert problem == f"2:1: no such file: {tmp_path / 'none.j2'}; check the path"


def test_a_name_that_no_file_can_have_is_a_missing_file(tmp_path: Path) -> None:
    _, (problem,) = answers(tmp_path, parts(f"{{name: a, template: {'x' * 400}}}"))
    assert problem.startswith("3:15: no such file: ")


def test_a_workload_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    workload, (problem,) = load_workload(tmp_path / "none.yaml")
    assert workload is None
    assert str(problem) == f"{tmp_path / 'none.yaml'}: no such file; check the path"


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_bytes(b"#" * (load.SIZE_LIMIT + 1))
    workload, (problem,) = load_workload(path)
    assert workload is None
    assert problem.message == "is larger than 1 MB"


@pytest.mark.parametrize(
    "text",
    [
        parts(*[SYSTEM] * 5_000),
        BOT + "markers: [" + "{after: zzz}, " * 9_000 + "]",
        BOT + "uncertainty: {" + ", ".join(f"k{n}: 20%" for n in range(9_000)) + "}",
        BOT + "".join(f"k{n}: 1\n" for n in range(9_000)),
        parts("{name: h, growth: [" + "zzz, " * 9_000 + "]}"),
        parts("{name: " + "x" * 500_000 + ", tokens: 1}"),
        parts("{name: a, tokens: 1, stability: " + "x " * 100_000 + "}"),
        BOT + "output_tokens: {empirical: [" + "1, " * 100_000 + "]}",
        BOT + "output_tokens: {" + "x" * 200_000 + ": 1}",
        BOT.replace("1000", "9" * 100_000),
        BOT + "name: &a [" + "[" * 60 + "]" * 60 + "]\nseed: *a",
    ],
    ids=["parts", "markers", "inputs", "keys", "kept", "name", "words", "values", "law", "digits",
         "nested"],
)  # fmt: skip
def test_a_hostile_file_gets_a_short_answer(tmp_path: Path, text: str) -> None:
    made, problems = answers(tmp_path, text)
    assert not made
    assert 0 < len(problems) <= 1_000
    assert max(map(len, problems)) < 1_000


_KEYS = """
name period traffic scope prompt template variables conversation output_tokens markers targets
uncertainty budget seed tokens stability pool growth role after ttl size turns geometric lognormal
median sigma requests_per_day arrivals diurnal users system 5m 20%
"""
_words = st.sampled_from(_KEYS.split())
_values = st.recursive(
    _words | st.integers(-9, 10**12) | st.none() | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(_words, _values, max_size=8))
def test_any_document_is_answered_without_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, value: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(json.dumps(value))
    workload, problems = load_workload(path)
    assert workload is not None or problems


def test_the_shipped_schema_is_current() -> None:
    message = "run: python -m promptcost.workload.schema > promptcost/data/workload.schema.json"
    assert SHIPPED.read_text() == schema.schema_text(), message


def test_the_schema_is_renewed_by_running_its_module(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(schema.__file__, run_name="__main__")
    assert capsys.readouterr().out == SHIPPED.read_text()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_samples_are_workloads_by_loader_and_schema(path: Path) -> None:
    workload, problems = load_workload(path)
    assert workload is not None
    assert problems == []
    jsonschema.validate(yaml.safe_load(path.read_text()), json.loads(SHIPPED.read_text()))


@pytest.mark.parametrize(
    "text",
    [
        BOT.replace("requests_per_day", "request_per_day"),
        f"{BOT}period: 30",
        f"{BOT}output_tokens: {{geometric: 3, constant: 3}}",
        parts("{name: a, tokens: -1}"),
        parts("{name: a, tokens: 1, stability: sekond}"),
    ],
)
def test_an_editor_sees_the_fault_too(text: str) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(SHIPPED.read_text()))
    assert not validator.is_valid(yaml.safe_load(text))
    assert validator.is_valid(yaml.safe_load(BOT))
