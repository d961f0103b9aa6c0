"""Compares an audit with what plain Jinja needs to compile and render as often.

    python tests/benchmarks/audit_cost.py ../shared/data/templates

Prints both times over all Jinja templates of a folder, best of five runs, and their ratio.  Exit
code 1 when the audit takes more than three times as long.
"""

from __future__ import annotations

import sys
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path

import jinja2

from promptcost.audit import AuditRequest, run_audit
from promptcost.templates import Limits, Settings, SourceKind, discover, load
from promptcost.templates import perturb

MOST = 3.0
RUNS = 5
Work = list[tuple[jinja2.Environment, str, list[dict[str, object]]]]


def record(paths: list[Path]) -> Work:
    """Return for every Jinja template its environment, text and the contexts an audit renders."""
    seen: dict[tuple[str, str], tuple[str, list[dict[str, object]]]] = {}
    original = perturb._render

    def spy(template, values, world, limits, forced):
        source = template.source
        if source.kind in {SourceKind.JINJA, SourceKind.CHAT_TEMPLATE}:
            contexts = seen.setdefault((source.path, source.section), (source, []))[1]
            contexts.append(values.context(world))
        return original(template, values, world, limits, forced)

    perturb._render = spy
    try:
        audit(paths)
    finally:
        perturb._render = original
    return [(_plain(source), source.text, contexts) for source, contexts in seen.values()]


def _plain(source) -> jinja2.Environment:
    variable = source.settings.variable or ("{{", "}}")
    env = jinja2.Environment(
        variable_start_string=variable[0],
        variable_end_string=variable[1],
        block_start_string=source.settings.block[0],
        block_end_string=source.settings.block[1],
        extensions=["jinja2.ext.loopcontrols"],
        cache_size=0,
    )
    env.filters = _Known(env.filters)
    env.globals["raise_exception"] = lambda message="": message
    return env


class _Known(dict):
    """Filters of which none is unknown."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str):
        return lambda value, *_args, **_more: value

    def get(self, name: str, default=None):
        return self[name]


def plain(work: Work) -> int:
    """Compile each template once and render it with every context; return the renders."""
    renders = 0
    for env, text, contexts in work:
        try:
            template = env.from_string(text)
        except jinja2.TemplateError:
            continue
        for context in contexts:
            renders += 1
            try:
                template.render(context)
            except Exception:  # noqa: BLE001, S110 - what plain Jinja cannot render counts as is
                pass
    return renders


def audit(paths: list[Path]) -> None:
    """Audit the files for one target, as plain Jinja counts no tokens."""
    at = datetime(2026, 11, 20, tzinfo=UTC)
    run_audit(AuditRequest(paths=tuple(paths), at=at, targets=("anthropic/claude-sonnet-4-5",)))


def best(work) -> float:
    """Return the shortest of some runs, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> int:
    """Print the comparison."""
    warnings.simplefilter("ignore")
    files, _ = discover([Path(sys.argv[1])])
    kinds = {SourceKind.JINJA, SourceKind.CHAT_TEMPLATE}
    files = [
        path
        for path in files
        if path.suffix != ".py"
        and any(s.kind in kinds for s in load(path, settings=Settings(), limits=Limits())[0])
    ]
    work = record(files)
    renders = plain(work)
    baseline, ours = best(lambda: plain(work)), best(lambda: audit(files))
    sys.stdout.write(
        f"{len(work)} templates, {renders} renders: plain Jinja {baseline:.3f} s,"
        f" audit {ours:.3f} s, {ours / baseline:.2f} times\n"
    )
    return int(ours / baseline > MOST)


if __name__ == "__main__":
    sys.exit(main())
