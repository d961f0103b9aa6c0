"""Compares an audit with plain Jinja: compile each template once, render it as many times.

    python tests/benchmarks/bench_audit.py [FOLDER] [--repeat N]

Without a folder, generated templates are used.  One run measures both sides in turn, each time in a
fresh fork of a process that has loaded modules, catalogue and vocabulary by auditing something
else, so nothing is remembered from one measurement to the next.  In the fork, too, something is
audited before the clock starts: both sides find the memory they need mapped, and neither finds
anything of the folder in a cache.  Processor seconds, medians.

Plain Jinja renders through `jinja2.Environment` with the settings, the stand-ins and the values of
every render of the audit, which are recorded while it audits.  Exit code 1 when the audit takes
more than 3 times as long, or when auditing 1,000 generated templates takes more than 500 MB.
"""

# ruff: noqa: T201 - a script that prints its result
from __future__ import annotations

import argparse
import gc
import multiprocessing
import resource
import statistics
import subprocess
import sys
import tempfile
import warnings
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import jinja2

from promptcost.audit import AuditRequest, run_audit
from promptcost.templates import SourceKind, perturb
from promptcost.templates._chat import add_chat_functions
from promptcost.templates._undefined import Permissive

if TYPE_CHECKING:
    from collections.abc import Callable

    from promptcost.templates import TemplateSource

MOST_TIMES = 3.0
MOST_MEGABYTES = 500
MANY = 1_000
WARM = 100  # templates audited before a clock starts
WORDS = "You are a careful assistant: answer “not found” when the context does not say it.\n"
KINDS = (
    "@Today is {{ current_date }}.\n@@{{ question }}\n",
    """{% if tools %}@{% for tool in tools %}- {{ tool.name }}: {{ tool.description }}
{% endfor %}{% endif %}@Session {{ session_id }}
@""",
    """{% macro item(d) %}[{{ d.source|upper }}] {{ d.text|trim }}
{% endmacro %}@{% for d in documents %}{{ loop.index }} {{ item(d) }}{% endfor %}@""",
    """@{% set head = 'For ' ~ user.name %}{{ head }}
@{% for m in messages %}{{ m.role }}: {{ m.content }}
{% endfor %}@{{ input }}
""",
)

# One file of every other kind, so that what reads it is loaded before anything is measured.
OTHER_KINDS = {
    "agent.yaml": "system: |\n  @Rule for {{ user }}.\n  {% if now %}At {{ now }}.{% endif %}\n",
    "agent.toml": 'system = """@Rule for {{ user }}."""\n',
    "agent.prompty": "---\nname: agent\n---\nsystem:\n@Rule for {{ user }}.\n",
    "agent.py": 'PROMPT = f"""@Rule for {user.name} at {now:%H:%M}. Never guess an answer."""\n',
    "prompt.txt": "@Rule for {user}: answer {question} as {{json}}.\n",
    "prompt.md": "@Rule for {{ user }}.\n",
    "chat_template.jinja": (
        "{{ bos_token }}{% for message in messages %}{{ message.role }}: {{ message.content }}\n"
        "{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}"
    ),
}

Contexts = list[dict[str, Any]]
Work = list[tuple[jinja2.Environment, str, Contexts]]


class Known(dict[str, Any]):
    """Filters or tests by name, with a stand-in for every unknown one."""

    def __init__(self, known: dict[str, Any], stand_in: Callable[..., Any]) -> None:
        super().__init__(known)
        self._stand_in = stand_in

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Callable[..., Any]:
        return self._stand_in

    def get(self, name: str, default: object = None) -> Any:
        """Return the function of a name."""
        del default
        return self[name]


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--peak", action="store_true", help="only audit, and print the peak in MB")
    options = parser.parse_args()
    if options.peak:
        audit(options.folder)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return 0
    with tempfile.TemporaryDirectory() as made:
        many = generate(Path(made) / "many", MANY)
        warm = every_kind(Path(made) / "warm")
        audit(warm)
        folder = options.folder or generate(Path(made) / "some", 60)
        ratio = compare(folder, warm, options.repeat)
        command = [sys.executable, __file__, str(many), "--peak"]
        peak = int(subprocess.check_output(command))  # noqa: S603 - this script itself
    print(f"peak memory of auditing {MANY:,} generated templates: {peak} MB")
    return int(ratio > MOST_TIMES or peak > MOST_MEGABYTES)


def compare(folder: Path, warm: Path, repeat: int) -> float:
    """Print the time of both sides over a folder, and return their ratio."""
    turns = [
        (in_fork(time_audit, folder, warm), in_fork(time_plain, folder, warm))
        for _ in range(repeat)
    ]
    ours = statistics.median(seconds for (seconds,), _ in turns)
    plain = statistics.median(seconds for _, (seconds, *_) in turns)
    _, templates, renders, failed = turns[0][1]
    print(f"{templates:.0f} templates, {renders:.0f} renders ({failed:.0f} fail in plain Jinja)")
    print(f"plain Jinja {plain * 1000:8.1f} ms")
    print(f"audit       {ours * 1000:8.1f} ms")
    print(f"ratio       {ours / plain:8.2f}")
    return ours / plain


