"""Edits of a text that was edited before, as edits of the text it was made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.audit.repair.made import ordered
from promptcost.model.finding import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class _Kept:
    """Bytes of the original that the edited text still holds: from `start` to `end` there."""

    start: int
    end: int
    origin: int


def of_original(edits: Sequence[Edit], made: Sequence[Edit], length: int) -> list[Edit] | None:
    """Return edits of an edited text as ones of the original, which has so many bytes.

    None where one changes what an earlier edit wrote.
    """
    kept = list(_kept(made, length))
    found: list[Edit] = []
    for edit in edits:
        parts = list(_parts(edit, kept))
        if sum(part.end - part.start for part in parts) != edit.end - edit.start or not parts:
            return None
        found += parts
    return found


def _kept(made: Sequence[Edit], length: int) -> Iterator[_Kept]:
    now = at = 0
    for edit in ordered(made):
        yield _Kept(now, now + edit.start - at, at)
        now += edit.start - at + len(edit.replacement.encode("utf-8", "surrogatepass"))
        at = edit.end
    yield _Kept(now, now + length - at, at)


def _parts(edit: Edit, kept: Sequence[_Kept]) -> Iterator[Edit]:
    """Yield what an edit changes of each kept run; an insertion belongs to the run it follows."""
    replacement = edit.replacement
    for run in kept:
        start, end = max(edit.start, run.start), min(edit.end, run.end)
        is_insertion = edit.start == edit.end and run.start <= edit.start <= run.end
        if start < end or is_insertion:
            moved = run.origin - run.start
            yield Edit(
                path=edit.path, start=start + moved, end=end + moved, replacement=replacement
            )
            replacement = ""
            if is_insertion:
                return
