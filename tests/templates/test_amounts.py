"""Names that the text around them shows to be numbers, counts or openings."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptcost.templates import Limits, Settings, load, prepare
from promptcost.templates.amounts import shown_otherwise
from promptcost.templates.names import Kind


def shown(tmp_path, text, name="p.j2"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (source,), _ = load(Path(path), settings=Settings(), limits=Limits())
    template = prepare(source, root=tmp_path, limits=Limits())
    return {path: reading.kind for path, reading in shown_otherwise(template).items()}


@pytest.mark.parametrize(
    ("text", "path", "kind"),
    [
        ("Ask {{ questions }} questions.", "questions", Kind.SETTING),
        ("Ask {{- questions -}} questions.", "questions", Kind.SETTING),
        ("Write at most {{ sentences }} of them.", "sentences", Kind.SETTING),
        ("Write up to **{{ answer }}** lines.", "answer", Kind.SETTING),
        ("So far {{ history | length }} turns.", "history", Kind.COUNTER),
        ("{% if history %}{{ history|count }}{% endif %}", "history", Kind.COUNTER),
        ("{% if description %}{{ description }}{% endif %} Go.", "description", Kind.SETTING),
        ("{# a #}\n{% if description is not none -%}\n{{ description }}{% endif %} Go.",
         "description", Kind.SETTING),
    ],
)  # fmt: skip
def test_text_shows_what_a_name_stands_for(tmp_path, text, path, kind):
    assert shown(tmp_path, text) == {path: kind}


@pytest.mark.parametrize(
    "text",
    [
        "Answer these: {{ questions }}",
        "Answer these: {{ questions }} Question by question.",
        "The answer is {{ answer }} answer it.",
        "{{ history | length }} turns: {{ history }}",
        "{{ history | length }} turns: {% for turn in history %}{{ turn }}{% endfor %}",
        "{{ history | upper }}",
        "{{ history | length + documents | length }}",
        "{{ documents | length }} documents",
        "{{ description }} Go.",
        "Judge {% if description %}{{ description }}{% endif %}",
        "{% if summary %}{{ summary }}{% endif %}",
        "{% if title %}{{ title }}{% endif %} Go.",
        "{% set questions2 = questions %}{{ questions2 }} questions2",
        "Ask {{ number }} things.",
    ],
)
def test_text_that_shows_nothing_leaves_the_name_to_itself(tmp_path, text):
    assert shown(tmp_path, text) == {}


def test_number_in_a_format_string_is_seen(tmp_path):
    long = "Answer briefly and never guess a number that nobody gave you. " * 3
    assert shown(tmp_path, f"Ask {{questions}} questions.\n{long}", "p.txt") == {
        "questions": Kind.SETTING
    }


AGENT = "{{ instruction }}\nTools: {{ tools }}\n{% if more %}{{ more }}{% endif %}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (AGENT + "Question: {{ query }}", {"instruction": Kind.SETTING}),
        (AGENT, {}),
        ("{{ instruction }}\nQuestion: {{ query }}", {}),
    ],
)
def test_instruction_beside_tools_and_a_question_is_that_of_an_agent(tmp_path, text, expected):
    assert shown(tmp_path, text) == expected


def test_field_on_a_line_about_placeholders_shows_how_to_write_one(tmp_path):
    text = (
        'Write a format string such as "Q: {question}".\n'
        "Put the placeholder {answer} where it belongs.\n"
        "This is the text: {text}. Never guess what nobody told you, and say what is missing.\n"
        "Say {text} twice. A placeholder is never left out.\n"
    )
    expected = {"question": Kind.SETTING, "answer": Kind.SETTING}
    assert shown(tmp_path, text, "p.txt") == expected
    assert shown(tmp_path, "A placeholder is {{ text }}.") == {}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("You are {{ role }}. Your goal is {{ goal }}.", "goal"),
        ("{{ agent.backstory }} Reach {{ goals }}.", "goals"),
        ("Reach {{ goals }} within {{ constraints }} by {{ tools }}.", "goals"),
    ],
)
def test_goal_beside_the_role_of_an_agent_is_a_setting(tmp_path, text, path):
    assert shown(tmp_path, text) == {path: Kind.SETTING}


@pytest.mark.parametrize(
    "text",
    [
        "The user wants {{ goal }}.",
        "{% for m in messages %}{{ m.role }}{% endfor %} Reach {{ goal }}.",
        "{{ goal }} within {{ constraints }}",
        "{{ user_role }}: {{ goal }}",
        "Its goal: {{ role }}",
    ],
)
def test_goal_of_a_request_stays_its_text(tmp_path, text):
    assert shown(tmp_path, text) == {}
