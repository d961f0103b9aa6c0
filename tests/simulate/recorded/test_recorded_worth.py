"""Dollars of findings in recorded requests: at which targets, on which times, of which requests."""

from __future__ import annotations

from decimal import Decimal

import pytest
from simulate.recorded.logs import (
    MANUAL,
    OTHER,
    SHORT,
    WORKLOAD,
    at,
    by_code,
    claude,
    gpt,
    history,
    log,
    plain,
    priced,
    text,
    tool,
)

from promptcost.errors import DataError
from promptcost.model.audit_report import Clocking, Traffic
from promptcost.simulate.recorded import scene, stage, tape

CLAUDE, GPT = "anthropic/claude-sonnet-4-5@5m", "openai/gpt-5@24h"
TALK = [("Ann", turns) for turns in (1, 2, 3, 4)]


def clocks(make, gap=20):
    return [at(n * gap, make(f"Now 10:15:{n:02}. {MANUAL}", *one)) for n, one in enumerate(TALK)]


def marked(words, name, turns):
    return claude([text(words, SHORT)], history(name, turns, SHORT))


def unmarked(words, name, turns):
    return gpt(words, plain(name, turns))


def test_requests_are_played_at_the_targets_of_their_models(tmp_path):
    records = [*clocks(marked), *clocks(unmarked)]
    report = priced(log(tmp_path / "log.jsonl", records))
    assert [one.target for one in report.worth] == [CLAUDE, GPT]
    assert {one.traffic for one in report.worth} == {Traffic.RECORDED}
    assert [[cost.target for cost in one.costs] for one in report.findings] == [[CLAUDE], [GPT]]
    assert report.replay.notes == ()


def test_named_targets_take_all_requests(tmp_path):
    path = log(tmp_path / "log.jsonl", clocks(marked))
    targets = ("openai/gpt-5", "anthropic/claude-opus-5-5@1h", "anthropic/claude-sonnet-4-5@none")
    report = priced(path, targets=targets)
    wanted = ["openai/gpt-5@24h", "anthropic/claude-opus-5-5@1h"]
    assert [one.target for one in report.worth] == wanted
    assert by_code(report) == {"PC202": wanted}


def test_targets_of_the_workload_count_unless_others_are_named(tmp_path):
    path = log(tmp_path / "log.jsonl", clocks(marked))
    workload = f"{WORKLOAD}targets: [openai/gpt-5]\n"
    assert by_code(priced(path, workload=workload)) == {"PC202": [GPT]}
    named = priced(path, workload=workload, targets=(CLAUDE,))
    assert by_code(named) == {"PC202": [CLAUDE]}


def test_an_unknown_target_is_told_at_its_line(tmp_path):
    path = log(tmp_path / "log.jsonl", clocks(marked))
    with pytest.raises(DataError) as caught:
        priced(path, workload=f"{WORKLOAD}targets: [nobody/nothing]\n")
    assert [problem.line for problem in caught.value.problems] == [5]


def test_requests_without_marks_get_them_where_a_target_needs_them(tmp_path):
    path = log(tmp_path / "log.jsonl", clocks(unmarked))
    report = priced(path, targets=(CLAUDE,))
    assert by_code(report) == {"PC202": [CLAUDE]}
    assert report.findings[0].costs[0].per_month > 0
    given = "given marks behind tools and system text and at the end"
    note = f"{CLAUDE}: requests written for a cache without marks were {given}"
    assert report.replay.notes == (note,)


def test_requests_that_lack_the_marks_they_need_get_none(tmp_path):
    records = [at(n, claude(MANUAL, history(*one))) for n, one in enumerate(TALK)]
    report = priced(log(tmp_path / "log.jsonl", records), targets=(CLAUDE,))
    assert report.replay.notes == ()
    assert report.findings[0].code == "PC227"
    assert report.findings[0].costs[0].per_month > 0


def test_a_model_nobody_knows_is_not_priced_without_a_target(tmp_path):
    records = [at(n, claude(MANUAL, history(*one), "my-model")) for n, one in enumerate(TALK)]
    report = priced(log(tmp_path / "log.jsonl", records))
    assert (report.worth, {one.costs for one in report.findings} - {()}) == ((), set())
    assert report.replay.notes == (
        "not priced, because the catalogue has no such model: 'my-model'; name a --target",
    )
    assert priced(tmp_path / "log.jsonl", targets=(CLAUDE,)).worth != ()


