"""Marks are moved, added, left out or given another lifetime; the prompt stays the same."""

from __future__ import annotations

import json

import pytest
from audit.series.mending import LONG, SHORT, codes_of, lines, mended
from audit.series.recordings import RULES, answer, claude, text, user

ASK = (user("First?"),)
GO_ON = (user("First?"), answer("Yes."), user("Second?"))
REPORT = f"Report: {RULES}"
NOTES = [text(f"Note {number} of the search.") for number in range(30)]


def part(words: str, mark: dict | None = None) -> dict:
    return {**text(words), **({"cache_control": mark} if mark else {})}


def tool(name: str, mark: dict | None = None) -> dict:
    made = {"name": name, "description": RULES, "input_schema": {"type": "object"}}
    return {**made, **({"cache_control": mark} if mark else {})}


def repaired(folder, *requests: dict) -> list[dict]:
    return [json.loads(line) for line in mended(folder, lines(*requests)).splitlines()]


def untouched(folder, *requests: dict) -> bool:
    return mended(folder, lines(*requests)) == lines(*requests)


def test_earlier_marks_get_the_longer_lifetime(tmp_path):
    [after] = repaired(
        tmp_path,
        claude([part(RULES, LONG)], user([part("Why?", SHORT)]), tools=[tool("a", SHORT)]),
    )
    assert after["tools"][0]["cache_control"] == LONG
    assert after["system"][0]["cache_control"] == LONG
    assert after["messages"][0]["content"][0]["cache_control"] == SHORT


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ({"type": "ephemeral", "ttl": "5m"}, {"type": "ephemeral", "ttl": "1h"}),
        ({"ttl": "5m", "type": "ephemeral"}, {"ttl": "1h", "type": "ephemeral"}),
        ({}, {"ttl": "1h"}),
    ],
)
def test_a_lifetime_is_written_where_it_stood(tmp_path, mark, expected):
    [after] = repaired(
        tmp_path,
        claude([part(RULES, LONG)], *ASK, tools=[{**tool("a"), "cache_control": mark}]),
    )
    assert list(after["tools"][0]["cache_control"].items()) == list(expected.items())


def test_the_mark_of_the_request_itself_counts_as_the_last(tmp_path):
    [after] = repaired(tmp_path, claude([part(RULES, SHORT)], *ASK, cache_control=LONG))
    assert (after["system"][0]["cache_control"], after["cache_control"]) == (LONG, LONG)


def test_lifetimes_in_the_right_order_stay(tmp_path):
    head = [part(RULES, LONG)]
    assert untouched(tmp_path, claude(head, user([part("Why?", SHORT)]), tools=[tool("a", LONG)]))


def test_of_five_marks_the_last_of_the_head_and_the_newest_stay(tmp_path):
    parts = [part(f"Part {number}.", SHORT) for number in range(3)]
    [after] = repaired(
        tmp_path, claude([part(RULES, SHORT)], user(parts), tools=[tool("a", SHORT)])
    )
    assert "cache_control" not in after["tools"][0]
    assert after["system"][0]["cache_control"] == SHORT
    assert after["messages"][0]["content"] == parts


def test_the_mark_of_the_request_itself_takes_a_place(tmp_path):
    parts = [part(f"Part {number}.", SHORT) for number in range(3)]
    [after] = repaired(
        tmp_path, claude([part(RULES, SHORT)], user([*parts, text("Go.")]), cache_control=SHORT)
    )
    assert after["cache_control"] == SHORT
    assert [("cache_control" in one) for one in after["messages"][0]["content"]] == [
        False,
        True,
        True,
        False,
    ]


def test_four_marks_stay(tmp_path):
    parts = [part(f"Part {number}.", SHORT) for number in range(3)]
    assert untouched(tmp_path, claude([part(RULES, SHORT)], user(parts)))


def test_a_mark_on_an_empty_text_goes_to_the_block_before(tmp_path):
    [after] = repaired(tmp_path, claude(RULES, user([text("First?"), part("", SHORT)])))
    assert after["messages"][0]["content"] == [part("First?", SHORT), text("")]


def test_a_plain_text_becomes_a_list_to_carry_the_mark(tmp_path):
    [after] = repaired(tmp_path, claude([text(RULES), part(" ", SHORT)], *ASK))
    assert after["system"] == [part(RULES, SHORT), text(" ")]
    [after] = repaired(tmp_path, claude(RULES, user([part("", SHORT), text("First?")])))
    assert after["system"] == [part(RULES, SHORT)]
    assert after["messages"][0]["content"] == [text(""), text("First?")]


def test_a_mark_on_thinking_is_left_out_where_the_block_before_has_one(tmp_path):
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "s", "cache_control": SHORT}
    [after] = repaired(
        tmp_path,
        claude([part(RULES, SHORT)], user([part("First?", SHORT)]), answer([thought]), user("So?")),
    )
    assert "cache_control" not in after["messages"][1]["content"][0]
    assert after["messages"][0]["content"] == [part("First?", SHORT)]


