from __future__ import annotations

import pytest
from audit.auditing import RULES, audit, codes

from promptcost.templates import Settings, SourceKind

SHORT = "Be brief, be fair, be kind. "
PADDING = "Name the part of the text that your answer rests on, in quotes. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{{{{ now }}}}\n{RULES}", [("PC101", "medium", 1)]),
        (f"{{{{ now }}}}\n{RULES * 8}", [("PC101", "high", 1)]),
        (f"{{{{ today }}}}\n{RULES * 8}", [("PC101", "medium", 1)]),
        (f"{{{{ today }}}}\n{SHORT * 8}", [("PC101", "note", 1)]),
        (f"{RULES}\n{{{{ now }}}}", []),
        (f"{RULES * 4}\n{{{{ now }}}}{PADDING * 4}", [("PC101", "note", 2)]),
        (f"{RULES * 40}\n{{{{ now }}}}{RULES * 8}", [("PC101", "high", 2)]),
        (f"{{{{ question }}}}\n{PADDING * 4}", [("PC104", "note", 1)]),
        (f"{{{{ question }}}}\n{PADDING * 12}", [("PC104", "low", 1)]),
        (f"{{{{ question }}}}\n{PADDING * 24}", [("PC104", "medium", 1)]),
        (f"{{{{ question }}}}\n{PADDING * 90}", [("PC104", "high", 1)]),
    ],
)
def test_severity_follows_what_is_lost(tmp_path, text, expected):
    assert codes(audit(tmp_path, text)) == expected


def test_rarer_change_only_loses_what_stands_before_a_frequent_one(tmp_path):
    text = f"{{{{ today }}}}\n{PADDING * 8}\n{{{{ question }}}}\n{RULES * 4}"
    day, payload = audit(tmp_path, text).findings
    assert (day.code, payload.code) == ("PC101", "PC104")
    assert day.tokens_at_risk.value < 150 < payload.tokens_at_risk.value


def test_later_cause_behind_an_earlier_one_is_low_and_says_so(tmp_path):
    text = f"{{{{ question }}}}\n{RULES * 4}\n{{{{ now }}}}\n{RULES * 8}"
    payload, clock = audit(tmp_path, text).findings
    assert (payload.severity.word, clock.severity.word) == ("high", "low")
    first = clock.related[0]
    assert (first.place.start_line, first.message) == (1, "already breaks the prefix further up")


def test_further_places_of_a_cause_are_related_not_found_again(tmp_path):
    text = f"{{{{ question }}}}\n{RULES}\n{{{{ question }}}} {{{{ answer }}}}\n{RULES}"
    (finding,) = audit(tmp_path, text).findings
    assert [place.place.start_line for place in finding.related] == [3, 3]


def test_coarser_clock_behind_a_finer_one_is_the_same_cause(tmp_path):
    text = f"{{{{ now }}}}\n{RULES}\n{{{{ today }}}}\n{RULES}"
    (finding,) = audit(tmp_path, text).findings
    assert [place.place.start_line for place in finding.related] == [3]


def test_finer_clock_behind_a_coarser_one_is_another_cause(tmp_path):
    text = f"{{{{ today }}}}\n{RULES}\n{{{{ now }}}}\n{RULES}"
    assert [line for _, _, line in codes(audit(tmp_path, text))] == [1, 3]


def test_text_around_looped_values_is_no_fixed_text(tmp_path):
    loop = "{% for doc in documents %}\n## Source of this passage: {{ doc.url }}\n{% endfor %}"
    assert codes(audit(tmp_path, f"{RULES}\n{loop}")) == []


def test_changed_text_through_set_macro_and_filter_is_traced(tmp_path):
    text = (
        "{% macro stamp(t) %}<{{ t }}>{% endmacro %}"
        f"{{% set at = now | upper %}}{{{{ stamp(at) }}}}\n{RULES}"
    )
    (finding,) = audit(tmp_path, text).findings
    assert (finding.code, finding.expression) == ("PC101", "t")


def test_condition_on_a_clock_is_placed_at_the_condition(tmp_path):
    text = f"{{% if weekday == 'Monday' %}}New week.{{% endif %}}\n{RULES}"
    contexts = "contexts: {a: {weekday: Monday}}\nvaries: {weekday: day}"
    (finding,) = audit(tmp_path, text, contexts=contexts).findings
    assert (finding.code, finding.expression) == ("PC101", "if weekday == 'Monday'")


