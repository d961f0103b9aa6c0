"""The JSON Schema of workload files, for completion in editors.

A workload file names it in its first line::

    # yaml-language-server: $schema=<path or address of workload.schema.json>

``python -m promptcost.workload.schema > promptcost/data/workload.schema.json`` renews the copy that
is shipped.
"""

from __future__ import annotations

import json
import sys


def schema_text() -> str:
    """Return the schema as it stands in the file: JSON, indented, with a final line end."""
    from promptcost.workload._schema import WorkloadModel  # noqa: PLC0415 - needs pydantic

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= WorkloadModel.model_json_schema()
    return json.dumps(_without_titles(schema), indent=1, sort_keys=True) + "\n"


def _without_titles(value: object) -> object:
    """Drop the generated titles, which differ between versions of the generator."""
    if isinstance(value, list):
        return [_without_titles(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _without_titles(inner)
        for key, inner in value.items()
        if not (key == "title" and isinstance(inner, str))
    }


if __name__ == "__main__":
    sys.stdout.write(schema_text())