def test_a_mark_on_a_block_that_cannot_be_known_is_not_moved_there(tmp_path):
    strange = {"type": "hologram", "data": "x"}
    [after] = repaired(
        tmp_path, claude([part(RULES)], user([text("See."), strange, part("", SHORT)]))
    )
    assert after["messages"][0]["content"] == [part("See.", SHORT), strange, text("")]


def test_a_mark_moves_in_front_of_the_block_that_changes_with_each_turn(tmp_path):
    after = repaired(
        tmp_path,
        claude([text(RULES), part("It is 10:15:00.", SHORT)], *ASK),
        claude([text(RULES), part("It is 10:16:09.", SHORT)], *GO_ON),
    )
    assert [one["system"] for one in after] == [
        [part(RULES, SHORT), text("It is 10:15:00.")],
        [part(RULES, SHORT), text("It is 10:16:09.")],
    ]


def test_a_mark_is_added_where_a_block_only_changes_between_conversations(tmp_path):
    def ask(name: str, *messages: dict) -> dict:
        return claude([text(RULES), part(f"You talk to {name}. " * 40, SHORT)], *messages)

    after = repaired(tmp_path, ask("Ann", user("a?")), ask("Bob", user("b?")))
    marks = [["cache_control" in one for one in request["system"]] for request in after]
    assert marks == [[True, True], [True, True]]


def test_a_change_inside_of_the_marked_block_is_no_matter_of_marks(tmp_path):
    assert untouched(
        tmp_path,
        claude([part(f"{RULES} It is 10:15:00.", SHORT)], *ASK),
        claude([part(f"{RULES} It is 10:16:09.", SHORT)], *GO_ON),
    )


def test_marks_left_behind_follow_the_newest_message(tmp_path):
    head = [part(RULES, SHORT)]
    first = (user("Read it."), answer("Reading."), user([text(REPORT)]))
    after = repaired(
        tmp_path,
        claude(head, *first),
        claude(head, *first, answer("Read."), user("And now?")),
    )
    assert after[0]["messages"][-1]["content"] == [part(REPORT, SHORT)]
    assert after[1]["messages"][-1]["content"] == [part("And now?", SHORT)]


def test_marks_that_follow_already_stay(tmp_path):
    head = [part(RULES, SHORT)]
    first = (user("Read it."), answer("Reading."))
    assert untouched(
        tmp_path,
        claude(head, *first, user([part(REPORT, SHORT)])),
        claude(head, *first, user([text(REPORT)]), answer("Read."), user([part("So?", SHORT)])),
    )


def test_where_many_blocks_are_new_the_old_end_is_marked_too(tmp_path):
    head = [part(RULES, SHORT)]
    first = (user("Read it."), answer("Reading."), user([text(REPORT)]))
    after = repaired(
        tmp_path,
        claude(head, *first),
        claude(head, *first, answer("Read."), user(NOTES)),
    )
    assert after[1]["messages"][2]["content"] == [part(REPORT, SHORT)]
    assert after[1]["messages"][4]["content"][-1] == part(NOTES[-1]["text"], SHORT)


def test_an_entry_out_of_reach_is_marked_again(tmp_path):
    first = user([part("First?", SHORT)])
    after = repaired(
        tmp_path,
        claude(RULES, first),
        claude(RULES, user([text("First?")]), answer("So."), user([*NOTES, part("On.", SHORT)])),
    )
    assert after[1]["messages"][0] == first
    assert after[1]["messages"][2]["content"] == [*NOTES, part("On.", SHORT)]


def test_with_four_marks_in_use_an_old_one_gives_way(tmp_path):
    head = [part(RULES, SHORT)]
    opening = [part("One.", SHORT), part("Two.", SHORT)]
    rest = [text("One."), part("Two.")]
    after = repaired(
        tmp_path,
        claude(head, user(opening), tools=[tool("a", SHORT)]),
        claude(
            head,
            user(rest),
            answer("So."),
            user([*NOTES, part("Old.", SHORT), *NOTES, part("On.", SHORT)]),
            tools=[tool("a", SHORT)],
        ),
    )
    assert after[1]["messages"][0]["content"] == [text("One."), part("Two.", SHORT)]


def test_single_questions_mark_the_text_they_share(tmp_path):
    asked = [claude(RULES, user(f"{word}?"), cache_control=SHORT) for word in ("Why", "Who", "How")]
    after = repaired(tmp_path, *asked)
    assert [one["system"] for one in after] == [[part(RULES, SHORT)]] * 3


def test_nobody_is_made_to_pay_for_writing_who_did_not_ask_to(tmp_path):
    assert untouched(tmp_path, claude(RULES, *ASK), claude(RULES, *GO_ON))


