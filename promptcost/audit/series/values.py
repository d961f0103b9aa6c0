"""Recognises times, ids and numbers in text, so that two texts can be compared without them.

What they look like follows the public reports of misses: times with or without a zone, dates in
numbers and in words, epochs, UUIDs, hashes, random fences, counters, ages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from promptcost.model.stability import Clock
from promptcost.rules.requests import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAY_NAMES = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
# English, German, French, Spanish, Portuguese, Italian, Dutch.
_MONTHS = (
    r"(?:jan(?:uar[iy]?|vier|eiro)?|enero|gennaio|feb(?:ruar[iy]?|rero|braio)?|février|fevereiro"
    r"|mar(?:ch|s|zo|t)?|märz|março|maart|apr(?:ile?)?|a[bv]ril|may|ma[iy]o|mai|mei|maggio"
    r"|jun[ei]?|juin|ju[nl][ih]o|giugno|jul[iy]?|juillet|luglio|aug(?:ust(?:us)?)?|août|agosto"
    r"|sept?(?:embr[eo]?|ember)?|settembre|setembro|oktober|octobre|octubre|outubro|ottobre"
    r"|oct(?:ober)?|nov(?:ember|embr[eo]|iembre)?|de[cz](?:ember)?|décembre|diciembre|dezembro"
    r"|dicembre)"
)
_CLOCK_TIME = r"(?:\d{1,2}:\d{2}|\d{1,2}h\d{2}|\d{1,2}\s?[時时點点시]\s?\d{1,2}\s?[分분])"
_SECONDS = r"(?::\d{2}(?:[.,]\d{1,9})?|\s?\d{1,2}\s?[秒초])"
_ZONE = r"(?:\s?(?:[ap]\.?m\b\.?|Z\b|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_ISO_DAY = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
_WORD_DAY = (
    rf"(?:{_DAY_NAMES},?\s+)?(?:{_MONTHS}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    rf"|\d{{1,2}}\.?(?:st|nd|rd|th|er)?\s+(?:de\s+)?{_MONTHS}\.?(?:,?\s+(?:de\s+)?\d{{4}})?)"
)
_DATE = (
    rf"(?:{_ISO_DAY}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|{_WORD_DAY}"
    r"|\d{4}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일])"
)
_HALF = r"(?:午前|午後|上午|下午|오전|오후)"
_BETWEEN = (
    r"(?:T|,?\s+(?:(?:at|um|à|às|a\s+las|alle|om|kl\.?)\s+)?"
    rf"|(?<=[日일])(?:\s?\([^()\s]{{1,4}}\))?\s?(?:{_HALF}\s?)?)"
)
_LABELLED = (
    r"\b(?:cch|nonce|salt|seed|hash|sha|digest|checksum|signature|etag"
    r"|[\w-]{0,40}(?:uu|gu|_|-|\b)id)"
    r"[\"']?\s?[=:]\s?[\"']?(?=[\w.-]{0,40}\d)[\w.-]{3,}"
)
# The order decides: a longer form stands before the forms it contains.
_FORMS = (
    ("uuid", r"(?<![0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f])"),
    ("second_ctime", rf"{_WORD_DAY}\s+{_CLOCK_TIME}{_SECONDS}(?:\s+[A-Z]{{2,5}})?\s+\d{{4}}"),
    ("second_both", rf"{_DATE}{_BETWEEN}{_CLOCK_TIME}{_SECONDS}{_ZONE}"),
    ("minute_both", rf"{_DATE}{_BETWEEN}{_CLOCK_TIME}{_ZONE}"),
    ("second_compact", r"\b20\d{6}[T_-]?\d{6}Z?\b"),
    ("day_date", rf"(?<![\w.]){_DATE}(?![\w])"),
    ("second_time", rf"(?<![\w:]){_CLOCK_TIME}{_SECONDS}{_ZONE}"),
    ("minute_time", rf"(?<![\w:]){_CLOCK_TIME}{_ZONE}(?![\w:])"),
    ("day_compact", r"\b20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\b"),
    ("second_epoch", r"(?<![\w.])1[5-9]\d{8}(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?(?![\w])"),
    ("day_name", rf"\b{_DAY_NAMES}\b"),
    ("day_month", rf"\b{_MONTHS}\s+\d{{4}}\b"),
    ("id_labelled", _LABELLED),
    ("id_prefixed", r"\b[a-z]{2,12}[_-](?=[\w-]{0,40}\d)[A-Za-z0-9]{8,}\b"),
    ("id_hex", r"\b(?=[0-9a-f]{0,80}\d)(?=[0-9a-f]{0,80}[a-f])[0-9a-f]{7,}\b"),
    (
        "id_random",
        r"\b(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[A-Za-z])[A-Za-z0-9_-]{16,}(?![\w-])",
    ),
    ("id_temporary", r"\btmp[A-Za-z0-9_]{6,}\b"),
    ("id_number", r"(?<![\w.,])\d{12,}(?![\w.,]\d)"),
    ("counter_number", r"(?<![\w])[-+]?\d[\d,._]*(?:%|(?=\D|$))"),
)
_FLAGS = re.IGNORECASE | re.ASCII
_ANY = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _FORMS), _FLAGS)
_CLOCKS = {"second": Clock.SECOND, "minute": Clock.MINUTE, "day": Clock.DAY}
_KINDS = {"uuid": ValueKind.ID, "id": ValueKind.ID, "counter": ValueKind.COUNTER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A recognised value: its kind, the step of a time, its text and where that starts."""

    kind: ValueKind
    clock: Clock
    text: str
    start: int


def values_in(text: str) -> Iterator[Value]:
    """Yield the values of a text in order."""
    for match in _ANY.finditer(text):
        form = (match.lastgroup or "").partition("_")[0]
        yield Value(
            kind=_KINDS.get(form, ValueKind.TIME),
            clock=_CLOCKS.get(form, Clock.NEVER),
            text=match[0],
            start=match.start(),
        )


def masked(text: str) -> str:
    """Return the text with every value replaced by a sign of its kind."""
    return _ANY.sub(_sign, text)


_SIGNS = {ValueKind.TIME: "\ue000", ValueKind.ID: "\ue001", ValueKind.COUNTER: "\ue002"}


def _sign(match: re.Match[str]) -> str:
    form = (match.lastgroup or "").partition("_")[0]
    return _SIGNS[_KINDS.get(form, ValueKind.TIME)]
