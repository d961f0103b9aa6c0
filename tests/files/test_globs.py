from __future__ import annotations

import pytest

from promptcost.files.globs import matches


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("old/a.j2", "old/*.j2", True),
        ("old/deep/a.j2", "old/*.j2", True),
        ("x/old/a.j2", "old/*.j2", True),  # from its end
        ("a.j2", "*.j2", True),
        ("x/a.j2", "a.j2", True),
        ("older/a.j2", "old/*.j2", False),
        ("A.j2", "a.j2", False),
        ("./old/a.j2", "old/*", True),
    ],
)
def test_a_path_matches_as_written_or_from_its_end(path, pattern, expected):
    assert matches(path, pattern) is expected


def test_a_full_pattern_means_the_full_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert matches("a/b.j2", f"{tmp_path}/a/*")
    assert matches("x/../a/b.j2", f"{tmp_path}/a/*")
    assert not matches("b.j2", f"{tmp_path}/a/*")
