from __future__ import annotations

from pathlib import Path

import pytest
from audit.auditing import RULES, audit

from promptcost.audit.repair import Repaired, edited, repaired
from promptcost.model.finding import Edit, Safety

SET = "contexts: {a: {labels: [urgent, billing, bug]}}\ntypes: {labels: set}"


def fixed(tmp_path, text, safety=Safety.SAFE, name="prompt.j2", **choices):
    report = audit(tmp_path, text, name=name, repair=safety, **choices)
    made = repaired(report.findings, lambda path: Path(path).read_text())
    return [item.after for item in made]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ labels | join }}\n", "{{ labels | sort | join }}\n"),
        ("{{- labels|join }}\n", "{{- labels | sort|join }}\n"),
        (
            "{% for x in labels %}{{ x }}{% endfor %}\n",
            "{% for x in labels | sort %}{{ x }}{% endfor %}\n",
        ),
        (
            "{%- for x in labels -%}\n{{ x }}\n{% endfor %}\n",
            "{%- for x in labels | sort -%}\n{{ x }}\n{% endfor %}\n",
        ),
    ],
)
def test_set_is_sorted(tmp_path, text, expected):
    assert fixed(tmp_path, text + RULES, contexts=SET) == [expected + RULES]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{% for k, v in tools.items() %}{{ k }}{% endfor %}",
            "{% for k, v in tools.items() | sort %}{{ k }}{% endfor %}",
        ),
        (
            "{% for k in tools.keys() %}{{ k }}{% endfor %}",
            "{% for k in tools.keys() | sort %}{{ k }}{% endfor %}",
        ),
    ],
)
def test_mapping_is_sorted_by_its_keys(tmp_path, text, expected):
    assert fixed(tmp_path, text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "{% for v in tools.values() %}{{ v.name }}{% endfor %}",
        "{% for k, v in tools.items() | sort %}{{ k }}{% endfor %}",
        f"Now {{{{ now }}}}\n{RULES}",
        f"{RULES}\nNow {{{{ now }}}}",
    ],
)
def test_nothing_is_offered_where_nothing_safe_is_known(tmp_path, text):
    assert fixed(tmp_path, text) == []


def test_volatile_line_is_moved_behind_the_fixed_text(tmp_path):
    text = f"You help.\nNow: {{{{ now }}}}\n{RULES}\n"
    assert fixed(tmp_path, text, Safety.UNSAFE) == [f"You help.\n{RULES}\nNow: {{{{ now }}}}\n"]


def test_missing_last_line_end_stays_missing(tmp_path):
    text = f"Now: {{{{ now }}}}\n{RULES}"
    assert fixed(tmp_path, text, Safety.UNSAFE) == [f"{RULES}\nNow: {{{{ now }}}}"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"{{% if x %}}\nNow: {{{{ now }}}}\n{RULES}\n{{% endif %}}\n", "prompt.j2"),
        (f"a: >\n  Now {{{{ now }}}}\n  {RULES}\n", "prompt.yaml"),
        (f'P = (f"Now {{now}}\\n"\n"{RULES}")\n', "prompt.py"),
    ],
)
def test_line_that_cannot_be_moved_alone_stays(tmp_path, text, name):
    assert fixed(tmp_path, text, Safety.UNSAFE, name) == []


def test_fix_that_does_not_help_is_not_offered(tmp_path):
    text = f"Now: {{{{ now }}}} {RULES}\n{RULES}\n"
    (finding,) = audit(tmp_path, text, repair=Safety.UNSAFE).findings
    assert finding.fix is None or finding.tokens_at_risk is not None
    assert fixed(tmp_path, f"{{{{ now }}}}{RULES}\n\n", Safety.UNSAFE) == []


def test_fixes_are_only_looked_for_when_asked(tmp_path):
    (finding,) = audit(tmp_path, "{% for k, v in tools.items() %}{{ k }}{% endfor %}").findings
    assert finding.fix is None


def test_two_fixes_of_a_file_are_made_together(tmp_path):
    text = f"Now: {{{{ now }}}}\nAsked: {{{{ question }}}}\n{RULES * 2}\n"
    (after,) = fixed(tmp_path, text, Safety.UNSAFE)
    assert after.startswith(RULES)
    assert {"Now: {{ now }}", "Asked: {{ question }}"} <= set(after.split("\n"))


def test_edits_are_made_by_bytes_and_never_overlap():
    edits = [
        Edit(path="p", start=3, end=4, replacement="X"),
        Edit(path="p", start=0, end=2, replacement=""),
        Edit(path="p", start=1, end=3, replacement="lost"),
    ]
    assert edited("äbcd", edits) == "bXd"


def test_file_that_cannot_be_read_again_is_left_out(tmp_path):
    report = audit(tmp_path, "{% for k, v in t.items() %}{{ k }}{% endfor %}", repair=Safety.SAFE)
    assert repaired(report.findings, lambda _path: None) == []
    (made,) = repaired(report.findings, lambda path: Path(path).read_text())
    assert isinstance(made, Repaired)
    assert made.fixes == 1
