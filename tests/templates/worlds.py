"""Renders of small templates in other worlds, for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from templates.making import ready

from promptcost.model.audit_report import Change
from promptcost.templates import Limits, SourceKind
from promptcost.templates.contexts import NO_CONTEXTS, parse_contexts
from promptcost.templates.perturb import Renders, open_renders, world_of
from promptcost.templates.synthesise import World
from promptcost.templates.trace import diverge
from promptcost.templates.values import Inputs

BASE = World(clock=datetime(2026, 1, 5, 9, 30, 15, tzinfo=UTC))


def renders(text, contexts="", kind=SourceKind.JINJA, payload=()):
    given = parse_contexts(contexts, "c.yaml")[0] if contexts else NO_CONTEXTS
    template = ready(text, kind=kind)
    inputs = Inputs(variables=template.variables, contexts=given, payload=frozenset(payload))
    made = open_renders(template, inputs, BASE, Limits())
    assert isinstance(made, Renders)
    return made


def changed(made):
    return {
        change for change in Change if diverge(made.base, made.in_world(world_of(change, BASE)))
    }
