"""What is read from the source of a builder without running it."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from promptcost.audit.builders.slots import best_slot, slots_of
from promptcost.audit.builders.unordered import makes_sets, read_sets
from promptcost.audit.builders.uses import find_assignment, find_function, parameter_uses
from promptcost.model.span import Span
from promptcost.templates.uses import Use

SPAN = Span(source="prompts.py", start=0, end=0)


def _slot(source, text, part):
    """Return the source of the best slot for a part of a prompt, as it stands in the file."""
    tree = ast.parse(source)
    start = text.index(part)
    found = best_slot(slots_of(source, tree), text, start, start + len(part))
    return None if found is None else source.encode()[found[1].start : found[1].end].decode()


@pytest.mark.parametrize(
    ("source", "text", "part", "expected"),
    [
        ("f'Now: {now()}.'", "Now: 09:30.", "09:30", "{now()}"),
        ("f'Now: {now()}.'", "Now: 2026-01-05 09:30.", "05", "{now()}"),
        ("f'Grüße an {name}!'", "Grüße an Ada!", "Ada", "{name}"),
        ("f'From {a} to {b}.'", "From x to y.", "y", "{b}"),
        ("'Now: {now}.'.format(now=now)", "Now: 09:30.", "09:30", "{now}"),
        ("'Now: %s.' % now", "Now: 09:30.", "09:30", "%s"),
        ("'Now: %(now)s.' % {}", "Now: 09:30.", "09:30", "%(now)s"),
        ("Template('Now: $now.')", "Now: 09:30.", "09:30", "$now"),
        ("'Now: ' + now() + '.'", "Now: 09:30.", "09:30", "now()"),
        ("now() + ' is now'", "09:30 is now", "09:30", "now()"),
        ("'Rules\\nNow: ' + now()", "Rules\nNow: 09:30", "09:30", "now()"),
        ('f"""Head\nNow: {now}\nTail"""', "Head\nNow: 09:30\nTail", "09:30", "{now}"),
        ("f'{now} is it'", "09:30 is it", "09:30", "{now}"),
        ("f'{a}\\n{b}'", "x\ny", "x", None),
        ("f'Later: {now}.'", "Now: 09:30.", "09:30", None),
        ("f'Now: {now}!'", "Now: 09:30.", "09:30", None),
        ("f'Now: {now}'", "Now: \n\nsomething else 09:30", "09:30", None),
        ("'Now: 09:30'", "Now: 09:30.", "09:30", None),
    ],
)
def test_a_slot_is_known_by_its_neighbours(source, text, part, expected):
    assert _slot(source, text, part) == expected


def test_the_nearer_neighbour_wins():
    source = "f'Time: {a}, zone: {b}'\nf'zone: {c}'\nf'Time: {d}, zone: {e}'"
    assert _slot(source, "Time: 09:30, zone: UTC", "09:30") == "{a}"


def _uses(source, whole="", **annotations):
    tree = ast.parse(dedent(source))
    function = find_function(tree, 1)
    return {use.name: use for use in parameter_uses(annotations, function, SPAN, whole)}


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("return p", {"p"}),
        ("return p.name", {"p", "p.name"}),
        ("return p['name']", {"p", "p.name"}),
        ("return p.get('name', '')", {"p", "p.name"}),
        ("return p.user['name']", {"p", "p.user", "p.user.name"}),
        ("return p.strip().upper()", {"p"}),
        ("return p['not a name']", {"p"}),
        ("return p[0]", {"p"}),
        ("return [x.title for x in p]", {"p", "p[].title"}),
        ("return [x['title'] for n, x in enumerate(p)]", {"p", "p[].title"}),
        ("return [x.title for x in sorted(p)]", {"p", "p[].title"}),
        ("return [v.title for k, v in p.items()]", {"p", "p{}.title"}),
        ("return [v.title for v in p.other]", {"p", "p.other", "p.other[].title"}),
        ("return [x for x in range(3)]", {"p"}),
        ("return [x for x in 'text'.split()]", {"p"}),
        ("return q.name", {"p"}),
    ],
)
def test_paths_below_a_parameter(body, names):
    assert set(_uses(f"def f(p):\n    {body}\n", p="")) == names


@pytest.mark.parametrize(
    ("annotation", "uses", "methods", "tests"),
    [
        ("", {Use.PRINTED}, (), ()),
        ("str", {Use.PRINTED}, (), ()),
        ("list[str]", {Use.PRINTED, Use.ITERATED}, (), ()),
        ("Sequence[str] | None", {Use.PRINTED, Use.ITERATED}, (), ()),
        ("dict[str, str]", {Use.PRINTED}, ("items",), ()),
        ("int", {Use.PRINTED}, (), ("number",)),
        ("Interval", {Use.PRINTED}, (), ()),
    ],
)
def test_annotations_say_what_a_parameter_is(annotation, uses, methods, tests):
    use = _uses("def f(p):\n    pass\n", p=annotation)["p"]
    assert (use.uses, use.methods, use.tests) == (frozenset(uses), methods, tests)


@pytest.mark.parametrize("name", ["history", "messages"])
def test_a_list_of_messages_has_roles_and_contents(name):
    found = _uses("def f():\n    pass\n", **{name: "list[dict]"})
    assert set(found) == {name, f"{name}[].role", f"{name}[].content"}


def test_the_keys_of_a_whole_context_are_parameters():
    source = "def f(context):\n    return context['user'].name + context['topic']\n"
    assert set(_uses(source, whole="context", context="")) == {"user", "user.name", "topic"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("for x in {1, 2}: pass", ["{1, 2}"]),
        ("', '.join({'a', 'b'})", ["{'a', 'b'}"]),
        ("f'{set(x)}'", ["set(x)"]),
        ("[*frozenset(x)]", ["frozenset(x)"]),
        ("TAGS = {1}\nlist(TAGS)", ["TAGS"]),
        ("TAGS = {1}\nlist(TAGS | other)", ["TAGS | other"]),
        ("', '.join(x.upper() for x in {y for y in z})", ["{y for y in z}"]),
        ("', '.join(sorted({1, 2}))", []),
        ("x in {1, 2}", []),
        ("list({'a': 1})", []),
        ("TAGS = [1]\nlist(TAGS)", []),
    ],
)
def test_sets_that_are_gone_through(source, expected):
    tree = ast.parse(source)
    assert [ast.unparse(node) for node in read_sets(tree, tree)] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [("x = {1}", True), ("x = set()", True), ("x = {}", False), ("x = offset()", False)],
)
def test_whether_sets_are_made(source, expected):
    assert makes_sets(ast.parse(source)) is expected


def test_a_function_is_found_by_the_line_of_its_first_decorator():
    tree = ast.parse("x = 1\n@a\n@b\nasync def f(): pass\ndef g(): pass\n")
    assert find_function(tree, 2).name == "f"
    assert find_function(tree, 5).name == "g"
    assert find_function(tree, 4) is None


def test_the_last_assignment_counts():
    tree = ast.parse("P = 'a'\nQ: str = 'q'\nif x:\n    P = 'b'\nf(P).x = 1\n")
    assert find_assignment(tree, "P").lineno == 4
    assert find_assignment(tree, "Q").lineno == 2
    assert find_assignment(tree, "R") is None
