"""What an audit found in recorded requests: which belong together, and what they share.

Figures of pairs are averages, rounded down to whole bytes and tokens.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from promptcost.model.count import TokenCount
from promptcost.model.finding import Excerpt
from promptcost.model.span import Place
from promptcost.model.survival import TargetSurvival


class Relation(StrEnum):
    """What two compared requests of one program are to each other; the word that reports use."""

    TURN = "next turn"
    CONVERSATION = "other conversation"
    USER = "other user"
    DAY = "other day"
    FILE = "other file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """The first place at which two prompts part: in the later request, by JSON path.

    `byte_offset` counts from the start of the value the path names; the excerpt is private text.
    """

    place: Place
    json_path: str
    byte_offset: int
    excerpt: Excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """What requests share with an earlier request they are related to in one way.

    `whole` counts the pairs in which the earlier prompt is a prefix of the later one (between
    conversations: its tools and system text).  `parting` is the first that was seen where it is
    not, None where there is none.  Bytes and tokens are of the leading part that is common, out of
    the earlier prompt.
    """

    relation: Relation
    pairs: int
    whole: int
    bytes_shared: int
    bytes_total: int
    targets: tuple[TargetSurvival, ...]
    parting: Parting | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationReport:
    """Requests that continue one another: lines of the first and last, and how many there are."""

    number: int
    first_line: int
    last_line: int
    requests: int
    append_only: bool
    session: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCost:
    """What an average request costs in tokens of one target.

    `prompt` counts all of it, `repeated` what an earlier request of the program began with too,
    `readable` the part of that which the marks and cache rules let it read back, lifetimes aside.
    None where the cache rules are unknown.
    """

    target: str
    prompt: TokenCount
    repeated: TokenCount
    readable: TokenCount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramReport:
    """The requests of one prompt builder, told from others by its tools and system text.

    `conversations` holds the first ones, `conversation_count` says how many there are.
    """

    number: int
    api: str
    model: str | None
    requests: int
    conversation_count: int
    conversations: tuple[ConversationReport, ...]
    sharing: tuple[Sharing, ...]
    cost: RequestCost


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesReport:
    """The requests of one file; `program_count` also counts programs that are not spelled out."""

    requests: int
    program_count: int
    programs: tuple[ProgramReport, ...]
