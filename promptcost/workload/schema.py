"""The JSON Schema of workload files, for completion in editors.

A workload file names it in its first line::

    # yaml-language-server: $schema=<path or address of workload.schema.json>

``python -m promptcost.workload.schema > promptcost/data/workload.schema.json`` renews the copy that
is shipped.
"""

from __future__ import annotations

import sys

from promptcost.files.json_schema import json_schema_text


def schema_text() -> str:
    """Return the schema as it stands in the file."""
    from promptcost.workload._schema import WorkloadModel  # noqa: PLC0415 - needs pydantic

    return json_schema_text(WorkloadModel)


if __name__ == "__main__":
    sys.stdout.write(schema_text())
