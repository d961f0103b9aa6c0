"""The parts of a prompt as a workload file writes them, with their defaults."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from promptcost.model.prompt import Role
from promptcost.model.stability import Audience, Stability
from promptcost.workload._defaults import given
from promptcost.workload.distributions import Zipf
from promptcost.workload.spec import STATIC, Part, TemplateText

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from promptcost.workload._schema import PartModel, PoolModel, WorkloadModel

_LEADING = (Role.TOOLS, Role.SYSTEM)
_FRESH = frozenset({Audience.TURN, Audience.REQUEST})


def parts_of(model: WorkloadModel, folder: Path, notes: list[str]) -> tuple[Part, ...]:
    """Return the prompt in wire order, if there is one; a single template is one of one part."""
    if model.prompt is None and model.template is None:
        return ()
    if model.prompt is None:
        made = _template(folder, model.template, model.variables, model.context)
        return (Part(name="template", role=Role.SYSTEM, template=made),)
    parts: list[Part] = []
    for part in model.prompt:
        parts.append(
            Part(
                name=part.name,
                role=part.role or _role(part, parts),
                stability=_stability(part, notes),
                tokens=part.tokens,
                template=_template(folder, part.template, part.variables, part.context),
                pool=None if part.pool is None else zipf_of(part.pool),
            )
        )
    for index, part in enumerate(model.prompt):
        if _grows(part):
            fresh = [later.name for later in parts[index + 1 :] if _is_fresh(later)]
            words = f"{part.name} keeps {' and '.join([*fresh, 'the answer'])} of every turn"
            keeps = given(part.growth, fresh, notes, words)
            parts[index] = replace(parts[index], keeps=tuple(keeps))
    return tuple(parts)


def zipf_of(model: PoolModel) -> Zipf:
    """Return a pool's law of popularity."""
    return Zipf(size=model.size, exponent=float(model.zipf))


def _template(
    folder: Path,
    name: str | None,
    variables: Mapping[str, Stability] | None,
    context: str | None,
) -> TemplateText | None:
    if name is None:
        return None
    return TemplateText(
        path=str(folder / name),
        variables=tuple((variables or {}).items()),
        context=None if context is None else str(folder / context),
    )


def _role(part: PartModel, before: list[Part]) -> Role:
    """Return the role its name says, else the system's until the messages begin."""
    if part.name in list(Role):
        return Role(part.name)
    fresh = part.stability is not None and part.stability.audience in _FRESH and part.pool is None
    begun = any(other.role not in _LEADING for other in before)
    return Role.USER if begun or fresh else Role.SYSTEM


def _stability(part: PartModel, notes: list[str]) -> Stability:
    written = part.stability or STATIC
    if _grows(part):
        return replace(written, audience=Audience.TURN)
    if part.pool is not None and written.audience is Audience.ALL:
        notes.append(f"one item of the pool {part.name} for each conversation")
        return replace(written, audience=Audience.SESSION)
    if part.stability is None and part.template is None:
        notes.append(f"the same {part.name} in every request")
    return written


def _grows(part: PartModel) -> bool:
    """Say whether a part is the history; every other one has a size."""
    return part.tokens is None and part.template is None


def _is_fresh(part: Part) -> bool:
    return part.stability.audience in _FRESH and part.pool is None
