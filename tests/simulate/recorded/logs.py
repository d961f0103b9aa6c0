"""Recorded requests with a cause and without it, and what a replay makes of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from promptcost.audit import AuditRequest, run_audit
from promptcost.catalogue import load_catalogue
from promptcost.simulate.recorded.worth import with_recorded_costs
from promptcost.tokens import NO_OWN_TOKENIZERS
from promptcost.workload.load import load_workload

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from promptcost.model.audit_report import AuditReport

AT = datetime(2026, 11, 20, tzinfo=UTC)
START = datetime(2026, 3, 2, 10, tzinfo=UTC)
MANUAL = "Keep answers short, name the file you mean, and say what you did not check. " * 120
OTHER = "Every ship has a harbour, and every harbour a light that somebody keeps burning. " * 120
WORKLOAD = """\
name: bot
traffic: {requests_per_day: 1000}
prompt: [{name: question, tokens: 50}]
output_tokens: 200
"""
SHORT = {"type": "ephemeral"}
LONG = {"type": "ephemeral", "ttl": "1h"}


def text(words: str, mark: dict | None = None) -> dict:
    return {"type": "text", "text": words, **({"cache_control": mark} if mark else {})}


def tool(name: str, says: str = "Looks it up. ") -> dict:
    return {"name": name, "description": says * 20, "input_schema": {"type": "object"}}


def claude(system: object, messages: list, model: str = "claude-sonnet-4-5", **more: object):
    return {"model": model, "max_tokens": 9, "system": system, "messages": messages, **more}


def gpt(system: str, messages: list, model: str = "gpt-5", **more: object) -> dict:
    return {
        "model": model,
        "messages": [{"role": "system", "content": system}, *messages],
        **more,
    }


def history(name: str, turns: int, mark: dict | None = None) -> list:
    """Return so many questions of a conversation with the answers between, the last one marked."""
    made: list = []
    for turn in range(turns):
        made.append({"role": "user", "content": [text(f"{name} asks question {turn}?")]})
        if turn < turns - 1:
            words = f"{name} hears answer {turn}. " * 30
            made.append({"role": "assistant", "content": [text(words)]})
    if mark:
        made[-1]["content"][-1]["cache_control"] = mark
    return made


def plain(name: str, turns: int) -> list:
    """Return the same as texts without parts."""
    return [
        {"role": one["role"], "content": one["content"][0]["text"]} for one in history(name, turns)
    ]


def at(seconds: float, body: dict) -> dict:
    return {"timestamp": (START + timedelta(seconds=seconds)).isoformat(), "request": body}


def log(path: Path, records: list) -> Path:
    path.write_text("".join(f"{json.dumps(one)}\n" for one in records), encoding="utf-8")
    return path


def priced(
    *paths: Path,
    workload: str = WORKLOAD,
    targets: tuple[str, ...] | None = None,
    after: Callable[[], None] = lambda: None,
) -> AuditReport:
    """Audit recorded requests, do what comes `after` that, and return the report with dollars."""
    file = paths[0].parent / "w.yaml"
    file.write_text(workload, encoding="utf-8")
    loaded, _ = load_workload(file)
    assert loaded is not None
    recordings: list = []
    report = run_audit(AuditRequest(paths=paths, at=AT), recordings.append)
    after()
    return with_recorded_costs(
        report,
        recordings,
        loaded,
        load_catalogue()[0],
        targets=targets,
        at=AT,
        tokenizers=NO_OWN_TOKENIZERS,
    )


def by_code(report: AuditReport) -> dict[str, list[str]]:
    """Return the targets at which the findings of each rule carry dollars."""
    return {one.code: [cost.target for cost in one.costs] for one in report.findings}
