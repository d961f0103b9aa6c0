"""Audits of small files, for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from promptcost.audit import AuditRequest, Selection, run_audit
from promptcost.model.finding import Severity
from promptcost.templates.contexts import NO_CONTEXTS, parse_contexts

AT = datetime(2026, 11, 20, tzinfo=UTC)
RULES = "Answer in one sentence and name the file you took it from, never more than that. " * 12
EXACT = ("openai/gpt-5.4",)


def audit(tmp_path, text, *, name="prompt.j2", contexts="", **choices):
    """Audit one file for everything but odd characters, unless said otherwise."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    given = parse_contexts(contexts, "c.yaml")[0] if contexts else NO_CONTEXTS
    wanted = {
        "at": AT,
        "targets": EXACT,
        "contexts": given,
        "selection": Selection(least=Severity.NOTE, ignore=("PC115",)),
        "paths": (path,),
    }
    return run_audit(AuditRequest(**{**wanted, **choices}))


def only(report):
    """Return the one file report of an audit."""
    (file,) = report.files
    return file


def codes(report):
    """Return code, severity and line of every finding."""
    return [(f.code, f.severity.word, f.place.start_line) for f in report.findings]
