"""What a template asks of its context, found in its tree without rendering it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from promptcost.errors import Problem
from promptcost.templates._statements import StatementWalker
from promptcost.templates.uses import ExpressionUse, StandIn, StandInKind, Use, VariableUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jinja2 import nodes

    from promptcost.templates._environment import GuardedEnvironment
    from promptcost.templates._places import Places
    from promptcost.templates._positions import Tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The result of walking a template and what it includes by fixed name."""

    variables: tuple[VariableUse, ...]
    expressions: tuple[ExpressionUse, ...]
    stand_ins: tuple[StandIn, ...]
    problems: tuple[Problem, ...]


def analyse(tree: nodes.Template, env: GuardedEnvironment, places: Places) -> Analysis:
    """Walk a parsed template.  Raises RecursionError for one nested too deeply."""
    walker = StatementWalker(env, places)
    walker.enter(places.main)
    walker.body(tree.body)
    walker.enter(places.main)
    for name in walker.defaulted & walker.records.keys():
        walker.records[name].defaulted = True
        walker.records[name].uses.add(Use.ASSIGNED)
    variables = tuple(record.use(path) for path, record in walker.records.items())
    return Analysis(
        variables=variables,
        expressions=_expressions(walker, env.tags[places.main]),
        stand_ins=tuple(_called(variables)),
        problems=tuple(walker.problems),
    )


def _called(variables: Iterable[VariableUse]) -> Iterator[StandIn]:
    for found in variables:
        if found.name == found.root and Use.CALLED in found.uses:
            assumption = "is given by the context"
            yield StandIn(kind=StandInKind.GLOBAL, name=found.name, assumption=assumption)


def _expressions(walker: StatementWalker, tags: Tags) -> tuple[ExpressionUse, ...]:
    walker.literals.sort()
    starts = [start for start, _ in walker.literals]
    sums = [0, *accumulate(length for _, length in walker.literals)]
    return tuple(
        ExpressionUse(
            span=walker.spans(*tags.around(found.offset)),
            text=tags.text(found.offset),
            names=tuple(found.gathered.names),
            filters=tuple(found.gathered.filters),
            calls=tuple(found.gathered.calls),
            loops=found.loops,
            conditions=found.conditions,
            in_macro=found.in_macro,
            static_before=before,
            static_after=sums[-1] - before,
        )
        for found in walker.printed
        for before in (sums[bisect_right(starts, found.offset)],)
    )
