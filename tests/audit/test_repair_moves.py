"""Where the lines of the value ``v`` move to, and when they stay."""

from __future__ import annotations

import pytest

from promptcost.audit.repair.made import edited
from promptcost.audit.repair.moves import Mover
from promptcost.audit.repair.outline import Outline
from promptcost.files.text import TextFile
from promptcost.templates.load import sources_in
from promptcost.templates.settings import Settings
from promptcost.templates.written import lines_of


def the_moves(text, *, name="p.j2", settings=None, is_spoken_of=True):
    """Return the moves of every line with the value ``v``."""
    (source,), _ = sources_in(TextFile(path=name, text=text), settings or Settings())
    outline = Outline(source)
    mover = Mover(source, outline, lines_of(source.written()), is_spoken_of=is_spoken_of)
    return list(mover.moves([n for n, line in enumerate(outline.lines) if " v }" in line]))


def the_move(text, **choices):
    """Return the last move, which is that behind everything; None where there is none."""
    return next(reversed(the_moves(text, **choices)), None)


def after(text, **choices):
    move = the_move(text, **choices)
    assert edited(text, move.fix.edits) == move.text
    return move.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is {{ v }}.\nB.\n", "B.\nIt is {{ v }}.\n"),
        ("It is {{ v }}.\nB.", "B.\nIt is {{ v }}."),
        ("A.\n\nIt is {{ v }}.\n\nB.\n", "A.\n\nB.\n\nIt is {{ v }}.\n"),
        ("A.\nIt is {{ v }}.\n\nB.\n", "A.\n\nB.\n\nIt is {{ v }}.\n"),
        ("A.\n\nIt is {{ v }}.\nB.\n", "A.\n\nB.\n\nIt is {{ v }}.\n"),
        ("It is {{ v }}.\n\nB.\n\n\n", "B.\n\nIt is {{ v }}.\n\n\n"),
        ("It is {{ v }}.\n- b\n- c\n", "- b\n- c\n\nIt is {{ v }}.\n"),
        ("It is {{ v }}.\nB.\nAnswer:", "B.\nIt is {{ v }}.\nAnswer:"),
        ("It is {{ v }}.\n\nB.\n\n**Answer:**\n", "B.\n\nIt is {{ v }}.\n\n**Answer:**\n"),
        ("It is {{ v }}.\nB.\n# Answer\n", "B.\nIt is {{ v }}.\n# Answer\n"),
        ("It is {{ v }}.\nB.\n<answer>\n", "B.\nIt is {{ v }}.\n<answer>\n"),
        (
            "It is {{ v }}.\nTake as many words as you need for {{ w }} to be clear.\n",
            "Take as many words as you need for {{ w }} to be clear.\nIt is {{ v }}.\n",
        ),
        ("It is {{ v }}.\nB.\nA {{ w }}\n", "B.\nA {{ w }}\nIt is {{ v }}.\n"),
        ("It is {{ v }}.\n<a>\nB\n</a>\n", "<a>\nB\n</a>\nIt is {{ v }}.\n"),
        (
            "---\nx: {{ w }}\n---\nIt is {{ v }}.\nB.\n",
            "---\nx: {{ w }}\n---\nB.\nIt is {{ v }}.\n",
        ),
    ],
)
def test_lines_move_to_the_end_in_front_of_what_asks_for_an_answer(text, expected):
    assert after(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You help out. It is {{ v }}.\nB.\n", "You help out.\nB.\nIt is {{ v }}.\n"),
        ("It is {{ v }}.  You help out.\nB.\n", "You help out.\nB.\nIt is {{ v }}.\n"),
        (
            "You help. It is {{ v }}. Be kind!\n\nB.\n",
            "You help. Be kind!\n\nB.\n\nIt is {{ v }}.\n",
        ),
        (
            "  You help. In {{ v }}. In {{ w }}. Be kind.\nB.",
            "  You help. Be kind.\nB.\nIn {{ v }}. In {{ w }}.",
        ),
        ("Dear {{ v }}, e.g. hello.\nB.\n", "B.\nDear {{ v }}, e.g. hello.\n"),
        ("Hi. It is {{ v }}.\nB.\n", "B.\nHi. It is {{ v }}.\n"),
        ("Now: {{ v }}. It is not later.\nB.\n", "B.\nNow: {{ v }}. It is not later.\n"),
        (
            "You help. It {% if x %}is{% endif %} {{ v }}.\nB.\n",
            "B.\nYou help. It {% if x %}is{% endif %} {{ v }}.\n",
        ),
        (
            "- You help out. It is {{ v }}.\n- b\n\nB.\n",
            "- b\n\nB.\n\n- You help out. It is {{ v }}.\n",
        ),
    ],
)
def test_a_sentence_of_a_line_moves_alone_where_another_stays(text, expected):
    assert after(text) == expected


