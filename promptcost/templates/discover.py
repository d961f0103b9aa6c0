"""Finds the files below some paths that hold prompt templates."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.files.text import read_text
from promptcost.templates.detect import kind_of
from promptcost.templates.foreign import GO, language_of
from promptcost.templates.load import GO_SUFFIX, JINJA_SUFFIXES, container_holds, is_weak
from promptcost.templates.python_file import holds_prompts, looks_like_prompts
from promptcost.templates.settings import SourceKind
from promptcost.templates.str_format import is_format_string

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ALWAYS = JINJA_SUFFIXES | {".prompty"}
CONTAINERS = frozenset({".yaml", ".yml", ".toml"})
OTHERS = frozenset({".hbs", ".handlebars", ".mustache", ".liquid", ".erb"})
BY_CONTENT = CONTAINERS | OTHERS | {".txt", ".md", ".prompt"}
MAX_SNIFFED = 1_000_000  # bytes; larger text files are not prompts unless they are named

_SKIPPED = frozenset(
    [
        "node_modules",
        "venv",
        "env",
        "site-packages",
        "__pycache__",
        "build",
        "dist",
        "target",
        "vendor",
    ]
)
# Documentation shows template syntax without being a prompt.
_DOCUMENTS = re.compile(
    r"(?i)(readme|changelog|changes|contributing|license|licence|notice)([._-].*)?"
)
_MANUALS = re.compile(r"(?i)docs?([._-].*)?|website|release-?notes|changelogs?")
_FENCE = re.compile(r"\s*(```|~~~)")
# Braces alone are too common in text files; the name must say what the file is for.
_HINT = re.compile(r"(?i)prompt|template|instruction|persona|system|message|conversation|chat")

# Most files in these languages are pages.
_PROMPT = re.compile(r"(?i)prompt|instruction|persona")


def discover(paths: Sequence[Path]) -> tuple[list[Path], list[Problem]]:
    """Return files named directly and files in directories that look like templates, sorted.

    Hidden directories, environments and links that lead out of a directory are not followed.
    """
    found: dict[Path, None] = {}
    problems: list[Problem] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in _walk(path) if _is_template(file, path))
            if not inside:
                message = "holds no prompt templates"
                repair = "name a directory with .j2, .jinja, .prompty, .txt, .md or YAML prompts"
                problems.append(Problem(path=str(path), message=message, repair=repair))
            found.update(dict.fromkeys(inside))
        elif path.exists():
            found[path] = None
        else:
            problems.append(
                Problem(path=str(path), message="no such file", repair="check the path")
            )
    return list(found), problems


def _walk(root: Path) -> Iterator[Path]:
    top = root.resolve()
    for folder, names, files in os.walk(root, followlinks=False):
        names[:] = sorted(n for n in names if not n.startswith(".") and n not in _SKIPPED)
        if (Path(folder) / "pyvenv.cfg").exists():
            names.clear()
            continue
        for name in files:
            path = Path(folder) / name
            if not path.is_symlink() or _stays(path, top):
                yield path


def _stays(path: Path, top: Path) -> bool:
    try:
        return path.resolve().is_relative_to(top)
    except (OSError, RuntimeError):
        return False  # a link that leads to itself


def _is_template(path: Path, root: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix in ALWAYS:
        return suffix != GO_SUFFIX or _says_prompt(path, root) or not _is_go(path)
    if suffix == ".py":
        return _is_python_prompt(path)
    if suffix not in BY_CONTENT or path.name.startswith("."):
        return False
    if suffix in OTHERS and not _says_prompt(path, root):
        return False
    return _holds_templates(path, root)


def _is_go(path: Path) -> bool:
    """Say whether a file is a Go template; those configure programs where no path says prompt."""
    found = read_text(path, MAX_SNIFFED)
    return not isinstance(found, Problem) and language_of(found.text) == GO


def _says_prompt(path: Path, root: Path) -> bool:
    return _PROMPT.search(path.relative_to(root.parent).as_posix()) is not None


def _holds_templates(path: Path, root: Path) -> bool:
    found = read_text(path, MAX_SNIFFED)
    if isinstance(found, Problem):
        return False
    text = _without_examples(found.text) if path.suffix.lower() == ".md" else found.text
    kind = kind_of(text)
    if kind is None:
        return False
    hinted = _HINT.search(path.relative_to(root.parent).as_posix()) is not None
    if kind is SourceKind.JINJA and not _says_prompt(path, root) and is_weak(text):
        return False
    if path.suffix.lower() in CONTAINERS:
        held, problems = container_holds(found)
        return held or (hinted and any(p.level is Level.ERROR for p in problems))
    if _is_document(path.relative_to(root)):
        return False
    return kind is not SourceKind.STR_FORMAT or (hinted and is_format_string(found.text))


def _without_examples(text: str) -> str:
    """Return Markdown without its fenced code."""
    kept, opened = [], ""
    for line in text.splitlines():
        fence = _FENCE.match(line)
        if fence and opened in {"", fence[1]}:
            opened = "" if opened else fence[1]
        elif not opened:
            kept.append(line)
    return "\n".join(kept)


def _is_document(path: Path) -> bool:
    manual = any(_MANUALS.fullmatch(part) for part in path.parts[:-1])
    return manual or _DOCUMENTS.fullmatch(path.name) is not None


def _is_python_prompt(path: Path) -> bool:
    found = read_text(path, MAX_SNIFFED)
    if isinstance(found, Problem) or not looks_like_prompts(found.text):
        return False
    return holds_prompts(found.text)
