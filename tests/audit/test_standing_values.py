"""Values whose names say nothing, judged by where they stand; each with near misses."""

from __future__ import annotations

import pytest
from audit.auditing import audit, codes

LINE = "Name the part of the text that your answer rests on, in quotes. "
TAIL = "\n" + LINE * 12


@pytest.mark.parametrize(
    "text",
    [
        "{{ qux }}",
        "{{ qux | trim }}",
        "Look at this.\n\n{{ qux }}\n",
        '"{{ qux }}"',
        "<doc>{{ qux }}</doc>",
        "<doc>\n{{ qux }}\n</doc>",
        "```\n{{ qux }}\n```",
        "Qux: {{ qux }}",
        "- **Qux**: {{ qux }}",
        "1. Their qux: `{{ qux }}`.",
        "Based on these quxes: {{ quxes }}",
        "{% if qux %}{{ qux }}{% endif %}",
        "{{ a.qux }}",
        "{{ sota_exp_diff }}",
        "Cite {{ qux }} in it.\n\nThe data:\n{{ qux }}",
        "{{ char_description }}",
        "Here is what was found:\n{{ context }}",
        "Consider the following text:\n\n{{ context }}",
    ],
)
def test_value_that_stands_apart_is_of_the_request(tmp_path, text):
    line = text[: text.index("{{")].count("\n") + 1
    assert codes(audit(tmp_path, text + TAIL)) == [("PC104", "low", line)]


@pytest.mark.parametrize(
    "text",
    [
        "Speak of {{ qux }} only.",
        "You are {{ qux }}.",
        "You work for {{ qux }}",
        "Answer in: {{ qux }}",
        "Stay with what they have told you before: {{ qux }}",
        "{{ qux }} and {{ quux }} matter.",
        "{{ qux_guidelines }}",
        "{{ house_style }}",
        "{{ output_schema }}",
        "Tools: {{ my_tools }}",
        "{{ quxes | first }}",
        "{{ quxes | length }}",
        "{{ agent.qux }}",
        "{{ context }}",
        "Be kind.\n{{ context }}",
        "Here is the {{ context }}",
        "{{ qux\n}}",
    ],
)
def test_value_in_a_sentence_or_of_a_setting_says_nothing(tmp_path, text):
    assert codes(audit(tmp_path, text + TAIL)) == []


@pytest.mark.parametrize(
    ("intro", "is_found"),
    [
        ("Here is the current state:", True),
        ("## Latest quxes", True),
        ("What was found so far:", True),
        ("Prior gaps:", True),
        ("Know this:", False),
        ("The current product:", False),
        ("Lately:", False),
    ],
)
def test_system_prompt_prints_what_it_calls_the_latest(tmp_path, intro, is_found):
    text = f"{intro}\n{{{{ qux }}}}{TAIL}"
    expected = [("PC104", "low", 2)] if is_found else []
    assert codes(audit(tmp_path, text, name="system.j2")) == expected


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("system.j2", ""),
        ("my_system_prompt.j2", ""),
        ("run.sh.j2", "#!/bin/sh\n"),
        ("page.j2", "<!DOCTYPE html>\n<html>"),
    ],
)
def test_system_prompts_scripts_and_pages_are_filled_in_by_those_who_deploy_them(
    tmp_path, name, head
):
    assert codes(audit(tmp_path, f"{head}{{{{ qux }}}}{TAIL}", name=name)) == []


def test_section_that_is_a_script_holds_no_data(tmp_path):
    body = "".join(f"  {LINE}\n" for _ in range(12))
    text = "{key}: |\n  {{{{ qux }}}}\n{body}"
    run = audit(tmp_path, text.format(key="script", body=body), name="p.yaml")
    assert codes(run) == []
    prompt = audit(tmp_path, text.format(key="judge_prompt", body=body), name="q.yaml")
    assert codes(prompt) == [("PC104", "low", 2)]


def test_fields_of_a_format_string_stand_apart_too(tmp_path):
    text = f"Judge {{tone}} text.\n{{qux}}\n{LINE * 12}"
    assert codes(audit(tmp_path, text, name="judge_prompt.txt")) == [("PC104", "low", 2)]


def test_contexts_that_agree_on_a_value_say_that_it_stays(tmp_path):
    same = "{contexts: {a: {qux: one}, b: {qux: one}}}"
    other = "{contexts: {a: {qux: one}, b: {qux: two}}}"
    text = "{{ qux }}" + TAIL
    assert codes(audit(tmp_path, text, contexts=same)) == []
    assert codes(audit(tmp_path, text, contexts=other)) == [("PC104", "low", 1)]


def test_line_too_long_to_be_looked_at_holds_no_label(tmp_path):
    text = "x" * 400 + "\n" + "y " * 200 + ": {{ qux }}" + TAIL
    assert codes(audit(tmp_path, text)) == []
