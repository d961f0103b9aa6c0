"""Prompt parts that are templates: their text, and what each stretch of it varies with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.model.stability import Audience, Clock, Stability
from promptcost.simulate.tariff import start_of
from promptcost.templates import Limits, PieceKind, Settings, Template, load, prepare
from promptcost.templates.contexts import NO_CONTEXTS, Contexts, load_contexts
from promptcost.templates.perturb import Renders, open_renders
from promptcost.templates.synthesise import World
from promptcost.templates.values import Inputs
from promptcost.workload.spec import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from promptcost.templates import Piece
    from promptcost.workload.spec import TemplateText, Workload

SettingsFor = Callable[[Path], Settings]

_CLOCKS, _AUDIENCES = list(Clock), list(Audience)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A run of text that varies with one thing.

    `end` is in bytes of UTF-8; `ends_before` the expression that follows, empty where none does.
    """

    end: int
    stability: Stability
    ends_before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A rendered part: its text and its stretches in order."""

    text: str
    stretches: tuple[Stretch, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A part whose template has been prepared and rendered."""

    part: Part
    template: Template
    renders: Renders


def as_usual(_path: Path) -> Settings:
    """Return how a template is written where nobody says otherwise."""
    return Settings()


def open_parts(
    workload: Workload, settings_for: SettingsFor = as_usual
) -> tuple[dict[str, Opened], list[Problem]]:
    """Render every part that is a template, by the part's name, and every fault in doing so."""
    opened: dict[str, Opened] = {}
    problems: list[Problem] = []
    for part in workload.prompt:
        if part.template is not None:
            found, faults = _open(part, part.template, workload, settings_for)
            problems += faults
            if found is not None:
                opened[part.name] = found
    return opened, problems


def write_parts(
    workload: Workload, settings_for: SettingsFor = as_usual
) -> tuple[dict[str, Written], list[Problem]]:
    """Write every part that is a template, by the part's name, and every fault in doing so."""
    opened, problems = open_parts(workload, settings_for)
    return {name: write(one, one.renders.base.pieces) for name, one in opened.items()}, problems


def write(opened: Opened, pieces: Sequence[Piece]) -> Written:
    """Return the text of some pieces of a part, in their order, and what each varies with."""
    part, values = opened.part, opened.renders.values
    stability = stability_of(opened)
    runs = [(same, list(run)) for same, run in groupby(pieces, key=stability)]
    following = [*(run[0].expression for _, run in runs[1:]), ""][: len(runs)]
    ends = accumulate(sum(piece.end - piece.start for piece in run) for _, run in runs)
    stretches = tuple(
        Stretch(end=end, stability=same, ends_before=after)
        for end, (same, _), after in zip(ends, runs, following, strict=True)
    )
    data = opened.renders.base.text.encode("utf-8", "surrogatepass")
    text = b"".join(data[piece.start : piece.end] for piece in pieces)
    made_up = values.stand_ins()
    notes: tuple[str, ...] = ()
    if made_up:
        notes = (f"part {part.name!r}: no value for {', '.join(made_up)}; a likely one was used",)
    return Written(text=text.decode("utf-8", "surrogatepass"), stretches=stretches, notes=notes)


def stability_of(opened: Opened) -> Callable[[Piece], Stability]:
    """Return the function that says what a piece of a part varies with."""
    names = {use.span: use.names for use in opened.template.expressions}
    values = opened.renders.values

    def stability(piece: Piece) -> Stability:
        if piece.kind is PieceKind.LITERAL:
            return opened.part.stability
        read = [values.reading(name).stability for name in names.get(piece.span, ())]
        return _combined([opened.part.stability, *read])

    return stability


def _open(
    part: Part, text: TemplateText, workload: Workload, settings_for: SettingsFor
) -> tuple[Opened | None, list[Problem]]:
    limits = Limits()
    path = Path(text.path)
    contexts, problems = _contexts(text)
    sources, faults = load(path, settings=settings_for(path), limits=limits)
    problems += faults
    if len(sources) != 1 or contexts is None:
        if not problems:
            message = f"holds {len(sources)} templates, a part of a prompt is one"
            problems.append(Problem(path=text.path, message=message, repair="name a single file"))
        return None, problems
    template = prepare(sources[0], root=path.parent, limits=limits)
    if isinstance(template, Problem):
        return None, [*problems, template]
    inputs = Inputs(variables=template.variables, contexts=contexts)
    renders = open_renders(template, inputs, World(clock=start_of(workload)), limits)
    if isinstance(renders, Problem):
        return None, [*problems, replace(renders, level=Level.ERROR)]
    warnings = [fault for fault in renders.base.problems if fault.level is Level.WARNING]
    return Opened(part=part, template=template, renders=renders), [*problems, *warnings]


def _contexts(text: TemplateText) -> tuple[Contexts | None, list[Problem]]:
    found: Contexts | None = NO_CONTEXTS
    problems: list[Problem] = []
    if text.context is not None:
        found, problems = load_contexts(Path(text.context))
    if found is None:
        return None, problems
    varies = {**found.varies, **dict(text.variables)}
    return Contexts(named=found.named, varies=varies), problems


def _combined(stabilities: Iterable[Stability]) -> Stability:
    """Return what a text varies with that depends on all of these."""
    known = list(stabilities)
    return Stability(
        clock=max((one.clock for one in known), key=_CLOCKS.index),
        audience=max((one.audience for one in known), key=_AUDIENCES.index),
    )
