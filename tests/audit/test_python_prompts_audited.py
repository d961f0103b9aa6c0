"""Prompts of Python source in the styles of common libraries: what is found, and where."""

from __future__ import annotations

import pytest
from audit.auditing import RULES, audit

SOURCES = {
    "a local clock": (
        "def f(q):",
        '    stamp = datetime.now().strftime("%H:%M:%S")',
        '    return [{"role": "system", "content": f"""Begun {stamp}. RULES"""},',
        '            {"role": "user", "content": q}]',
    ),
    "a clock behind a method": (
        "class Bot:",
        "    def __init__(self):",
        "        self.begun = datetime.now()",
        '    def f(self): return f"""Begun {self.begun}. RULES"""',
    ),
    "a part of a prompt": (
        "def f(user):",
        '    part = f"Name: {user.name}"',
        '    return SystemMessage(content=f"""You help. {part} RULES""")',
    ),
    "values of a chain": (
        'tpl = PromptTemplate.from_template("""Use this.\\n{k}\\nRULES{q}""")',
        'chain = {"k": retriever | join, "q": RunnablePassthrough()} | tpl | llm',
    ),
    "a written date": (
        'DATE = "2024-06-01"',
        'P = f"""Knowledge until {DATE}. RULES"""',
    ),
    "a system text with the date at its end": (
        "def f(q):",
        '    system = f"""You help. RULES Today is {date.today()}."""',
        '    return ChatPromptTemplate.from_messages([("system", system), ("human", "{q}")])',
    ),
    "the format of a time": ('P = f"""It is {datetime.now():%Y-%m-%d}. RULES"""',),
    "a braced field of an f-string": (
        'P = f"""Be {tone}. {{history}} RULES"""',
        "text = P.format(history=history)",
    ),
    "an example in braces": (
        "def f(tone):",
        '    return f"""Be {tone}. Write names as {{name}} and days as {{date}}. RULES"""',
    ),
    "a docstring": (
        "@outlines.prompt",
        "def f(question, now):",
        '    """Now: {{ now }}. RULES {{ question }}"""',
    ),
    "the docstring of a tool": (
        "@tool",
        "def f(question, now):",
        '    """Now: {{ now }}. RULES {{ question }}"""',
    ),
    "per cent": (
        'P = """On %(d)s. RULES %(q)s"""',
        'text = P % {"d": date.today(), "q": question}',
    ),
    "a template of dollars": ('P = Template("""For $user_name. RULES $question""")',),
    "a marker": (
        'P = """On [[DAY]]. RULES [[QUESTION]]"""',
        'text = P.replace("[[DAY]]", str(date.today())).replace("[[QUESTION]]", q)',
    ),
    "a marker that a constant holds": (
        'NOW = "{{CURRENT_DATETIME}}"',
        'P = f"""The moment: {NOW}. RULES"""',
    ),
    "the signature of a program": (
        "class QA(dspy.Signature):",
        '    """Answer {question} briefly. RULES"""',
        "    question = dspy.InputField()",
    ),
    "a crew": (
        "def f(self, city, now):",
        '    return Task(description=dedent(f"""Plan {city} at {now}. RULES"""), agent=a)',
    ),
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a local clock", [("PC101", 3, "confirmed", "stamp")]),
        ("a clock behind a method", [("PC101", 4, "confirmed", "begun")]),
        ("a part of a prompt", [("PC103", 3, "suspected", "part")]),
        ("values of a chain", [("PC106", 1, "suspected", "k")]),
        ("a written date", []),
        ("a system text with the date at its end", []),
        (
            "the format of a time",
            [("PC101", 1, "confirmed", "datetime.now().strftime('%Y-%m-%d')")],
        ),
        ("a braced field of an f-string", [("PC106", 1, "suspected", "history")]),
        ("an example in braces", []),
        ("a docstring", [("PC101", 3, "suspected", "now")]),
        ("the docstring of a tool", []),
        ("per cent", [("PC101", 1, "confirmed", "d")]),
        ("a template of dollars", [("PC103", 1, "suspected", "user_name")]),
        ("a marker", [("PC101", 1, "confirmed", "DAY")]),
        ("a marker that a constant holds", [("PC101", 2, "suspected", "NOW")]),
        ("the signature of a program", []),
        ("a crew", [("PC101", 2, "suspected", "now")]),
    ],
)
def test_findings_of_python_prompts(tmp_path, source, expected):
    text = "\n".join(SOURCES[source]).replace("RULES", RULES) + "\n"
    report = audit(tmp_path, text, name="prompts.py")
    found = [
        (each.code, each.place.start_line, each.confidence.value, each.expression)
        for each in report.findings
        if each.code != "PC113"
    ]
    assert found == expected


def test_a_day_is_told_from_a_second(tmp_path):
    text = f'def f():\n    x = {{}}\n    return f"""Begun {{{{x}}}}. {RULES}"""\n'
    for value, expected in (
        ("date.today()", "the date is printed"),
        ("datetime.now().isoformat()", "the time to the second is printed"),
        ('datetime.now().strftime("%H:%M")', "the time to the minute is printed"),
    ):
        (finding,) = audit(tmp_path, text.format(value), name="p.py").findings
        assert finding.message.startswith(expected)


def test_attributes_of_a_known_name_are_of_its_kind(tmp_path):
    text = f'def f(app):\n    u = app.current_user\n    return f"""For {{u.alias}}. {RULES}"""\n'
    (finding,) = audit(tmp_path, text, name="p.py").findings
    assert (finding.code, finding.expression) == ("PC103", "u.alias")
