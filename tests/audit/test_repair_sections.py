"""Fixes of prompts that are sections of a file, from the audit to the edited file."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit.auditing import RULES, audit, codes

from promptcost.audit import Selection
from promptcost.audit.repair import repaired
from promptcost.files.text import decode
from promptcost.model.finding import Safety

TEXT = RULES.strip()
HEADED = f"""a: |
  # Task
  {{{{ question }}}}

  # Rules
  {TEXT}

  # Time
  {{{{ now }}}}

  # End
  {TEXT}
"""
SET = "contexts: {a: {labels: [urgent, billing, bug]}}\ntypes: {labels: set}"


def fixed(tmp_path, text, name, safety=Safety.UNSAFE, **choices):
    """Return the file after its fixes; None where there are none."""
    report = audit(tmp_path, text, name=name, repair=safety, **choices)
    made = repaired(report.findings, lambda path: decode(Path(path).read_bytes(), path).text)
    return made[0].after if made else None


@pytest.mark.parametrize(
    ("name", "before", "expected"),
    [
        (
            "p.yaml",
            f"a: 1\nb:\n  - c: |\n      Now: {{{{ now }}}}\n      {TEXT}\nd: |-\n  x {{{{ y }}}}\n",
            f"a: 1\nb:\n  - c: |\n      {TEXT}\n      Now: {{{{ now }}}}\nd: |-\n  x {{{{ y }}}}\n",
        ),
        (
            "p.yaml",
            f'b: "You \\u0068elp. It is\\t{{{{ now }}}}. Be kind.\\n{TEXT}"\n',
            f'b: "You \\u0068elp. Be kind.\\n{TEXT}\\nIt is\\t{{{{ now }}}}."\n',
        ),
        (
            "p.yaml",
            f"b: |\n    You help out. It is {{{{ now }}}}.\n    {TEXT}\n",
            f"b: |\n    You help out.\n    {TEXT}\n    It is {{{{ now }}}}.\n",
        ),
        (
            "p.yaml",
            f"b: |-\n  Now: {{{{ now }}}}\n\n  {TEXT}\n\n# c\nd: 1\n",
            f"b: |-\n  {TEXT}\n\n  Now: {{{{ now }}}}\n\n# c\nd: 1\n",
        ),
        (
            "p.yaml",
            f'b: "Now: {{{{ now }}}}\\n\\\n  Don\\u0027t \\"so\\".\\n{TEXT}"\n',
            f'b: "\\\n  Don\\u0027t \\"so\\".\\n{TEXT}\\nNow: {{{{ now }}}}"\n',
        ),
        (
            "p.toml",
            f'a = 1\nb = """\nNow: {{{{ now }}}}\n\\"{TEXT}\\"\n"""\n',
            f'a = 1\nb = """\n\\"{TEXT}\\"\nNow: {{{{ now }}}}\n"""\n',
        ),
        (
            "p.toml",
            f"b = '''Now: {{{{ now }}}}\n{TEXT}'''\n",
            f"b = '''{TEXT}\nNow: {{{{ now }}}}'''\n",
        ),
        (
            "p.prompty",
            f"---\nname: x\n---\nsystem:\nNow: {{{{ now }}}}\n{TEXT}\nuser:\n{{{{ query }}}}\n",
            f"---\nname: x\n---\nsystem:\n{TEXT}\nuser:\nNow: {{{{ now }}}}\n{{{{ query }}}}\n",
        ),
        (
            "p.py",
            f'def f(now):\n    return f"""Now: {{now!s:>9}}\n{{{{x}}}} {TEXT}\n    """\n',
            f'def f(now):\n    return f"""{{{{x}}}} {TEXT}\nNow: {{now!s:>9}}\n    """\n',
        ),
        (
            "p.py",
            f'P = """\\\nNow: {{now}}\n{TEXT}\\n"""\nQ = P.format(now=1)\n',
            f'P = """\\\n{TEXT}\\nNow: {{now}}\n"""\nQ = P.format(now=1)\n',
        ),
        (
            "p.py",
            f"P = 'Now: {{{{ now }}}}\\n{TEXT}'\n",
            f"P = '{TEXT}\\nNow: {{{{ now }}}}'\n",
        ),
        (
            "p.md",
            f"---\ntitle: x\n---\nNow: {{{{ now }}}}\n{TEXT}\n",
            f"---\ntitle: x\n---\n{TEXT}\nNow: {{{{ now }}}}\n",
        ),
    ],
)
def test_volatile_line_moves_inside_its_section(tmp_path, name, before, expected):
    assert fixed(tmp_path, before, name) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.yaml", f"a: >\n  Now: {{{{ now }}}}\n\n  {TEXT}\n"),
        ("p.yaml", f"a: &x |\n  Now: {{{{ now }}}}\n  {TEXT}\nb: *x\n"),
        ("p.yaml", f"a: |\n  Now: {{{{ now }}}}\n     {TEXT}\n"),
        ("p.yaml", f'a: "Now: {{{{ now }}}}\\n{TEXT}\\a\\n{TEXT}"\n'),
        ("p.py", f'P = (f"Now: {{now}}\\n"\n  "{TEXT}")\n'),
        ("p.py", f'P = f"""Now: {{now}}"\n{TEXT}"""\n'),
    ],
)
def test_section_that_cannot_be_edited_exactly_gets_no_fix(tmp_path, name, text):
    report = audit(tmp_path, text, name=name, repair=Safety.UNSAFE)
    assert "PC101" in {finding.code for finding in report.findings}
    assert [finding.fix for finding in report.findings] == [None] * len(report.findings)


