"""The user's own values: named contexts, and what each variable varies with.

    contexts: {alice: {user: {name: Alice}}, bob: {user: {name: Bob}}}
    varies: {now: second, user: user, docs: request}
    constant: [tools, policy]
    types: {now: datetime, labels: set}

A plain mapping is one context.  YAML or JSON; every fault is a problem with its line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.files.yaml import Document, parse_yaml, read_yaml
from promptcost.model.stability import STABILITY_WORDS, Stability
from promptcost.templates._value import Value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    _Type = Callable[[Value], Value]

_KEYS = ("contexts", "varies", "constant", "types")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """Named contexts in the order of the file; `varies` is keyed by dotted path."""

    named: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    varies: Mapping[str, Stability] = field(default_factory=dict)

    def declared(self, path: str) -> Stability | None:
        """Return what the user says a path varies with: of the longest declared part of it."""
        parts = _plain(path)
        for length in range(len(parts), 0, -1):
            found = self.varies.get(".".join(parts[:length]))
            if found is not None:
                return found
        return None


NO_CONTEXTS = Contexts()


def load_contexts(path: Path) -> tuple[Contexts | None, list[Problem]]:
    """Read a context file, or say every fault in it."""
    document, problems = read_yaml(path)
    if document is None or any(problem.level is Level.ERROR for problem in problems):
        return None, problems
    contexts, more = _Reader(document).read()
    return contexts, [*problems, *more]


def parse_contexts(text: str, path: str) -> tuple[Contexts | None, list[Problem]]:
    """Read contexts from the text of a file."""
    document, problems = parse_yaml(text, path)
    if document is None or problems:
        return None, problems
    return _Reader(document).read()


class _Reader:
    """Collects the faults of one document while reading it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._problems: list[Problem] = []

    def read(self) -> tuple[Contexts | None, list[Problem]]:
        top = self._document.value
        if not isinstance(top, dict) or not top:
            self._fault((), "is not a mapping of variables", "write variable: value")
            return None, self._problems
        if "contexts" not in top:
            return Contexts(named={"context": _native(top)}), self._problems
        types = self._types(top.get("types", {}))
        named = self._named(top["contexts"], types)
        varies = self._varies(top.get("varies", {})) | self._constant(top.get("constant", []))
        for key in top:
            if key not in _KEYS:
                near = get_close_matches(key, _KEYS, n=1)
                repair = f"did you mean {near[0]!r}?" if near else "put it inside a context"
                self._fault((key,), f"unknown key {key[:60]!r}", repair)
        failed = any(problem.level is Level.ERROR for problem in self._problems)
        return (None if failed else Contexts(named=named, varies=varies)), self._problems

    def _named(self, value: Value, types: dict[str, _Type]) -> dict[str, dict[str, Value]]:
        if not isinstance(value, dict) or not value:
            self._fault(("contexts",), "contexts is not a mapping", "write contexts: {name: {…}}")
            return {}
        named = {}
        for name, context in value.items():
            if isinstance(context, dict):
                named[name] = self._typed(("contexts", name), _native(context), types)
            else:
                message = f"context {name[:60]!r} is not a mapping of variables"
                self._fault(("contexts", name), message, "write variable: value below it")
        return named

    def _typed(
        self, at: tuple[str, ...], context: dict[str, Value], types: dict[str, _Type]
    ) -> dict[str, Value]:
        for path, convert in types.items():
            owner: Value = context
            *parents, last = path.split(".")
            for part in parents:
                owner = owner.get(part) if isinstance(owner, dict) else None
            if isinstance(owner, dict) and last in owner:
                try:
                    owner[last] = convert(owner[last])
                except (ValueError, TypeError):
                    message = f"{path} cannot be read as the type declared for it"
                    self._fault((*at, *path.split(".")), message, "write dates as 2026-01-31T09:30")
        return context

    def _types(self, value: Value) -> dict[str, _Type]:
        if not isinstance(value, dict):
            self._fault(("types",), "types is not a mapping", "write variable: date")
            return {}
        types = {}
        for path, word in value.items():
            if isinstance(word, str) and word in _TYPES:
                types[path] = _TYPES[word]
            else:
                known = ", ".join(_TYPES)
                self._fault(("types", path), "unknown type", f"write one of {known}")
        return types

    def _varies(self, value: Value) -> dict[str, Stability]:
        if not isinstance(value, dict):
            self._fault(("varies",), "varies is not a mapping", "write variable: request")
            return {}
        varies = {}
        for path, word in value.items():
            try:
                varies[".".join(_plain(path))] = Stability.parse(str(word))
            except ValueError as error:
                near = get_close_matches(str(word), STABILITY_WORDS, n=1) or STABILITY_WORDS
                self._fault(("varies", path), str(error)[:80], f"write one of {', '.join(near)}")
        return varies

    def _constant(self, value: Value) -> dict[str, Stability]:
        if not isinstance(value, list) or not all(isinstance(path, str) for path in value):
            self._fault(("constant",), "constant is not a list of names", "write [tools, policy]")
            return {}
        return {".".join(_plain(path)): Stability() for path in value}

    def _fault(self, at: tuple[str, ...], message: str, repair: str) -> None:
        self._problems.append(self._document.problem(at, message, repair))


def _plain(path: str) -> list[str]:
    """Return the parts of a dotted path without the marks of elements."""
    parts = (part.partition("[")[0].partition("{")[0] for part in path.split("."))
    return [part for part in parts if part]


def _native(value: Value) -> Value:
    """Return strict YAML values as the values a template expects: floats, no decimals."""
    if isinstance(value, dict):
        return {key: _native(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_native(inner) for inner in value]
    return float(value) if isinstance(value, Decimal) else value


def _date(value: Value) -> date:
    return date.fromisoformat(str(value))


def _datetime(value: Value) -> datetime:
    return datetime.fromisoformat(str(value))


_TYPES: dict[str, _Type] = {"date": _date, "datetime": _datetime, "set": set, "text": str}
