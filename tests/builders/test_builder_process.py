"""What a builder may do to its process, and what the audit hears of it."""

from __future__ import annotations

import fcntl
from dataclasses import replace

import pytest
from builders.sessions import NOON, SHORT, told, values

from promptcost.builders.process import Ended

_HASTY = replace(SHORT, seconds=3)


def test_a_function_is_described(tmp_path):
    source = """
        import functools
        def noted(f):
            @functools.wraps(f)
            def inner(*args, **kwargs):
                return f(*args, **kwargs)
            return inner
        @noted
        def build(question: str, tone="kind", *, user: "User", **more):
            return question
    """
    (line,) = told(tmp_path, source).of_kind("described")
    assert (line["file"], line["line"]) == (str(tmp_path / "builder.py"), 8)
    assert [
        (each["name"], each["required"], each["annotation"]) for each in line["parameters"]
    ] == [
        ("question", True, "str"),
        ("tone", False, ""),
        ("user", True, "User"),
        ("more", True, ""),
    ]


_MANY = """
    import dataclasses, functools
    def named(name):
        return name
    def bare(name, /):
        return name
    def rest(**rest):
        return ' '.join(sorted(rest))
    def default(tone='kind'):
        return tone
    async def waiting(name):
        return name
    part = functools.partial(named, name='Eve')
    class Made:
        def __init__(self, plan):
            self.plan = plan
        def own(self, name):
            return f'{name} {self.plan}'
        @staticmethod
        def still(name):
            return name
        @classmethod
        def classy(cls, name):
            return f'{cls.__name__} {name}'
    @dataclasses.dataclass
    class Person:
        name: str
        def loud(self):
            return self.name.upper()
    def typed(person: Person):
        return person.loud()
    class Text(str):
        pass
    TEXT = Text('text')
"""


@pytest.mark.parametrize(
    ("attribute", "returned"),
    [
        ("named", "Ada"),
        ("bare", "Ada"),
        ("rest", "name person plan"),
        ("default", "kind"),
        ("waiting", "Ada"),
        ("part", "Ada"),
        ("Made.own", "Ada pro"),
        ("Made.still", "Ada"),
        ("Made.classy", "Made Ada"),
        ("typed", "ADA"),
        ("TEXT", "text"),
    ],
)
def test_builders_are_called_with_what_they_take(tmp_path, attribute, returned):
    given = {"name": "Ada", "plan": "pro", "person": {"name": "Ada"}}
    found = told(tmp_path, _MANY, NOON, attribute=attribute, arguments=given)
    assert values(found) == [returned]


def test_prints_do_not_reach_the_answer(tmp_path):
    source = """
        import os, subprocess, sys
        def build():
            print('noise')
            sys.stderr.write('noise')
            os.write(1, b'{"kind": "result", "value": "forged"}\\n')
            subprocess.run([sys.executable, '-c', 'print("noise")'], check=True)
            return 'prompt'
    """
    assert values(told(tmp_path, source, NOON)) == ["prompt"]


def test_noise_in_our_answer_is_passed_over(tmp_path):
    source = r"""
        import os
        def build():
            for number in range(3, 12):
                for noise in (b'noise\n', b'[1]\n', b'{}\n', b'[' * 10**5 + b'\n', b'\xff\n'):
                    try:
                        os.write(number, noise)
                    except OSError:
                        pass
            return 'prompt'
    """
    assert values(told(tmp_path, source, NOON)) == ["prompt"]


def test_names_are_bare(tmp_path):
    source = r"""
        def build():
            raise type('\x1b[31mred' + 'x' * 99, (Exception,), {})
    """
    (line,) = told(tmp_path, source, NOON).of_kind("fault")
    assert line["type"] == "??31mred" + "x" * 72


def test_a_builder_reads_nothing_from_our_input(tmp_path):
    source = "import sys\ndef build():\n    return f'<{sys.stdin.read()}>'\n"
    assert values(told(tmp_path, source, NOON)) == ["<>"]


