"""Which lines move with a value: those that begin with ``»``."""

from __future__ import annotations

import pytest

from promptcost.audit.repair.outline import Outline
from promptcost.audit.repair.units import sentence, unit
from promptcost.files.text import TextFile
from promptcost.templates.load import sources_in
from promptcost.templates.settings import Settings


def outline(text, name="p.j2"):
    (source,), _ = sources_in(TextFile(path=name, text=text), Settings())
    return Outline(source)


def marked(text, name="p.j2"):
    """Return the text with ``»`` before each line that moves with the value ``v``."""
    found = outline(text.replace("»", ""), name)
    number = next(n for n, line in enumerate(found.lines) if "v }" in line)
    first, last = unit(found, (number, number))
    return "\n".join(
        f"»{line}" if first <= number <= last else line for number, line in enumerate(found.lines)
    )


@pytest.mark.parametrize(
    "text",
    [
        "A is here.\n»It is {{ v }} now.\nB is there.",
        "You help.\n»Now: {{ v }}\nRules",
        "A.\n\n»It is {{ v }} now,\n»and a sentence goes on.\n\nB.",
        "A.\n»A long line that an editor broke somewhere: it has no end, of\n»John {{ v }}.\nB.",
        "»Here is the text\n»{{ v }}\nB is there.",
        "Name: {{ n }}\n»Age: {{ v }}\nB",
        "»{{ v }}\nB is there.",
        "A.\n\n»About {{ v }}\n»\n»and its friends.\n\nB.",
        "A.\n»You must\n»use {{ v }}.\nB.",
        "A.\n»You must use\n»\n»this {{ v }}.\nB.",
        "A.\n»The files: {{ v }}\n»\n»Use this as your map.\n\nB is of this.",
        "A.\n»Now: {{ v }}\n»They are so.\nB has three words before it.",
    ],
)
def test_a_sentence_moves_whole(text):
    assert marked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Rules:\n- Be brief.\n»- Today is {{ v }} here.\n- Be kind.",
        "Rules:\n- Be brief.\n»- Today is {{ v }} here,\n»  or it was.\n- Be kind.",
        "»Given:\n»- name: {{ n }}\n»- age: {{ v }}\nB.",
        "»Do:\n»1. Be brief.\n»2. Today is {{ v }} here.\nB.",
        "»Given:\n»- {{ v }}\n»- more\nB.",
        "A\n\n- Be brief.\n\n»1. Today is {{ v }} here.\n»2. Be kind.\n\n- B",
        "- A.\n»- Be {{ v }} and kind:\n»  - b\n- C.",
        "»| a | b |\n»|---|---|\n»| {{ v }} | c |\n\nB",
    ],
)
def test_an_item_moves_where_it_says_what_it_is_else_its_list(text):
    assert marked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "A.\n»The question is:\n»{{ v }}\nB is there.",
        "A.\n»The question is:\n»\n»{{ v }}\n\nB.",
        "A.\n»The **question**:\n»{{ w }}\n»{{ v }}\nB is there.",
        "Here:\nOne is it.\n»Two is {{ v }} now.\n\nB.",
        "»Here:\n»One is {{ w }} here.\n»Two is {{ v }} now.\n\nB.",
        "A.\n»Mind {{ v }} and:\n»- a\n»- b\n\nB.",
        "A.\n»Mind {{ v }} and:\n\n# B\nc",
    ],
)
def test_what_announces_a_text_moves_with_it(text):
    assert marked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "A.\n»{% if x %}\n»Now {{ v }}.\n»{% endif %}\nB.",
        "A.\n»{% for x in y %}\n»{% if x %}\n»{{ v }}\n»{% endif %}\n»{% endfor %}\nB.",
        "A.\n»{% if x %}{{ v }}{% endif %} is it.\nB.",
        "A.\n»{% filter upper %}\n»It is {{ v }} now.\n»{% endfilter %}\nB.",
        "A.\n»{% if x\n»  and y %}{{ v }}{% endif %} is it.\nB.",
        "{% raw %}\n{% if x %}\n{% endraw %}\n»It is {{ v }} now.\nB.",
        "{# {% if x %} #}\n»It is {{ v }} now.\n{% endif %}\nB.",
        "{% if a %}\nA.\n{% else %}\nC.\n{% endif %}\n»It is {{ v }} now.\nB.",
    ],
)
def test_a_block_moves_whole(text):
    assert marked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "A.\n»<context>\n»It is {{ v }} now.\n»Static.\n»</context>\nB.",
        "A.\n»<a>\n»<b k='1'>\n»{{ v }}\n»</b>\n»C\n»</a>\nB.",
        "Use <name> here.\n»It is {{ v }} now.\nB.",
        "Say <a>x</a>.\n»It is {{ v }} now.\nB </a>.",
        "A.\n»<doc id={{ i }}>\n»{{ v }}\n»</doc>\nB.",
        "<x/>\n»It is {{ v }} now.\n</x>",
        "A.\n»```\n»{{ v }}\n»```\nB.",
        "A.\n»The code is:\n»```python\n»{{ v }}\n»<a>\n»```\nB </a>.",
        "A.\n»---\n»{{ v }}\n»---\nB.",
        "A\n\n---\n\n»It is {{ v }} now.\n\n===\n\nB",
        "```\nopen\n»It is {{ v }} now.",
    ],
)
def test_an_element_or_a_fence_moves_whole(text):
    assert marked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "# A\nB.\n\n»# Now\n»It is {{ v }} now.\n\n# C\nd",
        "# A\nB.\n\n»# Now\n»{{ v }}\n»\n»Static.\n»\n»## More\n»Static.\n\n# C\nd",
        "# A\nStatic.\n\n»It is {{ v }} now.\n\n# C\nd",
        "# A\nStatic.\n\n»<b>\n»{{ v }}\n»</b>\n\n# C\nd",
        "**A**\nB.\n\n»**Now**\n»It is {{ v }} now.\n\n**C**\nd",
        "# A\n\n»## Now\n»It is {{ v }} now.\n\n## C\nd",
        "It is above.\n»It is {{ v }} now.\n\n# C\nd",
        "# A\nB.\n»<x>\n»# Now {{ v }}\n»</x>\n»Words say it.\n\n# D\ne",
        "»# A\n»\n»## Now\n»It is {{ v }} now.\n\n# C\nd",
        "```\n# no heading\n```\nStatic.\n»{{ v }} is it.\nB",
    ],
)
def test_a_heading_moves_with_its_whole_body(text):
    assert marked(text) == text


def test_fields_of_a_format_string_are_values():
    text = "You are {who}, and {{this}} is no field.\n»Now: {v }\nB is there."
    assert marked(text, "p.txt") == text


def test_chain_without_an_end_moves_as_a_whole():
    text = "".join(f"Text {letter} comes now:\n\n" for letter in "abcdefgh" * 9) + "{{ v }}\n\nB."
    assert unit(outline(text), (144, 144)) == (0, 146)


def test_names_of_roles_announce_nothing():
    text = "user:\n»It is {{ v }} now.\n\nB"
    assert marked(text) == text


def test_sentence_without_a_value_is_not_taken_out():
    assert sentence(outline("It is so. It was so.\n"), (0, 0)) is None
    assert sentence(outline("It is so. It was {{ v }}.\n"), (0, 0)) == (10, 25)
    assert sentence(outline("So be kind. I am {{ v }}. Use it.\n"), (0, 0)) is None
