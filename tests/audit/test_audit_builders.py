"""What an audit finds in prompt builders, through real processes."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from audit.auditing import AT, EXACT, RULES, only

from promptcost.audit import AuditRequest, Selection, run_audit
from promptcost.builders.process import BuilderLimits
from promptcost.check import FailOn
from promptcost.check.threshold import audit_verdict
from promptcost.errors import ExitCode, NothingToDo
from promptcost.model.audit_report import Change, ContextSource, FileStatus
from promptcost.model.finding import Confidence, Severity
from promptcost.templates.contexts import NO_CONTEXTS, parse_contexts

LIMITS = BuilderLimits(seconds=30)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Give the folder of the project, in which the audit runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.py").write_text(f"RULES = {RULES!r}\n")
    return tmp_path


def build(source, *names, contexts="", **choices):
    """Audit builders of one module; `build` where no other is named."""
    Path("prompts.py").write_text("from rules import RULES\n" + dedent(source), encoding="utf-8")
    given = parse_contexts(contexts, "c.yaml")[0] if contexts else NO_CONTEXTS
    wanted = {
        "at": AT,
        "targets": EXACT,
        "contexts": given,
        "selection": Selection(least=Severity.NOTE),
        "paths": tuple(Path(name) for name in names or ("prompts:build",)),
        "python": LIMITS,
    }
    return run_audit(AuditRequest(**{**wanted, **choices}))


def found(report):
    """Return code and line of every finding."""
    return [(finding.code, finding.place.start_line) for finding in report.findings]


def broken(report):
    """Return the changes that the prompt does not survive."""
    return [row.change.value for row in only(report).survival if not row.survives]


def place(report):
    """Return what the first finding points at: the line and the source of the expression."""
    finding = report.findings[0]
    return finding.place.start_line, finding.expression


# What is found, and where.


def test_a_clock_to_the_second():
    report = build('''
        from datetime import datetime
        def build():
            return f"""You help.
        Now: {datetime.now():%H:%M:%S}
        {RULES}"""
    ''')
    assert found(report) == [("PC101", 6)]
    assert place(report) == (6, "datetime.now()")
    assert report.findings[0].confidence is Confidence.CONFIRMED
    assert "to the second" in report.findings[0].message
    assert broken(report) == [
        "next request",
        "next turn",
        "next second",
        "next minute",
        "next hour",
    ]


def test_a_date_is_no_clock_to_the_second():
    report = build("""
        from datetime import date
        def build():
            return "Today is " + date.today().isoformat() + ". " + RULES
    """)
    assert found(report) == [("PC101", 5)]
    assert place(report) == (5, "date.today().isoformat()")
    assert "the date" in report.findings[0].message
    assert broken(report) == ["next day"]


def test_an_age_that_grows():
    report = build("""
        from datetime import datetime, timezone
        SINCE = datetime(2026, 1, 1, tzinfo=timezone.utc)
        def build():
            minutes = int((datetime.now(timezone.utc) - SINCE).total_seconds() // 60)
            return "Open for {} minutes.\\n{}".format(minutes, RULES)
    """)
    assert found(report) == [("PC101", 7)]
    assert "to the minute" in report.findings[0].message


def test_a_date_taken_when_the_module_is_imported():
    report = build(
        """
        from datetime import date
        PROMPT = f"Today is {date.today()}.\\n{RULES}"
    """,
        "prompts:PROMPT",
    )
    assert found(report) == [("PC101", 4)]
    assert "when" not in report.findings[0].message
    assert "process started" in report.findings[0].message
    assert broken(report) == ["other process"]


def test_a_clock_behind_the_fixed_text_is_no_finding():
    report = build("""
        from datetime import datetime
        def build():
            return f"{RULES}\\nNow: {datetime.now()}"
    """)
    assert found(report) == []
    assert only(report).status is FileStatus.CLEAN


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ("uuid.uuid4()", "PC102"),
        ("random.randint(10, 99)", "PC102"),
        ("secrets.token_hex()", "PC102"),
    ],
)
def test_an_identifier_of_the_request(made, code):
    report = build(f"""
        import random, secrets, uuid
        def build():
            return f"Request {{{made}}}\\n{{RULES}}"
    """)
    assert [finding.code for finding in report.findings] == [code]
    assert place(report) == (5, made)
    assert broken(report) == ["next request", "next turn"]


def test_an_identifier_of_the_process():
    report = build("""
        import uuid
        SESSION = uuid.uuid4()
        def build():
            return f"Session {SESSION}\\n{RULES}"
    """)
    assert found(report) == [("PC102", 6)]
    assert broken(report) == ["other process"]


def test_a_set_is_read_in_an_order_of_its_own():
    report = build("""
        TOOLS = {"search", "refund", "lookup"}
        def build():
            return "Tools: " + ", ".join(TOOLS) + "\\n" + RULES
    """)
    assert found(report) == [("PC105", 5)]
    assert place(report) == (5, "TOOLS")
    assert report.findings[0].confidence is Confidence.CONFIRMED
    assert broken(report) == ["other process"]


@pytest.mark.parametrize("made", ["sorted({'a', 'b', 'c'})", "dict(b=1, a=2)", "['b', 'a']"])
def test_what_has_an_order_is_clean(made):
    report = build(f"""
        def build():
            return "Tools: " + ", ".join({made}) + "\\n" + RULES
    """)
    assert found(report) == []
    assert broken(report) == []


def test_a_counter_of_calls():
    report = build("""
        import itertools
        calls = itertools.count(10)
        def build():
            return f"Call {next(calls)}\\n{RULES}"
    """)
    assert found(report) == [("PC109", 6)]
    assert any("keeps something between calls" in note for note in only(report).notes)
    assert broken(report) == ["next request", "next turn"]


def test_the_working_directory():
    report = build("""
        import os
        def build():
            return f"You work in {os.getcwd()}.\\n{RULES * 2}"
    """)
    assert found(report) == [("PC108", 5)]
    assert broken(report) == ["other session"]


def test_arguments_by_name_are_suspected():
    report = build("""
        def build(question, user_name):
            return f"{question}\\nYou talk to {user_name}.\\n{RULES}"
    """)
    assert [(f.code, f.confidence) for f in report.findings] == [
        ("PC104", Confidence.SUSPECTED),
        ("PC103", Confidence.SUSPECTED),
    ]
    assert only(report).contexts is ContextSource.SYNTHESISED
    assert any("stand-ins for question, user_name" in note for note in only(report).notes)


def test_contexts_that_differ_are_confirmed():
    report = build(
        """
        def build(thing):
            return f"About {thing}:\\n{RULES}"
        """,
        contexts="{contexts: {a: {thing: bridges}, b: {thing: canals}}}",
    )
    assert [(f.code, f.confidence) for f in report.findings] == [("PC104", Confidence.CONFIRMED)]
    assert only(report).contexts is ContextSource.GIVEN
    assert report.findings[0].excerpt.was == "About bridges:"
    assert report.findings[0].excerpt.now == "About canals:"


def test_what_is_declared_is_declared():
    report = build(
        """
        def build(plan):
            return f"Plan: {plan}.\\n{RULES}"
        """,
        contexts="{contexts: {a: {plan: pro}}, varies: {plan: tenant}}",
    )
    assert [(f.code, f.confidence) for f in report.findings] == [("PC103", Confidence.DECLARED)]
    assert broken(report) == ["other tenant"]


def test_one_parameter_may_take_the_whole_context():
    report = build(
        """
        def build(context):
            return f"For {context['user']['name']}:\\n{RULES}"
        """,
        contexts="{contexts: {a: {user: {name: Ada}}, b: {user: {name: Bob}}}}",
    )
    assert [f.code for f in report.findings] == ["PC103"]
    assert broken(report) == ["other user"]


def test_keywords_take_the_rest_of_the_context():
    report = build(
        """
        def build(**values):
            return f"About {values['topic']}:\\n{RULES}"
        """,
        contexts="{contexts: {a: {topic: bridges}, b: {topic: canals}}}",
    )
    assert [f.code for f in report.findings] == ["PC104"]


def test_a_moment_given_as_argument():
    report = build("""
        from datetime import datetime
        def build(now: datetime):
            return f"It is {now.strftime('%H:%M:%S')}.\\n{RULES}"
    """)
    assert [(f.code, f.confidence) for f in report.findings] == [("PC101", Confidence.SUSPECTED)]
    assert "to the second" in report.findings[0].message


def test_a_second_clock_is_told_with_the_first():
    report = build("""
        from datetime import datetime
        def build():
            now = datetime.now()
            head = f"Now: {now:%H:%M:%S}, in full: {now:%B %d, %Y, at %H:%M:%S}\\n"
            return head + f"{RULES}\\nAsked: {now}\\n{RULES}"
    """)
    assert found(report) == [("PC101", 6)]
    assert [related.place.start_line for related in report.findings[0].related] == [6, 7]


def test_what_is_hidden_behind_a_faster_change_says_so():
    report = build("""
        import uuid
        from datetime import date
        def build():
            return f"Request {uuid.uuid4()}\\n{RULES}\\nToday is {date.today()}.\\n{RULES}"
    """)
    assert [finding.code for finding in report.findings] == ["PC102", "PC101"]
    (related,) = report.findings[1].related
    assert related.message == "already breaks the prefix further up"


def test_the_set_of_a_constant_prompt():
    report = build(
        """
        PROMPT = "Tools: " + ", ".join({"search", "refund", "lookup"}) + "\\n" + RULES
    """,
        "prompts:PROMPT",
    )
    assert [finding.code for finding in report.findings] == ["PC105"]
    assert place(report)[0] == 3


def test_one_of_several_sets_is_placed_by_the_text_around_it():
    report = build("""
        def build():
            fixed = ", ".join({1, 2, 3})if False else ""
            return fixed + f"Tools: {', '.join({'search', 'refund', 'lookup'})}\\n{RULES}"
    """)
    assert place(report)[0] == 5


def test_a_number_of_the_process_is_no_time():
    report = build("""
        import os
        def build():
            return f"Worker {os.getpid()}\\n{RULES}"
    """)
    assert [finding.code for finding in report.findings] == ["PC102"]
    assert broken(report) == ["other process"]


def test_an_argument_that_no_text_surrounds_is_placed_at_the_parameter():
    report = build("""
        def build(first, question):
            return "\\n".join([question, RULES])
    """)
    assert place(report) == (3, "question")
    assert report.findings[0].place.start_column == 18


def test_of_two_places_that_read_the_same_the_builders_own_is_named():
    report = build("""
        import uuid
        def other():
            return f"Trace {uuid.uuid4()}\\n{RULES}"
        def build():
            return f"Trace {uuid.uuid4()}\\n{RULES}"
    """)
    assert place(report) == (7, "uuid.uuid4()")


@pytest.mark.parametrize(
    ("returned", "path"),
    [
        ("{'model': 'gpt-5.4', 'instructions': text, 'input': 'hi'}", "instructions"),
        ("{'system': text, 'messages': [{'role': 'user', 'content': 'hi'}]}", "system"),
        (
            "{'systemInstruction': {'parts': [{'text': text}]}, 'contents': [{'parts': []}]}",
            "systemInstruction.parts[0].text",
        ),
    ],
)
def test_requests_of_any_api_are_read(returned, path):
    report = build(f"""
        import uuid
        def build():
            text = f"Trace {{uuid.uuid4()}} {{RULES}}"
            return {returned}
    """)
    assert report.findings[0].expression == f"{path}: uuid.uuid4()"


def test_a_builder_whose_source_is_not_there_is_answered():
    report = build("""
        import uuid
        code = "def build():\\n    return str(uuid.uuid4()) + RULES"
        exec(compile(code, "gone", "exec"))
    """)
    assert [(f.code, f.place.path) for f in report.findings] == [("PC102", "gone")]


def test_the_fields_of_an_object_are_made_up_too():
    report = build("""
        from dataclasses import dataclass
        @dataclass
        class User:
            name: str
            def hello(self):
                return f"You talk to {self.name}.\\n"
        def build(user: User):
            return user.hello() + RULES
    """)
    assert [(f.code, f.place.start_line) for f in report.findings] == [("PC103", 8)]


# Messages and requests.

_CHAT = """
    def build(question: str, history: list[dict]):
        {shortened}
        return [
            {{"role": "system", "content": RULES}},
            *history,
            {{"role": "user", "content": question}},
        ]
"""


def test_messages_that_only_grow_are_clean():
    report = build(_CHAT.format(shortened=""))
    assert found(report) == []


def test_a_history_that_is_shortened_is_rewritten():
    cut = "history = [{**m, 'content': m['content'][:9]} for m in history[:-1]] + history[-1:]"
    report = build(_CHAT.format(shortened=cut))
    assert [(f.code, f.confidence) for f in report.findings] == [("PC107", Confidence.CONFIRMED)]
    assert report.findings[0].expression == "[4].content: history"


def test_a_place_in_messages_has_a_path():
    report = build("""
        import uuid
        def build(question):
            return {"model": "gpt-5.4", "messages": [
                {"role": "system", "content": f"Trace {uuid.uuid4()}. {RULES}"},
                {"role": "user", "content": question},
            ]}
    """)
    assert place(report) == (6, "messages[0].content: uuid.uuid4()")


def test_tools_of_a_request_come_first():
    report = build("""
        NAMES = {"search", "refund", "lookup"}
        def build():
            return {"model": "gpt-5.4", "messages": [{"role": "user", "content": RULES}], "tools": [
                {"type": "function", "function": {"name": name, "parameters": {}}} for name in NAMES
            ]}
    """)
    assert place(report) == (6, "tools[0]: NAMES")
    row = next(row for row in only(report).survival if row.change is Change.OTHER_PROCESS)
    assert row.bytes_shared < 60


# Answers to builders that give no prompt.


@pytest.mark.parametrize(
    ("source", "name", "message"),
    [
        ("def build():\n    return {}['x']\n", "prompts:build", "raises KeyError"),
        ("def build():\n    return None\n", "prompts:build", "returns nothing"),
        ("def build():\n    return 3\n", "prompts:build", "returns int, no prompt"),
        (
            "def build():\n    return {'a': 1}\n",
            "prompts:build",
            "what it returns is neither messages nor a request body",
        ),
        ("import os\ndef build():\n    os._exit(4)\n", "prompts:build", "ended itself with code 4"),
        ("import os\ndef build():\n    os.abort()\n", "prompts:build", "was ended by SIGABRT"),
        ("def build():\n    return 'x' * 10**7\n", "prompts:build", "more than 2,000,000"),
        ("1 / 0\n", "prompts:build", "importing it raises ZeroDivisionError"),
        ("import nowhere\n", "prompts:build", "importing it needs 'nowhere'"),
        ("", "promts:build", "there is no module 'promts'"),
        ("", "prompts:build", "there is nothing of that name"),
        ("", "gone.py:build", "no such file"),
        (
            "def test_a(tmp_path):\n    return RULES\n",
            "prompts.py::test_a",
            "takes arguments that only pytest can give: tmp_path",
        ),
        (
            "import pytest\n@pytest.fixture\ndef fix():\n    return RULES\n",
            "prompts.py::fix",
            "is a pytest fixture",
        ),
    ],
)
def test_a_builder_without_a_prompt_is_a_fault_and_unusable(source, name, message):
    Path("prompts.py").write_text("from rules import RULES\n" + source)
    request = AuditRequest(paths=(Path(name),), at=AT, targets=EXACT, python=LIMITS)
    report = run_audit(request)
    (problem,) = report.problems
    assert message in problem.message
    assert problem.repair
    assert only(report).status is FileStatus.NOT_ANALYSED
    assert message in only(report).reason
    assert audit_verdict(report, FailOn.NEVER) is ExitCode.UNUSABLE


def test_a_fault_names_the_innermost_line_of_the_user_and_no_text():
    report = build("""
        import json
        def build():
            return inner("{private text")
        def inner(text):
            return json.loads(text)
    """)
    (problem,) = report.problems
    assert (problem.path, problem.line) == ("prompts.py", 7)
    assert "private" not in str(report)


@pytest.mark.parametrize(
    ("source", "name", "repair"),
    [
        (
            "from .parts import X\n",
            "prompts.py:build",
            "name it by module from the project's folder",
        ),
        ("import nowhere\n", "prompts.py:build", "install promptcost-cli into the environment"),
        ("from json import nothing\n", "prompts:build", "make it importable by itself"),
        ("", "promts:build", "run from the project's folder"),
        ("", "prompts:RULE", "did you mean 'RULES'?"),
        ("", "prompts:xyzzy", "check the name"),
        (
            "import socket\ndef build():\n    socket.gethostbyname('localhost')\n",
            "prompts:build",
            "let it build the prompt without the network",
        ),
        ("def build():\n    raise OSError\n", "prompts:build", "let it run without this program"),
    ],
)
def test_a_fault_says_what_to_do(source, name, repair):
    report = build(source, name)
    assert report.problems[0].repair.startswith(repair)


def test_made_up_values_that_do_not_fit_are_asked_for():
    report = build("def build(limits):\n    return limits.words + 1\n")
    (problem,) = report.problems
    assert problem.repair == "give values for limits in a context file (--context)"


def test_a_builder_that_hangs_is_a_fault():
    limits = BuilderLimits(seconds=2)
    report = build("def build():\n    while True: pass\n", python=limits)
    (problem,) = report.problems
    assert problem.message == "was still building the prompt after 2 seconds, and was ended"


def test_a_failing_change_counts_as_unchanged_and_is_noted():
    report = build("""
        from datetime import datetime
        def build():
            if datetime.now().day == 6:
                raise RuntimeError
            return RULES
    """)
    assert broken(report) == []
    assert "1 changed call failed and left the prompt unchanged" in only(report).notes


def test_a_try_for_the_network_is_noted():
    report = build("""
        import socket
        def build():
            try:
                socket.create_connection(("127.0.0.1", 9))
            except OSError:
                return RULES
    """)
    assert any("asked for the network" in note for note in only(report).notes)


def test_one_that_fails_does_not_stop_the_others():
    report = build(
        """
        def bad():
            raise ValueError
        def test_good():
            return RULES
        """,
        "prompts:bad",
        "prompts.py::test_good",
        "prompts.py:bad",
    )
    assert [file.status.value for file in report.files] == ["not analysed", "clean", "not analysed"]


# Nothing is run unless it is allowed.


def test_nothing_is_run_without_leave(folder):
    source = "open('ran', 'w').close()\ndef build():\n    return RULES\n"
    report = build(source, "prompts:build", "prompts.py::build", python=None)
    assert [file.reason for file in report.files] == [
        "needs --allow-python, which runs this code"
    ] * 2
    assert audit_verdict(report, FailOn.NEVER) is ExitCode.UNUSABLE
    assert not (folder / "ran").exists()


def test_a_template_beside_a_builder_is_answered():
    Path("a.j2").write_text("Hello {{ name }}")
    report = build("", "prompts:build", "a.j2", python=None)
    assert {file.path: file.status.value for file in report.files} == {
        "a.j2": "clean",
        "prompts:build": "not analysed",
    }
    assert audit_verdict(report, FailOn.NEVER) is ExitCode.CLEAN


def test_a_file_whose_name_looks_like_a_builder_is_a_file():
    Path("prompts:build").write_text("Hello {{ name }}")
    assert only(build("")).path == "prompts:build"
    assert only(build("")).status is FileStatus.CLEAN


def test_no_path_is_nothing_to_do():
    with pytest.raises(NothingToDo):
        build("", paths=())


def test_a_finding_can_be_silenced_with_a_reason():
    report = build("""
        import uuid
        def build():
            # promptcost: ignore[PC102] the log needs it
            return f"Request {uuid.uuid4()}\\n{RULES}"
    """)
    assert found(report) == []
    assert [item.reason for item in report.suppressed] == ["the log needs it"]


def test_a_helper_in_another_file_is_named(folder):
    (folder / "head.py").write_text(
        'import uuid\ndef head():\n    return f"Trace number {uuid.uuid4()}\\n"\n'
    )
    report = build("""
        from head import head
        def build():
            return head() + RULES
    """)
    (finding,) = report.findings
    assert (finding.place.path, finding.place.start_line) == ("head.py", 3)
    assert [(line.path, line.number) for line in only(report).lines] == [("head.py", 3)]


def test_a_change_that_comes_from_nowhere_known_is_at_the_function():
    report = build("""
        import time
        def build():
            parts = [str(time.time()), RULES]
            return "\\n".join(parts)
    """)
    assert place(report) == (4, "")


def test_the_same_audit_gives_the_same_report():
    source = """
        import uuid
        from datetime import datetime
        def build(question):
            return f"{uuid.uuid4()} at {datetime.now()} {set('abc')}: {question}\\n{RULES}"
    """
    assert build(source) == build(source)
