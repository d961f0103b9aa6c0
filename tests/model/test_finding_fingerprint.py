from __future__ import annotations

from dataclasses import replace

import pytest
from report.samples_of_reports import finding

from promptcost.model.finding import Severity, fingerprint

LINE = "Now: {{ now }}, be brief."
MARK = fingerprint(finding(), LINE)


@pytest.mark.parametrize(
    "changes",
    [
        {"place": replace(finding().place, start_line=90, end_line=90)},
        {"severity": Severity.LOW},
        {"message": "other words"},
        {"expression": "  {{  now }} "},
    ],
)
def test_what_may_change_changes_no_fingerprint(changes):
    assert fingerprint(replace(finding(), **changes), LINE) == MARK


@pytest.mark.parametrize("changes", [{"code": "PC102"}, {"expression": "{{ day }}"}])
def test_another_finding_has_another_fingerprint(changes):
    assert fingerprint(replace(finding(), **changes), LINE) != MARK


@pytest.mark.parametrize(
    ("line", "same"),
    [
        (f"\t {LINE}  ", True),
        (LINE.replace(" ", "  "), True),
        (LINE.replace("brief", "nice"), False),
    ],
)
def test_blanks_of_the_line_do_not_count(line, same):
    assert (fingerprint(finding(), line) == MARK) is same


def test_lone_surrogates_have_a_fingerprint():
    assert len(fingerprint(finding("\ud800"), "\udfff")) == 16
