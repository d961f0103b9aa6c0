"""Labels in front of placeholders whose names say nothing, and words that are no labels."""

from __future__ import annotations

import pytest
from templates.making import ready, source_of

from promptcost.model.stability import Clock
from promptcost.templates import SourceKind, prepare
from promptcost.templates.labels import labelled, read_label
from promptcost.templates.names import Kind
from promptcost.templates.settings import Limits

TOLD = [
    ("Question: ", Kind.PAYLOAD),
    ("The user asked: ", Kind.PAYLOAD),
    ("**User query:** ", Kind.PAYLOAD),
    ("<article>", Kind.PAYLOAD),
    ('"question": "', Kind.PAYLOAD),
    ("Here is the transcript:\n\n```\n", Kind.PAYLOAD),
    ("## Conversation history\n", Kind.HISTORY),
    ("Search results:\n- ", Kind.RETRIEVAL),
    ("<retrieved_documents>\n", Kind.RETRIEVAL),
    ("Request id: ", Kind.ID),
    ("Code:\n", Kind.PAYLOAD),
    ("[Question] ", Kind.PAYLOAD),
    ("Working directory: ", Kind.ENVIRONMENT),
    ("Attempt number: ", Kind.COUNTER),
    ("Under test:\n```python\n", Kind.PAYLOAD),
    ("```\n", Kind.PAYLOAD),
    ("Step ", Kind.COUNTER),
    ("[Attempt #", Kind.COUNTER),
    ("# Context\n", Kind.RETRIEVAL),
    ("The user has provided text to be worked with:\n\n<material>\n", Kind.PAYLOAD),
    ("The customer just uploaded this: ", Kind.PAYLOAD),
    ("What the user wrote:\n{% if x %}\n", Kind.PAYLOAD),
    ('"""\n', Kind.PAYLOAD),
    ("Read this.\n'''", Kind.PAYLOAD),
    ("Text delimited by <<< and >>>\n<<<\n", Kind.PAYLOAD),
    ("Sources\n-------\n", Kind.RETRIEVAL),
    ("[Question]\n", Kind.PAYLOAD),
    ("You are given the following prompt from the user:\n\n```\n", Kind.PAYLOAD),
    ("This came from the customer:\n", Kind.PAYLOAD),
    ("[Start of the document]\n", Kind.PAYLOAD),
    ("=== BEGIN ARTICLE ===\n", Kind.PAYLOAD),
    ("User:\n", Kind.PAYLOAD),
    ("### Human: ", Kind.PAYLOAD),
    ("<|user|>\n", Kind.PAYLOAD),
    ("[INST] ", Kind.PAYLOAD),
    ("Translate the following sentence into French: ", Kind.PAYLOAD),
    ("Here is the article to shorten:\n", Kind.PAYLOAD),
    ('Answer the question "', Kind.PAYLOAD),
    ("问题:", Kind.PAYLOAD),
    ("## 对话历史\n", Kind.HISTORY),
    ("上下文:\n", Kind.RETRIEVAL),
]
MOMENTS = [
    ("The time in Berlin is ", Clock.SECOND),
    ("Current time: ", Clock.SECOND),
    ("It is now ", Clock.SECOND),
    ("You are Ada. Date/time: ", Clock.SECOND),
    ("Now: ", Clock.SECOND),
    ("Aktuelle Uhrzeit: ", Clock.SECOND),
    ("Today is ", Clock.DAY),
    ("- Today: ", Clock.DAY),
    ("Current date: ", Clock.DAY),
    ("Be kind. Today\u2019s date is ", Clock.DAY),
    ("Nous sommes le ", Clock.DAY),
    ("\u4eca\u5929\u662f", Clock.DAY),
]
SILENT = [
    "It ends when the user simulator outputs `",
    "",
    "Answer in the language: ",
    "Answer language: ",
    "Output format: ",
    "Title: ",
    "Notes: ",
    "Max answers: ",
    "Number of questions: ",
    "Write a long and careful answer to what the person wants: ",
    "The question is hard. You are ",
    "Answer the question. Be ",
    "Question: {{ a }} and ",
    "Rules:\n",
    "Question\nYou are ",
    "Round to ",
    "In one step ",
    "Talk about today ",
    "Context:\n\n\n\n\n\nQuestion: yes\nno\n\n\n\n",
    "Use the tools:\n```json\n",
    "### All Available Tools\n```\n",
    "Output format:\n```\n",
    "Under test:\n```python\nx = ",
    "Birth date/time zone: ",
    "The total time is ",
    "Their time is ",
    "User: ",
    "The user has selected this. Be ",
    "The user has selected this:\nnothing.\n",
    "Whatever the user has written, be kind to them:\n- Be ",
    "The code must be opened with '",
    "The text must be in: ",
    'The rules of the house:\n"""\n',
    "Style guide:\n```\n",
    "Say:\n```",
    "Question\nof today\n---\n",
    "x" * 61 + " question\n---\n",
    "Sources\nand more\n",
    "[see the question] and\n",
    "Return the answer in this format: ",
    "Shorten the text in the style of: ",
    "Follow the steps: ",
    "This user prefers the tone: ",
    "要求:",
    "<|system|>\n",
    "[/INST] ",
]


@pytest.mark.parametrize(("before", "kind"), TOLD)
def test_label_tells_the_kind(before, kind):
    assert read_label(before).kind is kind


@pytest.mark.parametrize(("before", "clock"), MOMENTS)
def test_label_tells_a_moment_and_its_precision(before, clock):
    found = read_label(before)
    assert (found.kind, found.clock) == (Kind.TIME, clock)


@pytest.mark.parametrize("before", SILENT)
def test_other_words_tell_nothing(before):
    assert read_label(before) is None


def test_only_names_that_say_nothing_are_looked_up():
    text = "Question: {{ language }} {{ q }}\nQuestion: {{ z }}\nToday is {{ x.y }}{{ p + r }}"
    found = labelled(ready(text))
    assert {path: reading.kind for path, reading in found.items()} == {
        "z": Kind.PAYLOAD,
        "x.y": Kind.TIME,
    }


def test_first_placeholder_of_a_name_decides():
    assert labelled(ready("Be {{ z }}.\nQuestion: {{ z }} is it.")) == {}


def test_custom_marks_and_format_strings_are_read():
    custom = ready("{% if a %}{% endif %}Question: ${ z }", variable=("${", "}"))
    source = source_of('Question: {z}\n{{"a": 1}}', SourceKind.STR_FORMAT)
    plain = prepare(source, root=None, limits=Limits())
    assert labelled(custom).keys() == labelled(plain).keys() == {"z"}


def test_value_printed_by_what_the_template_includes_has_no_label(tmp_path):
    (tmp_path / "part.j2").write_text("Question: {{ z }}", encoding="utf-8")
    assert labelled(ready("{% include 'part.j2' %}", tmp_path)) == {}
