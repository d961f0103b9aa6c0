from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from promptcost.config.schema import schema_text

SHIPPED = Path(__file__).parents[2] / "promptcost" / "data" / "promptcost.schema.json"


def test_the_shipped_schema_is_the_generated_one():
    message = "run: python -m promptcost.config.schema > promptcost/data/promptcost.schema.json"
    assert SHIPPED.read_text(encoding="utf-8") == schema_text(), message


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("fail-on: medium\ntemplates: {a: {trim-blocks: true, variable: '<< >>'}}", True),
        ("paths: [a]\nper-file-ignores: {'*.j2': [PC101]}", True),
        ("fail_on: medium", False),
        ("fail-on: often", False),
        ("templates: {a: {variable: '<<'}}", False),
    ],
)
def test_the_schema_says_what_the_reader_says(text, good):
    schema = json.loads(schema_text())
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(yaml.safe_load(text)) is good
