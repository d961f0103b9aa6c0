"""Placeholders of Python prompts that are filled another way than they are written."""

from __future__ import annotations

from textwrap import indent

import pytest

from promptcost.files.text import TextFile
from promptcost.templates import Settings
from promptcost.templates.python_file import python_sections

LONG = "Answer in the language of the question, name your sources, and never guess a number. " * 3
SIGNS = str.maketrans({"\ue000": "{{", "\ue001": "}}"})


def sections(text):
    source = text.replace("LONG", LONG)
    made, _ = python_sections(TextFile(path="p.py", text=source + "\n"), Settings())
    return [section for section, _ in made]


def texts(text):
    return [each.text.translate(SIGNS).replace(LONG, "LONG") for each in sections(text)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('P = f"{a} {{b}} LONG"', "{{ a }} {{ b }} LONG"),
        ('P = f"{a} {{b.name}} {{b!r:>3}} LONG"', "{{ a }} {{ b.name }} {{ b }} LONG"),
        ('P = f"{a} {{{{ b | upper }}}} LONG"', "{{ a }} {{ b | upper }} LONG"),
        ('class C:\n    P = f"{a} {{b}} LONG"', "{{ a }} {{ b }} LONG"),
        ('P = f"{a}" "{b} LONG"', "{{ a }}{{ b }} LONG"),
        ('def f():\n    return T.from_template(f"{a} {{b}} LONG")', "{{ a }} {{ b }} LONG"),
        ('def f():\n    p = f"{a} {{b}} LONG"\n    return p.format(b=1)', "{{ a }} {{ b }} LONG"),
        ('def f():\n    return f"{a} {{b}} LONG"\nf().format(b=1)', "{{ a }} {{ b }} LONG"),
        ('def f():\n    return f"{a} {{b}} {{c}} LONG"\nx.format(b=1)',
         "{{ a }} {{ b }} {c} LONG"),
    ],
)  # fmt: skip
def test_braces_that_an_f_string_leaves_are_filled_later(source, expected):
    assert texts(source)[0] == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('P = f"""{a} {{"date": "..."}} LONG"""', '{{ a }} {"date": "..."} LONG'),
        ('P = f"""{a} {{"ids": [{{"id": 1}}]}} LONG"""', '{{ a }} {"ids": [{"id": 1}]} LONG'),
        ('P = f"{a} {{not a name}} {{}} LONG"', "{{ a }} {not a name} {} LONG"),
        ('def f():\n    return f"Write {a} as {{date}}. LONG"', "Write {{ a }} as {date}. LONG"),
        ('def f():\n    return f"{a} {{{{ date }}}} LONG"\nx.format(other=1)',
         "{{ a }} {{ date }} LONG"),
        ('P = f"{a} {{{{ bos_token }}}} {{% for m in messages %}} {{% endfor %}} LONG"',
         "{{ a }} {{ bos_token }} {% for m in messages %} {% endfor %} LONG"),
    ],
)  # fmt: skip
def test_braces_that_nothing_fills_are_text(source, expected):
    assert texts(source) == [expected]
    assert "\ue000 date" not in sections(source)[0].text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('P = "%s 100%% %(b)s %.2f LONG" % (x, y)',
         ["{{ value_0 }} 100% {{ b }} {{ value_1 }} LONG"]),
        ('P = "%s 100% LONG"\nQ = P % x', ["{{ value_0 }} 100% LONG"]),
        ('P = "%(day)s LONG"\nQ = P % {"day": 1}', ["{{ day }} LONG"]),
        ('P = Template("$a ${b} $$5 LONG")', ["{{ a }} {{ b }} $5 LONG"]),
        ('P = string.Template("$a LONG")', ["{{ a }} LONG"]),
        ('P = "$a LONG"\nT = Template(P)\nT.safe_substitute(a=1)', ["{{ a }} LONG"]),
        ('P = "{} {1!r} LONG {{}}"\nP.format(x, y)', ["{{ value_0 }} {{ value_1 }} LONG {{}}"]),
        ('P = "<<a>> [B C] LONG"\nP.replace("<<a>>", x).replace("[B C]", y)',
         ["{{ a }} {{ B_C }} LONG"]),
        ('P = "TOPIC and <1> LONG"\nP.replace("TOPIC", x).replace("<1>", y)',
         ["{{ TOPIC }} and {{ value }} LONG"]),
        ('P = "%s LONG"', []),
        ('P = "%s LONG"\nlog(P, x)', []),
        ('P = "100% LONG"\nQ = P % ()', []),
        ('P = "$a LONG"', []),
        ('P = "[[DAY]] LONG"', ["[[DAY]] LONG"]),
        ('P = "[[DAY]] LONG"\nP.replace("x", y)', ["[[DAY]] LONG"]),
        ('P = "{{ a }} 5%s LONG"\nQ = P % x', ["{{ a }} 5%s LONG"]),
        ('P = "costs ${a} LONG"', ["costs ${a} LONG"]),
        ('P = "costs ${a} LONG"\nP.format(a=1)', ["costs ${a} LONG"]),
        ('P = "$5 LONG"\nQ = Template(P)', []),
        ('P = "{} LONG"', []),
        ('P = "{x y} LONG"\nP.format(1)', []),
        ('P = "LONG"\nP.replace("Answer", x).replace("!!", y).replace(a, b)', []),
        ('P = "<<a>> LONG"\nP.replace("<<b>>", x)', []),
    ],
)  # fmt: skip
def test_placeholders_are_read_as_the_file_fills_them(source, expected):
    assert texts(source) == expected


