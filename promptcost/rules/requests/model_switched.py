"""PC214: another model within a conversation.  Source: Anthropic's prompt caching guide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.model.series_report import Relation
from promptcost.rules.requests._base import (
    RequestExample,
    RequestRule,
    again,
    grade_break,
    sighting,
)
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, gpt
from promptcost.wire import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._base import Sighting
    from promptcost.rules.requests._facts import Break, Encounter


class ModelSwitched(RequestRule):
    """A conversation goes on with another model.

    What: two turns of one conversation name different models: a router that picks one by request,
    a cheaper model for easy turns, a snapshot beside its alias.

    Why: every model has a cache of its own. The whole conversation is computed anew at the second
    model, and again on the way back once its entries have expired.

    Repair: choose the model once for a conversation; give easy work to a sub-agent with a short
    prompt of its own instead of the whole history.

    Providers: the same for all; a snapshot and its alias are different models to OpenAI.

    Source: Anthropic's prompt caching guide, OpenAI's cache diagnostics (`model_changed`).
    """

    code, name = "PC214", "model-switched"
    bad = (
        RequestExample(
            requests=(gpt(MANUAL, *FIRST), gpt(MANUAL, *ROUND, model="gpt-5-mini")),
            path="model",
            line=2,
        ),
    )
    good = (
        RequestExample(requests=(gpt(MANUAL, *FIRST), gpt(MANUAL, *ROUND))),
        RequestExample(
            requests=(gpt(MANUAL, *FIRST), gpt("You name chats.", *ROUND, model="gpt-5-mini"))
        ),
        RequestExample(requests=(gpt(MANUAL, *ROUND), gpt(MANUAL, *ROUND, model="gpt-5-mini"))),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield the turn at which the model changed."""
        for parted in encounter.breaks:
            found = parted.difference
            if found.change is Change.MODEL and _goes_on(parted):
                message = f"the conversation goes on with another model; {again(parted)}"
                yield sighting(parted, "model", grade_break(parted), message, _HELP)


def _goes_on(parted: Break) -> bool:
    """Say whether a conversation grew; the same prompt at another model is a second attempt."""
    if parted.relation is not Relation.TURN:
        return False
    return len(parted.now.messages) > len(parted.was.messages)


_HELP = "choose the model once for a conversation; give easy work to a sub-agent of its own"
