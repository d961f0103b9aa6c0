"""Reads from a record when a request was sent, by whom, in which session, and to which model."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote

from promptcost.wire._json import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.wire._marks import Json
    from promptcost.wire.envelope import Envelope

_TIMES = (
    "time",
    "timestamp",
    "ts",
    "startTime",
    "start_time",
    "started_at",
    "request_time",
    "created_at",
    "createdAt",
    "startedDateTime",
)
_SESSIONS = (
    "session_id",
    "sessionId",
    "session",
    "conversation_id",
    "conversationId",
    "thread_id",
    "threadId",
    "litellm_session_id",
)
_SESSION_HEADERS = (
    "x-claude-code-session-id",
    "x-session-id",
    "session_id",
    "session-id",
    "conversation_id",
    "x-litellm-session-id",
)
_USERS = ("user", "user_id", "userId", "end_user", "safety_identifier")
_TENANTS = ("tenant", "tenant_id", "tenantId", "organization", "organization_id", "team_id")
_KEYS = ("prompt_cache_key", "cache_salt")
_KEY_HEADERS = ("x-grok-conv-id", "x-session-affinity")
_PATH_MODEL = re.compile(r"/(?:models?|deployments)/([^/?#]+)")
_METHOD = re.compile(r":[A-Za-z]+$")
_SESSION_IN_USER = re.compile(r"(.*)_session_([0-9A-Za-z-]+)")
_MAX_ID = 512
_MAX_TIME = 64
_SECONDS_LIMIT = 10**11
_NANOSECONDS_LIMIT = 10**20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a record says beside the prompt; None where it says nothing."""

    model: str | None
    time: datetime | None
    session: str | None
    user: str | None
    tenant: str | None
    cache_key: str | None
    cache_key_path: str


def context_of(envelope: Envelope) -> Context:
    """Read the context of a request from its body and what surrounds it."""
    layers = [*reversed(envelope.layers), *_metadata(envelope)]
    headers = _headers(envelope)
    user = _word(layers, _USERS)
    user, session_in_user = _split_user(user)
    return Context(
        model=_model(envelope),
        time=_time(layers),
        session=_word(layers, _SESSIONS) or _word([headers], _SESSION_HEADERS) or session_in_user,
        user=user,
        tenant=_word(layers, _TENANTS),
        cache_key=_word(layers, _KEYS) or _word([headers], _KEY_HEADERS),
        cache_key_path=next((key for key in _KEYS if key in envelope.body), ""),
    )


def _metadata(envelope: Envelope) -> Iterator[Json]:
    for layer in reversed(envelope.layers):
        for key in ("metadata", "litellm_params", "requestMetadata"):
            if isinstance(value := layer.get(key), dict):
                yield value
                if isinstance(inner := value.get("metadata"), dict):
                    yield inner


def _headers(envelope: Envelope) -> Json:
    """Return the headers around the body with lower-case names."""
    found: Json = {}
    for layer in envelope.layers:
        headers = layer.get("headers")
        if isinstance(headers, dict):
            found |= {name.lower(): value for name, value in headers.items()}
    return found


def _word(layers: list[Json], keys: tuple[str, ...]) -> str | None:
    for layer in layers:
        for key in keys:
            value = layer.get(key)
            if isinstance(value, str) and 0 < len(value) <= _MAX_ID:
                return clean(value)
            if isinstance(value, int) and not isinstance(value, bool):
                return str(value)
    return None


def _split_user(user: str | None) -> tuple[str | None, str | None]:
    """Split the user id of Claude Code, which carries the session as a suffix or as JSON."""
    if user is None:
        return None, None
    if match := _SESSION_IN_USER.fullmatch(user):
        return match[1], match[2]
    if user.startswith("{"):
        try:
            value = json.loads(user)
        except (ValueError, RecursionError):
            return user, None
        session = _word([value], _SESSIONS) if isinstance(value, dict) else None
        name = _word([value], ("account_uuid", "device_id")) if isinstance(value, dict) else None
        return name or user, session
    return user, None


def _model(envelope: Envelope) -> str | None:
    for layer in (envelope.body, *reversed(envelope.layers)):
        for key in ("model", "modelId"):
            value = layer.get(key)
            if isinstance(value, str) and 0 < len(value) <= _MAX_ID:
                return clean(value.removeprefix("models/"))
    matches = (_PATH_MODEL.search(hint) for hint in envelope.hints)
    named = next((match[1] for match in matches if match), None)
    return clean(_METHOD.sub("", unquote(named))) if named else None


def _time(layers: list[Json]) -> datetime | None:
    for layer in layers:
        for key in _TIMES:
            found = parse_time(layer.get(key))
            if found is not None:
                return found
    return None


def parse_time(value: object) -> datetime | None:
    """Return an instant from ISO 8601 text (UTC when it names no zone) or epoch s, ms, µs or ns."""
    if isinstance(value, str) and len(value) <= _MAX_TIME:
        return _parse_iso(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < _NANOSECONDS_LIMIT:
        return None
    seconds = float(value)
    while seconds >= _SECONDS_LIMIT:
        seconds /= 1000
    return _EPOCH + timedelta(seconds=seconds)


def _parse_iso(text: str) -> datetime | None:
    try:
        made = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return made if made.tzinfo else made.replace(tzinfo=UTC)
