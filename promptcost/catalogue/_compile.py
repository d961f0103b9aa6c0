"""Writing what is generated from the pricing files: compiled forms and the JSON Schema.

Run ``python -m promptcost.catalogue._compile`` after every change; a test fails when it was not.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from promptcost.catalogue._load import COMPILED, builtin_directory, compiled_text
from promptcost.files.atomic import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "pricing.schema.json"


def schema_text() -> str:
    """Return the JSON Schema of a pricing file, for editors and other tools."""
    from promptcost.catalogue._schema import PricingFile  # noqa: PLC0415 - heavy

    made = PricingFile.model_json_schema(by_alias=True)
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def generated(directory: Path) -> dict[Path, str]:
    """Return the text of every generated file of a directory.  Raises DataError on faults."""
    texts = {directory / SCHEMA: schema_text()}
    for path in sorted(directory.glob("*.yaml")):
        texts[directory / COMPILED / f"{path.stem}.json"] = compiled_text(path)
    return texts


def main() -> None:
    """Write the generated files of the built-in directory."""
    directory = builtin_directory()
    (directory / COMPILED).mkdir(exist_ok=True)
    for path, text in generated(directory).items():
        write_atomic(path, text)


if __name__ == "__main__":
    main()
