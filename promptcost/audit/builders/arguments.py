"""The arguments of a builder in any world: the user's values, else values made up by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from promptcost.audit.builders.uses import parameter_uses
from promptcost.errors import Problem
from promptcost.templates.synthesise import World
from promptcost.templates.values import Inputs, Values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.audit.builders.source import BuilderSource
    from promptcost.audit.request import AuditRequest
    from promptcost.builders.target import BuilderTarget

# Names of the one parameter that takes everything there is to say.
_WHOLE = frozenset(
    {"context", "ctx", "variables", "vars", "values", "data", "inputs", "params", "kwargs"}
)
_MOMENT = re.compile(r"\b(?:datetime|date)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """Makes the arguments of one builder.

    `paths` are what it reads of them, `whole` is the parameter that takes a whole context, and
    `moments` are those that want a date or time and no text.
    """

    values: Values
    paths: tuple[str, ...] = ()
    whole: str = ""
    moments: frozenset[str] = frozenset()

    def of(self, world: World) -> dict[str, Any]:
        """Return the arguments by name."""
        made = self.values.context(world)
        for name in self.moments & made.keys():
            made[name] = getattr(made[name], "moment", made[name])
        return {**made, self.whole: made} if self.whole else made


def arguments_of(
    target: BuilderTarget, source: BuilderSource, request: AuditRequest
) -> Arguments | Problem:
    """Return the arguments of a builder, or which ones only its test runner could give."""
    named = list(request.contexts.named.values())
    given: Mapping[str, Any] = named[0] if named else {}
    plain = [each for each in source.parameters if not each["kind"].startswith("VAR_")]
    wanted = {
        each["name"]: each["annotation"]
        for each in plain
        if each["required"] or each["name"] in given
    }
    missing = [name for name in wanted if name not in given]
    if target.collected and missing:
        shown = ", ".join(missing[:5])
        return Problem(
            path=source.path,
            line=source.line,
            message=f"takes arguments that only pytest can give: {shown}",
            repair="name a function without fixtures, or give them in a context file",
        )
    whole = missing[0] if len(missing) == 1 and missing[0] in _WHOLE else ""
    if whole or any(each["kind"] == "VAR_KEYWORD" for each in source.parameters):
        wanted |= {name: "" for name in given if name not in wanted}
    fields = {path: each for one in plain for path, each in one["fields"].items()}
    within = {path: each for path, each in fields.items() if path.split(".", 1)[0] in wanted}
    uses = parameter_uses(wanted, source.function, source.span, whole, within)
    base = World(clock=request.clock, seed=request.seed)
    moments = (name for name, annotation in wanted.items() if _MOMENT.search(annotation))
    return Arguments(
        values=Values(Inputs(variables=uses, contexts=request.contexts), base),
        paths=tuple(use.name for use in uses),
        whole=whole,
        moments=frozenset(moments),
    )
