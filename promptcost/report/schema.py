"""JSON Schemas of the reports, generated from the model by the rules of `encode`.

``python -m promptcost.report.schema FOLDER`` writes them; a test fails when the shipped ones are
stale.
"""

from __future__ import annotations

import sys
from dataclasses import is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from inspect import cleandoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from promptcost.model.audit_report import AuditReport
from promptcost.model.finding import Severity
from promptcost.model.money import Cost
from promptcost.model.simulation_report import SimulationReport
from promptcost.model.usage import Meter, Usage
from promptcost.report.as_json import envelope_keys, to_text
from promptcost.report.encode import DERIVED, FLATTENED, keys

Schema = dict[str, Any]

_DECIMAL = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
_INTEGER = {"type": "integer", "minimum": 0}
_NAMES = {"type": "array", "items": {"type": "string"}}
_LEAVES: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    Decimal: _DECIMAL,
    timedelta: {"type": "number"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Meter: {"type": "string"},
}


def _object(properties: Schema, description: str) -> Schema:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _by_meter(leaf: Schema) -> Schema:
    return {"type": "object", "additionalProperties": leaf}


class _Builder:
    """Collects the definitions of every dataclass that a report reaches."""

    def __init__(self) -> None:
        self.defs: dict[str, Schema] = {
            "Usage": _object({"counts": _by_meter(_INTEGER), "unknown": _NAMES}, _said(Usage)),
            "Cost": _object(
                {
                    "total": {"anyOf": [_DECIMAL, {"type": "null"}]},
                    "amounts": _by_meter(_DECIMAL),
                    "unknown": _NAMES,
                },
                _said(Cost),
            ),
        }

    def of(self, kind: Any) -> Schema:  # noqa: ANN401 - any annotation of the model
        """Return the schema of an annotation."""
        if kind in _LEAVES:
            return _LEAVES[kind]
        if get_origin(kind) is tuple:
            return {"type": "array", "items": self.of(get_args(kind)[0])}
        if isinstance(kind, UnionType):
            return {"anyOf": [self.of(part) for part in get_args(kind)]}
        if issubclass(kind, Severity):
            return {"enum": [severity.word for severity in kind]}
        if issubclass(kind, Enum):
            return {"enum": [member.value for member in kind]}
        return self._reference(kind)

    def _reference(self, kind: type) -> Schema:
        if kind.__name__ not in self.defs:
            self.defs[kind.__name__] = {}  # a placeholder ends the recursion of a nested type
            self.defs[kind.__name__] = _object(self.properties(kind), _said(kind))
        return {"$ref": f"#/$defs/{kind.__name__}"}

    def properties(self, kind: type) -> Schema:
        """Return the properties of a dataclass, flattened fields in place."""
        hints, made = get_type_hints(kind), {}
        for name, key in keys(kind).items():
            if (kind, name) in FLATTENED:
                made.update(self.properties(hints[name]))
            elif name in DERIVED.get(kind, ()):
                made[key] = self.of(get_type_hints(getattr(kind, name).fget)["return"])
            else:
                made[key] = self.of(hints[name])
        return made


def _said(kind: type) -> str:
    return cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ")


def schema_of(report: type) -> Schema:
    """Return the JSON Schema of a report class as `as_json` writes it."""
    if not is_dataclass(report):
        message = f"{report.__name__} is not a report"
        raise TypeError(message)
    builder = _Builder()
    envelope = {key: {"const": value} for key, value in envelope_keys(report).items()}
    body = _object(
        envelope | {"promptcost": {"type": "string"}} | builder.properties(report), _said(report)
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"promptcost {envelope_keys(report)['kind']} report",
        **body,
        "$defs": dict(sorted(builder.defs.items())),
    }


def files() -> dict[str, str]:
    """Return the shipped schema files by name."""
    return {
        "report.audit.schema.json": to_text(schema_of(AuditReport)),
        "report.simulate.schema.json": to_text(schema_of(SimulationReport)),
    }


def main() -> None:
    """Write the schema files into the folder named on the command line."""
    for name, text in files().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
