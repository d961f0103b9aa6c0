"""PC229: the automatic mark stands behind what differs.  Source: OpenAI's guide for GPT-5.6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.rules.requests._base import (
    RequestExample,
    RequestRule,
    Sighting,
    grade,
    tokens,
)
from promptcost.rules.requests._examples import MANUAL, SHORT_MARK, claude, gpt, text, user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import ProgramFacts
    from promptcost.wire import WireRequest

_FEW, _MOSTLY = 3, 0.8
_WORDS = ("Why", "Where", "When", "Who")
_QUESTIONS = [user(f"{word}?") for word in _WORDS]


class AutomaticOnVaryingTail(RequestRule):
    """Single questions share a long prefix, and only the end of each prompt is marked.

    What: most conversations of a program have one request, all begin with the same long text, and
    no request marks the end of that text: automatic caching, or the only mark, closes the end of
    the prompt, behind the question, which never comes again.

    Why: a cache of marks finds nothing but marked places. Every request pays the premium for
    writing its whole prompt, and none reads: the input costs up to 1.25 times as much as without
    a cache.

    Repair: set a mark of your own at the end of the common text; or switch writing off where
    nothing is shared. `--fix` adds such a mark to requests of a recording that carry Anthropic's
    top-level one.

    Providers: OpenAI from GPT-5.6 (its default), Anthropic with a top-level `cache_control` or one
    mark behind the question. Older OpenAI models find any common beginning.

    Source: OpenAI's prompt caching guide, openai/codex#35300 (24.8 M tokens at 1.244 times the
    price; one mark raised reads from 0 to 98.6 %).
    """

    code, name = "PC229", "automatic-on-varying-tail"
    bad = (
        RequestExample(
            requests=tuple(gpt(MANUAL, one, model="gpt-6.1-sol") for one in _QUESTIONS),
            path="model",
        ),
        RequestExample(
            requests=tuple(
                claude(MANUAL, one, cache_control={"type": "ephemeral"}) for one in _QUESTIONS
            ),
            path="cache_control",
        ),
        RequestExample(
            requests=tuple(claude(MANUAL, user([text(f"{word}?", SHORT_MARK)])) for word in _WORDS),
            path="messages[0].content[0].cache_control",
        ),
    )
    good = (
        RequestExample(requests=tuple(gpt(MANUAL, one, model="gpt-5.4") for one in _QUESTIONS)),
        RequestExample(
            requests=tuple(gpt(MANUAL, one, model="gpt-6.1-sol") for one in _QUESTIONS[:2])
        ),
    )

    def conclude(self, facts: ProgramFacts) -> Iterator[Sighting]:
        """Yield a program of single questions that only the provider marks."""
        stable, minimum = facts.stable, facts.terms.minimum
        if facts.terms.breakpoints is None or facts.automatic < facts.requests:
            return
        if facts.single < max(_FEW, _MOSTLY * facts.conversations):
            return
        if stable is None or minimum is None or stable.reaches(minimum) is not True:
            return
        where, path = _place(facts)
        yield Sighting(
            key="tail",
            where=where,
            json_path=path,
            severity=grade(stable.value),
            message=(
                f"{facts.single} single questions begin with the same {tokens(stable)}, but only"
                " the end of each prompt is marked, so nothing of it is ever read back"
            ),
            repair=_HELP,
            lost=stable,
        )


def _place(facts: ProgramFacts) -> tuple[WireRequest, str]:
    """Return the mark at the end of a prompt; the model where the provider sets it by itself."""
    own, marked = facts.first.automatic, facts.marked
    if own is not None:
        return facts.first, own.json_path
    if facts.terms.needs_marks and marked is not None:
        return marked.where, marked.json_path
    return facts.first, "model"


_HELP = "set a mark at the end of the text that all requests share"
