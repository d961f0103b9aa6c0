"""Workload files: five lines are enough, and every fault is reported in one run."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from promptcost.errors import Level
from promptcost.model.prompt import Role
from promptcost.model.stability import Audience, Clock, Stability
from promptcost.workload.distributions import (
    Constant,
    Empirical,
    Exponential,
    Geometric,
    Lognormal,
    Uniform,
    Zipf,
)
from promptcost.workload.load import DEFAULT_START, load_workload
from promptcost.workload.profiles import HOURS, WEEKDAYS
from promptcost.workload.spec import (
    ArrivalProcess,
    Conversation,
    Marker,
    Part,
    Population,
    TemplateText,
    Traffic,
    Workload,
)

if TYPE_CHECKING:
    from pathlib import Path

SMALLEST = """\
name: bot
traffic: {requests_per_day: 1000}
prompt:
  - {name: system, tokens: 4000}
  - {name: question, tokens: 100, stability: request}
"""

SKETCH = """\
name: support-bot
period: 30d
traffic: {arrivals: poisson, requests_per_day: 5000, diurnal: office_hours, timezone: Europe/Berlin}
scope: {tenants: 40, users: 9000, workspaces: 1}
prompt:
  - {name: tools,    tokens: 1800, stability: deploy}
  - {name: system,   template: support.j2, variables: {now: second, plan: tenant}}
  - {name: docs,     tokens: 6000, pool: {size: 400, zipf: 1.1}}
  - {name: history,  stability: turn}
  - {name: question, tokens: 120, stability: request}
conversation: {turns: {geometric: 6}, think_time: {lognormal: {median: 45s, sigma: 1.0}}}
output_tokens: {lognormal: {median: 300, sigma: 0.6}}
deploys_per_month: 8
markers: [{after: system, ttl: 1h}, {after: history, ttl: 5m}]
targets: [anthropic/claude-sonnet-5-5@5m, openai/gpt-6.1-sol@30m]
uncertainty: {requests_per_day: 20%, output_tokens: 10%}
budget: {usd_per_month: 1500}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "w.yaml"
    path.write_text(text)
    return path


def loaded(folder: Path, text: str) -> Workload:
    workload, problems = load_workload(written(folder, text))
    assert [problem for problem in problems if problem.level is Level.ERROR] == []
    assert workload is not None
    return workload


def faults(folder: Path, text: str) -> list[str]:
    path = written(folder, text)
    _, problems = load_workload(path)
    return [str(problem).removeprefix(f"{path}:") for problem in problems]


def test_five_lines_are_a_workload(tmp_path: Path) -> None:
    system = Part(name="system", role=Role.SYSTEM, tokens=Constant(value=4000))
    question = Part(
        name="question",
        role=Role.USER,
        tokens=Constant(value=100),
        stability=Stability(audience=Audience.REQUEST),
    )
    workload = loaded(tmp_path, SMALLEST)
    assert workload == Workload(
        name="bot",
        traffic=Traffic(
            process=ArrivalProcess.POISSON, requests_per_day=Decimal(1000), start=DEFAULT_START
        ),
        prompt=(system, question),
        defaults_used=workload.defaults_used,
    )


def test_every_default_is_said(tmp_path: Path) -> None:
    assert loaded(tmp_path, SMALLEST).defaults_used == (
        "a period of 30 days",
        "Poisson arrivals",
        "time zone UTC",
        "a period that starts on 2026-11-02",
        "one tenant",
        "one user",
        "one workspace",
        "the same system in every request",
        "one request per conversation",
        "300 output tokens per answer",
        "no deploys within the period",
        "seed 0",
    )