def test_a_move_says_what_it_moves():
    texts = ["You help. It is {{ v }}.\nB.\n", "It is {{ v }}.\nB.\n", "It:\n{{ v }}\n\nB.\n"]
    assert [the_move(text).fix.message for text in texts] == [
        "move the sentence behind the fixed text",
        "move the line behind the fixed text",
        "move 2 lines behind the fixed text",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It is {{ v }}.\nB.\nAsk {{ w }}.\n",
            ["B.\nIt is {{ v }}.\nAsk {{ w }}.\n", "B.\nAsk {{ w }}.\nIt is {{ v }}.\n"],
        ),
        (
            "It is {{ v }}.\nB.\n\nOn:\n{{ u }}\nAsk:\n{{ w }}\n\nAnswer:",
            [
                "B.\n\nIt is {{ v }}.\n\nOn:\n{{ u }}\nAsk:\n{{ w }}\n\nAnswer:",
                "B.\n\nOn:\n{{ u }}\nAsk:\n{{ w }}\n\nIt is {{ v }}.\n\nAnswer:",
            ],
        ),
        ("It is {{ v }}.\nB.\n", ["B.\nIt is {{ v }}.\n"]),
        ("B.\nIt is {{ v }}.\nAsk {{ w }}.\n", []),
        ("It is {{ v }}.\nAsk {{ w }}.\n", []),
        (
            "One {{ v }} is.\nB.\nTwo {{ v }} is.\n",
            ["B.\nOne {{ v }} is.\nTwo {{ v }} is.\n", "B.\nTwo {{ v }} is.\nOne {{ v }} is.\n"],
        ),
    ],
)
def test_lines_move_in_front_of_the_last_values_or_behind_them(text, expected):
    assert [move.text for move in the_moves(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "One {{ v }} is.\nA.\nTwo {{ v }} is.\nB.\n",
            "A.\nB.\nOne {{ v }} is.\nTwo {{ v }} is.\n",
        ),
        ("One {{ v }} is.\nTwo {{ v }} is.\nB.\n", "B.\nOne {{ v }} is.\nTwo {{ v }} is.\n"),
        (
            "A.\n\nOne {{ v }} is.\n\nB.\n\nTwo {{ v }} is.\n\nC.\n",
            "A.\n\nB.\n\nC.\n\nOne {{ v }} is.\n\nTwo {{ v }} is.\n",
        ),
    ],
)
def test_a_value_used_several_times_moves_in_order(text, expected):
    assert after(text) == expected


def test_lines_that_together_leave_a_heading_bare_stay():
    assert the_move("# A\nOne {{ v }} is.\n\nTwo {{ v }} is.\n\n## B\nC.\n") is None
    text = "# A\nOne {{ v }} is.\n\nTwo {{ v }} is.\n\n# B\nC.\n"
    assert after(text) == "# B\nC.\n\n# A\nOne {{ v }} is.\n\nTwo {{ v }} is.\n"


def test_values_that_may_not_move_stay_alone():
    text = "One {{ v }} is.\nA.\nTwo {{ v }} is by the rules below.\nB.\n"
    assert after(text) == "A.\nTwo {{ v }} is by the rules below.\nB.\nOne {{ v }} is.\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "system:\nIt is {{ v }}.\nA.\nuser:\nB {{ w }}\n",
            "system:\nA.\nuser:\nB {{ w }}\nIt is {{ v }}.\n",
        ),
        ("It is {{ v }}.\nA.\nUser:\nB.\nAI:\n", "A.\nUser:\nB.\nIt is {{ v }}.\nAI:\n"),
        ("system:\nA.\nuser:\nIt is {{ v }}.\nB.\n", "system:\nA.\nuser:\nB.\nIt is {{ v }}.\n"),
        ("system[x=1]:\nIt is {{ v }}.\nA.\n", "system[x=1]:\nA.\nIt is {{ v }}.\n"),
    ],
)
def test_lines_of_the_system_move_to_the_last_message_of_the_user(text, expected):
    assert after(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A.\nIt is {{ v }}.\n",
        "It is {{ v }}.\n",
        "{{ v }}\n# A\n",
        "# It is {{ v }}\n# B\n",
        "\n",
        "user:\nIt is {{ v }}.\nA.\nassistant:\nB.\nuser:\nC.\n",
        "system:\nIt is {{ v }}.\nA.\nuser:\nB.\nassistant:\nC.\n",
        "system:\nA.\nassistant:\nIt is {{ v }}.\nB.\n",
        "<all>\nIt is {{ v }}.\nB.\n</all>\n",
        "It is {{ v }}.\n- a\n  bb:\n",
        "---\nx: {{ v }}\n---\nA.\n",
        "It is {{ v }}.\n---\nA.\n",
        "A.\n---\nIt is {{ v }}.\n---\nB.\n---\nC.\n",
        "<|im_start|>\nIt is {{ v }}.\nB.\n",
        "[INST]\nIt is {{ v }}.\nB. [/INST]\n",
    ],
)
def test_lines_that_belong_where_they_are_stay(text):
    assert the_move(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Judge {{ v }} by the rules below.\nB.\n",
        "Judge {{ v }} as follows.\nB.\n",
        "It is {{ v }}.\nUse the text above.\n",
        "It is {{ v }}.\nThe aforementioned is it.\n",
    ],
)
def test_words_that_point_keep_lines_together(text):
    assert the_move(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Answer the following question: {{ v }}.\nB.\n",
        "Answer the question below:\n{{ v }}\nB is it.\n",
        "Use {{ v }} as said above.\nB.\n",
        "It is {{ v }}.\n# B\nUse the text above.\n",
    ],
)
def test_words_that_point_elsewhere_do_not(text):
    assert the_move(text) is not None


