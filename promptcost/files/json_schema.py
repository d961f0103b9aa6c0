"""The JSON Schema of a strictly read file, as it is shipped for completion in editors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel


def json_schema_text(model: type[BaseModel]) -> str:
    """Return the schema as it stands in the file: JSON, indented, with a final line end."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= model.model_json_schema()
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
