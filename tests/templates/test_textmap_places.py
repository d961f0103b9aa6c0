from __future__ import annotations

import pytest

from promptcost.templates.align import align
from promptcost.templates.textmap import Segment, TextMap, normalise, size


@pytest.mark.parametrize(
    ("text", "chars", "expected"),
    [
        ("plain text", (2, 5), (2, 5)),
        ("é b", (1, 3), (2, 4)),
        ("é\nb", (2, 3), (3, 4)),
        ("a\r\nb", (2, 3), (3, 4)),
        ("a\r\nb", (0, 2), (0, 3)),
        ("a\rb", (2, 3), (2, 3)),
        ("a\r\n", (1, 2), (1, 3)),
        ("😀\r\n😀x", (3, 4), (10, 11)),
        ("é", (1, 1), (2, 2)),
        ("\ud800x\r\n", (1, 2), (3, 4)),
    ],
)
def test_characters_of_a_file_map_to_its_bytes(text, chars, expected):
    assert TextMap(text).span(*chars) == expected


def test_a_coarse_map_gives_whole_segments():
    where = TextMap("ab cd", [Segment(char=0, start=10, end=30)], exact=False)
    assert where.span(3, 5) == (10, 30)
    assert where.span(2, 2) == (10, 30)


def test_text_inside_a_larger_file_starts_where_it_stands():
    where = TextMap("é\nb", start=7)
    assert where.span(2, 3) == (10, 11)
    assert TextMap("a\nb", start=7).span(2, 3) == (9, 10)


def test_normalised_text_has_one_kind_of_line_end():
    assert normalise("a\r\nb\rc\n") == "a\nb\nc\n"


def test_size_counts_lone_surrogates_as_three_bytes():
    assert size("a\ud800") == 4


def test_words_keep_their_place_through_indentation():
    container = "key: |\n  Hi {{ x }}\n  bye\n"
    where = align("Hi {{ x }}\nbye\n", container, 7, len(container))
    assert where.exact
    assert [where.span(*r) for r in [(0, 2), (3, 10), (11, 14)]] == [(9, 11), (12, 19), (22, 25)]


def test_words_after_wide_characters_keep_their_place():
    container = 'k: "é {{ x }}"'
    where = align("é {{ x }}", container, 4, 13)
    assert where.span(2, 9) == (7, 14)


def test_escaped_blanks_quotes_and_backslashes_keep_the_places_of_words():
    text = 'a\n"{{ x }}" c:\\n é'
    container = r'k: "a\n\"{{ x }}\" c:\\n \u00e9"'
    where = align(text, container, 4, len(container) - 1)
    assert where.exact
    at = text.index("{{"), text.index("}}") + 2
    assert [container[slice(*where.span(*r))] for r in [at, (12, 16)]] == ["{{ x }}", r"c:\\n"]


def test_line_that_is_continued_keeps_the_places_of_words():
    container = 'k = """\\\n  Hi \\\n  {{ x }}"""'
    where = align("Hi {{ x }}", container, 7, len(container) - 3)
    assert container[slice(*where.span(3, 10))] == "{{ x }}"


def test_text_with_other_words_than_its_file_maps_to_the_whole_value():
    container = r'k: "a\ab {{ x }}"'
    where = align("a\ab {{ x }}", container, 4, 16)
    assert not where.exact
    assert where.span(4, 11) == (4, 16)


def test_blank_text_maps_to_its_beginning():
    assert align(" ", "k: ' '", 4, 5).span(0, 1) == (4, 4)