def test_the_sketch_of_the_design_is_read_in_full(tmp_path: Path) -> None:
    (tmp_path / "support.j2").write_text("You help. {{ now }}")
    tenant, second = Stability(audience=Audience.TENANT), Stability(clock=Clock.SECOND)
    template = TemplateText(
        path=str(tmp_path / "support.j2"), variables=(("now", second), ("plan", tenant))
    )
    workload = loaded(tmp_path, SKETCH)
    assert workload == Workload(
        name="support-bot",
        period=timedelta(days=30),
        traffic=Traffic(
            process=ArrivalProcess.DIURNAL,
            requests_per_day=Decimal(5000),
            hours=HOURS["office_hours"],
            timezone="Europe/Berlin",
            start=DEFAULT_START,
        ),
        population=Population(tenants=Zipf(size=40), users=Zipf(size=9000)),
        prompt=(
            Part(
                name="tools",
                role=Role.TOOLS,
                tokens=Constant(value=1800),
                stability=Stability(clock=Clock.DEPLOY),
            ),
            Part(name="system", role=Role.SYSTEM, template=template),
            Part(
                name="docs",
                role=Role.SYSTEM,
                tokens=Constant(value=6000),
                stability=Stability(audience=Audience.SESSION),
                pool=Zipf(size=400, exponent=1.1),
            ),
            Part(
                name="history",
                role=Role.USER,
                stability=Stability(audience=Audience.TURN),
                keeps=("question",),
            ),
            Part(
                name="question",
                role=Role.USER,
                tokens=Constant(value=120),
                stability=Stability(audience=Audience.REQUEST),
            ),
        ),
        conversation=Conversation(
            turns=Geometric(mean=6), think_time=Lognormal(median=45, sigma=1)
        ),
        output_tokens=Lognormal(median=300, sigma=0.6),
        deploys_per_month=Decimal(8),
        markers=(
            Marker(after="system", ttl=timedelta(hours=1)),
            Marker(after="history", ttl=timedelta(minutes=5)),
        ),
        targets=("anthropic/claude-sonnet-5-5@5m", "openai/gpt-6.1-sol@30m"),
        uncertainty=(("requests_per_day", Decimal("0.2")), ("output_tokens", Decimal("0.1"))),
        usd_per_month=Decimal(1500),
        defaults_used=workload.defaults_used,
    )
    assert workload.defaults_used == (
        "a period that starts on 2026-11-02",
        "one item of the pool docs for each conversation",
        "history keeps question and the answer of every turn",
        "seed 0",
    )


def test_a_template_alone_is_a_prompt(tmp_path: Path) -> None:
    (tmp_path / "p.j2").write_text("x")
    (tmp_path / "c.yaml").write_text("x")
    text = (
        "traffic: {requests_per_day: 1000}\ntemplate: p.j2\ncontext: c.yaml\nvariables: {now: day}"
    )
    workload = loaded(tmp_path, text)
    (part,) = workload.prompt
    assert workload.name == "w"
    assert part.template == TemplateText(
        path=str(tmp_path / "p.j2"),
        variables=(("now", Stability(clock=Clock.DAY)),),
        context=str(tmp_path / "c.yaml"),
    )


def with_traffic(traffic: str) -> str:
    return SMALLEST.replace("{requests_per_day: 1000}", f"{{{traffic}}}")


@pytest.mark.parametrize(
    ("traffic", "per_day"),
    [
        ("requests_per_day: 0.5e3", "500"),
        ("requests_per_hour: 10", "240"),
        ("requests_per_month: 200000", str(Decimal(200_000) / 30)),
    ],
)
def test_a_rate_can_be_of_an_hour_a_day_or_a_month(
    tmp_path: Path, traffic: str, per_day: str
) -> None:
    found = loaded(tmp_path, with_traffic(traffic)).traffic
    assert found.requests_per_day == Decimal(per_day)


def test_a_month_of_requests_is_a_month_of_requests(tmp_path: Path) -> None:
    workload = loaded(tmp_path, with_traffic("requests_per_month: 200000"))
    assert round(workload.expected_requests, 9) == 200_000


