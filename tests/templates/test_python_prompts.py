from __future__ import annotations

import pytest

from promptcost.files.text import TextFile
from promptcost.model.span import Span
from promptcost.templates import Limits, Settings, discover, load, prepare
from promptcost.templates._python_strings import NotReadable, read_literals
from promptcost.templates.python_file import python_sections

LONG = "Answer in the language of the question, name your sources, and never guess a number. " * 3


def sections(text):
    made, problems = python_sections(TextFile(path="p.py", text=text), Settings())
    return [section for section, _ in made], problems


def parts(source):
    return [(part.text, part.is_field) for part in read_literals(source, 0, len(source))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"plain"', [("plain", False)]),
        ("'a' \"b\"", [("a", False), ("b", False)]),
        ("'a'  # note\n  'b'", [("a", False), ("b", False)]),
        ('f"a{x}b"', [("a", False), ("x", True), ("b", False)]),
        ('f"{{x}}"', [("{", False), ("x", False), ("}", False)]),
        ('f"{x!r:>{width}}"', [("x", True)]),
        ('f"{x:[}" "}"', [("x", True), ("}", False)]),
        ('f"{x = }"', [("x", True)]),
        ('f"{a == b}"', [("a == b", True)]),
        ("f\"{d['k:}']}\"", [("d['k:}']", True)]),
        ("f\"{d['a\\'b']}\"", [("d['a\\'b']", True)]),
        ('f"{f({1: 2})}"', [("f({1: 2})", True)]),
        (r'"a\n\x41\u0042\N{DIGIT ONE}"', [("a", False), ("\n", False), ("A", False),
                                           ("B", False), ("1", False)]),
        (r'"q\"q"', [("q", False), ('"', False), ("q", False)]),
        ('"a\\\nb"', [("a", False), ("", False), ("b", False)]),
        (r'r"a\n{x}"', [("a\\n{x}", False)]),
        ('"""a\n"b" """', [('a\n"b" ', False)]),
        ('""', []),
    ],
)  # fmt: skip
def test_literal_is_read_part_by_part(source, expected):
    assert parts(source) == expected


@pytest.mark.parametrize(
    "source", ['b"bytes"', "name", '"open', 'f"}"', 'f"{x', r'"\N{NO SUCH SIGN}"', '"a\\', "f'{\"'"]
)
def test_what_is_no_text_is_not_readable(source):
    with pytest.raises(NotReadable):
        parts(source)


def test_prompt_is_named_after_its_variable_function_or_class():
    text = (
        f'A = f"{LONG}{{x}}"\nB: str = f"{LONG}{{x}}"\nclass C:\n    D = f"{LONG}{{x}}"\n'
        f'    def e(self):\n        return f"{LONG}{{x}}", f"{LONG}{{y}}"\n'
    )
    assert [section.name for section in sections(text)[0]] == ["A", "B", "C.D", "C.e", "C.e#2"]


def test_docstrings_messages_and_texts_without_placeholder_are_no_prompts():
    text = (
        f'"""{LONG}{{x}}"""\ndef f():\n    """{LONG}{{x}}"""\nraise E(f"no {{x}}")\nS = "{LONG}"\n'
    )
    found, problems = sections(text)
    assert (found, [problem.message for problem in problems]) == (
        [],
        ["holds no prompt that can be read without running it"],
    )


def test_bad_python_is_a_problem_with_its_line():
    found, problems = sections("x = (\n")
    assert (found, problems[0].message, problems[0].line) == ([], "is not Python", 1)


def rendered(text, context, tmp_path):
    path = tmp_path / "p.py"
    path.write_bytes(text.encode())
    sources, problems = load(path, settings=Settings(), limits=Limits())
    assert problems == []
    template = prepare(sources[0], root=tmp_path, limits=Limits())
    return template, template.render(context, Limits())


def test_f_string_renders_as_jinja_with_places_of_the_file(tmp_path):
    text = f'# ä\nP = f"""{{{{"a": 1}}}} {LONG}\nä {{user.name}} and {{len(rows)}}.\n"""\n'
    template, made = rendered(text, {"user": {"name": "Ann"}, "len": len, "rows": [1]}, tmp_path)
    assert made.text == f'{{"a": 1}} {LONG}\nä Ann and 1.\n'
    data = text.encode()
    spans = [piece.span for piece in made.pieces if piece.expression]
    assert [data[span.start : span.end].decode() for span in spans] == [
        "{user.name}",
        "{len(rows)}",
    ]
    assert isinstance(spans[0], Span)
    assert [use.name for use in template.variables] == ["user.name", "rows", "len"]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("self.task", ["task"]),
        ("self.db.rows(query)", ["query", "db.rows"]),
        ("', '.join(f'{t.name}' for t in tools)", ["tools", "python"]),
        ("[x for x in items if x > limit]", ["items", "limit", "python"]),
        ("(lambda: 1)()", ["python"]),
        ("items[0].text if items else fallback", ["items", "items[].text", "fallback"]),
    ],
)
def test_expression_keeps_the_names_it_reads(expression, names, tmp_path):
    template, _ = rendered(f'P = f"""{LONG}{{{expression}}}"""\n', {}, tmp_path)
    assert {use.name for use in template.variables} == set(names)


def test_long_text_with_placeholders_is_a_format_string(tmp_path):
    text = f'P = "{LONG}{{question}}"\n'
    _, made = rendered(text, {"question": "Why?"}, tmp_path)
    assert made.text == f"{LONG}Why?"


def test_python_files_with_prompts_are_found_in_directories(tmp_path):
    (tmp_path / "prompts.py").write_text(f'PROMPT = f"{LONG}{{x}}"\n')
    (tmp_path / "other.py").write_text("prompt = f'{x}'\n")
    (tmp_path / "plain.py").write_text("x = 1\n")
    (tmp_path / "binary.py").write_bytes(b"prompt\0\0{")
    assert discover([tmp_path]) == ([tmp_path / "prompts.py"], [])


@pytest.mark.parametrize(
    "field",
    [
        "(" * 90 + "city" + ")" * 90,
        "[0 for _ in " + "[" * 80 + "city" + "]" * 80 + "]",
        "(lambda: city" + "().name" * 400 + ")",
        "city" + ".name" * 500,
    ],
)
def test_a_field_nested_too_deeply_for_jinja_still_depends_on_its_names(field):
    ((section,), problems) = sections(f'PROMPT = f"{LONG}{{{field}}}"\n')
    assert "city" in section.text
    assert problems == []


def test_a_text_of_endless_fields_is_not_read():
    many = 'PROMPT = f"' + LONG + "{a}" * 5_001 + '"\nOTHER = f"' + LONG + '{b}"\n'
    assert [section.name for section in sections(many)[0]] == ["OTHER"]
