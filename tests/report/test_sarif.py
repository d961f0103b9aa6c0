"""SARIF output obeys the official schema of SARIF 2.1.0 and what GitHub code scanning asks for.

`sarif-schema-2.1.0.json` is the schema of the OASIS Standard with Errata 01, unchanged; see NOTICE.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from inspect import cleandoc
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report.samples_of_reports import COSTS, audit_report, exact, finding, place

from promptcost.errors import Level, Problem
from promptcost.model.audit_report import FileReport, FileStatus, SourceLine, Suppressed
from promptcost.model.finding import Confidence, Edit, Excerpt, Fix, Related, Safety, Severity
from promptcost.report import as_sarif
from promptcost.report.paths import Paths
from promptcost.report.redact import without_excerpts
from promptcost.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.model.audit_report import AuditReport

HERE = Path(__file__).parent
GOLDEN = [HERE / "expected" / "audit.sarif", *HERE.parent.glob("golden/cases/*sarif*.txt")]
PATHS = Paths(here=PurePosixPath("/repo/prompts"), root=PurePosixPath("/repo"))
PAGES = {"PC101": "A clock stands before fixed text.\n\nWhat: ..."}
RULE_PAGES = {rule.code: cleandoc(rule.__doc__ or "") for rule in all_rules()}

# RFC 3986: the characters of a URI reference, a percent sign only before two hexadecimal digits.
_URI = re.compile(r"(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", re.ASCII)
FORMATS = jsonschema.FormatChecker()


@FORMATS.checks("uri-reference")
def is_uri_reference(value: object) -> bool:
    return not isinstance(value, str) or _URI.fullmatch(value) is not None


@FORMATS.checks("uri")
def is_uri(value: object) -> bool:
    return is_uri_reference(value) and ":" in str(value).partition("/")[0]


SCHEMA = json.loads((HERE / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA, format_checker=FORMATS)


def written(report: AuditReport, pages: Mapping[str, str] = PAGES) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(as_sarif.render(report, PATHS, pages))
    VALIDATOR.validate(log)
    return log


def test_the_schema_is_the_official_one_and_asks_for_its_draft() -> None:
    assert SCHEMA["id"] == as_sarif._SCHEMA
    assert isinstance(VALIDATOR, jsonschema.Draft4Validator)
    VALIDATOR.check_schema(SCHEMA)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_expected_sarif_obeys_the_official_schema(path: Path) -> None:
    text, _, _ = path.read_text(encoding="utf-8").partition("--- stderr\n")
    VALIDATOR.validate(json.loads(text))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "2.2"),
        (("runs", 0, "columnKind"), "bytes"),
        (("runs", 0, "results", 0, "level"), "high"),
        (("runs", 0, "results", 0, "unheard_of"), 1),
        (("runs", 0, "results", 0, "message"), {}),
        (("runs", 0, "results", 0, "ruleIndex"), -2),
        (("runs", 0, "results", 0, "partialFingerprints"), {"promptcost/v1": 1}),
        (("runs", 0, "results", 2, "suppressions", 0, "kind"), "baseline"),
        (("runs", 0, "results", 0, "fixes", 0, "artifactChanges", 0, "replacements"), []),
        (("runs", 0, "tool", "driver", "rules", 0, "fullDescription"), {}),
    ],
)
def test_the_official_schema_refuses_what_sarif_does_not_have(
    path: tuple[Any, ...], value: object
) -> None:
    log = written(audit_report())
    *parents, last = path
    at = log
    for part in parents:
        at = at[part]
    at[last] = value
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(log)


@pytest.mark.parametrize("uri", ["a b.j2", "a%2", "a\\b", "é.j2"])
def test_the_official_schema_refuses_what_is_no_uri(uri: str) -> None:
    log = written(audit_report())
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    location["artifactLocation"]["uri"] = uri
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(log)


TEXT = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["{0}", "[a](1)", "\x1b[31m", "\0", "\ud800", '"}]', "a\nb", "%SRCROOT%", "\u202e", ""]
)
NAMES = TEXT | st.sampled_from(["/else/x.j2", "../../up.j2", "a b#c?d:e%.j2", "//h/x.j2", "c:\\x"])
NUMBERS = st.integers(1, 10**6)
PLACES = st.builds(
    lambda path, line, column, lines, columns: replace(
        place(path, line, column, column + columns), end_line=line + lines
    ),
    NAMES,
    NUMBERS,
    NUMBERS,
    st.integers(0, 2),
    st.integers(0, 9),
)
FIXES = st.builds(
    Fix,
    message=TEXT,
    safety=st.sampled_from(Safety),
    edits=st.lists(
        st.builds(
            lambda path, start, length, text: Edit(
                path=path, start=start, end=start + length, replacement=text
            ),
            NAMES,
            NUMBERS,
            st.integers(0, 9),
            TEXT,
        ),
        max_size=3,
    ).map(tuple),
)
FINDINGS = st.builds(
    finding,
    TEXT,
    place=PLACES,
    code=st.sampled_from([*RULE_PAGES, "PC999"]),
    message=TEXT,
    help=TEXT,
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    tokens_at_risk=st.none() | NUMBERS.map(exact),
    related=st.lists(st.builds(Related, place=PLACES, message=TEXT), max_size=3).map(tuple),
    excerpt=st.none() | st.builds(Excerpt, was=TEXT, now=TEXT),
    fix=st.none() | FIXES,
    costs=st.sampled_from([(), COSTS]),
)
SILENCED = st.builds(
    Suppressed, finding=FINDINGS, reason=TEXT, place=st.none() | PLACES, is_known=st.booleans()
)
PROBLEMS = st.builds(
    Problem,
    path=NAMES,
    message=TEXT,
    repair=TEXT,
    line=st.none() | NUMBERS,
    column=st.none() | NUMBERS,
    level=st.sampled_from(Level),
)


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


LINES = st.builds(SourceLine, path=NAMES, number=NUMBERS, text=TEXT)
FILES = st.builds(
    FileReport,
    path=NAMES,
    section=TEXT,
    status=st.just(FileStatus.FINDINGS),
    findings=some(FINDINGS),
    suppressed=some(SILENCED),
    lines=some(LINES),
)
REPORTS = st.builds(
    lambda files, problems: replace(audit_report(), files=files, problems=problems),
    some(FILES),
    some(PROBLEMS),
)


@settings(max_examples=150)
@given(report=REPORTS)
def test_any_report_obeys_the_official_schema(report: AuditReport) -> None:
    shown = written(report, RULE_PAGES)["runs"][0]
    private = written(without_excerpts(report), RULE_PAGES)["runs"][0]
    marks = [tuple(result["partialFingerprints"].items()) for result in shown["results"]]
    assert len(set(marks)) == len(report.findings) + len(report.suppressed)
    assert not any("fixes" in result for result in private["results"])


@pytest.mark.parametrize("code", RULE_PAGES)
def test_rule_texts_keep_to_the_bounds_of_code_scanning(code: str) -> None:
    report = replace(audit_report(), files=(with_findings(finding(code=code)),))
    (rule,) = written(report, RULE_PAGES)["runs"][0]["tool"]["driver"]["rules"]
    short, full = rule["shortDescription"]["text"], rule["fullDescription"]["text"]
    assert 0 < len(short) <= 255
    assert len(short) < len(full) <= 1024
    assert "\n" not in short + full
    assert len(rule["name"]) <= 255
    assert full.split()[0] == "What:"


def test_a_place_named_twice_is_one_related_location() -> None:
    twice = (Related(place=place(), message="here"), Related(place=place(), message="here"))
    report = replace(audit_report(), files=(with_findings(finding(related=twice)),))
    assert len(written(report)["runs"][0]["results"][0]["relatedLocations"]) == 1


def test_edits_of_one_file_are_one_change_however_its_path_is_written() -> None:
    edits = tuple(
        Edit(path=path, start=at, end=at, replacement="x")
        for at, path in enumerate(["a.j2", "./a.j2", "/repo/prompts/a.j2"])
    )
    fix = Fix(message="sort", safety=Safety.SAFE, edits=edits)
    report = replace(audit_report(), files=(with_findings(finding(fix=fix)),))
    (made,) = written(report)["runs"][0]["results"][0]["fixes"]
    assert [len(change["replacements"]) for change in made["artifactChanges"]] == [3]


def with_findings(*findings: Any) -> FileReport:
    return replace(audit_report().files[0], findings=findings, suppressed=())


def sarif(report: AuditReport | None = None) -> dict[str, Any]:
    return written(report or audit_report())["runs"][0]


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
        ("PC104", "PC104", "warning", True),
    ]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"][0]["executionSuccessful"] is False


def test_sarif_run_holds_the_dollars_of_the_whole_traffic() -> None:
    held = sarif()["properties"]
    assert [one["as_it_is"] for one in held["worth"]] == ["1789.29", "2615.061"]
    assert held["replay"]["requests"] == 60
    assert "properties" not in sarif(replace(audit_report(), worth=()))


@pytest.mark.parametrize(
    ("path", "kind"), [("promptcost.yaml", "external"), ("support.j2", "inSource")]
)
def test_sarif_tells_where_a_suppression_is_written(path: str, kind: str) -> None:
    report = audit_report()
    silenced = report.suppressed[0].finding
    item = Suppressed(finding=silenced, reason="why", place=replace(silenced.place, path=path))
    file = replace(report.files[0], findings=(), suppressed=(item,))
    (result,) = sarif(replace(report, files=(file,)))["results"]
    assert result["suppressions"] == [{"kind": kind, "justification": "why"}]


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
