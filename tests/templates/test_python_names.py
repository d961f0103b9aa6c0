"""What the source around a prompt says of the names it prints."""

from __future__ import annotations

from textwrap import indent

import pytest

from promptcost.files.text import TextFile
from promptcost.model.stability import Clock
from promptcost.templates import Settings
from promptcost.templates.names import Kind
from promptcost.templates.python_file import python_sections

LONG = "Answer in the language of the question, name your sources, and never guess a number. " * 3
DAY, SECOND, MINUTE = (Kind.TIME, Clock.DAY), (Kind.TIME, Clock.SECOND), (Kind.TIME, Clock.MINUTE)
HOUR = (Kind.TIME, Clock.HOUR)
PAYLOAD, RETRIEVAL = (Kind.PAYLOAD, Clock.NEVER), (Kind.RETRIEVAL, Clock.NEVER)
HISTORY, USER = (Kind.HISTORY, Clock.NEVER), (Kind.USER, Clock.NEVER)
RANDOM, STATIC = (Kind.RANDOM, Clock.NEVER), (Kind.SETTING, Clock.NEVER)
PLACE = (Kind.ENVIRONMENT, Clock.NEVER)


def sections(text):
    made, _ = python_sections(TextFile(path="p.py", text=text.replace("LONG", LONG)), Settings())
    return [section for section, _ in made]


def told(text):
    """Return what is known of the names of the last prompt of a source."""
    known = sections(text)[-1].assigned()
    return {
        name: (each.reading.kind, each.reading.clock) + ("sure",) * each.is_certain
        for name, each in known.items()
    }


def local(*lines, field="x"):
    """Return what is known in a function that sets something and then prints a field."""
    body = "\n".join((*lines, f'return f"LONG {{{field}}}"'))
    return told("def f(p, question, docs):\n" + indent(body, "    ")).get("x")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("datetime.now()", SECOND),
        ("datetime.datetime.now(tz=UTC).isoformat()", SECOND),
        ("time.time()", SECOND),
        ("int(time.time())", SECOND),
        ("time.strftime('%H:%M')", MINUTE),
        ("datetime.now().strftime('%Y-%m-%d')", DAY),
        ("datetime.now().strftime('%-d.%-m.%Y %H h')", HOUR),
        ("f'{datetime.now():%Y-%m-%d}'", DAY),
        ("f'{date.today()} or so'", DAY),
        ("f'{datetime.now()!s:>30}'", SECOND),
        ("datetime.now().date()", DAY),
        ("datetime.now().hour", HOUR),
        ("datetime.now().minute", MINUTE),
        ("datetime.now() - timedelta(days=1)", SECOND),
        ("datetime.now().replace(second=0)", MINUTE),
        ("datetime.now().replace(minute=0, second=0)", HOUR),
        ("datetime.now().replace(hour=0)", DAY),
        ("datetime.now().replace(tzinfo=UTC)", SECOND),
        ("pendulum.now().format('YYYY-MM-DD')", DAY),
        ("pendulum.now().format('HH:mm')", MINUTE),
        ("datetime.now().format()", SECOND),
        ("str(uuid.uuid4())", RANDOM),
        ("uuid4().hex[:8]", RANDOM),
        ("random.choice(EXAMPLES)", RANDOM),
        ("random.choice(['one', 'two'])", RANDOM),
        ("os.getcwd()", PLACE),
        ("await now()", SECOND),
        ("now() if p else ''", SECOND),
        ("p or now()", SECOND),
    ],
)
def test_clocks_and_chance_are_sure(value, expected):
    assert local(f"x = {value}") == (*expected, "sure")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("docs", RETRIEVAL),
        ("'\\n'.join(docs)", RETRIEVAL),
        ("'\\n'.join(d.text for d in docs)", RETRIEVAL),
        ("[d.text for d in docs]", RETRIEVAL),
        ("'{} and {b}'.format(p, b=docs)", RETRIEVAL),
        ("store.similarity_search(p)", RETRIEVAL),
        ("'Said: ' + question.strip().lower()", PAYLOAD),
        ("'Said: %s' % question", PAYLOAD),
        ("request.query", PAYLOAD),
        ("p['question']", PAYLOAD),
        ("p.get('question')", PAYLOAD),
        ("p.get('question', '').strip()", PAYLOAD),
        ("docs.get(0)", RETRIEVAL),
        ("docs[0][1]", RETRIEVAL),
        ("input('> ')", PAYLOAD),
        ("json.dumps(question)", PAYLOAD),
        ("textwrap.dedent(question)", PAYLOAD),
        ("f'User: {user.name}'", USER),
        ("{'a': question}", PAYLOAD),
        ("[p, question]", PAYLOAD),
        ("(user.name, question)", PAYLOAD),
        ("messages[-1]", HISTORY),
        ("question if p else 'none'", PAYLOAD),
        ("docs.values", RETRIEVAL),
        ("self.question", PAYLOAD),
        ("random.choice(records)", PAYLOAD),
        ("random.sample(self.rows, 3)", PAYLOAD),
    ],
)
def test_names_that_say_nothing_are_what_they_are_set_to(value, expected):
    assert local(f"x = {value}") == expected


