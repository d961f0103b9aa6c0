"""Long lines of a diff are cut to what changes in them; others are shown as they are."""

from __future__ import annotations

from difflib import unified_diff

from promptcost.cli.preview import readable

HEAD = ["--- a/x", "+++ b/x", "@@ -1,3 +1,3 @@"]
LONG = "x" * 2_000


def test_short_lines_are_shown_as_they_are():
    diff = [*HEAD, " a", "-b", "-c", "+d", " e", "-f"]
    assert list(readable(diff)) == diff


def test_a_long_line_is_cut_around_its_change():
    diff = [*HEAD, f"-{LONG}old{LONG}", f"+{LONG}newer{LONG}"]
    around = "x" * 60
    assert list(readable(diff))[3:] == [f"-…{around}old{around}…", f"+…{around}newer{around}…"]


def test_a_long_change_is_cut_in_its_middle():
    (line,) = list(readable([*HEAD, f"+{LONG}"]))[3:]
    assert line == f"+{'x' * 200} … {'x' * 200}"


def test_what_stays_of_a_long_line_is_its_start():
    assert list(readable([*HEAD, f" {LONG}", "-a", "+b"]))[3:] == [f" {'x' * 119}…", "-a", "+b"]


def test_lines_of_one_change_are_compared_in_order():
    was = [f"{LONG}a{LONG}", f"{LONG}b{LONG}", "c", "d"]
    now = [f"{LONG}A{LONG}", f"{LONG}B{LONG}", "c"]
    around = "x" * 60
    assert list(readable(unified_diff(was, now, lineterm="", n=0)))[3:] == [
        f"-…{around}a{around}…",
        f"-…{around}b{around}…",
        f"+…{around}A{around}…",
        f"+…{around}B{around}…",
        "@@ -4 +3,0 @@",
        "-d",
    ]
