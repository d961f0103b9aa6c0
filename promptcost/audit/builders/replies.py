"""What a builder's process said, as prompts or as faults of the user's code; never its words."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

from promptcost.audit.builders.paths import shown
from promptcost.audit.builders.prompt import Prompt, prompt_of
from promptcost.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from promptcost.builders.process import BuilderLimits, Ended, Told
    from promptcost.builders.target import BuilderTarget

_ANSWERS = ("result", "fault", "unsupported", "large")
_DOING = {"": "starting", "import": "being imported", "call": "building the prompt"}


def replies(
    told: Told, target: BuilderTarget, limits: BuilderLimits, stand_ins: Sequence[str]
) -> list[Prompt | Problem]:
    """Return what each call gave, in order; the last is a fault where the process ended early."""
    found = [_reply(line, target, limits, stand_ins) for line in told.of_kind(*_ANSWERS)]
    stopped = process_problem(told, target, limits)
    return found if stopped is None else [*found, stopped]


def process_problem(told: Told, target: BuilderTarget, limits: BuilderLimits) -> Problem | None:
    """Return why a process did not come to its end, if it did not."""
    if told.ended is not None:
        message, repair = _end(told.ended, _DOING[told.phase], limits.seconds)
        return Problem(path=target.written, message=message, repair=repair)
    for line in told.of_kind("missing"):
        near = f"did you mean {line['near']!r}?" if line["near"] else "check the name"
        return Problem(path=target.written, message="there is nothing of that name", repair=near)
    for line in told.of_kind("broken"):
        return _broken(line, target)
    return None


def _end(ended: Ended, doing: str, seconds: float) -> tuple[str, str]:
    if ended.late:
        message = f"was still {doing} after {seconds:g} seconds, and was ended"
        return message, "let it call nothing that waits, such as a service or a model"
    if ended.code < 0:
        name = signal.Signals(-ended.code).name
        return f"its process was ended by {name} while {doing}", "see what it does there"
    message = f"its process ended itself with code {ended.code} while {doing}"
    return message, "let it return the prompt"


def _broken(line: Mapping[str, Any], target: BuilderTarget) -> Problem:
    missing = line["missing"]
    if missing and target.module.split(".")[0] == missing.split(".")[0]:
        message = f"there is no module {missing!r}"
        repair = "run from the project's folder, or name a file: path/to/file.py:function"
        return Problem(path=target.written, message=message, repair=repair)
    message, repair = f"importing it raises {line['type']}", "make it importable by itself"
    if line["type"] == "ImportError" and target.file:  # relative to a package that is not one
        repair = "name it by module from the project's folder: package.module:function"
    elif missing:
        message = f"importing it needs {missing!r}, which is not installed here"
        repair = "install promptcost-cli into the environment of the project"
    return _placed(line, target, message, repair)


def _reply(
    line: Mapping[str, Any],
    target: BuilderTarget,
    limits: BuilderLimits,
    stand_ins: Sequence[str],
) -> Prompt | Problem:
    match line["kind"]:
        case "result":
            made = prompt_of(line["value"])
            if isinstance(made, Prompt):
                return made
            message = "what it returns is neither messages nor a request body"
            return Problem(path=target.written, message=message, repair=made)
        case "fault":
            return _fault(line, target, stand_ins)
        case "large":
            message = f"the prompt has more than {limits.characters:,} characters"
            return Problem(path=target.written, message=message, repair="build a shorter one")
        case _:
            is_empty = line["type"] in {"", "NoneType"}
            message = "returns nothing" if is_empty else f"returns {line['type']}, no prompt"
            return Problem(path=target.written, message=message, repair=_RETURN)


_RETURN = "return a text, a list of messages with role and content, or a request body"


def _fault(line: Mapping[str, Any], target: BuilderTarget, stand_ins: Sequence[str]) -> Problem:
    repair = "let it run without this program first"
    if stand_ins:
        shown_names = ", ".join(stand_ins[:5])
        repair = f"give values for {shown_names} in a context file (--context)"
    if line["network"]:
        repair = "let it build the prompt without the network, which is blocked here"
    return _placed(line, target, f"raises {line['type']}", repair)


def _placed(line: Mapping[str, Any], target: BuilderTarget, message: str, repair: str) -> Problem:
    return Problem(
        path=shown(line["file"]) if line["file"] else target.written,
        line=line["line"] or None,
        message=message,
        repair=repair,
    )
