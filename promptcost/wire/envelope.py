"""Finds the request body inside a log record, and what the record says around it.

Known wrappers: recorders (`request`), proxies (`request.body`), OpenAI batch lines (`body`),
Anthropic batches (`requests[].params`), LiteLLM (`kwargs`, `proxy_server_request`, and standard
logging payloads, which put parameters beside the messages), Bedrock invocation logs
(`input.inputBodyJson`).
"""

from __future__ import annotations

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
)
_NEVER_ENCODED = ("input",)
_SERIES_KEYS = ("requests", "entries", "records")
_PARAMETER_KEYS = ("optional_params", "model_parameters")
_HINT_KEYS = ("api", "path", "url", "endpoint", "operation", "call_type")
_MAX_LAYERS = 6
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
    for key in _SERIES_KEYS:
        series = record.get(key)
        if isinstance(series, list):
            for position, item in enumerate(series):
                found = _search(item, (record,), join(key, position))
                if found is not None:
                    yield found
            return
    found = _search(record, (), "")
    if found is not None:
        yield found


def hints_of(layers: Sequence[Json]) -> tuple[str, ...]:
    """Return what the layers say about the API, innermost first."""
    said = (layer.get(key) for layer in reversed(layers) for key in _HINT_KEYS)
    return tuple(word for word in said if isinstance(word, str))


def _search(value: object, layers: tuple[Json, ...], path: str) -> Envelope | None:
    """Prefer a body that is wrapped in this object to the object itself."""
    value = _decoded(value)
    if not isinstance(value, dict) or len(layers) > _MAX_LAYERS:
        return None
    inside = (*layers, value)
    for key in _BODY_KEYS:
        if isinstance(value.get(key), dict if key in _NEVER_ENCODED else dict | str):
            found = _search(value[key], inside, join(path, key))
            if found is not None:
                return found
    body = _with_parameters(value)
    api = sniff_api(body, hints_of(inside))
    if api is None:
        return None
    return Envelope(api=api, body=body, body_path=path, layers=inside)


def _decoded(value: object) -> object:
    """Decode a body that was logged as a string of JSON."""
    if not isinstance(value, str) or not value.lstrip().startswith("{"):
        return value
    decoded = Decoder(_MAX_DEPTH, _MAX_VALUES).decode(encode(value))
    return decoded.value if isinstance(decoded, Decoded) else None


def _with_parameters(value: Json) -> Json:
    """Lay the parameters that some loggers keep apart under the fields beside them."""
    for key in _PARAMETER_KEYS:
        parameters = value.get(key)
        if isinstance(parameters, dict):
            return {**parameters, **value}
    return value
