"""With --no-excerpts no word of a prompt leaves the program, whatever it is written to.

The word stands in every place that holds text of prompts or values.  Names are no prompt text: of
variables, fields, filters, tags, files, tools and models.
"""

from __future__ import annotations

import json

import pytest

WORD = "zebra-canary"
RULE = "Follow the manual, answer in one sentence and name the page, never guess a number. "
TEMPLATE = f"""\
You are {WORD}. {{# {WORD} #}}
Today is {{{{ now ~ "{WORD}" }}}}. {{{{ '{WORD}'|upper }}}} {{{{ uuid() }}}}
{{% set x = "{WORD}" %}}{{% if "{WORD}" in user.name %}}{WORD}{{% else %}}{{{{ x }}}}{{% endif %}}
{{% for k in items|sort(attribute="{WORD}") %}}{{{{ k }}}} {WORD}{{% endfor %}}
{{{{ d["{WORD}"] }}}} {{{{ missing("{WORD}") }}}} {{{{ x|unheard("{WORD}") }}}}
{{{{ {{'a': '{WORD}'}} }}}} {{% if user is unheard("{WORD}") %}}{WORD} {{{{ q }}}}{{% endif %}}
{{% macro m(a="{WORD}") %}}{{{{ a }}}}{{% endmacro %}}{{{{ m() }}}}{WORD}\u00a0{WORD}\x20
{RULE * 30}
{WORD} {{{{ user.name }}}} {{{{ session_id }}}} {{{{ rows }}}}
{{# promptcost: ignore[PC101] the log needs the time #}}
{{{{ now }}}} {WORD} {{{{ "{WORD}" }}}}
{RULE * 30}
"""
FILES = {
    "prompt.j2": TEMPLATE,
    "unclosed.j2": f'{WORD} {{{{ "{WORD}" now ]}}}} {WORD}',
    "open.j2": f'{{{{ "{WORD} }}}}',
    "fails.j2": f'{{{{ 1 + "{WORD}" }}}}{{{{ now }}}}{RULE * 20}',
    "raises.j2": f'{{{{ raise_exception("{WORD}") }}}}{{{{ now }}}}{RULE * 20}',
    "fields.txt": f"prompt {WORD} {{now}} {{x:>9}} {WORD}\n{RULE * 20}",
    "many.yaml": f'a: "{WORD} {{{{ now }}}} {RULE * 10}"\nb: "{{{{ {WORD} ]}}}}"\n',
    "bad.yaml": f'prompt: "{{{{ now }}}} {WORD}\n{WORD}: ]',
    "one.toml": f'prompt = """{WORD} {{{{ now ~ "{WORD}" }}}} {RULE * 10}"""\n',
    "bad.toml": f'prompt = """{WORD} {{{{ now }}}}',
    "text.py": f'P = f"""{WORD} {{datetime.now()}} {{"{WORD}" + x}} {RULE * 10}"""\n',
    "head.prompty": f"---\nname: x\ninputs: {{q: {WORD}}}\n---\n{WORD} {{{{ q }}}}\n{RULE * 10}",
}
CONTEXTS = f"""\
contexts:
  ann:
    values: {{user: {{name: {WORD}}}, items: [{WORD}], d: {{{WORD}: {WORD}}}, q: {WORD}, rows: [1]}}
    varies: {{user: user}}
"""
BUILDER = f"""\
def build(city="{WORD}", notes=("{WORD}",)):
    import random
    return "{WORD} " + str(random.random()) + " {RULE * 20}{WORD}"
"""


def request(number: int) -> str:
    system = f"At 10:15:0{number} {WORD} keep. {RULE * 30} {number}-{WORD}-{number}"
    schema = {"type": "object", "properties": {"a": {"type": "string", "description": WORD}}}
    body = {
        "model": "gpt-5",
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": f"{WORD} {number}"},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "description": f"{WORD}{number}",
                                                    "parameters": schema}}],
    }  # fmt: skip
    return json.dumps(body)


LOGS = {
    "log.jsonl": "\n".join(map(request, range(6))) + "\n",
    "cut.jsonl": request(1)[:300],
    "twice.json": f'{{"model": "gpt-5", "model": "gpt-5", "messages": [{{"content": "{WORD}"}}]}}',
}
FORMATS = ("terminal", "json", "sarif", "github", "markdown", "concise")
CHOICES = {
    "plain": (),
    "notes": ("--notes", "--select", "all"),
    "values": ("--context", "contexts.yaml", "--notes"),
    "repairs": ("--fix", "--unsafe-fixes"),
    "baseline": ("--write-baseline", "known.json"),
}


@pytest.fixture
def folder(tmp_path):
    for name, text in {**FILES, **LOGS}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "contexts.yaml").write_text(CONTEXTS, encoding="utf-8")
    (tmp_path / "builder.py").write_text(BUILDER, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("form", "choice"),
    [*((form, "notes") for form in FORMATS), *(("json", choice) for choice in CHOICES)],
)
def test_no_word_of_a_prompt_is_written(form, choice, folder, cli):
    names = (*FILES, *LOGS, "builder.py:build", "--allow-python", "--at", "2026-11-20")
    ran = cli("audit", *names, "--no-excerpts", "--format", form, *CHOICES[choice])
    written = [path.read_text(encoding="utf-8") for path in folder.glob("known.json")]
    lines = "\n".join([ran.out, ran.err, *written]).split("\n")
    assert [line for line in lines if WORD in line] == []
    assert "PC101" in "".join(lines)
    assert "internal error" not in ran.err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("form", ["terminal", "json", "sarif", "markdown"])
def test_the_words_are_there_where_they_may_be(form, cli):
    ran = cli("audit", *FILES, *LOGS, "--format", form, "--at", "2026-11-20")
    assert WORD in ran.out


def test_a_diff_is_refused_because_it_shows_prompts(folder, cli):
    ran = cli("audit", "prompt.j2", "--diff", "--no-excerpts")
    assert (ran.code, ran.out) == (2, "")
    assert "--diff prints lines of prompts, which --no-excerpts forbids" in ran.err
    assert (folder / "prompt.j2").read_text(encoding="utf-8") == TEMPLATE


@pytest.mark.usefixtures("folder")
def test_what_was_repaired_is_told_without_its_text(cli):
    words = ("prompt.j2", "--fix", "--unsafe-fixes", "--no-excerpts", "--at", "2026-11-20")
    ran = cli("audit", *words)
    assert "prompt.j2: " in ran.err
    assert WORD not in ran.out + ran.err