def test_loop_that_appears_is_placed_at_the_loop(tmp_path):
    text = f"{{% for n in items %}}- point\n{{% endfor %}}{RULES}"
    contexts = "contexts: {a: {items: [1]}, b: {items: [1, 2]}}"
    (finding,) = audit(tmp_path, text, contexts=contexts).findings
    assert (finding.code, finding.place.start_column) == ("PC104", 1)


def test_branch_that_values_do_not_take_is_audited_too(tmp_path):
    text = f"{{% if mode == 'x' %}}fixed{{% else %}}{{{{ now }}}}{{% endif %}}\n{RULES}"
    assert codes(audit(tmp_path, text)) == [("PC101", "medium", 1)]
    assert codes(audit(tmp_path, text, variants=0)) == []


def test_history_between_clock_and_end_is_lost_to_the_clock(tmp_path):
    text = "{{ now }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
    ((code, severity, _),) = codes(audit(tmp_path, text))
    assert (code, severity) == ("PC101", "medium")


def test_unsorted_mapping_is_a_note(tmp_path):
    text = "{% for k, v in schema.items() %}{{ k }}{% endfor %}"
    assert codes(audit(tmp_path, text)) == [("PC105", "note", 1)]


CHAT = (
    "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)


def test_chat_template_that_only_appends_is_clean(tmp_path):
    report = audit(tmp_path, CHAT)
    assert codes(report) == []


def test_generation_prompt_is_no_rewritten_history(tmp_path):
    text = CHAT.replace("<assistant>", "<assistant><think>")
    assert codes(audit(tmp_path, text)) == []


def test_trimmed_history_is_rewritten(tmp_path):
    text = CHAT.replace("in messages", "in messages[-3:]")
    ((code, severity, line),) = codes(audit(tmp_path, text))
    assert (code, severity, line) == ("PC107", "medium", 1)


def test_plain_text_has_no_causes(tmp_path):
    report = audit(tmp_path, "No variable here.", name="p.txt")
    assert (codes(report), len(report.files)) == ([], 1)


def test_format_string_is_audited(tmp_path):
    text = f"Question: {{question}}\n{RULES}"
    assert codes(audit(tmp_path, text, name="p.txt")) == [("PC104", "low", 1)]


def test_doubled_braces_around_json_are_those_of_a_format_string(tmp_path):
    fields = "At most {max_steps} steps. Asked: {question}"
    text = f'{{{{"a": 1}}}} {{{{ x: [y] }}}}\n{fields}\n{RULES}'
    report = audit(tmp_path, text, name="p.md")
    assert [file.reason for file in report.files] == [""]
    assert codes(report) == [("PC104", "low", 2)]


def test_broken_jinja_stays_broken_under_its_own_name(tmp_path):
    text = "{{ x: [y] }} {question}"
    assert audit(tmp_path, text).files[0].status.value == "not analysed"
    assert audit(tmp_path, "{{ x: [y] }} {", name="p.md").files[0].status.value == "not analysed"
    forced = Settings(kind=SourceKind.JINJA)
    report = audit(tmp_path, text, name="p.md", settings=forced)
    assert report.files[0].status.value == "not analysed"


def test_kind_can_be_forced(tmp_path):
    report = audit(tmp_path, "{question}", settings=Settings(kind=SourceKind.PLAIN))
    assert report.files[0].contexts.value == "no variables"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ now }}", "second"),
        ("{{ now.strftime('%H:%M') }}", "minute"),
        ("{{ hour }}", "hour"),
        ("{{ today }}", "date"),
    ],
)
def test_precision_of_a_clock_is_said(tmp_path, text, said):
    (finding,) = audit(tmp_path, f"{text}\n{RULES}").findings
    assert said in finding.message


def test_repair_of_a_payload_names_the_lines_to_move(tmp_path):
    (block,) = audit(tmp_path, f"{{{{ question }}}}\n{RULES}\n{RULES}").findings
    (line,) = audit(tmp_path, f"{{{{ question }}}} {RULES}").findings
    assert "2 lines" in block.help
    assert "lines" not in line.help


def test_list_that_only_grows_at_the_end_costs_nothing(tmp_path):
    text = f"{RULES}\n{{% for n in items %}}- {{{{ n }}}}\n{{% endfor %}}"
    contexts = "contexts: {a: {items: [one]}, b: {items: [one, two]}}"
    assert codes(audit(tmp_path, text, contexts=contexts)) == []