def test_places_are_those_of_the_source():
    text = f'# é\nP = f"é {{a}} {LONG}\\n {{{{b}}}}." "{{c}}"\n'
    ((section),) = sections(text)
    data, where = text.encode(), section.place()
    starts = [at for at, sign in enumerate(section.text) if sign == "\ue000"]
    ends = [at + 1 for at, sign in enumerate(section.text) if sign == "\ue001"]
    spans = [where.span(start, end) for start, end in zip(starts, ends, strict=True)]
    assert [data[start:end].decode() for start, end in spans] == ["{a}", "{{b}}", "{c}"]


@pytest.mark.parametrize(
    "decorator",
    [
        "prompt",
        "outlines.prompt",
        "ell.simple(model='x')",
        "prompt_template()",
        "cache\n@llm.call()",
    ],
)
def test_docstring_of_a_decorated_function_is_its_prompt(decorator):
    text = f'@{decorator}\ndef f(q, *, k=1):\n    """LONG {{q}}"""\n'
    assert texts(text) == ["LONG {q}"]
    text = indent(f'@{decorator}\nasync def f(self, q, /):\n    """LONG {{{{ q }}}}"""', "    ")
    assert [section.name for section in sections(f"class C:\n{text}")] == ["C.f"]


@pytest.mark.parametrize(
    "text",
    [
        'def f(q):\n    """LONG {q}"""',
        '@tool\ndef f(q):\n    """LONG {q}"""',
        '@agent.tool_plain(retries=1)\ndef f(q):\n    """LONG {q}"""',
        '@app.get("/items/{q}")\ndef f(q):\n    """LONG {q}"""',
        '@(lambda f: f)\ndef f(q):\n    """LONG {q}"""',
        '@prompt\ndef f(q):\n    """LONG {other}"""',
        '@prompt\ndef f(q):\n    """LONG q"""',
        '@prompt\ndef f(q):\n    """short {q}"""',
        '@prompt\ndef f(self):\n    """LONG {self}"""',
        '@prompt\nclass C:\n    """LONG {q}"""',
        '@prompt\ndef f(q):\n    return g("LONG")',
        'class QA(dspy.Signature):\n    """LONG {question}"""\n    question = dspy.InputField()',
    ],
)
def test_other_docstrings_are_no_prompts(text):
    assert texts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        'raise ValueError(f"LONG {q}")',
        'logger.warning(f"LONG {q}")',
        'print(f"LONG {q}")',
        'class MissingKeyError(Exception):\n    TEXT = f"LONG {q}"',
        'class Missing(errors.KeyError):\n    TEXT = f"LONG {q}"',
    ],
)
def test_texts_for_people_are_no_prompts(text):
    assert texts(text) == []


def test_classes_and_calls_of_other_kinds_hold_prompts():
    assert len(texts('class Agent(Base):\n    TEXT = f"LONG {q}"')) == 1
    assert len(texts('class Agent(make()):\n    TEXT = f"LONG {q}"')) == 1
    assert len(texts('client.ask(f"LONG {q}")')) == 1
    assert len(texts('answer = print(f"LONG {q}")')) == 1


def test_format_of_a_time_in_an_f_string_is_kept():
    assert texts('P = f"{now:%H:%M} {a + b:%d} {rate:.1%} LONG"') == [
        "{{ now.strftime('%H:%M') }} {{ (a + b).strftime('%d') }} {{ rate }} LONG"
    ]
    assert texts("""P = f'{now:%H "h"} {str(q)} {str(*q)} {str(q) + str(r)} LONG'""") == [
        "{{ now }} {{ q }} {{ str(*q) }} {{ str(q) + str(r) }} LONG"
    ]
