"""How tests repair recorded requests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from audit.series.recordings import AT

from promptcost.audit import AuditRequest, Selection, run_audit
from promptcost.audit.repair import repaired
from promptcost.model.finding import Safety, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.model.audit_report import AuditReport

SHORT, LONG = {"type": "ephemeral"}, {"type": "ephemeral", "ttl": "1h"}


def lines(*requests: object, **style: object) -> bytes:
    """Return requests as JSON lines."""
    return "".join(f"{json.dumps(one, **style)}\n" for one in requests).encode()


def audited(*paths: Path, least: Severity = Severity.LOW, **choices: object) -> AuditReport:
    """Audit files and look for safe fixes."""
    selection = Selection(least=least, **choices)
    request = AuditRequest(paths=paths, at=AT, selection=selection, repair=Safety.SAFE)
    return run_audit(request)


def mended(folder: Path, data: bytes, name: str = "log.jsonl") -> bytes:
    """Return a file after its fixes; a second look must offer nothing more."""
    path = folder / name
    path.write_bytes(data)
    for made in repaired(audited(path).findings, lambda _: path.read_bytes().decode()):
        path.write_bytes(made.after.encode())
    after = path.read_bytes()
    assert repaired(audited(path).findings, lambda _: after.decode()) == []
    return after


def codes_of(folder: Path, data: bytes) -> list[str]:
    """Return the codes of what is reported about a file."""
    path = folder / "after.jsonl"
    path.write_bytes(data)
    return [finding.code for finding in audited(path).findings]