def in_fork(
    measure: Callable[[Path, Path], tuple[float, ...]], folder: Path, warm: Path
) -> tuple[float, ...]:
    """Return what a measurement says in a process of its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    gc.collect()
    gc.freeze()
    child = context.Process(target=lambda: theirs.send(measure(folder, warm)))
    child.start()
    theirs.close()
    answer: tuple[float, ...] = ours.recv()
    child.join()
    return answer


def time_audit(folder: Path, warm: Path) -> tuple[float, ...]:
    """Return the seconds of an audit."""
    start = started(warm)
    audit(folder)
    return (process_time() - start,)


def time_plain(folder: Path, warm: Path) -> tuple[float, ...]:
    """Return the seconds plain Jinja needs for what the audit does, and the counts of that."""
    work = recorded(folder)
    start = started(warm)
    failed = sum(failures(*each) for each in work)
    return process_time() - start, len(work), sum(len(each[2]) for each in work), failed


def started(warm: Path) -> float:
    """Map memory by auditing other templates, forget what that left in caches, start the clock."""
    audit(warm)
    jinja2.clear_caches()
    gc.collect()
    gc.freeze()
    return process_time()


def audit(folder: Path) -> None:
    """Audit a folder for the default targets."""
    run_audit(AuditRequest(paths=(folder,), at=datetime(2026, 11, 20, tzinfo=UTC)))


def recorded(folder: Path) -> Work:
    """Return every Jinja template that an audit renders, with the values of each render."""
    seen: dict[tuple[str, str], tuple[TemplateSource, Contexts]] = {}
    original = perturb._render

    def spy(template: Any, values: Any, world: Any, *others: Any) -> Any:
        source = template.source
        if source.kind in {SourceKind.JINJA, SourceKind.CHAT_TEMPLATE}:
            contexts = seen.setdefault((source.path, source.section), (source, []))[1]
            contexts.append(values.context(world))
        return original(template, values, world, *others)

    perturb._render = spy
    try:
        audit(folder)
    finally:
        perturb._render = original
    return [(plain(source, folder), source.text, contexts) for source, contexts in seen.values()]


def plain(source: TemplateSource, folder: Path) -> jinja2.Environment:
    """Return plain Jinja with the settings of a template, and stand-ins for what it lacks."""
    settings = source.settings
    start, end = settings.variable or ("{{", "}}")
    env = jinja2.Environment(
        block_start_string=settings.block[0],
        block_end_string=settings.block[1],
        variable_start_string=start,
        variable_end_string=end,
        comment_start_string=settings.comment[0],
        comment_end_string=settings.comment[1],
        trim_blocks=bool(settings.trim_blocks),
        lstrip_blocks=bool(settings.lstrip_blocks),
        keep_trailing_newline=settings.keep_trailing_newline,
        autoescape=settings.autoescape,  # noqa: S701 - as the template says
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        loader=jinja2.FileSystemLoader([folder, Path(source.path).parent]),
        undefined=Permissive,
    )
    env.filters = Known(env.filters, lambda value=None, *_args, **_more: value)
    env.tests = Known(env.tests, lambda *_args, **_more: False)
    if source.kind is SourceKind.CHAT_TEMPLATE:
        add_chat_functions(env)
    return env


def failures(env: jinja2.Environment, text: str, contexts: Contexts) -> int:
    """Compile a template once and render it with every context; return how often that fails."""
    try:
        template = env.from_string(text)
    except jinja2.TemplateError:
        return len(contexts)
    return sum(fails(template, context) for context in contexts)


def fails(template: jinja2.Template, context: dict[str, Any]) -> bool:
    """Render, and say whether that fails."""
    try:
        template.render(context)
    except Exception:  # noqa: BLE001 - whatever a template raises
        return True
    return False


def generate(folder: Path, count: int) -> Path:
    """Write templates of every kind, each with text of its own, and return the folder."""
    folder.mkdir()
    for number in range(count):
        text = KINDS[number % len(KINDS)]
        text = text.replace("@", f"Rule {number}. " + WORDS * (1 + number % 7))
        (folder / f"prompt_{number}.j2").write_text(text, encoding="utf-8")
    return folder


def every_kind(folder: Path) -> Path:
    """Write a file of every kind of source, and return the folder."""
    generate(folder, WARM)
    for name, text in OTHER_KINDS.items():
        (folder / name).write_text(text.replace("@", WORDS), encoding="utf-8")
    return folder


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
