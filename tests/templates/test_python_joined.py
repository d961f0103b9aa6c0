"""Prompts that Python source puts together from several texts."""

from __future__ import annotations

import pytest

from promptcost.files.text import TextFile
from promptcost.templates import Settings
from promptcost.templates.python_file import python_sections

LONG = "Answer in the language of the question, name your sources, and never guess a number. " * 3
SIGNS = str.maketrans({"\ue000": "{{", "\ue001": "}}", "\ue002": "{%", "\ue003": "%}"})


def sections(*lines):
    text = "\n".join(lines).replace("LONG", LONG) + "\n"
    made, _ = python_sections(TextFile(path="p.py", text=text), Settings())
    return [(section.name, section.text.translate(SIGNS).replace(LONG, "LONG"))
            for section, _ in made]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('p = "Say: " + q + "LONG"', "Say: {{ q }}LONG"),
        ('p = "Say: " + f"{q}!" + ("LONG" + r)', "Say: {{ q }}!LONG{{ r }}"),
        ('p = " ".join(["Say:", q, *rest, "LONG"])', "Say: {{ q }} {{ rest }} LONG"),
        ('p = "".join(("Say: ", f"{q}", "LONG"))', "Say: {{ q }}LONG"),
        ('p = textwrap.dedent("Say: " + q + "LONG").strip()', "Say: {{ q }}LONG"),
        ('p = ("Q: {q}\\n" + "LONG").format(q=1)', "Q: {q}\nLONG"),
        ('p = "A" + ("yes" if x is None else f"{q}") + "LONG"',
         "A{% if x is none %}yes{% else %}{{ q }}{% endif %}LONG"),
    ],
)  # fmt: skip
def test_expression_of_several_texts_is_one_prompt(source, expected):
    assert sections(source) == [("p", expected)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['p = f"Say {a}"', 'p += "LONG"', "p += q"], "Say {{ a }}LONG{{ q }}"),
        (['p = ""', "if x:", '    p += f"{a}"', "elif y:", '    p += "B"', "else:", "    p += c",
          'p += "LONG"'],
         "{% if x %}{{ a }}{% else %}{% if y %}B{% else %}{{ c }}{% endif %}{% endif %}LONG"),
        (['p: str = "A"', "for i, d in enumerate(docs, 1):", '    p += f"- {d}"', 'p += "LONG"'],
         "A{% for d in docs %}- {{ d }}{% endfor %}LONG"),
        (['p = "A"', "for k, v[0] in pairs:", "    p += k", 'p += "LONG"'],
         "A{% for k, _ in pairs %}{{ k }}{% endfor %}LONG"),
        (['p = "A"', "with lock:", "    p += q", 'p = p + "LONG"'], "A{{ q }}LONG"),
        (['p = ["A", b]', "p.append(q)", 'p.extend(["C", d])', "p.extend(more)", 'p += ["LONG"]',
          "p += rest", 'text = " ".join(p)'],
         "A {{ b }} {{ q }} C {{ d }} {{ more }} LONG {{ rest }} "),
    ],
)  # fmt: skip
def test_text_that_is_added_to_is_one_prompt(lines, expected):
    assert sections(*lines) == [("p", expected)]


def test_prompt_in_a_function_is_named_after_both():
    lines = ("def build(q):", '    p = "Say: "', "    p += q", '    p += "LONG"', "    return p")
    assert sections(*lines) == [("build.p", "Say: {{ q }}LONG")]


@pytest.mark.parametrize(
    "lines",
    [
        ['p = f"{a}" + "short"'],  # too short for a prompt
        ["p = a + b"],  # no text
        ['p = "LONG"'],  # nothing is added
        ['p = "LONG" + "LONG"'],  # nothing varies
        ['p = ["LONG"]', "p.append(q)"],  # a list that is never joined
        ['p = "LONG"', "p -= q"],
        ['p = "LONG"', "p = other(p)", "p += q"],
        ['p = f"{a}" if x else b'],
        ['p = ["LONG"]', "p.insert(0, q)", '"".join(p)'],
        ['p = "LONG"', "if x:", '    p = "other"'],
        ['p = "LONG"', "while x:", "    p += q"],
    ],
)
def test_other_texts_are_no_prompt_of_several(lines):
    assert sections(*lines) == []


