"""Reading a user's measured counts: JSONL, one ``{"tokenizer", "text", "input_tokens"}`` a line."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.files.text import MEGABYTE, read_text
from promptcost.tokens.calibration import fit
from promptcost.tokens.counter import counter
from promptcost.tokens.families import family

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from promptcost.tokens.calibration import Calibration

_LIMIT = 50 * MEGABYTE
_FORM = 'write {"tokenizer": "...", "text": "...", "input_tokens": 123}'
# No tokenizer strays further from its estimate; what does is a slip, such as a sum over requests.
_FURTHEST = 5


@dataclass(frozen=True, slots=True)
class _Measurement:
    tokenizer: str
    estimated: int
    measured: int


@dataclass(frozen=True, slots=True)
class _Fault:
    message: str
    repair: str
    level: Level = Level.ERROR

    def at(self, path: str, line: int) -> Problem:
        return Problem(
            path=path, line=line, message=self.message, repair=self.repair, level=self.level
        )


def load_calibration(path: Path) -> tuple[dict[str, Calibration], list[Problem]]:
    """Return one calibration per tokenizer measured in a file, and what is wrong with its lines.

    A faulty line is left out; the others count.
    """
    file = read_text(path, _LIMIT)
    if isinstance(file, Problem):
        return {}, [file]
    problems = list(file.problems)
    pairs: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, line in _lines(file.text):
        found = _measurement(line)
        if isinstance(found, _Fault):
            problems.append(found.at(file.path, number))
        else:
            pairs[found.tokenizer].append((found.estimated, found.measured))
    return {name: fit(known) for name, known in sorted(pairs.items())}, problems


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())


def _measurement(line: str) -> _Measurement | _Fault:
    match _parse(line):
        case {"tokenizer": str(name), "text": str(text), "input_tokens": int(measured), **more}:
            if more or isinstance(measured, bool):
                return _Fault("has other keys or values than expected", _FORM)
            return _compare(name, text, measured)
        case _:
            return _Fault("is not a JSON object with these three keys", _FORM)


def _compare(name: str, text: str, measured: int) -> _Measurement | _Fault:
    try:
        rule = family(name).rule
    except ValueError as error:
        return _Fault(str(error), "use a name of the list")
    if rule is None:
        return _Fault(f"{name} is counted exactly without this", "remove the line", Level.WARNING)
    estimated = counter(name).count(text).value
    if estimated and estimated <= measured * _FURTHEST and measured <= estimated * _FURTHEST:
        return _Measurement(name, estimated, measured)
    message = f"input_tokens cannot be this text, estimated at {estimated} tokens"
    return _Fault(message, "measure a request that sends this text alone")


def _parse(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
