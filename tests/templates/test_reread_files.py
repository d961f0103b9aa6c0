from __future__ import annotations

import pytest

from promptcost.files.text import TextFile
from promptcost.templates.load import sources_in
from promptcost.templates.reread import reread
from promptcost.templates.settings import Settings

LONG = "Answer in one sentence and name the file you took it from, never more than that. " * 3
YAML = "a: '{{ x }}'\nb: 1\nc: |\n  {{ y }}\n  z\n"


def source(text, name, number=0):
    return sources_in(TextFile(path=name, text=text), Settings())[0][number]


def test_changed_template_is_returned():
    after = YAML.replace("{{ y }}\n  z", "z\n  {{ y }}")
    assert reread(source(YAML, "p.yaml", 1), after, "z\n{{ y }}\n", Settings()).section == "c"


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        (YAML, "{{ y }}\nz\n"),
        (YAML.replace("{{ y }}\n  z", "z\n  {{ y }}"), "z\n{{ y }}"),
        (YAML.replace("{{ x }}", "{{ w }}"), "{{ y }}\nz\n"),
        (YAML.replace("{{ y }}", "{{ v }}").replace("b: 1", "b: 2"), "{{ v }}\nz\n"),
        (YAML.replace("{{ y }}", "{{ v }}").replace("b:", "d:"), "{{ v }}\nz\n"),
        (YAML.replace("{{ y }}", "{{ v }}") + "e: 1\n", "{{ v }}\nz\n"),
        (YAML.replace("{{ y }}", "v"), "v\nz\n"),
        (YAML.replace("{{ y }}", "{v}" + LONG), f"{{v}}{LONG}\nz\n"),
        (YAML.replace("c:", "c"), "{{ y }}\nz\n"),
    ],
)
def test_file_in_which_something_else_changed_is_refused(after, wanted):
    assert reread(source(YAML, "p.yaml", 1), after, wanted, Settings()) is None


def test_equal_templates_are_told_apart_by_their_place():
    text = "a: '{{ x }}'\n---\na: '{{ x }}'\n"
    second = source(text, "p.yaml", 1)
    after = "a: '{{ x }}'\n---\na: '{{ x | sort }}'\n"
    found = reread(second, after, None, Settings())
    assert found.text == "{{ x | sort }}"
    first = "a: '{{ x | sort }}'\n---\na: '{{ x }}'\n"
    assert reread(second, first, None, Settings()) is None


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ('a = "{{ x }}"\nb = "y"\n', 'a = "{{ z }}"\nb = "z"\n', "p.toml"),
        ('a = "{{ x }}"\n', 'a = "{{ z }}\n', "p.toml"),
        (f'P = "{{{{ x }}}} {LONG}"\nQ = "y"', f'P = "{{{{ z }}}} {LONG}"\nQ = "z"', "p.py"),
        (f'P = "{{{{ x }}}} {LONG}"', f'P = "{{{{ z }}}} {LONG}', "p.py"),
        (f'P = "{{{{ x }}}} {LONG}"', f'P = "{{{{ z }}}} {LONG}" + f"{{1}}"', "p.py"),
    ],
)
def test_texts_that_are_no_prompts_count_too(before, after, name):
    assert reread(source(before, name), after, None, Settings()) is None


def test_whole_file_and_python_text_are_read_again():
    assert reread(source("{{ x }}\r\na", "p.j2"), "a\n{{ x }}", "a\n{{ x }}", Settings())
    python = f'P = f"""{{x}}\n{LONG}"""'
    assert reread(source(python, "p.py"), python.replace("{x}", "{y}"), None, Settings())


def test_source_of_another_file_is_not_found_again():
    other = source("{{ x }}", "p.j2")
    assert reread(source("{{ y }}", "p.j2"), "{{ z }}", None, Settings()) is not None
    stranger = source("b: 1\n" + YAML, "p.yaml", 1)
    assert stranger.section == "c"
    assert reread(other, "{{ x }}", None, Settings()) is None
