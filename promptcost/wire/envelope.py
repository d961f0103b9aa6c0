"""Finds the request body inside a log record, and what the record says around it.

Known wrappers come first: recorders (`request`), proxies (`request.body`), OpenAI batch lines
(`body`), Anthropic batches (`requests[].params`), LiteLLM (`kwargs`, `proxy_server_request`, and
standard logging payloads, which put parameters beside the messages), Bedrock invocation logs
(`input.inputBodyJson`), HTTP archives (`log.entries[].request.postData.text`).  In a record that
none of them fits, a request is looked for under every other name but those of answers.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.wire._json import Decoded, Decoder, encode
from promptcost.wire._marks import Json
from promptcost.wire.block import Api
from promptcost.wire.json_path import join
from promptcost.wire.sniff import sniff_api

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BODY_KEYS = (
    "request",
    "body",
    "payload",
    "proxy_server_request",
    "kwargs",
    "params",
    "request_body",
    "requestBody",
    "raw_request",
    "json",
    "data",
    "input",
    "inputBodyJson",
    "standard_logging_object",
    "complete_input_dict",
    "additional_args",
    "providerRequest",
    "log",
    "postData",
)
_NEVER_ENCODED = ("input",)
_SERIES_KEYS = ("requests", "entries", "records")
_PARAMETER_KEYS = ("optional_params", "model_parameters", "invocation_params")
_HINT_KEYS = ("api", "path", "url", "uri", "endpoint", "operation", "call_type")
# What a model answered may look like a request: it echoes tools, items or messages.
_ANSWERS = re.compile(
    r"answer|choices|completion|error|output|outputs|outputBodyJson|reply|result|results|usage"
    r"|\w*response\w*",
    re.IGNORECASE,
)
_ENCODED_BODY = re.compile(r"[A-Za-z0-9+/_-]+={0,2}\s*")
_SHORTEST_ENCODED = 24
_MAX_LAYERS = 6
_MAX_OBJECTS = 50_000
_MAX_DEPTH = 128
_MAX_VALUES = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A body, its API, its path in the record, and the objects around it, outermost first."""

    api: Api
    body: Json
    body_path: str
    layers: tuple[Json, ...]

    @property
    def hints(self) -> tuple[str, ...]:
        """URLs, paths and operation names around the body."""
        return hints_of(self.layers)


def unwrap(record: object) -> Iterator[Envelope]:
    """Yield the requests of a record: usually one, several when it holds a series, or none."""
    if not isinstance(record, dict):
        return
    search = _Search()
    for key in _SERIES_KEYS:
        series = record.get(key)
        if isinstance(series, list):
            for position, item in enumerate(series):
                yield from search.of(item, (record,), join(key, position))
            return
    yield from search.of(record, (), "")


def is_message(record: object) -> bool:
    """Say whether a record is one message of a conversation, which is no request by itself."""
    return isinstance(record, dict) and {"role", "content"} <= set(record)


def hints_of(layers: Sequence[Json]) -> tuple[str, ...]:
    """Return what the layers say about the API, innermost first."""
    said = (layer.get(key) for layer in reversed(layers) for key in _HINT_KEYS)
    return tuple(word for word in said if isinstance(word, str))


class _Search:
    """Looks for requests in one record; gives up after very many objects that are none."""

    def __init__(self) -> None:
        self._looked_at = 0

    def of(self, value: object, layers: tuple[Json, ...], path: str) -> Iterator[Envelope]:
        """Prefer a body wrapped in this object to the object itself, and both to the rest."""
        value = _decoded(value)
        if not isinstance(value, dict) or len(layers) > _MAX_LAYERS:
            return
        self._looked_at += 1
        if self._looked_at > _MAX_OBJECTS:
            return
        inside = (*layers, value)
        for key in _BODY_KEYS:
            if isinstance(value.get(key), dict if key in _NEVER_ENCODED else dict | str):
                found = list(self.of(value[key], inside, join(path, key)))
                if found:
                    yield from found
                    return
        body = _with_parameters(value)
        api = sniff_api(body, hints_of(inside))
        if api is not None:
            yield Envelope(api=api, body=body, body_path=path, layers=inside)
            return
        for key, item in value.items():
            if (isinstance(item, list) or key not in _BODY_KEYS) and not _ANSWERS.fullmatch(key):
                yield from self._inside(item, inside, join(path, key))

    def _inside(self, item: object, layers: tuple[Json, ...], path: str) -> Iterator[Envelope]:
        """Look under a name that is not known: an object, a list of them, or JSON in a string."""
        if isinstance(item, list) and len(layers) <= _MAX_LAYERS:
            for position, element in enumerate(item):
                if isinstance(element, dict):
                    yield from self.of(element, layers, join(path, position))
        else:
            yield from self.of(item, layers, path)


def _decoded(value: object) -> object:
    """Decode a body that was logged as a string: JSON, or the base64 of it."""
    if not isinstance(value, str):
        return value
    data = encode(value) if value.lstrip().startswith("{") else _from_base64(value)
    decoded = Decoder(_MAX_DEPTH, _MAX_VALUES).decode(data) if data else None
    return decoded.value if isinstance(decoded, Decoded) else None


def _from_base64(value: str) -> bytes:
    """Return what a text is the base64 of, where that is an object of JSON; nothing otherwise."""
    # The base64 of an opening brace begins with an e.
    if len(value) < _SHORTEST_ENCODED or value[0] != "e" or not _ENCODED_BODY.fullmatch(value):
        return b""
    try:
        data = base64.b64decode(value.strip(), altchars="-_" if set(value) & {"-", "_"} else None)
    except ValueError:
        return b""
    return data if data.startswith(b"{") else b""


def _with_parameters(value: Json) -> Json:
    """Lay the parameters that some loggers keep apart under the fields beside them."""
    for key in _PARAMETER_KEYS:
        parameters = value.get(key)
        if isinstance(parameters, dict):
            return {**parameters, **value}
    return value
