"""A hostile text in every name that a report repeats: of files, keys, models, tools, contexts."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import jsonschema
import pytest

SCHEMA = Path(__file__).parents[1] / "report" / "sarif-schema-2.1.0.json"
TEXT = (
    "\x1b[2J\x1b]0;t\x07\u202eevil\u2066 [bold red]x[/] :smile: </code><script>alert(1)</script>"
    " a | b |\r\n::error file=x::forged ##[error]x \"}],'v {0} [a](http://b) ```` @team #12"
    " \x9b\x7f"
)
RULE = "Follow the manual and answer in one sentence with the page number, always. "
KEY = json.dumps(TEXT)
FORBIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def request(number: int) -> str:
    body = {
        "model": TEXT,
        "metadata": {"user_id": f"{TEXT}{number}"},
        "messages": [
            {"role": "system", "content": f"At 10:15:0{number} {RULE * 30}"},
            {"role": "user", "content": f"question {number}"},
        ],
        "tools": [{"type": "function", "function": {
            "name": TEXT,
            "description": str(number),
            "parameters": {"type": "object", "properties": {TEXT: {"x": number}}},
        }}],
        TEXT: number,
    }  # fmt: skip
    return json.dumps(body)


CONTEXTS = f"""\
contexts:
  {KEY}:
    values: {{user: {{name: {KEY}}}, {KEY}: {KEY}, now: {KEY}}}
    varies: {{user: user}}
"""
SETTINGS = f"suppressions: [{{path: t.j2, rule: PC102, reason: {KEY}}}]\nexclude: [{KEY}]\n"
BASELINE = {"code": TEXT, "path": TEXT, "expression": TEXT, "fingerprint": TEXT}
TEMPLATE = (
    f"Now {{{{ now }}}} {{{{ uuid }}}} {{{{ d[{KEY}] }}}} {{{{ user.name }}}}\n{RULE * 20}\n"
    f"{{% include {KEY} %}}{{# promptcost: ignore[PC104] {TEXT.splitlines()[0]} #}}{{{{ x|odd }}}}"
)
FILES = {
    "t.j2": TEMPLATE,
    "many.yaml": f'{KEY}: "Now {{{{ now }}}} {RULE * 20}"\n',
    "broken.j2": f"{{{{ {TEXT} }}}}",
    "log.jsonl": "\n".join(map(request, range(4))) + "\n",
}
OTHERS = {
    "contexts.yaml": CONTEXTS,
    "promptcost.yaml": SETTINGS,
    "known.json": json.dumps({"schema_version": 1, "findings": [BASELINE]}),
}


def unsafe(text: str) -> set[str]:
    return {sign for sign in text if sign != "\n" and unicodedata.category(sign) in FORBIDDEN}


@pytest.fixture
def shown(tmp_path, cli):
    for name, text in {**FILES, **OTHERS}.items():
        (tmp_path / name).write_bytes(text.encode())
    named = "\x1b[31m|`name`\u202e.j2"
    (tmp_path / named).write_text(f"Now {{{{ now }}}} {RULE * 20}")

    def ran(form: str) -> str:
        words = ("--notes", "--baseline", "known.json", "--context", "contexts.yaml")
        made = cli("audit", *FILES, named, "--format", form, *words, "--at", "2026-11-20")
        assert made.code == 2  # for the broken template
        assert unsafe(made.out + made.err) == set()
        assert "internal error" not in made.err
        return made.out

    return ran


@pytest.mark.parametrize("form", ["terminal", "markdown", "concise"])
def test_text_for_people_holds_nothing_that_is_obeyed(form, shown):
    assert not any(line.lstrip().startswith("::") for line in shown(form).split("\n"))


def test_json_stays_json(shown):
    report = json.loads(shown("json"))
    assert {file["section"] for file in report["files"]} >= {TEXT}
    assert [
        file["series"]["programs"][0]["model"] for file in report["files"] if file["series"]
    ] == [TEXT]


def test_sarif_stays_what_its_schema_asks_for(shown):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    log = json.loads(shown("sarif"))
    jsonschema.Draft4Validator(schema).validate(log)
    assert log["runs"][0]["results"]


def test_every_line_for_github_is_one_command(shown):
    lines = shown("github").rstrip("\n").split("\n")
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