@pytest.mark.parametrize(
    ("traffic", "process", "hours", "weekdays"),
    [
        ("arrivals: poisson", "poisson", "flat", "flat"),
        ("arrivals: constant", "constant", "flat", "flat"),
        ("arrivals: constant, diurnal: flat", "constant", "flat", "flat"),
        ("arrivals: diurnal", "diurnal", "office_hours", "flat"),
        ("arrivals: diurnal, diurnal: evening", "diurnal", "evening", "flat"),
        ("diurnal: evening", "diurnal", "evening", "flat"),
        ("diurnal: flat", "poisson", "flat", "flat"),
        ("weekdays: working_days", "diurnal", "flat", "working_days"),
    ],
)
def test_a_profile_makes_arrivals_diurnal(
    tmp_path: Path, traffic: str, process: str, hours: str, weekdays: str
) -> None:
    found = loaded(tmp_path, with_traffic(f"requests_per_day: 1000, {traffic}")).traffic
    assert (found.process, found.hours, found.weekdays) == (
        process,
        HOURS[hours],
        WEEKDAYS[weekdays],
    )


def test_weights_can_be_written_out(tmp_path: Path) -> None:
    hours = ", ".join(str(hour) for hour in range(24))
    traffic = f"requests_per_day: 1000, diurnal: [{hours}], weekdays: [1, 1, 1, 1, 1, 0.5, 0]"
    found = loaded(tmp_path, with_traffic(traffic)).traffic
    assert found.hours == tuple(range(24))
    assert found.weekdays == (1, 1, 1, 1, 1, 0.5, 0)


def test_a_start_can_be_written_or_given(tmp_path: Path) -> None:
    path = written(tmp_path, with_traffic("requests_per_day: 1000, start: 2026-10-25"))
    workload, _ = load_workload(path, start=date(2027, 1, 1))
    assert workload is not None
    assert workload.traffic.start == date(2026, 10, 25)
    workload, _ = load_workload(written(tmp_path, SMALLEST), start=date(2027, 1, 1))
    assert workload is not None
    assert workload.traffic.start == date(2027, 1, 1)
    assert "a period that starts on 2027-01-01" in workload.defaults_used


@pytest.mark.parametrize(
    ("scope", "population"),
    [
        ("{users: 5}", Population(users=Zipf(size=5))),
        ("{tenants: 3}", Population(tenants=Zipf(size=3), users=Zipf(size=3))),
        (
            "{tenants: {size: 3, zipf: 1}, users: {size: 9, zipf: 0.5}, workspaces: 2}",
            Population(
                tenants=Zipf(size=3, exponent=1), users=Zipf(size=9, exponent=0.5), workspaces=2
            ),
        ),
    ],
)
def test_callers_can_be_counted_or_skewed(
    tmp_path: Path, scope: str, population: Population
) -> None:
    assert loaded(tmp_path, f"{SMALLEST}scope: {scope}").population == population


@pytest.mark.parametrize(
    ("law", "made"),
    [
        ("500", Constant(value=500)),
        ("{constant: 500}", Constant(value=500)),
        ("{geometric: 20}", Geometric(mean=20)),
        ("{geometric: {mean: 20}}", Geometric(mean=20)),
        ("{exponential: 20}", Exponential(mean=20)),
        ("{exponential: {mean: 20}}", Exponential(mean=20)),
        ("{lognormal: {median: 300, sigma: 0}}", Lognormal(median=300, sigma=0)),
        ("{uniform: {low: 0, high: 9}}", Uniform(low=0, high=9)),
        ("{empirical: [1, 2]}", Empirical(values=(1, 2), weights=(0.5, 0.5))),
        ("{empirical: {values: [1, 2]}}", Empirical(values=(1, 2), weights=(0.5, 0.5))),
        (
            "{empirical: {values: [1, 2], weights: [3, 1]}}",
            Empirical(values=(1, 2), weights=(0.75, 0.25)),
        ),
    ],
)
def test_every_distribution_can_be_written(tmp_path: Path, law: str, made: Constant) -> None:
    assert loaded(tmp_path, f"{SMALLEST}output_tokens: {law}").output_tokens == made


