"""What an audit saw in recorded requests, for those who replay them: causes and how to undo them.

A request is named by its file and the byte at which its record starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from promptcost.model.span import Place

RecordId = tuple[str, int]


class Remedy(StrEnum):
    """What is done to recorded requests as if a cause had not been there.

    same text: the block reads as in the request it was compared with, what differs stands behind
    all that is shared · moved: blocks that come and go stand there · sorted: tools and system text
    keep one order · all tools: every request offers the tools of all · appended: the turn before
    is repeated as it was · same model, key, setting: as in the turn before · read back: what the
    turn before sent can be read, whichever model it was sent to · one key: one for all requests of
    a program · shared mark: one more at the end of what all requests share · tail mark: the last
    one at the end of the prompt · usual marks: at the end of tools and system text and at the end
    of the prompt · nearer mark: one more where the entry is · earlier mark: the one that closes
    over a changing text stands in front of what changes · longer, shorter life: marks ask for the
    next or the shortest lifetime · waited: first requests wait for the first response.
    """

    SAME_TEXT = "same text"
    MOVED = "moved"
    SORTED = "sorted"
    ALL_TOOLS = "all tools"
    APPENDED = "appended"
    SAME_MODEL = "same model"
    READ_BACK = "read back"
    SAME_KEY = "same key"
    SAME_SETTING = "same setting"
    ONE_KEY = "one key"
    SHARED_MARK = "shared mark"
    TAIL_MARK = "tail mark"
    USUAL_MARKS = "usual marks"
    NEARER_MARK = "nearer mark"
    EARLIER_MARK = "earlier mark"
    LONGER_LIFE = "longer life"
    SHORTER_LIFE = "shorter life"
    WAITED = "waited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One request in which a cause shows, and the earlier one it was compared with, if with one.

    `block` counts the blocks before the place; for a nearer mark those before the mark, for a
    setting those that stay readable.  `kept` are the bytes of the block that are the same in both
    (for an earlier mark those at its start), 0 where it is no other version of the earlier one.
    `in_turn`: the two are turns of one conversation.  `name` is the setting.
    """

    remedy: Remedy
    now: RecordId
    was: RecordId | None = None
    block: int = 0
    kept: int = 0
    in_turn: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCause:
    """A finding's cause: what names the finding, the number of its program, and where it shows.

    A cause that no replay can undo has no occurrences.
    """

    code: str
    place: Place
    expression: str
    program: int
    provider: str
    occurrences: tuple[Occurrence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedModel:
    """What requests of one API that name a model are billed as; None where nobody knows.

    `marked`: they carry cache marks.  `needs_marks`: nothing is cached for them without.
    """

    api: str
    model: str | None
    marked: bool
    target: str | None
    needs_marks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What was seen in one file."""

    path: str
    models: tuple[RecordedModel, ...]
    causes: tuple[RecordedCause, ...]