def test_secrets_of_the_environment_stay_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("SERVICE_TOKEN", "secret")
    source = "import os\ndef build():\n    return str('SERVICE_TOKEN' in os.environ)\n"
    assert values(told(tmp_path, source, NOON)) == ["False"]


def test_nothing_is_written_beside_the_source(tmp_path):
    told(tmp_path, "def build():\n    return 'prompt'\n", NOON)
    assert [each.name for each in tmp_path.iterdir()] == ["builder.py"]


def test_neighbours_are_found_and_a_taken_name_is_no_obstacle(tmp_path):
    (tmp_path / "parts.py").write_text("HEAD = 'head'\n")
    (tmp_path / "json.py").write_text("from parts import HEAD\ndef build():\n    return HEAD\n")
    found = told(
        tmp_path,
        "import runpy\nbuild = runpy.run_path(__file__[:-10] + 'json.py')['build']\n",
        NOON,
    )
    assert values(found) == ["head"]


def test_a_file_of_a_package_may_import_relatively(tmp_path):
    (tmp_path / "__init__.py").write_text("")
    (tmp_path / "parts.py").write_text("HEAD = 'head'\n")
    source = "from .parts import HEAD\ndef build():\n    return HEAD\n"
    assert values(told(tmp_path, source, NOON)) == ["head"]


def test_the_files_of_the_user_are_named(tmp_path):
    (tmp_path / "parts.py").write_text("HEAD = 'head'\n")
    source = "import json\nfrom parts import HEAD\ndef build():\n    return HEAD\n"
    (line,) = told(tmp_path, source, NOON).of_kind("done")
    assert line["files"] == [str(tmp_path / "builder.py"), str(tmp_path / "parts.py")]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("return None", "NoneType"),
        ("return 7", "int"),
        ("return ''", "str"),
        ("return []", ""),
        ("return b'bytes'", "bytes"),
        ("return object()", "object"),
        ("return [{'role': 'user', 'content': {1, 2}}]", "set"),
        ("return {1: 'one'}", "key int"),
        ("yield 'part'", "generator"),
        ("a = []; a.append(a); return a", "list"),
    ],
)
def test_what_is_no_prompt_is_named_by_its_type(tmp_path, body, kind):
    found = told(tmp_path, f"def build():\n    {body}\n", NOON)
    assert [line["type"] for line in found.of_kind("unsupported")] == [kind]
    assert found.ended is None


@pytest.mark.parametrize("body", ["return 'x' * 10**8", "return ['x' * 6_000] * 2"])
def test_a_huge_prompt_is_refused(tmp_path, body):
    found = told(tmp_path, f"def build():\n    {body}\n", NOON)
    assert len(found.of_kind("large")) == 1


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("return {}['secret text']", "KeyError"),
        ("raise SystemExit('secret text')", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return build()", "RecursionError"),
        ("return 'x' * 10**12", "MemoryError"),
        ("return json.loads('{secret text')", "JSONDecodeError"),
    ],
)
def test_a_fault_is_told_by_type_and_place_without_its_words(tmp_path, body, fault):
    found = told(tmp_path, f"import json\ndef build():\n    {body}\n", NOON)
    (line,) = found.of_kind("fault")
    assert (line["type"], line["file"], line["line"]) == (fault, str(tmp_path / "builder.py"), 3)
    assert "secret" not in str(found)


@pytest.mark.parametrize(("first_decides", "faults"), [(True, 1), (False, 2)])
def test_a_first_call_without_a_prompt_may_decide(tmp_path, first_decides, faults):
    source = "def build():\n    return 1 / 0\n"
    found = told(tmp_path, source, NOON, NOON, first_decides=first_decides)
    assert len(found.of_kind("fault")) == faults