@pytest.mark.parametrize(
    ("law", "made"),
    [
        ("90s", Constant(value=90)),
        ("0", Constant(value=0)),
        ("{exponential: 1.5m}", Exponential(mean=90)),
        ("{uniform: {low: 0, high: 1h}}", Uniform(low=0, high=3600)),
    ],
)
def test_think_times_have_units(tmp_path: Path, law: str, made: Constant) -> None:
    text = f"{SMALLEST}conversation: {{turns: 2, think_time: {law}}}"
    assert loaded(tmp_path, text).conversation.think_time == made


def test_turns_without_a_think_time_get_one_and_say_so(tmp_path: Path) -> None:
    workload = loaded(tmp_path, f"{SMALLEST}conversation: {{turns: 2}}")
    assert workload.conversation.think_time == Lognormal(median=45, sigma=1)
    words = "a log-normal 45 s (sigma 1) from one request of a conversation to the next"
    assert words in workload.defaults_used


PARTS = "traffic: {requests_per_day: 1000}\nprompt:\n"


def one_part(folder: Path, part: str) -> Part:
    return loaded(folder, f"{PARTS}  - {part}\nscope: {{tenants: 2, users: 4}}\n").prompt[0]


@pytest.mark.parametrize(
    ("word", "stability"),
    [
        ("static", Stability()),
        ("deploy", Stability(clock=Clock.DEPLOY)),
        ("user", Stability(audience=Audience.USER)),
        ("day tenant", Stability(clock=Clock.DAY, audience=Audience.TENANT)),
        ("[tenant, day]", Stability(clock=Clock.DAY, audience=Audience.TENANT)),
        ("never tenant", Stability(audience=Audience.TENANT)),
    ],
)
def test_a_stability_is_a_word_for_each_axis(
    tmp_path: Path, word: str, stability: Stability
) -> None:
    assert one_part(tmp_path, f"{{name: a, tokens: 1, stability: {word}}}").stability == stability


@pytest.mark.parametrize(
    ("part", "role"),
    [
        ("{name: a, tokens: 1}", Role.SYSTEM),
        ("{name: tools, tokens: 1}", Role.TOOLS),
        ("{name: a, tokens: 1, role: user}", Role.USER),
        ("{name: a, tokens: 1, stability: request}", Role.USER),
        ("{name: a, tokens: 1, stability: request, pool: {size: 2}}", Role.SYSTEM),
        ("{name: assistant, tokens: 1}", Role.ASSISTANT),
    ],
)
def test_a_part_has_the_role_its_name_or_place_says(tmp_path: Path, part: str, role: Role) -> None:
    assert one_part(tmp_path, part).role == role


def test_parts_behind_a_message_are_messages(tmp_path: Path) -> None:
    parts = "  - {name: user, tokens: 1}\n  - {name: reminder, tokens: 1}\n"
    assert [part.role for part in loaded(tmp_path, PARTS + parts).prompt] == [Role.USER, Role.USER]


@pytest.mark.parametrize(
    ("history", "keeps"),
    [
        ("{name: history}", ("question",)),
        ("{name: so far, stability: turn}", ("question",)),
        ("{name: messages, growth: [reminder, question]}", ("reminder", "question")),
        ("{name: messages, growth: []}", ()),
    ],
)
def test_a_history_keeps_what_is_new_in_every_turn(
    tmp_path: Path, history: str, keeps: tuple[str, ...]
) -> None:
    parts = f"  - {history}\n  - {{name: reminder, tokens: 1}}\n" + SMALLEST.splitlines()[-1]
    workload = loaded(tmp_path, PARTS + parts)
    assert workload.history is not None
    assert workload.history.keeps == keeps
    assert workload.history.stability == Stability(audience=Audience.TURN)


def test_a_workload_without_history_has_none(tmp_path: Path) -> None:
    assert loaded(tmp_path, SMALLEST).history is None


def test_a_pool_is_drawn_for_whom_its_stability_says(tmp_path: Path) -> None:
    found = one_part(tmp_path, "{name: a, tokens: 1, pool: {size: 2}, stability: user}")
    assert found.stability.audience is Audience.USER
    daily = one_part(tmp_path, "{name: a, tokens: 1, pool: {size: 2}, stability: day}")
    assert daily.stability == Stability(clock=Clock.DAY, audience=Audience.SESSION)