def test_braces_of_one_text_keep_it_apart_from_values_of_another():
    found = sections('p = "LONG {question}" + tail + f"{x} LONG"')
    assert found == [("p", "LONG {question}"), ("p#2", "{{ x }} LONG")]


def test_no_literal_is_part_of_two_prompts():
    lines = ('p = "Say: " + (a + "LONG" + b)', 'p += "LONG" + c')
    assert sections(*lines) == [("p", "Say: {{ a }}LONG{{ b }}LONG{{ c }}")]


def test_text_that_is_set_anew_is_another_prompt():
    lines = ('p = "A" + a', 'p += "LONG"', 'p = "B" + b', 'p += "LONG"')
    assert sections(*lines) == [("p", "A{{ a }}LONG"), ("p#2", "B{{ b }}LONG")]


def test_text_too_deep_in_calls_is_left_to_its_literals():
    assert sections("p = " + "dedent(" * 60 + '"LONG" + q' + ")" * 60) == [("p", "LONG{{ q }}")]


def test_escape_between_the_texts_of_a_list_is_read():
    lines = ('p = ["A"]', "p.append(q)", 'p.append("LONG")', "text = '\\n'.join(p)")
    assert sections(*lines) == [("p", "A\n{{ q }}\nLONG\n")]


def test_variables_that_began_first_are_let_go_where_there_are_many():
    begun = [f'p{number} = "LONG"' for number in range(9)]
    assert sections(*begun, "p0 += a", "p8 += a") == [("p8", "LONG{{ a }}")]


def test_place_of_every_value_is_that_in_the_source():
    text = f'é = "ä"\np = "Say: " + query + "{LONG}"\nif history:\n    p += f"ö {{turns}}"\n'
    ((section, _),) = python_sections(TextFile(path="p.py", text=text), Settings())[0]
    data, where = text.encode(), section.place()
    starts = [at for at, sign in enumerate(section.text) if sign in "\ue000\ue002"][:3]
    spans = [where.span(at, at + 4) for at in starts]
    assert [data[start:].split()[0] for start, _ in spans] == [b"query", b"history:", b'{turns}"']


def test_very_long_sums_are_read_in_time():
    terms = " + ".join(f'a{number} + "text {number}"' for number in range(400))
    ((_, text),) = sections(f'p = {terms} + "LONG"')
    assert text.count("{{") == 400


def test_join_that_only_a_comment_writes_wrongly_puts_a_blank_between():
    lines = ('# "\\x".join(p)', 'p = ["A"]', "p.append(q)", 'p.append("LONG")')
    assert sections(*lines) == [("p", "A {{ q }} LONG ")]


def test_list_that_is_joined_as_it_was_written_is_one_prompt():
    lines = ('p = ["A", f"{a}", "LONG"]', 'text = "-".join(p)')
    assert sections(*lines) == [("p", "A-{{ a }}-LONG-")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['RULES = "LONG"', 'p = f"Say {a}. {RULES}"'], ["Say {{ a }}. LONG"]),
        (['RULES = "LONG"', 'p = "Say " + a + RULES'], ["Say {{ a }}LONG"]),
        (['RULES = "LONG"', 'p = f"Say {a}. "', "p += RULES"], ["Say {{ a }}. LONG"]),
        (['instructions = "LONG"', 'p = f"Say {a}. {instructions}"'], ["Say {{ a }}. LONG"]),
        (['document = "LONG"', 'p = f"Say {a}. {document}"'], []),
        (['RULES = "short"', 'p = f"Say {a}. {RULES}"'], []),
        (['RULES = "LONG {q}"', 'p = f"Say {a}. {RULES}"'], ["LONG {q}"]),
        (['RULES = "LONG"', 'RULES = "LONG"', 'p = f"Say {a}. {RULES}"'], []),
        (['p = f"Say {a}. {RULES}"'], []),
        (['RULES = "LONG"', 'p = "Say " + a + RULES.lower()'], []),
    ],
)
def test_constant_text_is_part_of_the_prompts_that_print_it(lines, expected):
    assert [text for _, text in sections(*lines)] == expected


def test_choice_of_which_an_arm_is_no_text_is_a_value():
    source = 'p = "Say: " + ("yes" if x else y) + "LONG"'
    assert sections(source) == [("p", 'Say: {{ "yes" if x else y }}LONG')]