@pytest.mark.parametrize(
    ("name", "before", "expected"),
    [
        (
            "p.yaml",
            f'a: "{{{{ labels | join }}}}\\n{TEXT}"\n',
            f'a: "{{{{ labels | sort | join }}}}\\n{TEXT}"\n',
        ),
        (
            "p.yaml",
            f"a: it''s {{{{ labels | join }}}} {TEXT}\n".replace("it''s", "it is"),
            f"a: it is {{{{ labels | sort | join }}}} {TEXT}\n",
        ),
        (
            "p.toml",
            f"a = '''{{% for x in labels %}}{{{{ x }}}}{{% endfor %}}\n{TEXT}'''\n",
            f"a = '''{{% for x in labels | sort %}}{{{{ x }}}}{{% endfor %}}\n{TEXT}'''\n",
        ),
        (
            "p.py",
            f"def f(labels):\n    return f'''{{', '.join(labels)}}\n{TEXT}'''\n",
            f"def f(labels):\n    return f'''{{', '.join(sorted(labels))}}\n{TEXT}'''\n",
        ),
        (
            "p.py",
            f"def f(self):\n    return f'''{{ list(self.tools.items())!s:>9}}\n{TEXT}'''\n",
            f"def f(self):\n    return f'''{{ list(sorted(self.tools.items()))!s:>9}}\n{TEXT}'''\n",
        ),
    ],
)
def test_what_has_no_order_is_sorted_inside_its_section(tmp_path, name, before, expected):
    assert fixed(tmp_path, before, name, Safety.SAFE, contexts=SET) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "', '.join(sorted(labels))",
        "list(sorted(tools.items()))",
        "', '.join(sorted(sorted(labels)))",
        "'é'.join(labels[0])",
    ],
)
def test_what_python_sorts_is_no_finding(tmp_path, expression):
    text = f"def f(labels, tools):\n    return f'''{{{expression}}}\n{TEXT}'''\n"
    report = audit(tmp_path, text, name="p.py", contexts=SET)
    assert "PC105" not in {finding.code for finding in report.findings}


@pytest.mark.parametrize(
    "expression",
    [
        "[x for x in labels]",
        "', '.join(sorted(labels, key=len))",
        "', '.join(labels, 1)",
        "', '.join(labels if labels else [])",
        "'é'.join(labels)",
    ],
)
def test_python_that_is_not_plainly_a_list_gets_no_fix(tmp_path, expression):
    text = f"def f(labels):\n    return f'''{{{expression}}}\n{TEXT}'''\n"
    assert fixed(tmp_path, text, "p.py", Safety.SAFE, contexts=SET) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "p.j2",
            f"Now: {{{{ now }}}}\nUser: {{{{ user_name }}}}\n{TEXT}\nId: {{{{ uuid }}}}\n{TEXT}",
        ),
        ("p.yaml", HEADED),
        ("p.py", f'P = f"""Asked: {{question}}\n\nAt: {{now}}\n\n{TEXT}\n\nAnswer:\n"""\n'),
        ("p.j2", f"{{{{ now }}}} it is.\n{TEXT}\nAgain it is {{{{ now }}}}.\n{TEXT}\n"),
    ],
)
def test_second_run_changes_nothing(tmp_path, name, text):
    once = fixed(tmp_path, text, name)
    assert once is not None
    assert fixed(tmp_path, once, name) is None


