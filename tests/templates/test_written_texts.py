from __future__ import annotations

import pytest

from promptcost.files.text import TextFile
from promptcost.templates.load import sources_in
from promptcost.templates.settings import Settings
from promptcost.templates.textmap import normalise
from promptcost.templates.written import Run, checked, indented, inside, lines_of, plainly

LONG = "Answer in one sentence and name the file you took it from, never more than that. " * 3


def the_source(text, name):
    sources, _ = sources_in(TextFile(path=name, text=text), Settings())
    return next(source for source in sources if "now" in source.text)


def raw_lines(text, name):
    """Return each line of the template as it reads and as it is written."""
    found = the_source(text, name)
    lines = lines_of(found.written())
    assert "\n".join(line.text for line in lines) == normalise(found.text)
    return [(line.text, text[line.start : line.stop]) for line in lines]


@pytest.mark.parametrize(
    ("container", "name", "expected"),
    [
        ("a {{ now }}\nb", "p.j2", [("a {{ now }}", "a {{ now }}"), ("b", "b")]),
        ("a {{ now }}\r\nb", "p.j2", [("a {{ now }}", "a {{ now }}"), ("b", "b")]),
        (
            "k: |\n  a {{ now }}\n\n   b\n",
            "p.yaml",
            [("a {{ now }}", "  a {{ now }}"), ("", ""), (" b", "   b"), ("", "")],
        ),
        ("k: |-\n  {{ now }}\n  b\n\n", "p.yaml", [("{{ now }}", "  {{ now }}"), ("b", "  b")]),
        ("k: |2\n    {{ now }}\n", "p.yaml", [("  {{ now }}", "    {{ now }}"), ("", "")]),
        (
            r'k: "a \"{{ now }}\"\n\tb \u00e9"',
            "p.yaml",
            [('a "{{ now }}"', r"a \"{{ now }}\""), ("\tb é", r"\tb \u00e9")],
        ),
        (
            'k: "{{ now }}\\n\\\n    b \\\n    c"',
            "p.yaml",
            [("{{ now }}", "{{ now }}"), ("b c", "\\\n    b \\\n    c")],
        ),
        ("k: 'it''s {{ now }}'", "p.yaml", [("it's {{ now }}", "it''s {{ now }}")]),
        ("k: it is {{ now }}", "p.yaml", [("it is {{ now }}", "it is {{ now }}")]),
        (
            'k = """\n{{ now }}\\t\nb \\\n   c"""',
            "p.toml",
            [("{{ now }}\t", "{{ now }}\\t"), ("b c", "b \\\n   c")],
        ),
        ("k = '''\n{{ now }}\\t\nb'''", "p.toml", [("{{ now }}\\t", "{{ now }}\\t"), ("b", "b")]),
        ("k = '''{{ now }}'b''''", "p.toml", [("{{ now }}'b'", "{{ now }}'b'")]),
        ('k = "{{ now }}\\nb"', "p.toml", [("{{ now }}", "{{ now }}"), ("b", "b")]),
        ("---\nname: x\n---\n{{ now }}\nb", "p.prompty", [("{{ now }}", "{{ now }}"), ("b", "b")]),
        (
            f'P = """\\\n{{{{ now }}}}\n{LONG}\\t"""',
            "p.py",
            [("{{ now }}", "{{ now }}"), (f"{LONG}\t", f"{LONG}\\t")],
        ),
        (
            f'P = "{{{{ now }}}}\\n{LONG}"',
            "p.py",
            [("{{ now }}", "{{ now }}"), (LONG, LONG)],
        ),
        (
            f'P = f"""{{now}} {{{{x}}}}\n{LONG}"""',
            "p.py",
            [("\ue000 now \ue001 \ue000 x \ue001", "{now} {{x}}"), (LONG, LONG)],
        ),
    ],
)
def test_lines_of_a_text_are_found_as_they_are_written(container, name, expected):
    assert raw_lines(container, name) == expected


@pytest.mark.parametrize(
    ("container", "name"),
    [
        ("k: >\n  {{ now }}\n  b\n", "p.yaml"),
        ("k: {{ now }} a\n  b", "p.yaml"),
        ("k: 'a {{ now }}\n  b'", "p.yaml"),
        ('k: "a {{ now }}\n  b"', "p.yaml"),
        ("k: &a |\n  {{ now }}\nl: *a\n", "p.yaml"),
        ("k: &a\n  m: |\n    {{ now }}\nl:\n  <<: *a\n", "p.yaml"),
        (f'P = ("{{{{ now }}}}\\n"\n     "{LONG}")', "p.py"),
        (f'P = f"{{now}}\\n" "{LONG}"', "p.py"),
    ],
)
def test_text_that_is_folded_joined_or_shared_is_not_written_in_lines(container, name):
    sources, _ = sources_in(TextFile(path=name, text=container), Settings())
    assert [source.written() for source in sources if "now" in source.text][:1] in ([None], [])


def test_anchor_that_nothing_repeats_is_no_obstacle():
    assert raw_lines("k: &a |\n  {{ now }}\nl: &b 1\nm: *b\n", "p.yaml")[0][0] == "{{ now }}"


def test_second_of_two_equal_values_stands_in_its_own_place():
    text = 'a = "{{ now }}"\nb = "{{ now }}"\n'
    sources, _ = sources_in(TextFile(path="p.toml", text=text), Settings())
    assert [source.written()[0].start for source in sources] == [5, 21]


def test_lines_whose_indentation_is_no_blank_are_unknown():
    assert indented("a\n", "xa\n", 0, 3) is None
    assert indented("abc\n", "b\n", 0, 2) is None
    assert indented("a\nb\n", "a", 0, 1) is None


def test_runs_that_read_otherwise_are_refused():
    assert checked(plainly("ab"), "ac") is None
    assert checked((), "") is None
    assert inside([Run("", 0, 2), Run("a", 2, 3), Run("", 3, 9)]) == (Run("a", 2, 3),)
    assert inside([Run("", 0, 2)]) == ()
