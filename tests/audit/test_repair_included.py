from __future__ import annotations

import pytest
from audit.auditing import RULES, audit

from promptcost.audit.repair import included
from promptcost.model.finding import Safety

TEXT = f"Now: {{{{ now }}}}\n{RULES}\n"


@pytest.mark.parametrize(
    "tag",
    [
        "{% include 'parts/head.j2' %}",
        '{%- include "./head.j2" ignore missing -%}',
        "{% include ['x.j2', 'head.j2'] %}",
        "{% from 'head.j2' import a %}",
        "{% extends ('head.j2') %}",
    ],
)
def test_named_file_is_included(tmp_path, tag):
    (tmp_path / "parts").mkdir()
    head, main = tmp_path / "parts" / "head.j2", tmp_path / "main.j2"
    head.write_text("a")
    main.write_text(tag)
    assert included([head, main, tmp_path / "missing.j2"]) == {head}


@pytest.mark.parametrize("text", ["{% include name %}", "{% include 'ahead.j2' %}", "'head.j2'"])
def test_file_that_is_not_named_is_not(tmp_path, text):
    head, main = tmp_path / "head.j2", tmp_path / "main.j2"
    head.write_text("a")
    main.write_text(text)
    assert included([head, main]) == frozenset()


def test_nothing_moves_in_a_file_that_others_include(tmp_path):
    (tmp_path / "main.j2").write_text("{% include 'head.j2' %}\nB.\n")
    alone = audit(tmp_path, TEXT, name="head.j2", repair=Safety.UNSAFE)
    assert [finding.fix is not None for finding in alone.findings] == [True]
    both = audit(tmp_path, TEXT, name="head.j2", repair=Safety.UNSAFE, paths=(tmp_path,))
    assert [finding.fix for finding in both.findings] == [None] * len(both.findings)
    assert both.findings
