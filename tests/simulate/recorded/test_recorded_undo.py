"""What is done to recorded requests, and what is left alone."""

from __future__ import annotations

import pytest
from simulate.recorded.logs import SHORT, claude, history, log, text

from promptcost.model.recording import Occurrence, Remedy
from promptcost.simulate.recorded.scene import scenes
from promptcost.simulate.recorded.tape import read_tape
from promptcost.simulate.recorded.undo import undo_of
from promptcost.tokens import NO_OWN_TOKENIZERS


@pytest.fixture
def tape(tmp_path):
    """Give three turns of a conversation whose first system block changes."""
    records = [
        claude([text(f"Step {n} of many."), text("Be kind.", SHORT)], history("Ann", n, SHORT))
        for n in (1, 2, 3)
    ]
    path = log(tmp_path / "log.jsonl", records)
    return read_tape([path], {"claude-2024": NO_OWN_TOKENIZERS.counter("claude-2024")})


def occurrence(tape, remedy, now, was=None, **more):
    ids = [take.id for take in tape.takes]
    return Occurrence(
        remedy=remedy, now=ids[now], was=None if was is None else ids[was], in_turn=True, **more
    )


def test_a_tape_holds_numbers_only(tape):
    first, second, third = tape.takes
    assert [len(take.blocks) for take in tape.takes] == [3, 5, 7]
    assert second.blocks[1:3] == first.blocks[1:3]
    assert (first.tools, first.head, first.opening, third.opening) == (0, 2, 3, 3)
    assert (first.previous, second.previous, third.previous) == (-1, 0, 1)
    assert third.marks == ((2, None), (7, None))
    assert [len(pieces) for pieces in tape.blocks.pieces][:3] == [1, 1, 1]


def test_nothing_undone_is_everything_as_recorded(tape):
    for scene in scenes(tape, undo_of(tape, [])):
        assert list(scene.blocks) == scene.take.blocks.tolist()
        assert (scene.tools, scene.head, scene.marks) == (0, 2, scene.take.marks)
        assert (scene.moved, scene.nearer, scene.settings) == ((), 0, None)


def test_versions_of_a_text_become_one_and_the_rest_stands_behind(tape):
    pairs = [occurrence(tape, Remedy.SAME_TEXT, n, n - 1, block=0, kept=14) for n in (1, 2)]
    made = list(scenes(tape, undo_of(tape, pairs)))
    assert len({scene.blocks[0] for scene in made}) == 1
    assert len({scene.moved for scene in made}) == 3
    tokens = tape.blocks.tokens["claude-2024"]
    for scene in made:
        assert tokens[scene.blocks[0]] + tokens[scene.moved[0]] == tokens[scene.take.blocks[0]]


def test_a_moved_block_is_gone_from_its_place_and_marks_follow(tape):
    undo = undo_of(tape, [])
    undo.moved = {tape.takes[1].blocks[0]: True}
    _, scene, _ = scenes(tape, undo)
    assert list(scene.blocks) == scene.take.blocks.tolist()[1:]
    assert (scene.head, scene.marks) == (1, ((1, None), (4, None)))
    assert scene.moved == (scene.take.blocks[0],)


def test_what_stays_in_a_conversation_stands_behind_its_first_question(tape):
    undo = undo_of(tape, [])
    undo.moved = {tape.takes[2].blocks[0]: False}
    *_, scene = scenes(tape, undo)
    first, *others = scene.take.blocks.tolist()
    assert list(scene.blocks) == [*others[:2], first, *others[2:]]
    assert (scene.marks, scene.moved) == (((1, None), (7, None)), ())


@pytest.mark.parametrize(
    "one",
    [
        Occurrence(remedy=Remedy.SAME_TEXT, now=("log.jsonl", 1), was=("log.jsonl", 0)),
        Occurrence(remedy=Remedy.SORTED, now=("none.jsonl", 0)),
    ],
)
def test_requests_that_are_not_played_change_nothing(tape, one):
    undo = undo_of(tape, [one])
    assert (undo.same, undo.sorted, undo.moved) == ({}, set(), {})


def test_a_partner_that_is_not_played_changes_nothing(tape):
    one = Occurrence(remedy=Remedy.SAME_TEXT, now=tape.takes[1].id, was=("none.jsonl", 0))
    assert undo_of(tape, [one]).same == {}


def test_blocks_that_neither_came_nor_went_stay(tape):
    undo = undo_of(tape, [occurrence(tape, Remedy.MOVED, 1, 0, block=0)])
    assert undo.moved == {}