def test_what_a_provider_refuses_has_no_dollars(tmp_path):
    blocks = [text(f"{n} {MANUAL}", SHORT) for n in range(5)]
    records = [at(n, claude(blocks, history(*one))) for n, one in enumerate(TALK)]
    report = priced(log(tmp_path / "log.jsonl", records))
    costs = {one.code: one.costs for one in report.findings}
    assert costs["PC221"] == ()
    assert (report.replay.findings, report.replay.priced) == (
        len(costs),
        sum(map(bool, costs.values())),
    )


def test_two_findings_of_one_text_end_together(tmp_path):
    records = [
        at(n, marked(f"Now 10:15:{n:02}, id 9f86d081884c{n}. {MANUAL}", *one))
        for n, one in enumerate(TALK)
    ]
    report = priced(log(tmp_path / "log.jsonl", records))
    together = {one.code: one.costs[0].together_with for one in report.findings}
    assert together == {"PC202": ("PC203",), "PC203": ("PC202",)}
    assert len({one.costs[0].per_month for one in report.findings}) == 1


def test_a_cause_behind_another_one_costs_nothing_by_itself(tmp_path):
    said = [
        [text(f"Now 10:15:{n:02}."), text(f"Nonce 9f86d081884c{n}. {MANUAL}", SHORT)]
        for n in range(4)
    ]
    records = [
        at(n, claude(words, history(*one, SHORT)))
        for n, (words, one) in enumerate(zip(said, TALK, strict=True))
    ]
    report = priced(log(tmp_path / "log.jsonl", records))
    assert by_code(report) == {"PC202": [CLAUDE]}
    assert report.findings[0].costs[0].per_month < report.worth[0].as_it_is / 100


def test_order_of_a_file_does_not_matter_where_times_are_recorded(tmp_path):
    records = clocks(marked)
    first = priced(log(tmp_path / "log.jsonl", records)).worth
    mixed = [records[n] for n in (0, 2, 1, 3)]
    other = priced(log(tmp_path / "log.jsonl", mixed)).worth
    assert first[0].as_it_is == other[0].as_it_is


def test_without_times_the_requests_come_as_in_the_workload(tmp_path):
    records = [one["request"] for one in clocks(marked)] * 2
    report = priced(log(tmp_path / "log.jsonl", records))
    assert report.replay.times is Clocking.WORKLOAD
    assert by_code(report) == {"PC202": [CLAUDE]}
    rare = WORKLOAD.replace("requests_per_day: 1000", "requests_per_day: 1")
    seldom = priced(tmp_path / "log.jsonl", workload=f"{rare}period: 2d\n")
    assert seldom.replay.requests_per_month == 30
    assert seldom.worth[0].as_it_is - seldom.worth[0].repaired < Decimal("0.001")


def test_one_record_without_a_time_leaves_all_to_the_workload(tmp_path):
    records = clocks(marked)
    del records[1]["timestamp"]
    report = priced(log(tmp_path / "log.jsonl", records))
    assert report.replay.times is Clocking.WORKLOAD


def test_dollars_grow_with_the_requests_of_a_month(tmp_path):
    path = log(tmp_path / "log.jsonl", clocks(marked))
    once = priced(path).worth[0]
    twice = priced(path, workload=WORKLOAD.replace("1000", "2000")).worth[0]
    assert twice.as_it_is == 2 * once.as_it_is
    assert twice.repaired == 2 * once.repaired


def test_answers_are_as_long_as_the_workload_says(tmp_path):
    path = log(tmp_path / "log.jsonl", clocks(marked))
    short = priced(path).worth[0]
    long = priced(path, workload=WORKLOAD.replace("tokens: 200", "tokens: 1200")).worth[0]
    # 30,000 requests a month, 1,000 tokens more, $15 a million
    assert long.as_it_is - short.as_it_is == Decimal(450)
    assert long.repaired - short.repaired == Decimal(450)


def test_requests_of_several_files_are_one_traffic(tmp_path):
    records = clocks(marked)
    both = priced(log(tmp_path / "log.jsonl", records)).worth[0]
    halves = log(tmp_path / "a.jsonl", records[:2]), log(tmp_path / "b.jsonl", records[2:])
    report = priced(*halves)
    assert report.worth[0].as_it_is == both.as_it_is
    assert (report.replay.requests, report.replay.recorded) == (4, 4)


