"""Undoing a cause costs what the same requests cost that never had it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from simulate.recorded.logs import (
    LONG,
    MANUAL,
    OTHER,
    SHORT,
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

SYSTEM = [text(MANUAL, SHORT)]
TALKS = [(name, turns) for name in ("Ann", "Bob", "Cid") for turns in (1, 2, 3, 4)]
NAMES = ("Ann", "Bob", "Cid", "Dan", "Eve", "Fay")
TOOLS = [tool("look"), tool("read"), tool("write")]


def talks(make, gap=20):
    """Return four turns of three conversations, so many seconds apart."""
    return [at(n * gap, make(n, name, turns)) for n, (name, turns) in enumerate(TALKS)]


def asked(make, gap=20):
    """Return single questions."""
    return [at(n * gap, make(n, name)) for n, name in enumerate(NAMES)]


def marked(name, turns):
    return history(name, turns, SHORT)


def without_clock(_n, name, turns):
    return claude(SYSTEM, marked(name, turns))


def clock(n, name, turns):
    return claude([text(f"Now 10:15:{n:02}. {MANUAL}", SHORT)], marked(name, turns))


def clock_apart(n, name, turns):
    return claude([text(f"Now 10:15:{n:02}."), *SYSTEM], marked(name, turns))


def rewritten(_n, name, turns):
    said = marked(name, turns)
    if turns == 4:
        said[1]["content"][0]["text"] = "Cut short."
    return claude(SYSTEM, said)


def sorted_tools(_n, name, turns):
    return claude(SYSTEM, marked(name, turns), tools=TOOLS)


def turned_tools(n, name, turns):
    shift = n % 3
    return claude(SYSTEM, marked(name, turns), tools=[*TOOLS[shift:], *TOOLS[:shift]])


def fewer_tools(n, name, turns):
    return claude(SYSTEM, marked(name, turns), tools=TOOLS[: 2 + n % 2])


def key_order(n, name, turns):
    pairs = [("first", {"type": "string"}), ("second", {"type": "string"})]
    schema = {"type": "object", "properties": dict(pairs[:: 1 if n % 2 else -1])}
    return claude(SYSTEM, marked(name, turns), tools=[{**tool("look"), "input_schema": schema}])


def one_key_order(_n, name, turns):
    return key_order(1, name, turns)


def choice(n, name, turns):
    how = {"type": ("auto", "any")[n % 2]}
    return claude(SYSTEM, marked(name, turns), tools=TOOLS, tool_choice=how)


def one_choice(_n, name, turns):
    return claude(SYSTEM, marked(name, turns), tools=TOOLS, tool_choice={"type": "auto"})


def no_marks(_n, name, turns):
    return claude(MANUAL, history(name, turns))


def usual_marks(_n, name, turns):
    return claude(SYSTEM, marked(name, turns))


def one_key(_n, name, turns):
    return gpt(MANUAL, plain(name, turns), "gpt-6.1-sol", prompt_cache_key=name)


def new_keys(n, name, turns):
    return gpt(MANUAL, plain(name, turns), "gpt-6.1-sol", prompt_cache_key=f"k{n}")


def hour(_n, name, turns):
    return claude([text(MANUAL, LONG)], history(name, turns, LONG))


def long_answers(name, turns):
    said = history(name, turns)
    for one in said[1::2]:
        one["content"][0]["text"] = OTHER
    return said


def left_behind(_n, name, turns):
    return claude(SYSTEM, long_answers(name, turns))


def brought_along(_n, name, turns):
    said = long_answers(name, turns)
    said[-1]["content"][-1]["cache_control"] = SHORT
    return claude(SYSTEM, said)


def memory(n, name, turns):
    block = [text(f"Memories: {name} likes tea number {n}, {n} and {n}.")] if n % 2 else []
    return claude([text("Be kind."), *block, *SYSTEM], marked(name, turns))


def no_memory(_n, name, turns):
    return claude([text("Be kind."), *SYSTEM], marked(name, turns))


def tail_only(_n, name):
    return claude(MANUAL, plain(name, 1), cache_control=SHORT)


def tail_and_system(_n, name):
    return claude(SYSTEM, plain(name, 1), cache_control=SHORT)


def single(_n, name):
    return claude(SYSTEM, marked(name, 1))


def named_user(_n, name):
    return claude([text(f"The user is {name}.", SHORT), *SYSTEM], marked(name, 1))


def environment(n, name):
    return claude([text(f"Working directory: /srv/{name}/{n}. {MANUAL}", SHORT)], marked(name, 1))


def shuffled(n, name):
    words = ["search", "mail", "notes"][n % 3 :] + ["search", "mail", "notes"][: n % 3]
    skills = "".join(f"- {word}\n" for word in words)
    return claude([text(f"Skills:\n{skills}{MANUAL}", SHORT)], marked(name, 1))


def unshuffled(_n, name):
    return shuffled(0, name)


def counted(n, name, turns):
    return claude([text(f"Step {n} of 40. {MANUAL}", SHORT)], marked(name, turns))


def reworded_tool(n, name, turns):
    what = ("tide", "wind", "rain")[n % 3]
    return claude(
        SYSTEM,
        marked(name, turns),
        tools=[{**tool("look"), "description": f"Looks at {what} first. {MANUAL}"}],
    )


def one_tool(_n, name, turns):
    return reworded_tool(0, name, turns)


def passages(name):
    return text(f"Knowledge: {name} has a ship. " * 9)


def passages_first(_n, name):
    said = [passages(name), text(MANUAL), text(f"{name}?")]
    return gpt("Be kind.", [{"role": "user", "content": said}])


def passages_last(_n, name):
    said = [text(MANUAL), text(f"{name}?"), passages(name)]
    return gpt("Be kind.", [{"role": "user", "content": said}])


def clock_at_end(n, name, turns):
    return claude([text(f"{MANUAL} Now 10:15:{n:02}.", SHORT)], marked(name, turns))


CASES = {
    "clock in text": ("PC202", talks(clock), talks(without_clock), "0.03"),
    "clock in a block": ("PC202", talks(clock_apart), talks(without_clock), "0.03"),
    "old turn": ("PC201", talks(rewritten), talks(without_clock), "0"),
    "order of tools": ("PC205", talks(turned_tools), talks(sorted_tools), "0"),
    "number of tools": ("PC206", talks(fewer_tools), talks(sorted_tools), "0"),
    "order of keys": ("PC208", talks(key_order), talks(one_key_order), "0.01"),
    "tool choice": ("PC213", talks(choice), talks(one_choice), "0"),
    "no marks": ("PC227", talks(no_marks), talks(usual_marks), "0"),
    "cache keys": ("PC231", talks(new_keys), talks(one_key), "0"),
    "short lives": ("PC233", talks(usual_marks, 400), talks(hour, 400), "0"),
    "long lives": ("PC234", talks(hour), talks(usual_marks), "0"),
    "old marks": ("PC228", talks(left_behind), talks(brought_along), "0"),
    "mark at the end": ("PC229", asked(tail_only), asked(tail_and_system), "0"),
    "users": ("PC210", asked(named_user), asked(single), "0.03"),
    "folders": ("PC211", asked(environment), asked(single), "0.03"),
    "order of words": ("PC215", asked(shuffled), asked(unshuffled), "0.01"),
    "counter": ("PC204", talks(counted), talks(without_clock), "0.03"),
    "words of tools": ("PC207", talks(reworded_tool), talks(one_tool), "0.03"),
    "passages": ("PC212", asked(passages_first), asked(passages_last), "0.03"),
    "at once": ("PC232", asked(single, 0.01), [asked(single, 0.01)[0], *asked(single)[1:]], "0"),
    "memories": ("PC209", talks(memory), talks(no_memory), "0.03"),
}


@pytest.mark.parametrize("case", CASES)
def test_without_its_cause_a_log_costs_what_a_repaired_log_costs(tmp_path, case):
    code, bad, good, tolerance = CASES[case]
    report = priced(log(tmp_path / "bad.jsonl", bad))
    (clean,) = priced(log(tmp_path / "good.jsonl", good)).worth
    (worth,) = report.worth
    assert code in by_code(report)
    costs = [one.per_month for finding in report.findings for one in finding.costs]
    assert len(costs) == len(report.findings)
    assert 0 < max(costs) <= worth.as_it_is - worth.repaired
    assert worth.repaired == pytest.approx(clean.as_it_is, rel=Decimal(tolerance))


def test_a_mark_in_front_of_what_changes_saves_what_stands_before_it(tmp_path):
    bad = talks(clock_at_end)
    good = [
        at(n * 20, claude([*SYSTEM, text(f" Now 10:15:{n:02}.")], marked(name, turns)))
        for n, (name, turns) in enumerate(TALKS)
    ]
    report = priced(log(tmp_path / "bad.jsonl", bad))
    (clean,) = priced(log(tmp_path / "good.jsonl", good)).worth
    (found,) = (one for one in report.findings if one.code == "PC226")
    left = report.worth[0].as_it_is - found.costs[0].per_month
    assert left == pytest.approx(clean.as_it_is, rel=Decimal("0.01"))
    assert left < report.worth[0].as_it_is