def test_cache_points_of_bedrock_are_moved_as_elements(tmp_path):
    point = {"cachePoint": {"type": "default"}}

    def converse(system: list[dict], *words: str) -> dict:
        return {
            "modelId": "anthropic.claude-sonnet-4-5-20250929-v1:0",
            "inferenceConfig": {"maxTokens": 9},
            "system": system,
            "messages": [
                {"role": ("user", "assistant")[n % 2], "content": [{"text": word}]}
                for n, word in enumerate(words)
            ],
        }

    after = repaired(
        tmp_path,
        converse([{"text": RULES}, {"text": "It is 10:15:00."}, point], "a"),
        converse([{"text": RULES}, {"text": "It is 10:16:09."}, point], "a", "b", "c"),
    )
    assert after[1]["system"] == [{"text": RULES}, point, {"text": "It is 10:16:09."}]
    [after] = repaired(tmp_path, converse([{"text": RULES}, {"text": ""}, point], "a"))
    assert after["system"] == [{"text": RULES}, point, {"text": ""}]


def test_lifetimes_of_cache_points_are_put_in_order(tmp_path):
    hour = {"cachePoint": {"type": "default", "ttl": "1h"}}
    [after] = repaired(
        tmp_path,
        {
            "modelId": "anthropic.claude-sonnet-4-5-20250929-v1:0",
            "system": [{"text": RULES}, {"cachePoint": {"type": "default"}}, {"text": "a"}, hour],
            "messages": [{"role": "user", "content": [{"text": "First?"}]}],
        },
    )
    assert after["system"] == [{"text": RULES}, hour, {"text": "a"}, hour]


def test_a_turn_that_forgot_its_mark_gets_it_back(tmp_path):
    head = [part(RULES, SHORT)]
    first = (user("Read it."), answer("Reading."))
    after = repaired(
        tmp_path,
        claude(head, *first, user([part(REPORT, SHORT)])),
        claude(head, *first, user([text(REPORT)]), answer("Read."), user("So?")),
    )
    assert after[0]["messages"][-1]["content"] == [part(REPORT, SHORT)]
    assert after[1]["messages"][-1]["content"] == [part("So?", SHORT)]


def test_where_two_marks_are_needed_and_one_is_free_nothing_is_offered(tmp_path):
    head = [part(RULES, SHORT), part("Be brief.", SHORT)]
    first = (user("Read it."), answer("Reading."), user([text(REPORT)]))
    tools = [tool("a", SHORT)]
    assert untouched(
        tmp_path,
        claude(head, *first, tools=tools),
        claude(head, *first, answer("Read."), user(NOTES), tools=tools),
    )


def test_an_entry_behind_a_block_that_cannot_carry_a_mark_stays_out_of_reach(tmp_path):
    opening = user([text("First?"), {"type": "hologram", "data": "x"}])
    assert untouched(
        tmp_path,
        claude(RULES, opening, cache_control=SHORT),
        claude(RULES, opening, answer("So."), user(NOTES), cache_control=SHORT),
    )


def test_more_marks_than_anybody_sets_are_left_alone(tmp_path):
    parts = [part(f"Part {number}.", SHORT) for number in range(65)]
    assert untouched(tmp_path, claude([part(RULES, SHORT)], user(parts)))


def test_lines_that_an_edit_adds_do_not_matter_to_later_requests(tmp_path):
    wrong = claude([part(RULES, SHORT), part("Be brief.", LONG)], *ASK)
    data = json.dumps([wrong, wrong], indent=2).encode()
    after = json.loads(mended(tmp_path, data, "log.json"))
    assert [one["system"][0]["cache_control"] for one in after] == [LONG, LONG]


def test_two_causes_that_meet_in_one_mark_are_repaired_at_once(tmp_path):
    parts = [part(f"Part {number}.", LONG) for number in range(3)]
    [after] = repaired(
        tmp_path, claude([part(RULES, SHORT)], user(parts), tools=[tool("a", SHORT)])
    )
    assert codes_of(tmp_path, lines(after)) == []


def test_a_mark_that_is_given_twice_is_not_touched(tmp_path):
    parts = [part(f"Part {number}.", SHORT) for number in range(4)]
    data = lines(claude([part(RULES, SHORT)], user(parts)))
    twice = data.replace(b'"cache_control": {', b'"cache_control": null, "cache_control": {')
    assert mended(tmp_path, twice) == twice


def test_in_chat_completions_only_parts_of_messages_carry_marks(tmp_path):
    model = "anthropic/claude-sonnet-4.5"
    parts = user([text("First?"), part("", SHORT)])
    rules = {"role": "system", "content": RULES}
    [after] = repaired(tmp_path, {"model": model, "messages": [rules, parts]})
    assert after["messages"][1]["content"] == [part("First?", SHORT), text("")]
    [after] = repaired(tmp_path, {"model": model, "messages": [rules, user([part("", SHORT)])]})
    assert after["messages"] == [rules, user([text("")])]


def test_marks_in_a_body_that_is_written_as_text_stay(tmp_path):
    body = json.dumps(claude(RULES, user([text("First?"), part("", SHORT)])))
    assert untouched(tmp_path, {"request": body})


def test_a_system_message_among_the_others_gets_no_mark(tmp_path):
    note = {"role": "system", "content": "Be brief from now on."}
    [after] = repaired(tmp_path, claude(RULES, *ASK, note, user([part("", SHORT)])))
    assert after["messages"][:2] == [user([part("First?", SHORT)]), note]
