"""Kinds of templates that real packages hold, each with a near miss that stays quiet."""

from __future__ import annotations

import pytest
from audit.auditing import audit, codes

LINE = "Name the part of the text that your answer rests on, in quotes. "


def test_text_of_a_value_nobody_knows_is_no_fixed_text(tmp_path):
    text = f"{{{{ question }}}}\n{LINE * 4}\nLook at {{{{ thing }}}} too.\n{LINE * 3}"
    assert codes(audit(tmp_path, text)) == [("PC104", "note", 1)]


def test_known_text_behind_a_value_nobody_knows_counts(tmp_path):
    text = f"{{{{ question }}}}\n{LINE * 6}\nLook at {{{{ thing }}}} too.\n{LINE * 6}"
    assert codes(audit(tmp_path, text)) == [("PC104", "low", 1)]


def test_value_that_is_given_counts_as_what_it_is(tmp_path):
    text = f"{{{{ question }}}}\n{{{{ thing }}}}\n{LINE * 6}"
    thing = f"thing: '{LINE * 6}'"
    given = f"{{contexts: {{a: {{question: one, {thing}}}, b: {{question: two, {thing}}}}}}}"
    assert codes(audit(tmp_path, text)) == [("PC104", "note", 1)]
    assert codes(audit(tmp_path, text, contexts=given)) == [("PC104", "low", 1)]


CHAT = """\
{{%- set ns = namespace(last=-1) %}}
{{%- for m in messages %}}
{{%- if m.role == 'user' %}}{{%- set ns.last = loop.index0 %}}{{%- endif %}}
{{%- endfor %}}
{{%- for m in messages %}}
<{{{{ m.role }}}}>
{{%- set thought = {thought} %}}
{{%- if thought and {gate} %}}
<think>{{{{ thought }}}}</think>
{{%- endif %}}
{{{{ m.content }}}}
{{%- endfor %}}
{{%- if add_generation_prompt %}}<assistant>{{%- endif %}}
"""


@pytest.mark.parametrize(
    ("thought", "gate", "expected"),
    [
        ("m.reasoning_content", "loop.index0 > ns.last", [("PC107", "medium", 8)]),
        ("m.thinking", "loop.index0 > ns.last", [("PC107", "medium", 8)]),
        ("m.get('reasoning')", "loop.index0 > ns.last", [("PC107", "medium", 8)]),
        ("m.thinking", "(keep|default(false) or loop.index0 > ns.last)", [("PC107", "medium", 8)]),
        (
            "m.thinking",
            "(keep is defined and keep or loop.index0 > ns.last)",
            [("PC107", "medium", 8)],
        ),
        ("m.thinking", "(keep is undefined or keep or loop.index0 > ns.last)", []),
        ("m.thinking", "true", []),
        ("m.musings", "loop.index0 > ns.last", []),
    ],
)
def test_reasoning_that_is_dropped_later_is_found_as_usually_called(
    tmp_path, thought, gate, expected
):
    text = CHAT.format(thought=thought, gate=gate)
    assert codes(audit(tmp_path, text, name="chat.jinja")) == expected


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("system.j2", "{% if memory.count() > 1 %}\nYou said before:{% endif %}", ["PC110"]),
        ("system.j2", "{% if documents %}\nUse what was found:{% endif %}", []),
        ("system.j2", "{% if memory_limit > 1 %}\nYou said before:{% endif %}", []),
        ("user.j2", "{% if memory.count() > 1 %}\nYou said before:{% endif %}", []),
    ],
)
def test_system_message_that_grows_after_the_first_turn(tmp_path, name, text, expected):
    assert [code for code, _, _ in codes(audit(tmp_path, text, name=name))] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("num_queries", []), ("max_words", []), ("style", [("PC104", "low", 8)])],
)
def test_declared_input_is_payload_but_for_limits(tmp_path, name, expected):
    head = f"---\nname: judge\ninputs:\n  {name}:\n    type: string\n---\nsystem:\n"
    text = f"{head}Mind this: {{{{ {name} }}}}\n{LINE * 10}"
    assert codes(audit(tmp_path, text, name="judge.prompty")) == expected


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("now()", "the time to the second"),
        ("get_timestamp()", "the time to the second"),
        ("timestamp()", "the time to the second"),
        ("today()", "the date"),
        ("get_current_date()", "the date"),
        ("strftime_now('%d %b %Y')", "the date"),
        ("strftime_now('%H:%M')", "the time to the minute"),
    ],
)
def test_call_for_the_time_is_as_precise_as_its_name_or_format(tmp_path, call, told):
    (finding,) = audit(tmp_path, f"It is {{{{ {call} }}}}.\n{LINE * 12}").findings
    assert (finding.code, finding.message.startswith(told)) == ("PC101", True)


