"""Runs a builder's process: what it is asked, how long it may take, what it answered."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from promptcost.builders.target import BuilderTarget
from promptcost.builders.values import packed

if TYPE_CHECKING:
    from collections.abc import Iterator

_START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from promptcost.builders.child.main import main;"
    " del sys.path[0]; main()"
)
_PACKAGE = Path(__file__).resolve().parents[2]
# What programs need to run at all; keys and tokens stay behind.
_KEPT = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "LD_LIBRARY_PATH")
_GIGABYTE = 1_000_000_000
_LAST = frozenset({"done", "missing", "broken"})
_KINDS = _LAST | {"phase", "described", "result", "fault", "unsupported", "large"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderLimits:
    """Bounds of one process of a builder: wall seconds, bytes of memory, characters of a prompt."""

    seconds: float = 20.0
    memory: int = 4 * _GIGABYTE
    characters: int = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a builder sees beside its arguments: the clock, and the seed of random numbers."""

    clock: datetime
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: the moment it happens in, and the arguments by name."""

    moment: Moment
    arguments: Mapping[str, object] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Return the call as the process is told it."""
        return {**_told(self.moment), "arguments": packed(dict(self.arguments))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One process: the moment in which the module is imported, the hash seed, the calls.

    `first_decides` says that without a prompt of the first call the others are not made.
    """

    target: BuilderTarget
    imported: Moment
    hash_seed: int = 0
    calls: tuple[Call, ...] = ()
    first_decides: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended before it had answered; `code` is negative for a signal."""

    late: bool = False
    code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a process answered: its lines but for the phases, and how it ended before time.

    `phase` is the last one begun: "" (starting), "import" or "call".
    """

    lines: tuple[Mapping[str, Any], ...]
    phase: str = ""
    ended: Ended | None = None

    def of_kind(self, *kinds: str) -> tuple[Mapping[str, Any], ...]:
        """Return the lines of some kinds, in order."""
        return tuple(line for line in self.lines if line["kind"] in kinds)


def _told(moment: Moment) -> dict[str, Any]:
    return {"clock": moment.clock.isoformat(), "seed": moment.seed}


def run_session(session: Session, limits: BuilderLimits) -> Told:
    """Run one process to its end, and end everything it started and left running."""
    asked = {
        "module": session.target.module,
        "file": session.target.file,
        "attribute": session.target.attribute,
        "imported": _told(session.imported),
        "calls": [call.told() for call in session.calls],
        "first_decides": session.first_decides,
        "memory": limits.memory,
        "seconds": limits.seconds,
        "characters": limits.characters,
    }
    # Files, not pipes: nothing the builder leaves running can hold them open against us.
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as answer:
        question.write(json.dumps(asked).encode())
        question.seek(0)
        ended = _run(question, answer, session.hash_seed, limits.seconds)
        answer.seek(0)
        lines = list(_lines(answer))
    phases = [line["phase"] for line in lines if line["kind"] == "phase"]
    kept = tuple(line for line in lines if line["kind"] != "phase")
    complete = bool(kept) and kept[-1]["kind"] in _LAST
    return Told(lines=kept, phase=phases[-1] if phases else "", ended=None if complete else ended)


def _run(question: IO[bytes], answer: IO[bytes], hash_seed: int, seconds: float) -> Ended:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-P", "-B", "-c", _START, str(_PACKAGE)],
        stdin=question,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        env=_environment(hash_seed),
        start_new_session=True,
    )
    try:
        return Ended(code=process.wait(seconds))
    except subprocess.TimeoutExpired:
        return Ended(late=True)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and every descendant in its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def _environment(hash_seed: int) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    fixed = {"PYTHONHASHSEED": str(hash_seed), "PYTHONUTF8": "1", "TZ": "UTC", "LANG": "C.UTF-8"}
    return kept | fixed


def _lines(answer: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the lines of an answer; what the builder itself wrote between them is no answer."""
    for line in answer:
        try:
            read = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(read, dict) and read.get("kind") in _KINDS:
            yield read