def test_a_difference_between_files_has_its_price(tmp_path):
    days = []
    for day in (1, 2, 3):
        record = at(60 * day, marked(f"Today is 2026-03-0{day}. {MANUAL}", "Ann", 1))
        days.append(log(tmp_path / f"{day}.jsonl", [record]))
    report = priced(*days)
    assert {one.code for one in report.findings} == {"PC202"}
    assert all(one.costs[0].per_month > 0 for one in report.findings)


def switched(models):
    return [
        at(n * 20, claude([text(MANUAL + OTHER, SHORT)], history(*one, SHORT), model))
        for n, (model, one) in enumerate(zip(models, TALK, strict=True))
    ]


def test_with_one_model_a_log_costs_what_it_costs_at_that_model(tmp_path):
    path = log(tmp_path / "log.jsonl", switched(("claude-sonnet-4-5", "claude-opus-4-5") * 2))
    report = priced(path, targets=(CLAUDE,))
    assert by_code(report) == {"PC214": [CLAUDE]}
    same = log(tmp_path / "same.jsonl", switched(("claude-sonnet-4-5",) * 4))
    clean = priced(same, targets=(CLAUDE,))
    assert report.worth[0].repaired == clean.worth[0].as_it_is


def test_a_switched_model_reads_at_its_own_price_what_the_other_was_sent(tmp_path):
    path = log(tmp_path / "log.jsonl", switched(("claude-sonnet-4-5",) * 3 + ("claude-opus-4-5",)))
    report = priced(path)
    ((cost,),) = (one.costs for one in report.findings)
    assert cost.target == "anthropic/claude-opus-4-5@5m"
    lost = report.findings[0].tokens_at_risk.value
    # 7,500 such requests a month, written at $6.25 a million instead of read at $0.50
    assert cost.per_month == 7_500 * lost * Decimal("5.75") / 1_000_000
    note = "a switched model is priced as if it could read what the turn before sent, at its own"
    assert report.replay.notes == (f"{note} price of reading",)


def test_a_prefix_that_is_too_short_is_not_read_back(tmp_path):
    records = [
        at(n * 20, claude([text("Be kind.", SHORT)], history("Ann", n + 1, SHORT), model))
        for n, model in enumerate(("claude-sonnet-4-5", "claude-opus-4-5"))
    ]
    report = priced(log(tmp_path / "log.jsonl", records))
    assert {one.per_month for finding in report.findings for one in finding.costs} <= {0}
    assert all(one.as_it_is == one.repaired for one in report.worth)


def test_a_setting_costs_at_the_provider_it_was_sent_to_only(tmp_path):
    records = [
        at(
            n * 20,
            claude(
                [text(MANUAL, SHORT)],
                history(*one, SHORT),
                tools=[tool("look")],
                tool_choice={"type": ("auto", "any")[n % 2]},
            ),
        )
        for n, one in enumerate(TALK)
    ]
    path = log(tmp_path / "log.jsonl", records)
    assert by_code(priced(path, targets=(CLAUDE, "openai/gpt-5"))) == {"PC213": [CLAUDE]}


