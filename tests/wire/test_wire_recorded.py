"""The recorded agent programs against what an auditor should say of them (expected.csv)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from promptcost.errors import Problem
from promptcost.wire import Change, WireRequest, first_difference, group, read_requests

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "requests"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the recordings are not here")


def load(name: str) -> list[WireRequest]:
    found = list(read_requests(FOLDER / name))
    assert not [item for item in found if isinstance(item, Problem)]
    assert not [problem for item in found for problem in item.problems]
    return found


def changes(name: str, first: int, last: int) -> set[str]:
    pairs = pairwise(load(name)[first - 1 : last])
    return {found.change.value for pair in pairs if (found := first_difference(*pair))}


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("codex.jsonl", 1, 6),
        ("codex.jsonl", 7, 9),
        ("codex_nextday.jsonl", 1, 3),
        ("gemini.jsonl", 1, 3),
        ("gemini.jsonl", 4, 6),
        ("gemini.jsonl", 7, 9),
        ("mini_anthropic.jsonl", 1, 3),
        ("mini_openai.jsonl", 1, 3),
        ("smol_code.jsonl", 1, 3),
        ("smol_tools.jsonl", 1, 4),
        ("repro/fanout_over_20_blocks.jsonl", 1, 2),
    ],
)
def test_clean_sessions_only_append(name, first, last):
    assert changes(name, first, last) == {"appended"}


@pytest.mark.parametrize(
    ("name", "pair", "difference"),
    [
        ("gemini.jsonl", (3, 4), ("rewritten", "contents[1].parts[0].thoughtSignature")),
        ("repro/tool_order.jsonl", (1, 2), ("tools_reordered", "tools[0]")),
        ("repro/uuid_and_time_at_head.jsonl", (1, 2), ("rewritten", "messages[0].content")),
        ("repro/memory_in_system.jsonl", (1, 2), ("rewritten", "system[0].text")),
    ],
)
def test_the_first_difference_is_where_the_table_says(name, pair, difference):
    recorded = load(name)
    found = first_difference(*(recorded[number - 1] for number in pair))
    assert found is not None
    assert (found.change.value, found.json_path) == difference


@pytest.mark.parametrize(
    ("program", "path", "was", "now"),
    [
        ("codex", "input[2].content[1].text", "<current_date>2026-11-20", "2026-11-21"),
        ("gemini", "contents[0].parts[0].text", "Friday, November 20", "Saturday, November 21"),
    ],
)
def test_the_next_day_differs_in_the_date_only(program, path, was, now):
    today, tomorrow = load(f"{program}.jsonl")[0], load(f"{program}_nextday.jsonl")[0]
    found = first_difference(today, tomorrow)
    assert found is not None
    assert (found.change, found.json_path) == (Change.REWRITTEN, path)
    assert was in found.was
    assert now in found.now


def test_a_new_codex_session_shares_everything_it_sends():
    sixth, seventh = load("codex.jsonl")[5:7]
    found = first_difference(sixth, seventh)
    assert found is not None
    assert found.change is Change.SHORTENED
    assert found.shared_bytes == seventh.size == 35931


@pytest.mark.parametrize(
    ("name", "conversations"),
    [
        ("codex.jsonl", [0, 0, 0, 0, 0, 0, 1, 1, 1]),
        ("gemini.jsonl", [0, 0, 0, 0, 0, 0, 1, 1, 1]),
        ("mini_anthropic.jsonl", [0, 0, 0]),
        ("mini_openai.jsonl", [0, 0, 0]),
        ("smol_code.jsonl", [0, 0, 0]),
        ("smol_tools.jsonl", [0, 0, 0, 0, 1]),
        ("repro/tool_order.jsonl", [0, 0]),
        ("repro/uuid_and_time_at_head.jsonl", [0, 0]),
        ("repro/memory_in_system.jsonl", [0, 0]),
        ("repro/fanout_over_20_blocks.jsonl", [0, 0]),
    ],
)
def test_sessions_are_told_apart(name, conversations):
    assert [step.conversation for step in group(load(name))] == conversations


def test_five_marks_and_their_lifetimes_are_read():
    (five,) = load("repro/five_breakpoints.json")
    assert len(five.markers) == 5
    (mixed,) = load("repro/ttl_5m_before_1h.json")
    assert [str(marker.ttl) for marker in mixed.markers] == ["None", "1:00:00"]
