"""Templates: found, loaded, compiled and rendered with the origin of every byte.

Nothing here loads Jinja until a Jinja template is prepared.
"""

from __future__ import annotations

from promptcost.templates._budget import alarms
from promptcost.templates.discover import discover
from promptcost.templates.load import load
from promptcost.templates.pieces import Piece, PieceKind, Rendered, RenderFailure
from promptcost.templates.prepare import prepare
from promptcost.templates.settings import Limits, Settings, SourceKind
from promptcost.templates.source import TemplateSource
from promptcost.templates.template import Template
from promptcost.templates.uses import (
    ConditionKind,
    ConditionUse,
    ExpressionUse,
    StandIn,
    StandInKind,
    Use,
    VariableUse,
)

__all__ = [
    "ConditionKind",
    "ConditionUse",
    "ExpressionUse",
    "Limits",
    "Piece",
    "PieceKind",
    "RenderFailure",
    "Rendered",
    "Settings",
    "SourceKind",
    "StandIn",
    "StandInKind",
    "Template",
    "TemplateSource",
    "Use",
    "VariableUse",
    "alarms",
    "discover",
    "load",
    "prepare",
]