def test_any_rate_that_is_uncertain_is_the_number_of_requests(tmp_path: Path) -> None:
    text = f"{SMALLEST}uncertainty: {{requests_per_month: 0.25, system.tokens: 5%}}"
    assert loaded(tmp_path, text).uncertainty == (
        ("requests_per_day", Decimal("0.25")),
        ("system.tokens", Decimal("0.05")),
    )


def test_later_stages_can_place_their_problems(tmp_path: Path) -> None:
    workload = loaded(tmp_path, f"{SMALLEST}targets:\n  - a/b\n  - c/d\n")
    assert workload.origin is not None
    assert str(workload.origin.problem(("targets", 1), "unknown")).endswith("w.yaml:8:5: unknown")


WRONG_VALUES = """\
name: [1]
period: 3
traffic: {arrivals: poison, requests_per_day: 0, timezone: Europe/Berln, start: soon}
scope: {users: -1, tenants: {size: many}, workspaces: 1.5}
prompt:
  - {name: a, tokens: -4, stability: sekond}
  - {name: b.c, tokens: {lognorml: 3}, pool: {sze: 3}}
  - 17
conversation: {turns: {geometric: 0.2}, think_time: {lognormal: {median: 45, sigma: 1.0}}}
output_tokens: {lognormal: {median: 300, sigma: 60}}
deploys_per_month: many
markers: [{afte: b, ttl: 5 m}, {after: nothing}]
targets: anthropic
uncertainty: {requests_per_day: 200%, outputs: 10%}
budget: 100
seed: true
"""


def test_every_fault_of_a_file_is_found_in_one_run(tmp_path: Path) -> None:
    assert faults(tmp_path, WRONG_VALUES) == [
        "1:1: name: [1] is not a line of text",
        "2:1: period: 3 is not a duration; write a unit, as in 45s, 5m, 1h or 30d",
        "3:11: traffic.arrivals: Input should be 'constant', 'poisson' or 'diurnal' (got 'poison')",
        "3:29: traffic.requests_per_day: 0 is not between 0.001 and 1000000000",
        "3:50: traffic.timezone: unknown time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?",
        "3:74: traffic.start: 'soon' is not a date; write it as 2026-11-02",
        "4:9: scope.users: -1 is not between 1 and 1000000",
        "4:30: scope.tenants.size: 'many' is not a number",
        "4:43: scope.workspaces: 1.5 is not a whole number",
        "6:15: prompt.0.tokens: -4 is not between 0 and 10000000",
        "6:27: prompt.0.stability: unknown stability 'sekond'; did you mean 'second'?",
        (
            "7:6: prompt.1.name: 'b.c' is not a name; write letters, digits, blanks, - and _ "
            "(60 at most)"
        ),
        "7:17: prompt.1.tokens: unknown distribution 'lognorml'; did you mean 'lognormal'?",
        "7:40: prompt.1.pool has no 'size'; add 'size'",
        "7:47: unknown key 'sze'; did you mean 'size'?",
        "8:5: prompt.2 is not a mapping (got '17')",
        "9:16: conversation.turns: 0.2 is not between 1 and 2000",
        (
            "9:41: conversation.think_time: 45 is not a duration; write a unit, as in 45s, 5m, "
            "1h or 30d"
        ),
        "10:1: output_tokens: 60 is not between 0 and 2.5",
        "11:1: deploys_per_month: 'many' is not a number",
        "12:11: markers.0 has no 'after'; add 'after'",
        "12:12: unknown key 'afte'; did you mean 'after'?",
        "12:33: no part 'nothing' to mark; write one of a, b.c, tail",
        "13:1: targets is not a list (got 'anthropic')",
        "14:15: uncertainty.requests_per_day: 2 is not between 0 and 1",
        "14:39: 'outputs' is no input that can be uncertain; did you mean 'output_tokens'?",
        "15:1: budget is not a mapping (got '100')",
        "16:1: seed: true is not a number",
    ]
