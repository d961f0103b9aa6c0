"""PC213: a setting changes between turns.  Source: Anthropic's prompt caching guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from promptcost.catalogue import Loss
from promptcost.model.count import TokenCount
from promptcost.model.finding import Confidence, Excerpt, Severity
from promptcost.model.prompt import Role
from promptcost.rules.requests._base import RequestExample, RequestRule, Sighting, grade, tokens
from promptcost.rules.requests._examples import FIRST, MANUAL, ROUND, SHORT_MARK, claude, gpt, text
from promptcost.wire import Change, Difference, Kind, setting_differences, shared_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.rules.requests._facts import Encounter
    from promptcost.wire import WireRequest

# How the catalogue names what a parameter of a request decides.
_SLUGS = {
    "thinking": "thinking",
    "additionalModelRequestFields.thinking": "thinking",
    "additionalModelRequestFields.reasoning_config": "thinking",
    "additionalModelRequestFields.output_config": "reasoning_effort",
    "output_config.effort": "reasoning_effort",
    "reasoning_effort": "reasoning_effort",
    "reasoning": "reasoning_effort",
    "generationConfig.thinkingConfig": "reasoning_effort",
    "output_config.format": "output_schema",
    "output_format": "output_schema",
    "response_format": "output_schema",
    "text.format": "output_schema",
    "generationConfig.responseMimeType": "output_schema",
    "generationConfig.responseSchema": "output_schema",
    "generationConfig.responseJsonSchema": "output_schema",
    "outputConfig": "output_schema",
    "output_config.task_budget": "task_budget",
    "tool_choice": "tool_choice",
    "toolConfig.toolChoice": "tool_choice",
    "parallel_tool_calls": "parallel_tool_use",
    "speed": "speed",
    "service_tier": "service_tier",
    "serviceTier": "service_tier",
    "verbosity": "verbosity",
    "text.verbosity": "verbosity",
    "context_management": "context_compacted",
    "inference_geo": "region",
    "generationConfig.mediaResolution": "images",
}


class SettingToggled(RequestRule):
    """A setting that is part of the cached prefix changes between two turns.

    What: thinking, effort, verbosity, the output format, `tool_choice`, parallel calls, speed or
    service tier is another one than in the turn before, or the first image comes in.

    Why: providers render such settings into the prompt or keep a cache for each. The text is the
    same, and still nothing is read back from the place at which the setting comes in.

    Repair: choose settings once for a conversation. Ask for another effort or format in the newest
    message, or make the odd call in a conversation of its own.

    Providers: Anthropic loses messages for `tool_choice` and images, system and messages for
    speed, and by model up to everything for thinking and effort; OpenAI from 5.6 loses everything
    for effort, verbosity, format and service tier. `promptcost explain` with a target lists what
    each change costs there.

    Source: Anthropic's prompt caching guide ("what invalidates the cache"), OpenAI's cache
    diagnostics.
    """

    code, name = "PC213", "setting-toggled"
    bad = (
        RequestExample(
            requests=(
                claude([text(MANUAL, SHORT_MARK)], *FIRST, speed="fast"),
                claude([text(MANUAL, SHORT_MARK)], *ROUND, speed="standard"),
            ),
            path="speed",
            line=2,
        ),
        RequestExample(
            requests=(
                gpt(MANUAL, *FIRST, model="gpt-6.1-sol", reasoning_effort="low"),
                gpt(MANUAL, *ROUND, model="gpt-6.1-sol", reasoning_effort="high"),
            ),
            path="reasoning_effort",
            line=2,
        ),
    )
    good = (
        RequestExample(
            requests=(
                claude([text(MANUAL, SHORT_MARK)], *FIRST, temperature=0),
                claude([text(MANUAL, SHORT_MARK)], *ROUND, temperature=1),
            )
        ),
        RequestExample(
            requests=(
                gpt(MANUAL, *FIRST, model="gpt-6.1-sol", tool_choice="auto"),
                gpt(MANUAL, *ROUND, model="gpt-6.1-sol", tool_choice="none"),
            )
        ),
    )

    def check(self, encounter: Encounter) -> Iterator[Sighting]:
        """Yield every setting whose change loses something at the provider."""
        previous, request = encounter.previous, encounter.request
        if previous is None or previous.model != request.model:
            return
        if encounter.terms.needs_marks and not (previous.markers or previous.automatic):
            return
        for found, slug, said in _toggled(previous, request):
            row = encounter.terms.losses.get(slug)
            lost = None if row is None else _lost(row.loss, previous, encounter)
            if row is None or lost is None or (slug, row.loss) == _NEW_IMAGE:
                continue
            sure = row.loss not in {Loss.MODEL_SPECIFIC, Loss.UNKNOWN}
            yield Sighting(
                key=found.json_path,
                where=request,
                json_path=found.json_path,
                severity=_severity(row.loss, lost, encounter),
                message=(
                    f"{said} between two turns; {tokens(lost)} that are"
                    f" unchanged {'are' if sure else 'may be'} computed again"
                    f" at {encounter.terms.provider}"
                ),
                repair=_HELP,
                confidence=Confidence.CONFIRMED if sure else Confidence.SUSPECTED,
                lost=lost,
                excerpt=Excerpt(was=found.was, now=found.now),
                against=previous,
            )


_HELP = "keep settings for a whole conversation; make a call that needs others in one of its own"


# What stands in front of an image that is new is read back, unless its presence itself counts.
_NEW_IMAGE = ("images", Loss.FROM_THERE)


def _toggled(previous: WireRequest, request: WireRequest) -> Iterator[tuple[Difference, str, str]]:
    """Yield what was toggled, its slug in the catalogue, and what happened."""
    for found in setting_differences(previous, request):
        if found.json_path in _SLUGS:
            yield found, _SLUGS[found.json_path], f"{found.json_path} changed"
    image = next((b for b in request.blocks if b.kind is Kind.IMAGE), None)
    had = any(block.kind is Kind.IMAGE for block in previous.blocks)
    if image is not None and not had:
        found = Difference(change=Change.SETTING, json_path=image.json_path)
        yield found, _NEW_IMAGE[0], f"the first image came in at {image.json_path}"


def _severity(loss: Loss, lost: TokenCount, encounter: Encounter) -> Severity:
    minimum, previous = encounter.terms.minimum, encounter.previous
    shared = shared_blocks(previous, encounter.request) if previous else 0
    # What both turns share was too short to be cached at all.
    free = minimum is not None and encounter.upto(shared).reaches(minimum) is False
    return Severity.NOTE if free or loss is Loss.UNKNOWN else grade(lost.value)


def _lost(loss: Loss, previous: WireRequest, encounter: Encounter) -> TokenCount | None:
    """Return the unchanged tokens that a change makes unreadable; None when there are none."""
    shared = shared_blocks(previous, encounter.request)
    blocks = encounter.request.blocks[:shared]
    tools = sum(block.role is Role.TOOLS for block in blocks)
    head = min(encounter.request.head_depth, shared)
    match loss:
        case Loss.EVERYTHING | Loss.MODEL_SPECIFIC | Loss.UNKNOWN:
            start = 0
        case Loss.SYSTEM:
            start = tools
        case Loss.MESSAGES | Loss.FROM_THERE:
            start = head
        case Loss.NOTHING | Loss.NOT_APPLICABLE:
            return None
        case _:
            assert_never(loss)
    whole, kept = encounter.upto(shared), encounter.upto(start)
    return TokenCount(
        value=whole.value - kept.value,
        low=min(max(whole.low - kept.low, 0), whole.value - kept.value),
        high=max(whole.high - kept.high, whole.value - kept.value),
        method=whole.method,
        tokenizer=whole.tokenizer,
    )