@pytest.mark.parametrize(
    "value", ["'2024-05-01'", "3", "'a' + 'b'", "f'{1}'", "datetime.now().year", "('a', 'b')",
              "now().strftime('%B %Y')"]
)  # fmt: skip
def test_constants_stay(value):
    assert local(f"x = {value}") == STATIC


@pytest.mark.parametrize(
    "lines",
    [
        ("x = load(question)",),  # what a function makes of it, nobody knows
        ("x = prices(datetime.now())",),
        ("x = agent.run(docs)",),
        ("x = (lambda: 1)()",),
        ("x = len(docs)",),
        ("x = str()",),
        ("x = docs if p else other",),
        ("x = 'a' if p else 'b'",),
        ("x = p",),
        ("x = p.language",),
        ("x = -p",),
        ("x = ['a', 'b']",),
        ("x = {}",),
        ("x = QUESTIONS[p]",),
        ("x = QUESTIONS.get(p)",),
        ("x = QUESTIONS['a']",),
        ("x = now()", "x = 'Monday'"),
        ("x = 'a'", "x = 'b'"),
        ("x = now()", "x += 1"),
        ("x = now()", "if p:", "    x = question"),
        ("x = y = now()",),
        ("for x in range(3):", "    pass"),
        ("for x in ['de', 'en']:", "    pass"),
        ("for x, y in docs:", "    pass"),
        ("x, y = p",),
        ("with open(p) as x:", "    pass"),
        ("global x", "x = now()"),
        ("import x",),
        ("try:", "    pass", "except E as x:", "    pass"),
        ("x = x",),
        ("x = 'a' + p.text_of() if p else p",),
        ("x = '{{x}} and more'",),
        ("x = '{{mood}}'",),
        ("x = [" + "0, " * 201 + "question]",),
        ("x = " + "(" * 13 + "question" + ").strip()" * 13,),
        (*["x = now()"] * 5, "x = p"),
    ],
)  # fmt: skip
def test_near_misses_say_nothing(lines):
    assert local(*lines) is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("x = ''", "if p:", "    x = '\\n'.join(docs)"), RETRIEVAL),
        (("x = None", "x = question"), PAYLOAD),
        (("for x in docs:", "    pass"), RETRIEVAL),
        (("for number, x in enumerate(docs, 1):", "    pass"), RETRIEVAL),
        (("x, y = question, 1",), PAYLOAD),
        (("x: str = question",), PAYLOAD),
        (("print(x := question)",), PAYLOAD),
        (("a = docs", "b = a", "x = b"), RETRIEVAL),
        (("x = '{{question}}'",), PAYLOAD),
    ],
)
def test_names_set_in_other_ways_are_known(lines, expected):
    assert local(*lines) == expected


