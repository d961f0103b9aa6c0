"""Whatever is undone: no token is lost, marks keep their order, parts stay inside the prompt."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from promptcost.model.recording import Occurrence, Remedy
from promptcost.simulate.recorded.scene import scenes
from promptcost.simulate.recorded.tape import Blocks, Take, Tape
from promptcost.simulate.recorded.undo import undo_of

KINDS = 12  # different blocks
TOKENS = [7 * number + 1 for number in range(KINDS)]
IN_PLACE = (Remedy.SAME_TEXT, Remedy.MOVED, Remedy.SORTED, Remedy.EARLIER_MARK)


@st.composite
def tapes(draw):
    """Draw a few requests of one conversation with parts and marks anywhere."""
    takes = []
    for number in range(draw(st.integers(2, 5))):
        blocks = draw(st.lists(st.integers(0, KINDS - 1), min_size=1, max_size=9))
        tools = draw(st.integers(0, len(blocks)))
        head = draw(st.integers(tools, len(blocks)))
        depths = draw(st.sets(st.integers(1, len(blocks)), max_size=4))
        takes.append(
            Take(
                id=("log.jsonl", number),
                program=(0, 0),
                previous=number - 1,
                api="anthropic.messages",
                model="m",
                blocks=array("I", blocks),
                tools=tools,
                head=head,
                opening=draw(st.integers(head, len(blocks))),
                marks=tuple((depth, None) for depth in sorted(depths)),
                automatic=(),
                shuts=False,
                time=None,
                tenant="",
                user="",
                key="",
                settings={},
                images=False,
            )
        )
    table = Blocks(
        sizes=[4 * tokens for tokens in TOKENS],
        pieces=[(bytes([number]),) for number in range(KINDS)],
        tokens={"t": list(TOKENS)},
    )
    return Tape(takes=takes, blocks=table, number_of={one.id: n for n, one in enumerate(takes)})


@st.composite
def occurrences(draw, tape, remedies):
    made = []
    for _ in range(draw(st.integers(0, 6))):
        now = draw(st.integers(1, len(tape.takes) - 1))
        shorter = min(len(tape.takes[now].blocks), len(tape.takes[now - 1].blocks))
        made.append(
            Occurrence(
                remedy=draw(st.sampled_from(remedies)),
                now=tape.takes[now].id,
                was=tape.takes[now - 1].id,
                block=draw(st.integers(0, shorter - 1)),
                kept=draw(st.integers(0, 60)),
                in_turn=draw(st.booleans()),
            )
        )
    return made


@given(st.data())
def test_no_token_is_lost_where_text_only_changes_its_place(data):
    tape = data.draw(tapes())
    found = data.draw(occurrences(tape, IN_PLACE))
    made = list(scenes(tape, undo_of(tape, found)))
    tokens = tape.blocks.tokens["t"]
    recorded = [sum(tokens[block] for block in scene.take.blocks) for scene in made]
    played = [sum(tokens[block] for block in (*scene.blocks, *scene.moved)) for scene in made]
    # A version shorter than what all versions are taken to say is counted as long as that.
    assert all(now >= then for now, then in zip(played, recorded, strict=True))
    exact = not any(one.remedy in {Remedy.SAME_TEXT, Remedy.EARLIER_MARK} for one in found)
    assert not exact or played == recorded


@given(st.data())
def test_parts_and_marks_stay_inside_of_the_prompt_and_in_order(data):
    tape = data.draw(tapes())
    found = data.draw(occurrences(tape, (*IN_PLACE, Remedy.ALL_TOOLS, Remedy.APPENDED)))
    for scene in scenes(tape, undo_of(tape, found)):
        end = len(scene.blocks)
        assert 0 <= scene.tools <= scene.head <= end
        assert all(0 <= depth <= end for depth, _ in scene.marks)
        depths = [depth for depth, _ in scene.marks]
        assert depths == sorted(depths)