def test_history_before_payload_is_the_first_cause(tmp_path):
    text = f"Said: {{{{ history }}}}\nAsked: {{{{ question }}}}\n{LINE * 12}"
    assert codes(audit(tmp_path, text)) == [("PC106", "low", 1), ("PC104", "note", 2)]


def test_user_before_payload_only_loses_what_stands_between(tmp_path):
    text = f"For {{{{ user_name }}}}\nAsked: {{{{ question }}}}\n{LINE * 12}"
    assert codes(audit(tmp_path, text)) == [("PC104", "low", 2)]


@pytest.mark.parametrize("spec", [":.2f", ":,", ":>8", ":d", "!r", ":x"])
def test_format_of_a_number_is_filled(tmp_path, spec):
    text = f"Read {{file_path}} of {{size{spec}}} MB.\n{LINE * 12}"
    report = audit(tmp_path, text, name="read.txt")
    assert codes(report) == [("PC104", "low", 1)]
    assert not any("because it fails" in note for note in report.files[0].notes)


def test_result_of_a_function_is_a_short_list(tmp_path):
    text = f"{{% for k, v in found(question) %}}{{{{ k }}}}: {{{{ v }}}}{{% endfor %}}\n{LINE}"
    report = audit(tmp_path, text)
    assert not any("because it fails" in note for note in report.files[0].notes)
    assert max(row.bytes_total for row in report.files[0].survival) < 1_000


def test_token_put_before_each_message_is_text(tmp_path):
    text = (
        "{% for m in messages %}{% set t = m.role + m.content %}"
        "{% if loop.first %}{% set t = bos_token + t %}{% endif %}{{ t }}{% endfor %}"
    )
    report = audit(tmp_path, text, name="chat.jinja")
    assert codes(report) == []
    assert not any("because it fails" in note for note in report.files[0].notes)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("related_tickets", [("PC110", "low", 1)]),
        ("question", [("PC110", "low", 1)]),
        ("focus_only_on_problems", []),
        ("has_question", []),
        ("extra_instructions", []),
    ],
)
def test_condition_on_what_a_request_may_lack(tmp_path, condition, expected):
    text = f"{{% if {condition} %}}Mind them all.{{% endif %}}\n{LINE * 12}"
    assert codes(audit(tmp_path, text)) == expected


def test_condition_around_the_value_it_tests_adds_nothing(tmp_path):
    text = f"{LINE * 12}\n{{% if question %}}Asked: {{{{ question }}}}{{% endif %}}"
    assert codes(audit(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        (LINE * 4, [("PC104", "low", 1)]),  # two paragraphs of half an increment each
        (LINE, []),  # labels between values
    ],
)
def test_paragraphs_between_values_count_together_and_labels_do_not(tmp_path, between, expected):
    rounds = 3 if expected else 9
    text = "\n".join(f"{{{{ answer_{n} }}}}\n{between}" for n in range(rounds))
    assert codes(audit(tmp_path, text))[:1] == expected


def test_words_between_messages_of_a_chat_template_do_not_add_up(tmp_path):
    text = (
        "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}" + LINE * 4 + "{% endif %}"
        "{{ m.role }}: {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}go{% endif %}"
    )
    assert codes(audit(tmp_path, text)) == []