def test_a_name_that_says_something_gives_way_to_a_clock_or_a_constant_only():
    assert local("date = datetime.now()", "x = date") == (*SECOND, "sure")
    text = 'def f(request):\n    {} = {}\n    return f"LONG {{{}}}"'
    assert told(text.format("date", "datetime.now()", "date")) == {"date": (*SECOND, "sure")}
    assert told(text.format("user_id", "uuid4()", "user_id")) == {"user_id": (*RANDOM, "sure")}
    assert told(text.format("date", "'2024-05-01'", "date")) == {"date": STATIC}
    assert told(text.format("user", "request.query", "user")) == {}


def test_a_text_made_of_the_tools_is_of_the_tools_whatever_its_name():
    text = 'def f({}):\n    desc = "\\n".join(t.name for t in {})\n    return f"LONG {{desc}}"'
    assert told(text.format("tools", "tools")) == {"desc": (Kind.TOOLS, Clock.NEVER)}
    assert told(text.format("self", "self.tools")) == {"desc": (Kind.TOOLS, Clock.NEVER)}
    assert told(text.format("shelves", "shelves")) == {}


def test_names_are_looked_up_in_functions_around_and_in_the_module():
    text = 'x = now()\ny = now()\ndef f(y):\n    def g():\n        return f"LONG {x} {y}"\n'
    assert told(text) == {"x": (*SECOND, "sure")}
    inside = (
        'class C:\n    x = now()\n    P = f"LONG {x}"\n    def f(self):\n        return f"LONG {x}"'
    )
    assert told(inside) == {}
    assert told(inside.rpartition("\n    def")[0]) == {"x": (*SECOND, "sure")}


def test_names_of_comprehensions_are_their_own():
    assert told('x = now()\nP = [f"LONG {x}" for x in docs]') == {"x": RETRIEVAL}
    assert told('P = [f"LONG {x}" for n, x in enumerate(docs) if n]') == {"x": RETRIEVAL}
    assert told('P = [f"LONG {x}" for (n, x), y in docs]') == {}


def test_attributes_are_known_from_the_methods_of_the_class():
    text = (
        "class C:\n    tag = uuid4()\n    def __init__(self, q):\n        self.begun = now()\n"
        "        self.q = q\n"
        '    def f(self):\n        return f"LONG {self.begun} {self.tag} {self.q}"'
    )
    assert told(text) == {"begun": (*SECOND, "sure"), "tag": (*RANDOM, "sure")}
    assert told('def f(self):\n    self.x = now()\n    return f"LONG {self.x}"') == {}
    assert told(text.replace("{self.begun}", "{self.else_}").replace("{self.tag}", "")) == {}
    later = text.replace("f(self):", "f(self):\n        z = self.begun").replace("{self.q}", "{z}")
    assert told(later)["z"] == (*SECOND, "sure")


def test_attributes_that_are_counted_or_changed_are_not_what_they_start_with():
    text = (
        "class C:\n    now = 'a'\n    def __init__(self):\n        self.step = 0\n"
        "        self.q = now()\n    def f(self):\n        self.step += 1\n        del self.q\n"
        '        return f"LONG {self.step} {self.now} {self.q}"'
    )
    assert told(text) == {}


def test_a_function_of_the_source_is_known_by_what_it_returns():
    text = 'def stamp():\n    {}\ndef f():\n    x = stamp()\n    return f"LONG {{x}}"'
    assert told(text.format("return now().isoformat()")) == {"x": (*SECOND, "sure")}
    assert told(text.format("return question")) == {}  # whose question, nobody knows
    assert told(text.format("return now() if a else b\n    return c")) == {}
    assert told(text.format("return")) == {}


