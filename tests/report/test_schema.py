"""The shipped JSON Schemas are those of the model, and the output obeys them and SARIF's shape."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from report.samples_of_reports import audit_report, finding, simulation_report

from promptcost.model.money import Cost
from promptcost.model.usage import CACHE_READ, INPUT, MeterKind, Usage
from promptcost.report import as_json, as_sarif, schema
from promptcost.report.encode import encode
from promptcost.report.paths import Paths

if TYPE_CHECKING:
    from promptcost.model.audit_report import AuditReport
    from promptcost.model.simulation_report import SimulationReport

DATA = Path(__file__).parents[2] / "promptcost" / "data"
PATHS = Paths(here=PurePosixPath("/repo/prompts"), root=PurePosixPath("/repo"))
PAGES = {"PC101": "A clock stands before fixed text.\n\nWhat: ..."}


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


def sarif(report: AuditReport | None = None) -> dict[str, Any]:
    return json.loads(as_sarif.render(report or audit_report(), PATHS, PAGES))["runs"][0]


def test_sarif_paths_are_relative_to_the_repository() -> None:
    location = sarif()["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "prompts/support.j2", "uriBaseId": "%SRCROOT%"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a b.j2", {"uri": "prompts/a%20b.j2", "uriBaseId": "%SRCROOT%"}),
        ("../x.j2", {"uri": "x.j2", "uriBaseId": "%SRCROOT%"}),
        ("/repo/x.j2", {"uri": "x.j2", "uriBaseId": "%SRCROOT%"}),
        ("/else/x.j2", {"uri": "file:///else/x.j2"}),
        ("../../x.j2", {"uri": "file:///x.j2"}),
        ("é\ud800.j2", {"uri": "prompts/%C3%A9%ED%A0%80.j2", "uriBaseId": "%SRCROOT%"}),
        ("a#b?c:d.j2", {"uri": "prompts/a%23b%3Fc%3Ad.j2", "uriBaseId": "%SRCROOT%"}),
    ],
)
def test_sarif_uris_are_quoted_and_absolute_outside(path: str, expected: dict[str, str]) -> None:
    result = sarif(audit_report(path=path))["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == expected


def test_sarif_rules_levels_and_suppressions_belong_together() -> None:
    run = sarif()
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    results = [
        (r["ruleId"], rules[r["ruleIndex"]], r["level"], "suppressions" in r)
        for r in run["results"]
    ]
    assert rules == ["PC101", "PC104", "PC120"]
    titles = [r["shortDescription"]["text"] for r in run["tool"]["driver"]["rules"]]
    assert titles == ["A clock stands before fixed text.", "random id", "unordered keys"]
    assert results == [
        ("PC101", "PC101", "error", False),
        ("PC120", "PC120", "note", False),
        ("PC104", "PC104", "warning", True),
    ]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"][0]["executionSuccessful"] is False


def fingerprints(report: AuditReport) -> list[str]:
    return [result["partialFingerprints"]["promptcost/v1"] for result in sarif(report)["results"]]


def test_sarif_fingerprints_ignore_lines_and_tell_equal_findings_apart() -> None:
    report = audit_report()
    place = replace(report.files[0].findings[0].place, start_line=7, end_line=7)
    moved = replace(report.files[0], findings=(finding(place=place), finding()))
    again = fingerprints(replace(report, files=(moved,)))
    assert again[0] == fingerprints(report)[0]
    assert again[1] not in fingerprints(report)


def test_sarif_messages_hold_no_placeholder_and_no_link() -> None:
    text = sarif(audit_report("{0} [a](1) \\"))["results"][0]["message"]["text"]
    assert "{{0}} \\[a\\](1) \\\\" in text