def pictured(name, turns, pictures):
    said = history(name, turns, SHORT)
    source = {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    said[-1]["content"][:0] = [{"type": "image", "source": source}] * pictures
    return claude([text(MANUAL, SHORT)], said)


def test_the_first_picture_costs_what_stands_before_it(tmp_path):
    records = [at(n * 20, pictured(*one, int(n > 1))) for n, one in enumerate(TALK)]
    report = priced(log(tmp_path / "log.jsonl", records))
    found = {one.code: one.costs for one in report.findings}
    assert found["PC213"][0].per_month > 0


def test_an_entry_out_of_reach_is_read_from_a_nearer_mark(tmp_path):
    def turn(blocks):
        parts = [text(f"Part {n} of the plan. " * 60) for n in range(blocks)]
        parts[-1]["cache_control"] = SHORT
        return claude([text(MANUAL)], [{"role": "user", "content": parts}])

    records = [at(n * 20, turn(2 + n * 30)) for n in range(3)]
    report = priced(log(tmp_path / "log.jsonl", records))
    found = {one.code: one.costs for one in report.findings}
    assert found["PC225"][0].per_month > 0


def window(turns, answer=OTHER[:900]):
    """Return a conversation that forgets its oldest turns."""
    said = []
    for n in range(turns):
        said.append({"role": "user", "content": [text(f"Question {n}? {OTHER[:400]}")]})
        last = [dict(one) for one in said[-5:]]
        last[-1] = {"role": "user", "content": [text(f"Question {n}? {OTHER[:400]}", SHORT)]}
        yield at(n * 20, claude([text(MANUAL, SHORT)], last))
        said.append({"role": "assistant", "content": [text(f"Answer {n}. {answer}")]})


def test_a_conversation_that_forgets_may_be_the_cheaper_one(tmp_path):
    report = priced(log(tmp_path / "log.jsonl", list(window(40))))
    (cost,) = (one.costs for one in report.findings if one.code == "PC201")
    assert cost[0].per_month == report.worth[0].as_it_is - report.worth[0].repaired


def test_prompts_that_would_grow_beyond_all_bounds_have_no_price(tmp_path, monkeypatch):
    path = log(tmp_path / "log.jsonl", list(window(12)))
    monkeypatch.setattr(scene, "MOST", 60)
    report = priced(path)
    assert by_code(report)["PC201"] == []
    assert report.worth == ()


def test_only_so_many_requests_are_played(tmp_path, monkeypatch):
    path = log(tmp_path / "log.jsonl", clocks(marked))
    monkeypatch.setattr(tape, "REQUESTS", 3)
    report = priced(path)
    assert (report.replay.requests, report.replay.recorded) == (3, 4)
    assert by_code(report) == {"PC202": [CLAUDE]}
    monkeypatch.setattr(tape, "REQUESTS", 100)
    monkeypatch.setattr(tape, "STEPS", 150)
    assert priced(path).replay.requests == 2


def test_many_plays_are_made_with_fewer_requests(tmp_path, monkeypatch):
    path = log(tmp_path / "log.jsonl", clocks(marked))
    monkeypatch.setattr(tape, "FEWEST", 1)
    monkeypatch.setattr(tape, "WORK", 600)
    assert priced(path).replay.requests == 3
    assert priced(path, targets=(CLAUDE, "openai/gpt-5")).replay.requests == 2
    monkeypatch.setattr(tape, "WORK", 1)
    assert priced(path).replay.requests == 1


def test_every_kind_of_cache_plays_recorded_requests(tmp_path):
    records = [
        at(
            n * 20,
            claude(
                [text(f"{MANUAL} Now 10:15:{n:02}.", SHORT)],
                history(*one, SHORT),
                tools=[tool("look")],
            ),
        )
        for n, one in enumerate(TALK)
    ]
    targets = (
        "gemini/gemini-2.5-pro@explicit",
        "vllm/llama-3.1-8b",
        "deepseek/deepseek-v4-pro",
        "openai/gpt-6.1-sol@30m",
        "groq/openai/gpt-oss-120b",
    )
    report = priced(log(tmp_path / "log.jsonl", records), targets=targets)
    costs = {one.code: one.costs for one in report.findings}
    assert [one.target.partition("@")[0] for one in costs["PC202"]] == [
        target.partition("@")[0] for target in targets
    ]
    assert all(one.per_month > 0 for one in costs["PC202"])
    note = "gemini/gemini-2.5-pro@explicit: tools and system text of each request are its cache"
    assert report.replay.notes == (f"{note} object",)


def test_without_a_cache_no_cause_has_a_price(tmp_path):
    path = log(tmp_path / "log.jsonl", clocks(marked))
    report = priced(path, targets=("openai/gpt-5-pro",))
    assert (by_code(report), report.worth) == ({"PC202": []}, ())


def test_a_key_that_only_routes_has_no_price(tmp_path):
    records = [
        at(n * 20, gpt(MANUAL, plain(*one), prompt_cache_key=f"k{n}")) for n, one in enumerate(TALK)
    ]
    assert by_code(priced(log(tmp_path / "log.jsonl", records))) == {"PC231": []}


def test_text_before_an_end_is_shared_where_no_marks_close_it(tmp_path):
    records = [
        at(n * 20, gpt(f"{MANUAL} Now 10:15:{n:02}.", plain(*one))) for n, one in enumerate(TALK)
    ]
    report = priced(log(tmp_path / "log.jsonl", records))
    (cost,) = report.findings[0].costs
    assert cost.per_month < report.worth[0].as_it_is / 5


def test_prompts_longer_than_a_model_takes_have_no_price(tmp_path):
    path = log(tmp_path / "log.jsonl", list(window(20, OTHER * 4)))
    short, long = "openai/gpt-4o@in_memory", CLAUDE  # 128,000 and 200,000 tokens
    assert by_code(priced(path, targets=(short, long)))["PC201"] == [long]


def test_a_model_whose_requests_are_not_played_has_no_row(tmp_path, monkeypatch):
    monkeypatch.setattr(tape, "REQUESTS", 4)
    report = priced(log(tmp_path / "log.jsonl", [*clocks(marked), *clocks(unmarked)]))
    assert [one.target for one in report.worth] == [CLAUDE]
    assert [len(one.costs) for one in report.findings] == [1, 0]


def test_chains_that_are_made_again_cost_the_same(tmp_path, monkeypatch):
    path = log(tmp_path / "log.jsonl", [*clocks(marked), *clocks(unmarked)])
    before = priced(path).worth
    monkeypatch.setattr(stage, "_KEPT", 3)
    assert priced(path).worth == before


@pytest.mark.parametrize(
    ("system", "tools"), [("", []), ("", [tool("look")]), (MANUAL, []), (MANUAL, [tool("look")])]
)
def test_a_setting_costs_whatever_the_request_begins_with(tmp_path, system, tools):
    said = [{"role": "user", "content": [text(OTHER, SHORT)]}]
    parts = {"tools": tools} if tools else {}
    records = []
    for n in range(4):
        how = ("standard", "fast")[n % 2]
        request = claude(system, list(said), speed=how, **parts)
        records.append(at(n * 20, {key: value for key, value in request.items() if value}))
        said += [
            {"role": "assistant", "content": [text(f"Answer {n}.")]},
            {"role": "user", "content": [text(f"Question {n}?")]},
        ]
    report = priced(log(tmp_path / "log.jsonl", records))
    found = {one.code: one.costs for one in report.findings}
    assert found["PC213"][0].per_month > 0


def test_only_first_requests_of_the_program_wait(tmp_path):
    names = ("Ann", "Bob", "Cid", "Dan")
    first = [at(n / 100, marked(MANUAL, name, 1)) for n, name in enumerate(names)]
    later = [at(60 + n, marked(MANUAL, name, 2)) for n, name in enumerate(names)]
    others = [at(n / 100, claude([text(OTHER, SHORT)], history("Eve", n))) for n in (1, 2)]
    report = priced(log(tmp_path / "log.jsonl", [*first, *others, *later]))
    waited = [at(n * 10, marked(MANUAL, name, 1)) for n, name in enumerate(names)]
    clean = priced(log(tmp_path / "clean.jsonl", [*waited, *others, *later]))
    found = {one.code: one.costs[0].per_month for one in report.findings}
    left = report.worth[0].as_it_is - found["PC232"]
    assert left == clean.worth[0].as_it_is


def test_a_file_that_is_gone_after_its_audit_has_no_dollars(tmp_path):
    path = log(tmp_path / "log.jsonl", clocks(marked))
    report = priced(path, after=path.unlink)
    assert (by_code(report), report.worth, report.replay) == ({"PC202": []}, (), None)


def test_dollars_are_those_that_can_be_worked_out_by_hand(tmp_path):
    records = [
        at(n * 60, gpt(f"Now 10:1{n}:00. {MANUAL}", plain(f"Request {n}", 1))) for n in (0, 1)
    ]
    report = priced(log(tmp_path / "log.jsonl", records))
    (worth,) = report.worth
    # 2,169 and 8 tokens of prompt at $1.25 a million, 200 of output at $10, 30,000 times a month;
    # without the clock every other request reads 16 steps of 128 tokens at $0.125
    assert worth.as_it_is == 30_000 * (2_177 * Decimal("1.25") + 200 * 10) / 1_000_000
    assert worth.as_it_is - worth.repaired == 15_000 * 2_048 * Decimal("1.125") / 1_000_000
