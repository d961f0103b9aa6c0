"""Turns an unwrapped body into a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from promptcost.errors import Level, Problem
from promptcost.wire import _anthropic, _bedrock, _gemini, _openai_chat, _openai_responses
from promptcost.wire._draft import Draft
from promptcost.wire.block import Api, Marker, MarkerStyle, WireRequest
from promptcost.wire.context import context_of
from promptcost.wire.settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from promptcost.model.span import Span
    from promptcost.wire._marks import Json, Marks
    from promptcost.wire.envelope import Envelope

_OPTIONS = "prompt_cache_options"
_SPELLED_OUT = 20
_SERVER_SIDE = ("previous_response_id", "conversation", "prompt")


def request_of(envelope: Envelope, span: Span, line: int) -> WireRequest:
    """Read the blocks, marks and settings of a body; what cannot be read is among its problems."""
    draft, body = Draft(), envelope.body
    automatic = _automatic(envelope.api, body, draft.marks)
    _reader(envelope.api)(body, draft)
    faults = [*draft.marks.faults, *_server_side(envelope.api, body)]
    context = context_of(envelope)
    return WireRequest(
        api=envelope.api,
        blocks=tuple(draft.blocks),
        source=span.source,
        line=line,
        span=span,
        body_path=envelope.body_path,
        model=context.model,
        settings=settings_of(envelope.api, body),
        automatic=automatic,
        cache_key=context.cache_key,
        cache_key_path=context.cache_key_path,
        time=context.time,
        session=context.session,
        user=context.user,
        tenant=context.tenant,
        problems=tuple(_problem(span, line, fault) for fault in _first_few(faults)),
    )


def _reader(api: Api) -> Callable[[Json, Draft], None]:
    match api:
        case Api.ANTHROPIC_MESSAGES:
            return _anthropic.read
        case Api.OPENAI_CHAT:
            return _openai_chat.read
        case Api.OPENAI_RESPONSES:
            return _openai_responses.read
        case Api.GEMINI:
            return _gemini.read
        case Api.BEDROCK_CONVERSE:
            return _bedrock.read
        case _:
            assert_never(api)


def _automatic(api: Api, body: Json, marks: Marks) -> Marker | None:
    """Return the request-level mark, and give the request's own lifetime to its other marks.

    Anthropic: top-level `cache_control`.  OpenAI: `prompt_cache_options` unless its mode is
    explicit; its lifetime holds for every breakpoint of the request.
    """
    if api is Api.ANTHROPIC_MESSAGES:
        return marks.marker(body.get("cache_control"), "cache_control", MarkerStyle.CACHE_CONTROL)
    options = body.get(_OPTIONS)
    if api not in (Api.OPENAI_CHAT, Api.OPENAI_RESPONSES) or not isinstance(options, dict):
        return None
    marker = marks.marker(options, _OPTIONS, MarkerStyle.IMPLICIT)
    marks.ttl = marker.ttl if marker else None
    return None if options.get("mode") == "explicit" else marker


def _server_side(api: Api, body: Json) -> list[str]:
    """Say which part of the prompt the provider adds from its own store."""
    if api is not Api.OPENAI_RESPONSES:
        return []
    return [
        f"{key} names text that the provider keeps; only the text sent here can be compared"
        for key in _SERVER_SIDE
        if body.get(key) is not None
    ]


def _first_few(faults: list[str]) -> list[str]:
    hidden = len(faults) - _SPELLED_OUT
    more = [f"{hidden} more faults in this request"] if hidden > 0 else []
    return faults[:_SPELLED_OUT] + more


def _problem(span: Span, line: int, message: str) -> Problem:
    return Problem(path=span.source, message=message, line=line, level=Level.WARNING)