def test_number_of_audits_for_fixes_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr("promptcost.audit.repair.offer._MOST_TRIALS", 0)
    assert fixed(tmp_path, f"Now: {{{{ now }}}}\n{TEXT}\n", "p.j2") is None
    monkeypatch.setattr("promptcost.audit.repair.offer._MOST_TRIALS", 1)
    text = f"Now: {{{{ now }}}}\nA is there.\nUser: {{{{ user_name }}}}\n{TEXT}\n"
    after = fixed(tmp_path, text, "p.j2")
    assert after == f"A is there.\nUser: {{{{ user_name }}}}\n{TEXT}\nNow: {{{{ now }}}}\n"
    monkeypatch.undo()
    monkeypatch.setattr("promptcost.audit.repair.offer._MOST_FIXES", 1)
    assert fixed(tmp_path, text, "p.j2") == after


def test_what_stands_in_an_included_file_is_left_to_it(tmp_path):
    (tmp_path / "head.j2").write_text("Now: {{ now }}\n")
    text = f"{{% include 'head.j2' %}}\n{TEXT}\n"
    report = audit(tmp_path, text, repair=Safety.UNSAFE)
    assert [(f.code, Path(f.place.path).name, f.fix) for f in report.findings] == [
        ("PC101", "head.j2", None)
    ]


def test_more_places_than_a_finding_names_are_moved(tmp_path):
    names = [f"question_{letter}" for letter in "abcdefghijkl"]
    asked = [f"Asked {name}: {{{{ {name} }}}}" for name in names]
    text = "".join(f"{line}\nAnswer as well as you can, and say so.\n" for line in asked)
    after = fixed(tmp_path, f"{text}{TEXT}\n", "p.j2")
    assert sorted(after.splitlines()[-12:]) == asked


def test_what_was_not_worth_a_word_before_is_repaired_with_what_hid_it(tmp_path):
    text = f"Asked: {{{{ question }}}}\n{TEXT}\nNow: {{{{ now }}}}\n{TEXT}\n"
    choices = {"selection": Selection(), "repair": Safety.UNSAFE}
    report = audit(tmp_path, text, **choices)
    assert [len(f.fix.edits) for f in report.findings] == [4]
    (made,) = repaired(report.findings, lambda path: Path(path).read_text())
    assert codes(audit(tmp_path, made.after, **choices)) == []


def test_line_ends_of_the_file_are_kept(tmp_path):
    before = f"a: |\r\n  Now: {{{{ now }}}}\r\n  {TEXT}\r\nb: 1\r\n"
    after = f"a: |\r\n  {TEXT}\r\n  Now: {{{{ now }}}}\r\nb: 1\r\n"
    assert fixed(tmp_path, before, "p.yaml") == after


def test_sections_of_one_file_are_repaired_together(tmp_path):
    prompt = f"Now: {{{{ now }}}}\n  {TEXT}\n"
    moved = f"{TEXT}\n  Now: {{{{ now }}}}\n"
    text = f"a: |\n  {prompt}b: |\n  {prompt}"
    assert fixed(tmp_path, text, "p.yaml") == f"a: |\n  {moved}b: |\n  {moved}"


def test_silenced_finding_is_not_repaired(tmp_path):
    text = (
        f"# promptcost: ignore-file[PC101] the log needs it\na: |\n  Now: {{{{ now }}}}\n  {TEXT}\n"
    )
    assert fixed(tmp_path, text, "p.yaml") is None


def test_whole_condition_moves_with_its_value(tmp_path):
    block = "{% if debug %}\nNow: {{ now }}\n{% endif %}\n"
    assert fixed(tmp_path, f"{block}{TEXT}\n", "p.j2") == f"{TEXT}\n{block}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"A.\n{{%- if debug %}}\nNow: {{{{ now }}}}\n{{%- endif %}}\n{TEXT}\n",
            f"A.\n{TEXT}\n{{%- if debug %}}\nNow: {{{{ now }}}}\n{{%- endif %}}\n",
        ),
        (f"A.\n{{%- if debug %}}Now: {{{{ now }}}}{{% endif %}}\n{TEXT}\n", None),
        (f"A.\n{{{{- now }}}} it is.\n{TEXT}\n", None),
    ],
)
def test_tags_that_cut_blanks_move_where_every_line_stays_what_it_was(tmp_path, before, after):
    assert fixed(tmp_path, before, "p.j2") == after


def test_what_a_fix_uncovers_is_repaired_too(tmp_path):
    text = f"Now: {{{{ now }}}}\nSession: {{{{ session_id }}}}\n{TEXT}\n"
    after = fixed(tmp_path, text, "p.j2")
    assert after.startswith(TEXT)
    assert codes(audit(tmp_path, after, name="p.j2")) == []
