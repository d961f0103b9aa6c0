"""Causes in the disguises of prompts nobody here has seen, each with a near miss."""

from __future__ import annotations

import pytest
from audit.auditing import audit, codes

from promptcost.audit import Selection
from promptcost.model.finding import Confidence, Severity

LINE = "Name the part of the text that your answer rests on, in quotes. "
TOOLS = (
    "{{%- if not tools is defined %}}{{%- set tools = none %}}{{%- endif %}}"
    "{{%- for m in messages %}}\n{{%- if m.role == 'user' and tools is not none {gate} %}}\n"
    "[TOOLS]{{{{ tools }}}}\n{{%- endif %}}\n{{{{ m.role }}}} {{{{ m.content }}}}\n"
    "{{%- endfor %}}{{%- if add_generation_prompt %}}assistant{{%- endif %}}"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ range(1, 9) | random }}", ["PC102"]),
        ("{{ ['Hi.', 'Hello.'] | random }}", ["PC102"]),
        ("{{ greetings | random }}", ["PC102"]),
        ("{% set hello = greetings | random %}{{ hello }}", ["PC102"]),
        ("{{ random }}", ["PC102"]),
        ("{{ greetings | first }}", []),
        ("{{ random_seed }}", []),
    ],
)
def test_what_is_drawn_by_chance_is_another_in_the_next_request(tmp_path, text, expected):
    found = codes(audit(tmp_path, f"{text}\n{LINE * 12}"))
    assert [code for code, _, _ in found] == expected


def test_chance_of_a_filter_is_known(tmp_path):
    (finding,) = audit(tmp_path, f"{{{{ range(9) | random }}}}\n{LINE * 12}").findings
    assert finding.confidence is Confidence.CONFIRMED


@pytest.mark.parametrize(
    ("gate", "expected"),
    [("and loop.last", [("PC107", "medium", 2)]), ("and loop.first", [])],
)
def test_tools_that_move_to_the_newest_message_rewrite_the_history(tmp_path, gate, expected):
    text = TOOLS.format(gate=gate).replace("m.role == 'user'", "m.role in ('user', 'tool')")
    found = audit(tmp_path, text, name="chat.jinja", selection=Selection(select=("PC107",)))
    assert codes(found) == expected


@pytest.mark.parametrize("condition", ["documents", "documents is defined", "documents | length"])
def test_chat_template_is_not_given_what_calls_do_not_pass(tmp_path, condition):
    shown = f"{{% if {condition} %}}{LINE * 12}{{{{ documents }}}}{{% endif %}}"
    text = f"{{% for m in messages %}}{{{{ m.content }}}}{{% endfor %}}{shown}{{{{ bos_token }}}}"
    report = audit(tmp_path, text, name="chat.jinja")
    assert codes(report) == []
    assert max(row.bytes_total for row in report.files[0].survival) < 1_500


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Question: {{ q }}", [("PC104", "low", 1)]),
        ("Customer wrote: {{ c }}", [("PC104", "low", 1)]),
        ("The time in Oslo is {{ oslo }}.", [("PC101", "medium", 1)]),
        ("You are {{ q }}.", []),
        ("Answer in: {{ q }}", []),
    ],
)
def test_label_tells_of_a_value_whose_name_says_nothing(tmp_path, line, expected):
    assert codes(audit(tmp_path, f"{line}\n{LINE * 12}")) == expected


def test_key_of_a_container_is_no_label(tmp_path):
    body = "".join(f"  {LINE}\n" for _ in range(12))
    text = f"question: |\n  {{{{ q }}}} comes first.\n{body}"
    assert codes(audit(tmp_path, text, name="prompts.yaml")) == []