def test_nobody_speaks_of_a_clock_as_standing_above():
    assert after("It is {{ v }}.\nUse that above.\n", is_spoken_of=False).endswith("{{ v }}.\n")


@pytest.mark.parametrize(
    "text",
    [
        "{% set x = w %}{{ v }} it is.\nB {{ x }}.\n",
        "{% set x = 1 %}\nIt is {{ v }}{{ x }}.\n{% set x = 2 %}\nB.\n",
        "It is {{ v }}{{ ns.x }}.\n{% set ns.x = 2 %}\nB.\n",
        "It is {{ v }}{% do w.y() %}.\nB.\n",
        "It is {{ v }}{{ w.append(1) }}.\nB.\n",
        "It is {{ v }}.\nB {{ w.pop() }}.\n",
        "It is {{ v }}{{ joiner() }}.\nB.\n",
        "{% macro m() %}{{ v }} it is.{% endmacro %}\nB.\n",
        "It is {{ v }}{% import 'x' as y %}.\nB.\n",
        "{% chat role='user' %}\nIt is {{ v }}.\n{% endchat %}\nB.\n",
        "{% extends 'x' %}\nIt is {{ v }}.\nB.\n",
        "It is {{ v }}.\n{% block a %}{% endblock %}\nB.\n",
        "{{ messages }}{{ bos_token }}It is {{ v }}.\nB.\n",
    ],
)
def test_tags_that_order_matters_to_keep_lines_in_place(text):
    assert the_move(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "{% set x = 1 %}\nIt is {{ v }}{{ x }}.\nB.\n",
        "{% set x = v %}{{ x }} it is {{ v }}.\nB.\n",
        "{% for x in y %}{{ x }}{{ v }}{% endfor %} it is.\nB.\n",
        "{% include 'x' %} It is {{ v }}.\nB.\n",
        "It is {{ v }}.\n{% set x = 1 %}\nB.\n",
    ],
)
def test_tags_that_bind_nothing_of_others_do_not(text):
    assert the_move(text) is not None


def test_line_statements_are_not_taken_apart():
    settings = Settings(line_statement_prefix="%")
    assert the_move("It is {{ v }}.\nB.\n", settings=settings) is None


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("It is {{ v }}.\nB.\n", True),
        ("A.\n{{- v }} it is {{ v }}.\nB.\n", False),
        ("A.\n{%- if x %}\nIt is {{ v }}.\n{% endif %}\nB.\n", False),
        ("A.\n{% if x %}\nIt is {{ v }}.\n{% endif -%}\nB.\n", False),
        ("A {{ x -}}\nIt is {{ v }}.\nB.\n", False),
        ("It is {{ v }}.\n\n{{- x }} B.\nC.\n", False),
        ("It is {{ v }}.\nB.\nC {{ x -}}\n", False),
        ("It is {{- x -}}{{ v }}.\nB.\nC {{- x -}}.\n", True),
    ],
)
def test_tags_that_cut_blanks_at_a_seam_are_noticed(text, is_plain):
    assert the_move(text).is_plain is is_plain


def test_fields_of_a_format_string_move():
    assert the_moves("Now: { v }\nB and { x }.\nC.\n", name="p.txt")[0].text == (
        "B and { x }.\nC.\nNow: { v }\n"
    )
