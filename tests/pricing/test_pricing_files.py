from __future__ import annotations

import json
import runpy
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from promptcost.catalogue import builtin_directory, validate
from promptcost.catalogue._compile import generated
from promptcost.catalogue._load import COMPILED
from promptcost.files.yaml import read_yaml

PRICING = Path(__file__).parents[2] / "pricing"
FILES = sorted(PRICING.glob("*.yaml"))
REGENERATE = "run python -m promptcost.catalogue._compile"


def values(path: Path):
    document, problems = read_yaml(path)
    assert problems == []
    return document.value


def test_the_checkout_s_files_are_the_built_in_ones():
    installed = {path.name: path.read_bytes() for path in builtin_directory().glob("*.yaml")}
    assert installed == {path.name: path.read_bytes() for path in FILES}
    assert len(FILES) > 20


def test_every_file_is_valid_and_every_example_comes_out_to_the_last_digit():
    assert validate() == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_named_after_its_provider_and_sorted(path):
    made = values(path)
    assert made["provider"] == path.stem
    for key in ("models",):
        names = [model["id"].casefold() for model in made.get(key, [])]
        assert names == sorted(names)
    for key in ("sources", "tiers", "windows", "upstreams", "prefixes"):
        assert list(made.get(key, {})) == sorted(made.get(key, {}))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_model_has_an_example(path):
    made = values(path)
    targets = " ".join(example["target"] for example in made["examples"]).casefold()
    missing = [
        model["id"]
        for model in made.get("models", [])
        if model["id"].casefold() not in targets and not model["id"].startswith("global.")
    ]
    assert missing == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_date_of_checking_is_a_real_day_of_the_past(path):
    made = values(path)
    days = [made["checked"], *(model.get("checked") for model in made.get("models", []))]
    assert all(date.fromisoformat(day) <= date(2026, 11, 20) for day in days if day)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_source_is_cited(path):
    made = values(path)
    cited = json.dumps({key: made[key] for key in made if key != "sources"}, default=str)
    uncited = [key for key in made["sources"] if f'"{key}"' not in cited]
    assert uncited == []


def test_the_generated_files_are_current():
    stale = [
        path.name
        for path, text in generated(PRICING).items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], REGENERATE


def test_no_compiled_form_is_left_over():
    compiled = {path.stem for path in (PRICING / COMPILED).iterdir()}
    assert compiled == {path.stem for path in FILES}


def test_generating_writes_every_file(tmp_path, monkeypatch):
    (tmp_path / "cohere.yaml").write_bytes((PRICING / "cohere.yaml").read_bytes())
    monkeypatch.setattr("promptcost.catalogue._load.builtin_directory", lambda: tmp_path)
    monkeypatch.delitem(sys.modules, "promptcost.catalogue._compile")
    for _ in range(2):  # the second time the folder is there
        runpy.run_module("promptcost.catalogue._compile", run_name="__main__")
    assert {path.name for path in tmp_path.rglob("*.json")} == {
        "cohere.json",
        "pricing.schema.json",
    }


@pytest.fixture(scope="module")
def validator():
    schema = json.loads((PRICING / "pricing.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def as_json(path: Path):
    return json.loads(json.dumps(values(path), default=float))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_json_schema_accepts_the_file(validator, path):
    assert [error.message for error in validator.iter_errors(as_json(path))] == []


@pytest.mark.parametrize(
    "damage",
    [
        {"provider": "Not A Slug"},
        {"modls": []},
        {"models": [{"id": "x"}]},
        {"caches": {"x": {"family": "magic", "how": "?", "options": {}}}},
        {"checked": 20261120},
    ],
)
def test_the_json_schema_refuses_what_the_loader_refuses(validator, damage):
    assert not validator.is_valid({**as_json(PRICING / "cohere.yaml"), **damage})