def test_sample_of_a_prompty_file_names_inputs(tmp_path):
    head = "---\nsample:\n  thing: one\n  tone: two\ninputs:\n  tone: {default: mild}\n---\n"
    text = f"{head}system:\nBe {{{{ tone }}}}.\n{{{{ thing }}}}\n{LINE * 12}"
    assert codes(audit(tmp_path, text, name="x.prompty")) == [("PC104", "low", 10)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("is_first_turn", [("PC110", "low", 1)]),
        ("not has_history", [("PC110", "low", 1)]),
        ("is_new_customer", []),
        ("has_license", []),
    ],
)
def test_condition_that_turns_once_in_a_conversation(tmp_path, condition, expected):
    text = f"{{% if {condition} %}}Greet them.{{% endif %}}\n{LINE * 12}"
    assert codes(audit(tmp_path, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Case {{{{ case_id }}}}: {{{{ message }}}}\n{LINE * 5}", []),
        (f"Case {{{{ case_id }}}}. {LINE * 5}\n{{{{ message }}}}", [("PC102", "low", 1)]),
        (f"Case {{{{ case_id }}}}: {{{{ message }}}}\n{LINE * 12}", [("PC102", "low", 1)]),
        (f"Case {{{{ case_id }}}} for {{{{ user_name }}}}\n{LINE * 5}", [("PC102", "low", 1)]),
    ],
)
def test_id_beside_text_of_the_request_costs_what_it_cuts_off_itself(tmp_path, text, expected):
    wanted = Selection(select=("PC102",), least=Severity.LOW)
    assert codes(audit(tmp_path, text, selection=wanted)) == expected


@pytest.mark.parametrize(
    ("window", "expected"),
    [("messages[-6:]", ["PC107"]), ("messages[-12:]", ["PC107"]), ("messages", [])],
)
def test_window_wider_than_a_short_conversation_slides(tmp_path, window, expected):
    text = f"{{% for m in {window} %}}\n{{{{ m['role'] }}}}: {{{{ m['content'] }}}}\n{{% endfor %}}"
    assert [code for code, _, _ in codes(audit(tmp_path, text))] == expected


@pytest.mark.parametrize(("window", "expected"), [("history[-5:]", True), ("history", False)])
def test_window_over_the_turns_of_a_history_slides(tmp_path, window, expected):
    text = f"{{% for t in {window} %}}\n{{{{ t.asked }}}}: {{{{ t.told }}}}\n{{% endfor %}}"
    found = [code for code, _, _ in codes(audit(tmp_path, text))]
    assert ("PC107" in found) is expected


@pytest.mark.parametrize(
    ("before", "mark", "behind", "expected"),
    [
        ("{{ chat_history }}\n", "", "", []),
        ("", "{% if loop.last %}Newest: {% endif %}", "{{ chat_history }}", ["PC107"]),
    ],
)
def test_history_that_only_goes_on_rewrites_nothing_behind_it(
    tmp_path, before, mark, behind, expected
):
    loop = f"{{% for m in messages %}}{mark}{{{{ m.content }}}}\n{{% endfor %}}"
    found = audit(tmp_path, f"{before}{loop}{behind}", selection=Selection(select=("PC107",)))
    assert [code for code, _, _ in codes(found)] == expected


def test_given_conversation_stays_as_it_is_under_a_window(tmp_path):
    given = "{contexts: {a: {messages: [{role: user, content: Hi}]}}}"
    text = "{% for m in messages[-9:] %}{{ m.content }}{% endfor %}"
    report = audit(tmp_path, text, contexts=given)
    assert {row.bytes_total for row in report.files[0].survival} == {2}


@pytest.mark.parametrize("marks", ["{{$%s}}", "{{ $%s }}", "{$%s}"])
def test_names_with_a_dollar_in_braces_are_read(tmp_path, marks):
    asked, told = marks % "input", marks % "history"
    report = audit(tmp_path, f"Asked: {asked}\n{LINE * 12}\n{told}", name="prompt.txt")
    assert codes(report) == [("PC104", "low", 1)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("memory.count() > 1", [("PC110", "low", 2)]),
        ("turn_count > 1", [("PC110", "low", 2)]),
        ("history", []),
        ("history is defined", []),
        ("history is not none", []),
    ],
)
def test_condition_in_a_system_message_turns_unless_it_asks_for_what_it_prints(
    tmp_path, condition, expected
):
    text = f"{LINE * 12}\n{{% if {condition} %}}Before:\n{{{{ history }}}}{{% endif %}}"
    assert codes(audit(tmp_path, text, name="system.j2")) == expected
