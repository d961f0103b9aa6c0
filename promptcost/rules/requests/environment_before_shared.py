"""PC211: machine or repository text stands before shared text.  Source: claude-code#92524."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.series_report import Relation
from promptcost.rules.requests._base import (
    BETWEEN,
    SHORT,
    RequestExample,
    RequestRule,
    again,
    general,
    grade_break,
    in_tool_list,
    is_payload,
    sighting,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, gpt
from promptcost.rules.requests._facts import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter


class EnvironmentBeforeShared(RequestRule):
    """Text about the machine or the repository stands before text that stays.

    What: two requests part at a working directory, a git branch or status, a listing of files, or
    a kernel version.

    Why: the branch changes with every task and the directory with every machine, so what stands
    behind it is never shared between them; a status that is looked up anew loses every turn.

    Repair: put the environment behind the instructions, best into the first user message, and look
    it up once for a conversation.

    Providers: the same for all.

    Source: anthropics/claude-code#92524 (a path with a session id); recorded requests of coding
    agents.
    """

    code, name = "PC211", "environment-before-shared"
    bad = (
        RequestExample(
            requests=(
                gpt(f"Working directory: /srv/alpha\nGit branch: main\n{MANUAL}", *FIRST),
                gpt(f"Working directory: /srv/beta\nGit branch: main\n{MANUAL}", *FIRST),
            ),
            path="messages[0].content",
            line=2,
        ),
        RequestExample(
            requests=(
                gpt(f"Git branch: main\n{MANUAL}", *FIRST),
                gpt(f"Git branch: repair\n{MANUAL}", *ROUND),
            ),
            path="messages[0].content",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                gpt(f"{MANUAL}\nWorking directory: /srv/alpha", *FIRST),
                gpt(f"{MANUAL}\nWorking directory: /srv/beta", *FIRST),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first place at which the environment differs."""
        for parted in encounter.breaks:
            if _is_environment(parted):
                where = parted.difference.json_path
                message = (
                    f"text about the machine or repository in {where} differs"
                    f" {BETWEEN[parted.relation]}; {again(parted)}"
                )
                yield sighting(parted, general(where), grade_break(parted), message, _HELP)


_HELP = "put it behind the instructions, best into the first user message, and look it up once"


def _is_environment(parted: Break) -> bool:
    if parted.topic is not Topic.ENVIRONMENT or parted.lost.value < SHORT:
        return False
    if in_tool_list(parted):
        return False
    if parted.relation is Relation.TURN:
        return parted.in_head
    # A question may speak of files; of a prompt too short for a cache it says nothing.
    return parted.in_head or not (is_payload(parted) or parted.below_minimum)
