"""The process of one builder: reads what to do from stdin, answers in lines of JSON on stdout.

The lines are ``phase`` (what is about to happen), ``described``, then for each call ``result``,
``fault``, ``unsupported`` or ``large``; at last ``done``, ``missing`` (no such attribute) or
``broken`` (the module cannot be imported).
"""

# ruff: noqa: ANN401 - a builder can be anything

from __future__ import annotations

import asyncio
import inspect
import json
import os
import sys
from typing import Any

from promptcost.builders.child import chance, clock, guard, load
from promptcost.builders.child.fault import bare, fault_of, is_own
from promptcost.builders.child.result import Plain, TooLarge, Unsupported
from promptcost.builders.child.typed import fields_of, hints_of, typed_arguments
from promptcost.builders.values import unpacked

_MOST_FILES = 200


class Speaker:
    """Writes lines of JSON to the parent, from this process only."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._process = os.getpid()

    def say(self, kind: str, **told: Any) -> None:
        """Write one line; a copy of this process that the builder forked ends instead."""
        if os.getpid() != self._process:
            os._exit(0)
        line = json.dumps({"kind": kind, **told}).encode() + b"\n"
        while line:
            line = line[os.write(self._descriptor, line) :]


def main() -> None:
    """Import the builder and make the calls that stdin asks for."""
    asked = json.load(sys.stdin)
    speaker = Speaker(guard.take_stdout())
    guard.set_limits(asked["memory"], asked["seconds"])
    guard.block_network()
    chance.draw_from_seed()
    clock.freeze()
    _set_world(asked["imported"])
    sys.argv = ["promptcost"]
    sys.path[:0] = load.search_path(asked["file"])
    try:
        _work(asked, speaker)
    except BaseException as error:  # noqa: BLE001 - the builder may raise whatever it likes
        speaker.say("broken", **fault_of(error))
    # Threads and exit handlers of the builder have no say in when this ends.
    os._exit(0)


def _set_world(world: dict[str, Any]) -> None:
    clock.set_clock(world["clock"])
    chance.set_seed(world["seed"])


def _work(asked: dict[str, Any], speaker: Speaker) -> None:
    speaker.say("phase", phase="import")
    module = load.load_module(asked["module"], asked["file"])
    try:
        builder = load.find(module, asked["attribute"])
    except load.NotThere as missing:
        speaker.say("missing", near=bare(str(missing)))
        return
    speaker.say("described", **_described(builder, module))
    decides = asked["first_decides"]
    for call in asked["calls"]:
        speaker.say("phase", phase="call")
        _set_world(call)
        if not _call(builder, call, asked["characters"], speaker) and decides:
            break  # there is nothing to compare the others with
        decides = False
    own = (getattr(found, "__file__", None) for found in list(sys.modules.values()))
    files = sorted({file for file in own if isinstance(file, str) and is_own(file)})
    speaker.say("done", files=files[:_MOST_FILES])


def _described(builder: load.Loaded, module: Any) -> dict[str, Any]:
    code = builder.code
    hints = hints_of(builder.value) if builder.is_called else {}
    hints |= {} if builder.owner is None else hints_of(builder.owner)
    return {
        "file": getattr(module, "__file__", "") if code is None else code.co_filename,
        "line": 0 if code is None else code.co_firstlineno,
        "called": builder.is_called,
        "fixture": load.is_fixture(builder.value),
        "parameters": [
            {
                "name": parameter.name,
                "kind": parameter.kind.name,
                "required": parameter.default is inspect.Parameter.empty,
                "annotation": _written(parameter.annotation),
                "fields": fields_of(parameter.name, hints.get(parameter.name)),
            }
            for parameter in builder.parameters()
        ],
    }


def _written(annotation: Any) -> str:
    if annotation is inspect.Parameter.empty:
        return ""
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def _call(builder: load.Loaded, call: dict[str, Any], most: int, speaker: Speaker) -> bool:
    """Make one call, tell what it gave, and say whether that is a prompt."""
    guard.network_was_tried()
    try:
        made = _made(builder, unpacked(call["arguments"]))
        value = Plain(most).prompt(made)
    except Unsupported as other:
        speaker.say("unsupported", type=bare(str(other)))
    except TooLarge:
        speaker.say("large")
    except BaseException as error:  # noqa: BLE001 - the builder may raise whatever it likes
        speaker.say("fault", **fault_of(error), network=guard.network_was_tried())
    else:
        speaker.say("result", value=value, network=guard.network_was_tried())
        return True
    return False


def _made(builder: load.Loaded, given: dict[str, Any]) -> Any:
    if not builder.is_called:
        return builder.value
    called = builder.value
    if builder.owner is not None:
        owner = builder.owner
        called = getattr(_answer(owner, given), called.__name__)
    made = _answer(called, given)
    return asyncio.run(_awaited(made)) if inspect.isawaitable(made) else made


async def _awaited(made: Any) -> Any:
    return await made


def _answer(called: Any, given: dict[str, Any]) -> Any:
    """Call with what is given of the parameters; the keywords of ``**`` get all the rest."""
    parameters = load.Loaded(value=called).parameters()
    given = typed_arguments(called, given)
    bare = [p.name for p in parameters if p.kind is p.POSITIONAL_ONLY and p.name in given]
    named = {p.name for p in parameters if p.kind in {p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY}}
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        named = set(given) - set(bare)
    keywords = {name: value for name, value in given.items() if name in named}
    return called(*(given[name] for name in bare), **keywords)
