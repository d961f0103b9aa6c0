"""Settings of a project: ``[tool.promptcost]`` in pyproject.toml, or ``promptcost.yaml``.

    targets: [anthropic/claude-sonnet-5-5@1h]
    context: prompts/contexts.yaml
    select: [PC1]
    ignore: [PC105]
    per-file-ignores: {"old/*.j2": [PC104]}
    fail-on: medium
    baseline: promptcost-baseline.json

What the command line says comes first.  Paths are relative to the file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from promptcost.errors import Problem
from promptcost.files.text import read_text
from promptcost.files.yaml import Document, read_yaml
from promptcost.rules import selected

YAML_NAME, TOML_NAME = "promptcost.yaml", "pyproject.toml"
_LISTS = ("targets", "select", "ignore", "pricing")
_TEXTS = ("context", "fail-on", "baseline")
_KEYS = (*_LISTS, *_TEXTS, "per-file-ignores")


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The settings of a project; empty where the file says nothing."""

    targets: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pricing: tuple[Path, ...] = ()
    context: Path | None = None
    baseline: Path | None = None
    fail_on: str | None = None


NO_PROJECT = Project()


def find_project(start: Path) -> Path | None:
    """Return the settings file of the nearest directory that has one, up to the repository root."""
    for folder in (start, *start.parents):
        if (folder / YAML_NAME).is_file():
            return folder / YAML_NAME
        table = folder / TOML_NAME
        if table.is_file() and "[tool.promptcost" in _text(table):
            return table
        if (folder / ".git").exists():
            return None
    return None


def load_project(path: Path) -> tuple[Project | None, list[Problem]]:
    """Read a settings file, or say every fault in it."""
    document, problems = _toml(path) if path.suffix == ".toml" else read_yaml(path)
    if document is None or problems:
        return None, problems
    reader = _Reader(document, path.parent)
    project = reader.read()
    return (None if reader.problems else project), reader.problems


def _text(path: Path) -> str:
    found = read_text(path)
    return "" if isinstance(found, Problem) else found.text


def _toml(path: Path) -> tuple[Document | None, list[Problem]]:
    found = read_text(path)
    if isinstance(found, Problem):
        return None, [found]
    try:
        top = tomllib.loads(found.text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        message, repair = "is not TOML", "check the syntax there"
        number = int(line[1]) if line else None
        return None, [Problem(path=str(path), message=message, repair=repair, line=number)]
    tool = top.get("tool", {})
    value = tool.get("promptcost", {}) if isinstance(tool, dict) else {}
    return Document(path=str(path), value=value, places=_places(found.text)), []


def _places(text: str) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Return the lines of the keys of the table; tomllib itself keeps none."""
    places: dict[tuple[str | int, ...], tuple[int, int]] = {}
    inside: tuple[str, ...] | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        table = re.match(r"\s*\[tool\.promptcost(?:\.([\w-]+))?\]", line)
        if table is not None:
            inside = (table[1],) if table[1] else ()
            places.setdefault(inside, (number, 1))
        elif line.lstrip().startswith("["):
            inside = None
        elif inside is not None:
            key = re.match(r"""\s*(?:([\w-]+)|["'](.*?)["'])\s*=""", line)
            if key is not None:
                places.setdefault((*inside, key[1] or key[2]), (number, 1))
    return places


class _Reader:
    """Collects the faults of one settings file while reading it."""

    def __init__(self, document: Document, folder: Path) -> None:
        self._document = document
        self._folder = folder
        self.problems: list[Problem] = []

    def read(self) -> Project:
        top = self._document.value
        if not isinstance(top, dict):
            self._fault((), "is not a mapping of settings", f"write one of {', '.join(_KEYS)}")
            return NO_PROJECT
        for key in top:
            if key not in _KEYS:
                near = get_close_matches(key, _KEYS, n=1)
                repair = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(_KEYS)}"
                self._fault((key,), f"unknown setting {key[:40]!r}", repair)
        lists = {key: self._list((key,), top.get(key, [])) for key in _LISTS}
        texts = {key: self._text(key, top.get(key)) for key in _TEXTS}
        self._rules(("select",), lists["select"])
        self._rules(("ignore",), lists["ignore"])
        return Project(
            targets=lists["targets"],
            select=lists["select"],
            ignore=lists["ignore"],
            per_file=self._per_file(top.get("per-file-ignores", {})),
            pricing=tuple(self._folder / name for name in lists["pricing"]),
            context=self._path(texts["context"]),
            baseline=self._path(texts["baseline"]),
            fail_on=texts["fail-on"],
        )

    def _path(self, text: str | None) -> Path | None:
        return None if text is None else self._folder / text

    def _list(self, at: tuple[str, ...], value: Any) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self._fault(at, f"{at[-1]} is not a list of texts", "write [one, two]")
        return ()

    def _text(self, key: str, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        self._fault((key,), f"{key} is not a text", "write one word or path")
        return None

    def _per_file(self, value: Any) -> dict[str, tuple[str, ...]]:
        at = "per-file-ignores"
        if not isinstance(value, dict):
            self._fault((at,), f"{at} is not a mapping", 'write {"old/*.j2": [PC104]}')
            return {}
        found = {pattern: self._list((at, pattern), codes) for pattern, codes in value.items()}
        for pattern, codes in found.items():
            self._rules((at, pattern), codes)
        return found

    def _rules(self, at: tuple[str, ...], codes: tuple[str, ...]) -> None:
        for code in codes:
            if not selected([code]):
                message = f"no rule is called {code[:40]!r}"
                self._fault(at, message, "see promptcost rules")

    def _fault(self, at: tuple[str, ...], message: str, repair: str) -> None:
        self.problems.append(self._document.problem(at, message, repair))