@pytest.mark.parametrize(
    ("source", "fault", "line"),
    [
        ("x = 1\ny = 1 / 0\n", "ZeroDivisionError", 2),
        ("x = 1\nif x\n", "SyntaxError", 2),
        ("raise SystemExit\n", "SystemExit", 1),
        ("import no_such_module\n", "ModuleNotFoundError", 1),
    ],
)
def test_a_module_that_cannot_be_imported(tmp_path, source, fault, line):
    found = told(tmp_path, source, NOON)
    (broken,) = found.of_kind("broken")
    assert (broken["type"], broken["line"], found.ended) == (fault, line, None)


def test_a_name_that_is_not_there_has_a_neighbour(tmp_path):
    found = told(tmp_path, "def build():\n    return 'x'\n", NOON, attribute="biuld")
    assert [line["near"] for line in found.of_kind("missing")] == ["build"]


@pytest.mark.parametrize(
    ("source", "phase"),
    [
        ("def build():\n    while True: pass\n", "call"),
        ("while True: pass\n", "import"),
        ("import time\ndef build():\n    time.sleep(60)\n", "call"),
    ],
)
def test_a_builder_that_hangs_is_ended(tmp_path, source, phase):
    found = told(tmp_path, source, NOON, limits=_HASTY)
    assert (found.ended, found.phase) == (Ended(late=True), phase)


@pytest.mark.parametrize(
    ("body", "ended"),
    [
        ("os._exit(0)", Ended(code=0)),
        ("os._exit(3)", Ended(code=3)),
        ("os.kill(os.getpid(), 9)", Ended(code=-9)),
        ("os.closerange(3, 64)", Ended(code=1)),
    ],
)
def test_a_process_that_ends_itself_is_noticed(tmp_path, body, ended):
    found = told(tmp_path, f"import os\ndef build():\n    {body}\n    return 'x'\n", NOON)
    assert found.ended == ended


def test_a_fork_answers_once(tmp_path):
    source = "import os\ndef build():\n    os.fork()\n    return 'prompt'\n"
    assert values(told(tmp_path, source, NOON)) == ["prompt"]


def test_what_is_left_running_is_ended(tmp_path):
    source = """
        import fcntl, subprocess, sys
        def build():
            lock = open(__file__ + '.lock', 'w')
            fcntl.flock(lock, fcntl.LOCK_EX)
            wait = 'import time; time.sleep(10**6)'
            subprocess.Popen([sys.executable, '-c', wait], pass_fds=[lock.fileno()])
            return 'prompt'
    """
    assert values(told(tmp_path, source, NOON)) == ["prompt"]
    with (tmp_path / "builder.py.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # waits for ever if the process still holds it


def test_threads_and_exit_handlers_do_not_hold_the_answer(tmp_path):
    source = """
        import atexit, threading, time
        atexit.register(time.sleep, 60)
        def build():
            threading.Thread(target=time.sleep, args=(60,)).start()
            return 'prompt'
    """
    assert values(told(tmp_path, source, NOON)) == ["prompt"]


@pytest.mark.parametrize(
    "body",
    [
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.getaddrinfo('localhost', 80)",
        "socket.gethostbyname('localhost')",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "urllib.request.urlopen('http://127.0.0.1:9/')",
    ],
)
def test_the_network_is_blocked_and_the_attempt_is_told(tmp_path, body):
    source = f"import socket, urllib.request\ndef build():\n    {body}\n    return 'x'\n"
    (line,) = told(tmp_path, source, NOON).of_kind("fault")
    assert line["network"] is True


def test_a_builder_may_go_on_without_the_network(tmp_path):
    source = """
        import socket
        def build():
            try:
                socket.create_connection(('127.0.0.1', 9))
            except OSError:
                return 'offline'
    """
    (line,) = told(tmp_path, source, NOON).of_kind("result")
    assert (line["value"], line["network"]) == ("offline", True)


def test_lone_surrogates_come_through(tmp_path):
    assert values(told(tmp_path, "PROMPT = 'a\\ud800b'\n", NOON, attribute="PROMPT")) == [
        "a\ud800b"
    ]
