"""Repairs of marks for which a provider refuses the whole request."""

from __future__ import annotations

from datetime import timedelta
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from promptcost.audit.series.repair.layout import Layout
from promptcost.audit.series.repair.marking import carrier, is_unusable
from promptcost.wire.json_edit import TextEdit, made, with_member, without
from promptcost.wire.json_path import members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.series.repair.marking import Marking

_DEFAULT = timedelta(minutes=5)
_TTL = "ttl"
_Life = tuple[timedelta, str]  # how long a mark lives, and how it is written


def off_unusable(marking: Marking) -> Layout:
    """Move marks from empty texts and thinking to the last block before that can carry one.

    The end of the prompt needs none where the request has a mark of its own.
    """
    request, wanted = marking.request, dict[int, str | None]()
    end = carrier(request, len(request.blocks)) if marking.automatic else 0
    for depth, raw in marking.marks.items():
        if is_unusable(request.blocks[depth - 1]):
            wanted[depth] = None
            before = carrier(request, depth)
            if before not in (0, end, *marking.marks):
                wanted[before] = raw
    return Layout(marks=wanted)


def fewer(marking: Marking) -> Iterator[Layout]:
    """Leave out the marks over the limit.

    Kept are the last one, the last one of the head, and then the newest, or else the oldest ones.
    """
    depths = list(marking.marks)
    room = len(depths) + marking.free
    head = [depth for depth in depths if depth <= marking.request.head_depth][-1:]
    last = [] if marking.automatic else depths[-1:]
    for others in (depths[::-1], depths):
        kept = set(islice(dict.fromkeys((*last, *head, *others)), room))
        yield Layout(marks={depth: None for depth in depths if depth not in kept})


def longer_first(marking: Marking) -> Iterator[Layout]:
    """Put the lifetimes in order: lengthen earlier marks, or else shorten later ones.

    A mark of an hour pays its rate for all that stands before it, so lengthening the marks there
    adds nothing to it (Anthropic's formula for mixed lifetimes).
    """
    marks = list(_lives(marking))
    yield _written(marking, list(accumulate(reversed(marks), _longer))[::-1])
    yield _written(marking, list(accumulate(marks, _shorter)))


def _longer(model: _Life, mark: _Life) -> _Life:
    return mark if mark[0] >= model[0] else model


def _shorter(model: _Life, mark: _Life) -> _Life:
    return mark if mark[0] <= model[0] else model


def _lives(marking: Marking) -> Iterator[_Life]:
    """Yield the lifetime of each mark in hash order, and how the mark is written."""
    for depth, raw in marking.marks.items():
        marker = marking.request.blocks[depth - 1].marker
        yield (marker and marker.ttl) or _DEFAULT, raw
    own = marking.request.automatic
    if own is not None and marking.automatic is not None:
        yield own.ttl or _DEFAULT, marking.automatic


def _written(marking: Marking, models: list[_Life]) -> Layout:
    """Return the layout in which each mark lives as long as the one given for it."""
    raws = [*marking.marks.values(), *([marking.automatic] if marking.automatic else [])]
    written = [_with_ttl(raw, _ttl(model)) for raw, (_, model) in zip(raws, models, strict=True)]
    marks = dict(zip(marking.marks, written, strict=False))
    return Layout(marks=marks, automatic=written[-1] if marking.automatic else None)


def _ttl(raw: str) -> str | None:
    return next((raw[one.value : one.end] for one in members(raw, 0) if one.key == _TTL), None)


def _with_ttl(raw: str, ttl: str | None) -> str:
    """Return the JSON of a mark with another lifetime; None is the default."""
    if ttl == _ttl(raw):
        return raw
    found = list(members(raw, 0))
    at = next((number for number, one in enumerate(found) if one.key == _TTL), None)
    if at is None:
        edit = with_member(raw, 0, _TTL, ttl or "")
    elif ttl is None:
        edit = without([(one.start, one.end) for one in found], at)
    else:
        edit = TextEdit(found[at].value, found[at].end, ttl)
    return made(raw, [edit])
