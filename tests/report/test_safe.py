from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.report.safe import (
    command_data,
    command_property,
    markdown_code,
    markdown_text,
    visible,
    whole,
)

ANY_TEXT = st.text(st.characters(), max_size=60) | st.sampled_from(
    ["\x1b[31mred", "\u202eevil", "\ud800", "a\0b", "\x9b2J", "\u2028", "\U000e0041", "\r\n"]
)
FORBIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def forbidden(text: str) -> set[str]:
    return {character for character in text if unicodedata.category(character) in FORBIDDEN}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain äöü 漢字 😀", "plain äöü 漢字 😀"),
        ("a\tb", "a    b"),
        ("two\nlines", "two\\nlines"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("abc\u202edef", "abc\\u202edef"),
        ("\x9b", "\\x9b"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("\u2028", "\\u2028"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
    ],
)
def test_visible_escapes_only_what_a_terminal_would_obey(text: str, expected: str) -> None:
    assert visible(text) == expected


@given(ANY_TEXT)
def test_no_sink_lets_a_control_or_format_character_through(text: str) -> None:
    for sink in (visible, command_property, markdown_text, markdown_code):
        assert forbidden(sink(text)) == set()
    assert forbidden(command_data(text)) == set()


@given(ANY_TEXT)
def test_whole_text_can_be_written_and_read_back(text: str) -> None:
    assert whole(text).encode("utf-8").decode("utf-8") == whole(text)
    assert json.loads(json.dumps(whole(text))) == whole(text)


def test_whole_keeps_everything_but_lone_surrogates() -> None:
    assert whole("\x1b ä \ud83d\ude00 \ud800x") == "\x1b ä 😀 \ufffdx"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50 % of it", "50 %25 of it"),
        ("one\ntwo", "one%0Atwo"),
        ("a: b, c", "a: b, c"),
        ("%0A::error::forged", "%250A::error::forged"),
        ("##[add-mask]x", "## [add-mask]x"),
        ("carriage\rreturn", "carriage\\rreturn"),
    ],
)
def test_command_data_follows_the_rules_of_the_runner(text: str, expected: str) -> None:
    assert command_data(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:b,c", "a%3Ab%2Cc"),
        ("x\n::error::y", "x\\n%3A%3Aerror%3A%3Ay"),
        ("100%", "100%25"),
    ],
)
def test_command_property_cannot_end_its_property(text: str, expected: str) -> None:
    assert command_property(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text, 0.4 % (of 9-11)", "plain text, 0.4 % (of 9-11)"),
        ("a | b", "a \\| b"),
        ("<script>", "\\<script\\>"),
        ("*bold* _it_ `code`", "\\*bold\\* \\_it\\_ \\`code\\`"),
        ("[a](http://b)", "\\[a\\](http:<!-- -->//b)"),
        ("www.example.org", "w<!-- -->ww.example.org"),
        ("ask @team", "ask @<!-- -->team"),
        ("model@5m", "model@5m"),
        ("see #12", "see #<!-- -->12"),
        ("# heading", "<!-- --># heading"),
        ("- item", "<!-- -->- item"),
        ("12. item", "<!-- -->12. item"),
        ("---", "<!-- -->---"),
        ("-$3.10", "-\\$3.10"),
        ("&amp;", "\\&amp;"),
        ("back\\slash", "back\\\\slash"),
        ("line\nbreak", "line\\\\nbreak"),
    ],
)
def test_markdown_text_is_only_text(text: str, expected: str) -> None:
    assert markdown_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ now }}", "`{{ now }}`"),
        ("a|b", "`a\\|b`"),
        ("a`b", "``a`b``"),
        ("`a`", "`` `a` ``"),
        ("```", "```` ``` ````"),
        ("<b>", "`<b>`"),
        ("", ""),
    ],
)
def test_markdown_code_cannot_be_left(text: str, expected: str) -> None:
    assert markdown_code(text) == expected


@given(ANY_TEXT)
def test_the_fence_of_a_code_span_is_longer_than_every_run_inside(text: str) -> None:
    span = markdown_code(text)
    fence = span[: len(span) - len(span.lstrip("`"))]
    inside = span[len(fence) : len(span) - len(fence)]
    assert (fence == "") is (text == "")
    assert not fence or fence not in inside