@pytest.mark.parametrize(
    ("filled", "expected"),
    [
        ("P.format(x=now())", SECOND),
        ("P.format_map({'x': now()})", SECOND),
        ("module.P.format(x=now())", SECOND),
        ("P.partial(x=now())", SECOND),
        ("P.replace('{x}', str(date.today()))", DAY),
        ("P.replace('a', b).replace('{x}', str(date.today()))", DAY),
        ("(PromptTemplate.from_template(P) | llm).invoke({'x': now()})", SECOND),
        ("PromptTemplate(template=P, partial_variables={'x': stamp})", SECOND),
        ("PromptTemplate(template=P, partial_variables={'x': lambda: now()})", SECOND),
        ("ChatPromptTemplate.from_messages([('system', P)]).format(x=now())", SECOND),
    ],
)
def test_placeholder_filled_with_a_clock_is_one(filled, expected):
    text = f'P = "LONG {{x}}"\ndef stamp():\n    return now()\nQ = {filled}'
    assert told(text) == {"x": (*expected, "sure")}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("P.format(x=question)", PAYLOAD),
        ("P.format(x=question)\nP.format(x=text)", PAYLOAD),
        ("t = PromptTemplate(template=P)\nc = t | llm\nc.invoke(dict(a=1), x=docs)", RETRIEVAL),
        ("values = {'x': docs}\nP.format(**values)", RETRIEVAL),
        ("values = dict(x=docs, **more)\n(P | llm).invoke(values)", RETRIEVAL),
        ("def f(question):\n    x = question\n    return P.format(**locals())", PAYLOAD),
        ("c = {'x': retriever | join} | PromptTemplate.from_template(P) | llm", RETRIEVAL),
        ("c = {'x': RunnablePassthrough()} | PromptTemplate.from_template(P) | llm", PAYLOAD),
    ],
)
def test_placeholder_is_what_the_file_fills_it_with(lines, expected):
    assert told(f'P = "LONG {{x}}"\n{lines}') == {"x": expected}


@pytest.mark.parametrize(
    "lines",
    [
        "P.format(x=question)\nP.format(x=now())",
        "P.format(x='a')",
        "P.format(**values)",
        "values = {'x': docs}\nvalues = load()\nP.format(**values)",
        "P.format(**{key: docs})",
        "P.format(**vars(docs))",
        "P.format(y=now())",
        "OTHER.format(x=now())",
        "P.replace(x, now())",
        "P.format(x=load())",
        "{'x': now()}",
        "P % 3",
        "a = b\nb = a\na.format(x=now())",
    ],
)
def test_placeholder_filled_otherwise_is_known_by_its_name(lines):
    assert told(f'P = "LONG {{x}}"\n{lines}') == {}


def test_a_written_date_is_none_of_the_clock_and_a_written_question_is_one():
    text = 'P = "LONG {date} {question} {now}"\nP.format(date="2024-05-01", question="Why?", now=1)'
    assert told(text) == {"date": STATIC}


def test_places_in_braces_without_a_name_are_filled_in_order():
    expected = {"value_0": PAYLOAD, "value_1": (*SECOND, "sure")}
    assert told('P = "LONG {} and {}"\nP.format(question, now())') == expected
    assert told('P = "LONG {1} and {0!r:>3}"\nP.format(question, now())') == expected


def test_a_text_filled_where_it_stands_is_known():
    assert told('def f():\n    return "LONG {x}".format(x=now())') == {"x": (*SECOND, "sure")}


def test_a_loop_over_a_list_knows_what_is_added():
    lines = ("def f(chunks):", "    found = chunks", '    p = "LONG"', "    for c in found:",
             "        p += c", "    return p")  # fmt: skip
    assert told("\n".join(lines))["found"] == RETRIEVAL


def test_hostile_sources_are_read_in_time():
    chain = "\n".join(f"    a{n} = (a{n + 1}, " + f"a{n + 1}, " * 150 + ")" for n in range(11))
    text = f'def f(docs):\n{chain}\n    return f"LONG {{a0}}"'
    assert told(text) == {}
    deep = "x" + ".a" * 400
    assert told(f'y = {deep}\nP = f"LONG {{y}} {{{deep}}}"') == {}
    many = "\n".join(f"P.replace('<{n}>', a{n}).format(x=a{n}, **locals())" for n in range(400))
    assert told(f'a1 = 1\nP = "LONG {{x}} <1>"\n{many}') == {}


def test_names_set_to_each_other_say_nothing():
    assert told('def f():\n    x = y\n    y = x\n    return f"LONG {x} {y}"') == {}
