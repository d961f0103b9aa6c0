"""Runs a builder written in a test in its process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from textwrap import dedent
from typing import TYPE_CHECKING

from promptcost.builders.process import BuilderLimits, Call, Moment, Session, run_session
from promptcost.builders.target import parse_target

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.builders.process import Told

NOON = Moment(clock=datetime(2026, 1, 5, 12, 0, 7, tzinfo=UTC), seed=1)
LATER = Moment(clock=NOON.clock + timedelta(days=1), seed=1)
OTHER = Moment(clock=NOON.clock, seed=2)
SHORT = BuilderLimits(seconds=30, memory=2_000_000_000, characters=10_000)


def told(  # noqa: PLR0913 - what a session is made of
    folder: Path,
    source: str,
    *moments: Moment,
    attribute: str = "build",
    limits: BuilderLimits = SHORT,
    imported: Moment = NOON,
    hash_seed: int = 0,
    arguments: dict[str, object] | None = None,
    first_decides: bool = False,
) -> Told:
    """Write a module, call its builder in every moment, and return what the process told."""
    file = folder / "builder.py"
    file.write_text(dedent(source), encoding="utf-8")
    target = parse_target(f"{file}:{attribute}")
    assert target is not None
    calls = tuple(Call(moment=moment, arguments=arguments or {}) for moment in moments)
    session = Session(
        target=target,
        imported=imported,
        hash_seed=hash_seed,
        calls=calls,
        first_decides=first_decides,
    )
    return run_session(session, limits)


def values(result: Told) -> list[object]:
    """Return what the calls returned."""
    return [line["value"] for line in result.of_kind("result")]
