"""Strict and bounded JSON decoding, and the canonical bytes of JSON values."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple, NoReturn

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ENCODED = re.compile(r"(?:data:[\w.+/;=-]*,)?[A-Za-z0-9+/_=\r\n-]+")
_ENCODED_MIN = 512


class Fault(NamedTuple):
    """What is wrong with a record, the repair, and where inside it (1-based; None: as a whole)."""

    message: str
    repair: str
    line: int = 1
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
    """A JSON value, how many keys were given twice, and whether bytes had to be replaced."""

    value: object
    duplicates: int = 0
    replaced: bool = False


def _refuse_constant(_word: str) -> NoReturn:
    message = "NaN and Infinity are not JSON"
    raise ValueError(message)


class Decoder:
    """Decodes bounded JSON texts, one after the other.

    `max_depth` bounds nesting, `max_values` the number of members and elements, because a small
    text of empty objects would otherwise fill the memory.
    """

    def __init__(self, max_depth: int, max_values: int) -> None:
        self._max_depth = max_depth
        self._max_values = max_values
        self._duplicates = 0
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=_refuse_constant, strict=False
        )

    def decode(self, data: bytes) -> Decoded | Fault:
        """Return the value of a JSON text, or why it cannot be used.

        Of two equal keys the last wins, as in every common parser; NaN is refused.
        """
        openings = data.count(b"{") + data.count(b"[")
        if data.count(b",") + openings > self._max_values:
            message = f"the record may hold more than {self._max_values} values"
            return Fault(message, "split the record")
        text, replaced = _to_text(data)
        self._duplicates = 0
        try:
            value = self._decoder.decode(text)
        except json.JSONDecodeError as error:
            return _syntax_fault(error)
        except ValueError:
            return Fault("not valid JSON: a number is not usable", "repair the record")
        except RecursionError:
            return self._too_deep()
        if openings > self._max_depth and _depth_exceeds(data, self._max_depth):
            return self._too_deep()
        return Decoded(value, self._duplicates, replaced)

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        self._duplicates += len(pairs) - len(made)
        return made

    def _too_deep(self) -> Fault:
        return Fault(f"nested deeper than {self._max_depth} levels", "flatten the record")


def _syntax_fault(error: json.JSONDecodeError) -> Fault:
    """Tell a record that stops too early from one that is wrong in the middle."""
    if error.msg.startswith("Unterminated") or error.pos >= len(error.doc.rstrip()):
        message, repair = "the record is cut off", "record it again, or delete it"
    else:
        message, repair = f"not valid JSON: {error.msg}", "repair the record"
    return Fault(message, repair, error.lineno, error.colno)


def _to_text(data: bytes) -> tuple[str, bool]:
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace"), True


def _depth_exceeds(data: bytes, limit: int) -> bool:
    """Say whether valid JSON nests deeper than `limit`, peeling one level a round."""
    brackets = _STRING.sub(b"", data).translate(None, _NOT_BRACKETS)
    for _ in range(limit):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return bool(brackets)


def encode(text: str) -> bytes:
    """Return UTF-8; a lone surrogate, which no encoding can carry, becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text).encode()


def clean(text: str) -> str:
    """Return the text as it can be encoded."""
    return encode(text).decode()


def compact(value: object) -> bytes:
    """Return compact JSON in UTF-8 with the key order as given."""
    return encode(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def canonical(value: object) -> str:
    """Return compact JSON with sorted keys, for settings, whose key order means nothing."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return clean(text)


def without_payloads(value: object) -> object:
    """Return the value with long base64 strings replaced by their digest and length.

    A picture takes part by identity; its encoding is no text to count or to quote.
    """
    if isinstance(value, dict):
        return {key: without_payloads(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_payloads(item) for item in value]
    if isinstance(value, str) and len(value) >= _ENCODED_MIN and _ENCODED.fullmatch(value):
        return f"blake2b:{blake2b(value.encode(), digest_size=16).hexdigest()}:{len(value)}"
    return value
