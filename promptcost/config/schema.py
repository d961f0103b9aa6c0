"""The JSON Schema of settings files, for completion in editors.

A settings file names it in its first line::

    # yaml-language-server: $schema=<path or address of promptcost.schema.json>

``python -m promptcost.config.schema > promptcost/data/promptcost.schema.json`` renews the copy that
is shipped.
"""

from __future__ import annotations

import json
import sys


def schema_text() -> str:
    """Return the schema as it stands in the file: JSON, indented, with a final line end."""
    from promptcost.config._schema import ProjectModel  # noqa: PLC0415 - needs pydantic

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= ProjectModel.model_json_schema()
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
