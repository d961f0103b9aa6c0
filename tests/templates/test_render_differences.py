from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from templates.making import rendered

from promptcost.templates.trace import diverge, encoded, shared_bytes, varying


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=40))
def test_shared_bytes_are_the_longest_common_prefix(head, one, other):
    length = shared_bytes(head + one, head + other)
    assert (head + one)[:length] == (head + other)[:length]
    assert (head + one)[: length + 1] != (head + other)[: length + 1] or one == other


def test_divergence_names_the_piece_on_either_side():
    one, other = rendered("a{{ x }}b", {"x": "1"}), rendered("a{{ x }}b", {"x": "12"})
    parted = diverge(one, other)
    assert (parted.offset, parted.before.start, parted.after.expression) == (2, 2, "x")


def test_divergence_past_the_end_has_no_piece():
    one, other = rendered("{{ x }}", {"x": "1"}), rendered("{{ x }}", {"x": "12"})
    assert diverge(one, other).before is None
    assert diverge(one, one) is None


def test_vanished_pieces_vary():
    text = "{% if x %}yes{% endif %}{% for i in y %}{{ i }},{% endfor %}end"
    one, other = rendered(text, {"x": 1, "y": [1, 2]}), rendered(text, {"x": 0, "y": [1]})
    data = encoded(one.text)
    found = [data[one.pieces[at].start : one.pieces[at].end] for at in sorted(varying(one, other))]
    assert found == [b"yes", b"2", b","]


def test_pieces_that_are_printed_more_often_do_not_vary():
    text = "{% for i in y %}{{ i }},{% endfor %}"
    one, other = rendered(text, {"y": [1]}), rendered(text, {"y": [1, 2]})
    assert varying(one, other) == frozenset()
