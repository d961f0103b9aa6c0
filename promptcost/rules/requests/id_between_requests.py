"""PC203: an id or random value differs between two requests.  Source: abstxn/lunch-uncle#6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.finding import Severity
from promptcost.rules.requests._base import (
    BETWEEN,
    RequestExample,
    RequestRule,
    general,
    grade_break,
    is_payload,
    sighting,
    tokens,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, gpt, user
from promptcost.rules.requests._facts import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Encounter

_ONE, _OTHER = "0b6f7f0e-6f0b-4c39-9a44-7d3a2a4f7f11", "b0c0a1de-2f6b-41a5-8a52-02c1f7f4d9aa"


class IdBetweenRequests(RequestRule):
    """An id, hash or random value in the prompt is another one in the next request.

    What: in the first block that differs between two requests of one program, a UUID, a hash, a
    random token or a temporary name moved: a request id, a session id, a rotating header, a fence
    against injection. Ids that are no prompt text (of messages, of requests) are not looked at.

    Why: everything behind the id is computed and billed again, and nothing tells the model
    anything it needs.

    Repair: leave the id out of the prompt. If the model must see it, put it into the newest
    message. A random fence should stand behind the text that stays, and be kept for the session.

    Providers: the same for all.

    Source: anthropics/claude-code#68900 (a hash in the first system block), openclaw/openclaw#19014
    (message id), margince/margince#264 (random fence).
    """

    code, name = "PC203", "id-between-requests"
    bad = (
        RequestExample(
            requests=(
                gpt(f"Request {_ONE}. {MANUAL}", *FIRST),
                gpt(f"Request {_OTHER}. {MANUAL}", *ROUND),
            ),
            path="messages[0].content",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                gpt(f"Session {_ONE}. {MANUAL}", *FIRST),
                gpt(f"Session {_ONE}. {MANUAL}", *ROUND),
            )
        ),
        RequestExample(
            requests=(gpt(MANUAL, user(f"Find {_ONE}.")), gpt(MANUAL, user(f"Find {_OTHER}.")))
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the first id that moved."""
        for parted in encounter.breaks:
            if parted.moved(ValueKind.ID) and not is_payload(parted):
                where = parted.difference.json_path
                message = (
                    f"an id or random value in {where} differs {BETWEEN[parted.relation]};"
                    f" {tokens(parted.lost)} behind it are computed again"
                )
                severity = max(grade_break(parted), Severity.LOW)
                yield sighting(parted, general(where), severity, message, _HELP)


_HELP = "leave it out of the prompt, or put it into the newest message, behind all that stays"
