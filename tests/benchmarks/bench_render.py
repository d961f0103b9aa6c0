"""Times rendering with origins against plain Jinja: compile once, render as many times.

    python tests/benchmarks/bench_render.py [FOLDER] [--renders N] [--repeat N]

Without a folder, synthetic templates are used.  Prints one line per step and the ratio of sums; the
best of `--repeat` runs counts, as on a busy machine only the least processor time is stable.
"""

# ruff: noqa: T201 - a script that prints its result
from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from promptcost.templates import Limits, Rendered, Settings, SourceKind, discover, load, prepare

if TYPE_CHECKING:
    from promptcost.templates.source import TemplateSource

WORDS = "You are a careful assistant. Answer from the context only, and say so when you cannot.\n"

SYNTHETIC = {
    "literal.j2": "Today is {{ now }}.\n" + WORDS * 200 + "{{ question }}\n",
    "branches.j2": "".join(
        f"{{% if flag_{n} %}}{WORDS}{{% else %}}Skip {n}.{{% endif %}}\n" for n in range(40)
    ),
    "loop.j2": "{% for d in docs %}[{{ loop.index }}] {{ d.title|upper }}: {{ d.text|trim }}\n"
    "{% endfor %}" + WORDS * 20,
    "macro.j2": "{% macro tool(t) %}- {{ t.name }}: {{ t.text }}\n{% endmacro %}"
    "{% set head %}# Tools for {{ user }}\n{% endset %}{{ head }}"
    "{% for t in docs %}{{ tool(t) }}{% endfor %}" + WORDS * 5,
}


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--renders", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or _synthetic(Path(made))
        sources = _renderable(folder)
        print(f"{len(sources)} Jinja templates, {options.renders} renders each")
        plain = min(_plain(sources, options.renders) for _ in range(options.repeat))
        ours = min(_ours(folder, sources, options.renders) for _ in range(options.repeat))
    print(f"plain Jinja        {plain * 1000:9.1f} ms")
    print(f"with origins       {ours * 1000:9.1f} ms")
    print(f"ratio              {ours / plain:9.2f}")


def _synthetic(folder: Path) -> Path:
    for name, text in SYNTHETIC.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _context() -> dict[str, object]:
    docs = [{"title": f"title {n}", "text": f"text of {n} ", "name": f"n{n}"} for n in range(30)]
    flags = {f"flag_{n}": n % 2 == 0 for n in range(40)}
    return {"now": "2026-01-05 09:30", "question": "Why?", "user": "ada", "docs": docs, **flags}


def _renderable(folder: Path) -> list[TemplateSource]:
    """Return the templates that plain Jinja can render too, with nothing but missing values."""
    return [
        source
        for path in discover([folder])[0]
        for source in load(path, settings=Settings(), limits=Limits())[0]
        if source.kind in {SourceKind.JINJA, SourceKind.CHAT_TEMPLATE} and _works(source)
    ]


def _works(source: TemplateSource) -> bool:
    try:
        _environment(source).from_string(source.text).render(_context())
    except Exception:  # noqa: BLE001 - any failure excludes the template
        return False
    return True


def _environment(source: TemplateSource) -> ImmutableSandboxedEnvironment:
    settings = source.settings
    start, end = settings.variable or ("{{", "}}")
    return ImmutableSandboxedEnvironment(
        variable_start_string=start,
        variable_end_string=end,
        trim_blocks=bool(settings.trim_blocks),
        lstrip_blocks=bool(settings.lstrip_blocks),
        undefined=Undefined,
        extensions=["jinja2.ext.loopcontrols"],
    )


def _plain(sources: list[TemplateSource], renders: int) -> float:
    context = _context()
    start = time.process_time()
    for source in sources:
        template = _environment(source).from_string(source.text)
        for _ in range(renders):
            template.render(context)
    return time.process_time() - start


def _ours(root: Path, sources: list[TemplateSource], renders: int) -> float:
    context, limits = _context(), Limits()
    start = time.process_time()
    for source in sources:
        template = prepare(source, root=root, limits=limits)
        for _ in range(renders):
            made = template.render(context, limits)  # type: ignore[union-attr]
            assert isinstance(made, Rendered), made
    return time.process_time() - start


if __name__ == "__main__":
    warnings.simplefilter("error")
    main()
