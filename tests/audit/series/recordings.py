"""Recorded requests for tests of the series auditor, and how they are audited."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from promptcost.audit import AuditRequest, Selection, run_audit
from promptcost.model.finding import Severity

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.model.audit_report import AuditReport, FileReport

AT = datetime(2026, 11, 20, tzinfo=UTC)
RULES = "Keep answers short, name the file you mean, and say what you did not check. " * 100


def body(*messages: dict, model: str = "gpt-5", **more: object) -> dict:
    return {"model": model, "messages": list(messages), **more}


def system(text: str) -> dict:
    return {"role": "system", "content": text}


def user(text: object) -> dict:
    return {"role": "user", "content": text}


def answer(text: object) -> dict:
    return {"role": "assistant", "content": text}


def claude(system_text: object, *messages: dict, **more: object) -> dict:
    return body(*messages, model="claude-sonnet-4-5", max_tokens=9, system=system_text, **more)


def text(words: str, *, marked: bool = False) -> dict:
    mark = {"cache_control": {"type": "ephemeral"}} if marked else {}
    return {"type": "text", "text": words, **mark}


def audit(folder: Path, *files: list[dict], least: Severity = Severity.LOW) -> AuditReport:
    paths = []
    for number, requests in enumerate(files):
        path = folder / f"log{number}.jsonl"
        lines = "".join(f"{json.dumps(one)}\n" for one in requests)
        path.write_text(lines, encoding="utf-8")
        paths.append(path)
    selection = Selection(least=least)
    return run_audit(AuditRequest(paths=tuple(paths), at=AT, selection=selection))


def audit_one(folder: Path, *requests: dict, least: Severity = Severity.LOW) -> FileReport:
    [report] = audit(folder, list(requests), least=least).files
    return report


def codes(report: FileReport | AuditReport) -> list[str]:
    return [finding.code for finding in report.findings]
