"""Any container: the edited section reads as wanted, all others as before."""

from __future__ import annotations

import ast
import json
import re
import tomllib

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from promptcost.audit.repair.made import edited
from promptcost.audit.repair.moves import Mover
from promptcost.audit.repair.outline import Outline
from promptcost.files.text import TextFile
from promptcost.templates.load import sources_in
from promptcost.templates.reread import reread
from promptcost.templates.settings import Settings
from promptcost.templates.written import lines_of

RULE = "Answer in one sentence and name the file you took it from, never more than that."
words = st.sampled_from(["Be brief.", "Say: 'no'.", 'He said "yes".', "# x", "a\\b", "é😀.", "* y"])
lines = st.lists(st.one_of(words, st.just(""), st.just("  Indented.")), min_size=1, max_size=6)
indents = st.integers(min_value=1, max_value=4)
last_ends = st.sampled_from(["", "\n"])


@st.composite
def prompts(draw):
    """Draw lines with a volatile one that is not the last."""
    before, after = draw(lines), draw(lines)
    now = draw(st.sampled_from(["Now: {{ now }}.", 'You "help". Now it is {{ now }}. Be kind.']))
    return "\n".join([*before, now, *after, RULE]) + draw(last_ends)


@st.composite
def yaml_values(draw, text):
    style = draw(st.sampled_from(["|", '"']))
    if style == '"':
        return json.dumps(text, ensure_ascii=False)
    indent = draw(indents)
    blanks = " " * indent
    body = "\n".join(f"{blanks}{line}" if line else "" for line in text.split("\n"))
    return f"|{indent}{'' if text.endswith(chr(10)) else '-'}\n{body}".removesuffix("\n")


def moved(container, name):
    """Return the section moved in, its new text, and the file after a volatile line moved."""
    sources, _ = sources_in(TextFile(path=name, text=container), Settings())
    source = next(each for each in sources if "Now" in each.text)
    outline = Outline(source)
    found = lines_of(source.written())
    number = next(n for n, line in enumerate(outline.lines) if "Now" in line)
    move = next(Mover(source, outline, found, is_spoken_of=False).moves([number]), None)
    assume(move is not None)
    after = edited(container, move.fix.edits)
    assume(reread(source, after, move.text, Settings()) is not None)
    return source.section, move.text, after


@settings(max_examples=60)
@given(st.data(), prompts(), lines)
def test_other_values_of_yaml_stay_as_they_are(data, prompt, other):
    line_end = data.draw(st.sampled_from(["\n", "\r\n"]))
    before = f"a: {data.draw(yaml_values(chr(10).join(other)))}\nn: 1\n"
    text = f"{before}b: {data.draw(yaml_values(prompt))}\nc: [x, '{{{{ y }}}}']\n"
    container = text.replace("\n", line_end)
    section, wanted, after = moved(container, "p.yaml")
    ours, theirs = yaml.safe_load(container), yaml.safe_load(after)
    assert theirs == {**ours, section: wanted}
    assert {*re.findall("\r?\n", after)} == {line_end}
    assert sorted(wanted.split()) == sorted(ours[section].split())


@settings(max_examples=60)
@given(prompts(), lines, st.sampled_from(['"""', "'''", '"']), st.sampled_from(["\n", "\r\n"]))
def test_other_values_of_toml_stay_as_they_are(prompt, other, quotes, line_end):
    shown = json.dumps(prompt, ensure_ascii=False) if quotes == '"' else _quoted(prompt, quotes)
    held = json.dumps("\n".join(other), ensure_ascii=False)
    container = f"a = {held}\n[t]\nb = {shown}\nc = ['x']\n".replace("\n", line_end)
    section, wanted, after = moved(container, "p.toml")
    ours, theirs = tomllib.loads(container), tomllib.loads(after)
    assert section == "t.b"
    assert theirs == {**ours, "t": {**ours["t"], "b": wanted}}


@settings(max_examples=60)
@given(prompts(), lines, st.sampled_from(["\n", "\r\n"]))
def test_other_texts_of_python_stay_as_they_are(prompt, other, line_end):
    text = f"{prompt}\n{RULE * 3}".replace("\\", "\\\\")
    tail = json.dumps("\n".join(other))
    container = f'A = {tail}\nP = """{text}"""\nQ = [{tail}, 1]\n'.replace("\n", line_end)
    _, wanted, after = moved(container, "p.py")
    ours, theirs = ast.parse(container).body, ast.parse(after).body
    assert [ast.dump(each) for each in theirs[::2]] == [ast.dump(each) for each in ours[::2]]
    assert ast.literal_eval(theirs[1].value) == wanted


@settings(max_examples=60)
@given(prompts(), st.sampled_from(["\n", "\r\n"]))
def test_field_of_an_f_string_moves_with_its_line(prompt, line_end):
    text = f"{prompt}\n{RULE * 3}".replace("\\", "\\\\").replace("{{ now }}", "{now!s:>3}")
    container = f'P = f"""{text}"""\n'.replace("\n", line_end)
    _, wanted, after = moved(container, "p.py")
    ours, theirs = ast.parse(container).body[0].value, ast.parse(after).body[0].value
    (field,) = [ast.unparse(part) for part in theirs.values if isinstance(part, ast.FormattedValue)]
    assert field in {ast.unparse(part) for part in ours.values}
    fixed = "".join(part.value for part in theirs.values if isinstance(part, ast.Constant))
    assert fixed == wanted.replace("\ue000 now \ue001", "")


def _quoted(text, quotes):
    written = text.replace("\\", "\\\\") if quotes == '"""' else text
    return f"{quotes}\n{written}{quotes}"
