from __future__ import annotations

from datetime import date, datetime

import pytest

from promptcost.templates._standins import Answer, Text, TimeText

WORD = Text("word")
NOON = TimeText("2026-01-05 12:00", datetime(2026, 1, 5, 12))  # noqa: DTZ001 - as written
DAY = TimeText("2026-01-05", date(2026, 1, 5))


def test_text_answers_attributes_keys_calls_and_slices_with_text():
    assert (WORD.part, WORD["key"], WORD(1, a=2), WORD[0], WORD[1:3]) == (
        "word part",
        "word key",
        "word",
        "w",
        "or",
    )
    assert all(isinstance(made, Text) for made in (WORD.part, WORD["key"], WORD()))


@pytest.mark.parametrize("name", ["_private", "__html__", "unsafe_callable", "jinja_pass_arg"])
def test_text_has_no_inner_names(name):
    with pytest.raises(AttributeError):
        getattr(WORD, name)


def test_text_survives_arithmetic():
    made = [WORD - 1, 1 - WORD, WORD / 2, WORD * 2, 2 * WORD, -WORD, abs(WORD), round(WORD, 1)]
    assert made == [WORD] * 8
    assert (WORD + 1, 1 + WORD, int(WORD), float(WORD)) == ("word1", "1word", 4, 4.0)


def test_text_counts_as_a_few_and_bounds_nothing():
    assert list(range(WORD)) == [0, 1, 2]
    assert (WORD[:WORD], WORD[WORD:], [1, 2, 3, 4][:WORD]) == ("word", "word", [1, 2, 3])


def test_text_is_ordered_as_text_against_anything():
    assert (WORD > 3, WORD >= 3, WORD < "x", WORD <= "word") == (True, True, True, True)


def test_text_answers_as_a_mapping_of_one():
    assert (WORD.items(), WORD.keys(), WORD.values()) == ((("key", "word"),), ("key",), ("word",))


def test_moment_answers_what_a_datetime_answers():
    assert (NOON.year, NOON.strftime("%H:%M"), NOON.isoformat()) == (
        2026,
        "12:00",
        "2026-01-05T12:00:00",
    )
    assert (NOON.now(), NOON.datetime.now(), NOON.date(), NOON.date.today()) == (
        "2026-01-05 12:00",
        "2026-01-05 12:00",
        "2026-01-05",
        "2026-01-05",
    )
    assert (DAY.weekday(), DAY.date(), NOON.upper(), NOON.zone) == (
        0,
        "2026-01-05",
        "2026-01-05 12:00",
        "2026-01-05 12:00 zone",
    )


def test_function_answers_by_its_arguments_and_prints_as_without():
    answer = Answer(lambda args: f"got {args}")
    assert (answer(1, a=2), str(answer)) == ("got (1, 2)", "got ()")


@pytest.mark.parametrize("spec", ["", ">8", "d", ",", "x", ".2f", "e", "%", "%H:%M", "nonsense"])
def test_text_is_formatted_in_any_way(spec):
    assert format(WORD, spec)
    assert format(WORD, spec) == format(Text("word"), spec)


def test_formatted_number_differs_where_the_text_does():
    assert format(Text("one"), ".2f") != format(Text("two"), ".2f")


def test_moment_is_formatted_as_a_moment_or_as_text():
    assert (f"{NOON:%d.%m.}", f"{NOON:>18}") == ("05.01.", "  2026-01-05 12:00")


def test_text_is_iterated_as_a_list_of_two():
    key, value = WORD
    assert [key, value] == ["word", "word more"]
    assert "or" in WORD


def test_items_of_items_come_to_an_end():
    inner = [part for item in WORD for held in (item.children, item["children"]) for part in held]
    assert {type(part) for part in inner} == {str}
    assert [item.name for item in WORD] == ["word name", "word more name"]
    assert [item[0] for item in WORD] == ["w", "w"]
