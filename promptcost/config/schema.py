"""The JSON Schema of settings files, for completion in editors.

A settings file names it in its first line::

    # yaml-language-server: $schema=<path or address of promptcost.schema.json>

``python -m promptcost.config.schema > promptcost/data/promptcost.schema.json`` renews the copy that
is shipped.
"""

from __future__ import annotations

import sys

from promptcost.files.json_schema import json_schema_text


def schema_text() -> str:
    """Return the schema as it stands in the file."""
    from promptcost.config._schema import ProjectModel  # noqa: PLC0415 - needs pydantic

    return json_schema_text(ProjectModel)


if __name__ == "__main__":
    sys.stdout.write(schema_text())
