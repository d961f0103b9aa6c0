"""The shipped JSON Schemas are those of the model, and the output obeys them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from report.samples_of_reports import audit_report, simulation_report

from promptcost.model.money import Cost
from promptcost.model.usage import CACHE_READ, INPUT, MeterKind, Usage
from promptcost.report import as_json, schema
from promptcost.report.encode import encode

if TYPE_CHECKING:
    from promptcost.model.audit_report import AuditReport
    from promptcost.model.simulation_report import SimulationReport

DATA = Path(__file__).parents[2] / "promptcost" / "data"


@pytest.mark.parametrize("name", ["report.audit.schema.json", "report.simulate.schema.json"])
def test_shipped_schema_is_not_stale(name: str, update_golden: bool) -> None:  # noqa: FBT001 - a fixture
    if update_golden:
        (DATA / name).write_text(schema.files()[name], encoding="utf-8")
    assert (DATA / name).read_text(encoding="utf-8") == schema.files()[name]


def shipped(name: str) -> dict[str, Any]:
    return json.loads((DATA / f"report.{name}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["audit", "simulate"])
def test_shipped_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(shipped(name))


@pytest.mark.parametrize(
    ("name", "report"), [("audit", audit_report()), ("simulate", simulation_report())]
)
def test_json_output_obeys_its_schema(name: str, report: AuditReport | SimulationReport) -> None:
    written = json.loads(as_json.render(report))
    jsonschema.Draft202012Validator(shipped(name)).validate(written)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("files", 0, "findings", 0, "severity"), "catastrophic"),
        (("files", 0, "findings", 0, "tokens_at_risk"), "many"),
        (("files", 0, "findings", 0, "unheard_of"), 1),
        (("files", 0, "survival", 0, "targets", 0, "clears_minimum"), "maybe"),
        (("kind",), "simulate"),
    ],
)
def test_schema_refuses_what_the_model_does_not_have(path: tuple[Any, ...], value: object) -> None:
    written = json.loads(as_json.render(audit_report()))
    *parents, last = path
    place = written
    for part in parents:
        place = place[part]
    place[last] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(shipped("audit")).validate(written)


def test_a_finding_carries_its_place_flat() -> None:
    written = json.loads(as_json.render(audit_report()))["files"][0]["findings"][0]
    assert {key: written[key] for key in ("code", "severity", "path", "start_line")} == {
        "code": "PC101",
        "severity": "high",
        "path": "support.j2",
        "start_line": 2,
    }
    assert (written["start_column"], written["end_line"], written["end_column"]) == (10, 2, 19)


def test_decimals_stay_exact_and_unknown_costs_stay_unknown() -> None:
    exact = Cost({CACHE_READ: Decimal("0.00000012345678901234567890")})
    assert encode(exact) == {
        "total": "0.00000012345678901234567890",
        "amounts": {"cache_read": "0.00000012345678901234567890"},
        "unknown": [],
    }
    unknown = Cost({INPUT: Decimal(1)}, frozenset({CACHE_READ}))
    assert encode(unknown) == {"total": None, "amounts": {"input": "1"}, "unknown": ["cache_read"]}


def test_usage_names_what_was_not_reported() -> None:
    usage = Usage({INPUT: 3}, frozenset({MeterKind.CACHE_READ}))
    assert encode(usage) == {"counts": {"input": 3}, "unknown": ["cache_read"]}


@pytest.mark.parametrize("value", [object(), {"a": 1}, 1j])
def test_a_value_without_a_rule_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="no rule to write"):
        encode(value)


def test_only_a_report_has_a_schema() -> None:
    with pytest.raises(TypeError, match="int is not a report"):
        schema.schema_of(int)


def test_schema_files_are_written_where_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["schema", str(tmp_path)])
    schema.main()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(schema.files())


@dataclass(frozen=True)
class _Nested:
    inner: _Nested | None = None


def test_a_nested_type_refers_to_itself() -> None:
    builder = schema._Builder()
    assert builder.of(_Nested) == {"$ref": "#/$defs/_Nested"}
    inner = builder.defs["_Nested"]["properties"]["inner"]
    assert inner == {"anyOf": [{"$ref": "#/$defs/_Nested"}, {"type": "null"}]}
