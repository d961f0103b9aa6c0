"""What the values of a workload file must be among each other.

The checks read the raw document, so that they report in the same run as faults of single values;
whatever has the wrong shape is skipped here and reported there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from promptcost.files.units import parse_duration
from promptcost.model.prompt import Role
from promptcost.workload.spec import TAIL
from promptcost.workload.uncertainty import INPUTS

if TYPE_CHECKING:
    from datetime import timedelta

    from promptcost.errors import Problem
    from promptcost.files.yaml import Document

_MOST = 100  # of parts, markers and the like; the shape of longer lists is reported elsewhere

RATES = ("requests_per_hour", "requests_per_day", "requests_per_month")
_SHARED = frozenset({"static", "never", "all", "deploy", "day", "hour", "minute", "second"})


def check(document: Document) -> Iterator[Problem]:
    """Yield every contradiction in a workload document."""
    top = _mapping(document.value)
    parts = [_mapping(part) for part in _list(top.get("prompt"))]
    yield from _traffic(document, _mapping(top.get("traffic")))
    yield from _scope(document, _mapping(top.get("scope")))
    yield from _prompt(document, top)
    yield from _names(document, parts)
    for index, part in enumerate(parts):
        yield from _part(document, index, part)
        yield from _growth(document, index, parts)
    yield from _roles(document, parts)
    names = [part.get("name") for part in parts]
    yield from _markers(document, _list(top.get("markers")), names)
    yield from _uncertainty(document, top)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value[:_MOST] if isinstance(value, list) else []


def _traffic(document: Document, traffic: Mapping[str, Any]) -> Iterator[Problem]:
    given = [name for name in traffic if name in RATES]
    if not given and "traffic" in _mapping(document.value):
        repair = "add requests_per_day: ..."
        yield document.problem(("traffic",), "traffic says no number of requests", repair)
    for name in given[1:]:
        message = f"traffic has both {given[0]} and {name}"
        yield document.problem(("traffic", name), message, "keep one")
    if traffic.get("arrivals") == "constant":
        for name in ("diurnal", "weekdays"):
            if traffic.get(name, "flat") != "flat":
                message = f"evenly spaced arrivals have no profile, but {name} is given"
                yield document.problem(("traffic", name), message, "write arrivals: diurnal")


def _scope(document: Document, scope: Mapping[str, Any]) -> Iterator[Problem]:
    tenants, users = (_size(scope.get(name)) for name in ("tenants", "users"))
    if tenants is not None and users is not None and users < tenants:
        message = f"{users} users cannot be in {tenants} tenants"
        yield document.problem(("scope", "users"), message, "give every tenant a user")


def _size(group: object) -> int | None:
    size = group.get("size") if isinstance(group, Mapping) else group
    return size if isinstance(size, int) else None


def _prompt(document: Document, top: Mapping[str, Any]) -> Iterator[Problem]:
    if not top:
        return
    if "prompt" in top and "template" in top:
        message = "has both prompt and template"
        yield document.problem(("template",), message, "name the template in a part of the prompt")
    yield from _only_with_template(document, (), top)


def _only_with_template(
    document: Document, path: tuple[str | int, ...], owner: Mapping[str, Any]
) -> Iterator[Problem]:
    for name in ("variables", "context"):
        if name in owner and "template" not in owner:
            message = f"{name} without a template"
            yield document.problem((*path, name), message, "add template: or remove it")


def _names(document: Document, parts: list[Mapping[str, Any]]) -> Iterator[Problem]:
    seen: set[object] = set()
    for index, part in enumerate(parts):
        name = part.get("name")
        if not isinstance(name, str):
            continue
        if name == TAIL:
            message = f"{TAIL!r} names the end of the request"
            yield document.problem(("prompt", index, "name"), message, "call the part otherwise")
        if name in seen:
            message = f"part {name[:60]!r} is there twice"
            yield document.problem(("prompt", index, "name"), message, "rename one")
        seen.add(name)


def _part(document: Document, index: int, part: Mapping[str, Any]) -> Iterator[Problem]:
    path = ("prompt", index)
    name = part.get("name")
    kinds = [kind for kind in ("tokens", "template", "growth") if kind in part]
    for kind in kinds[1:]:
        message = f"part {name!r} has both {kinds[0]} and {kind}"
        yield document.problem((*path, kind), message, "keep one")
    if part and not kinds and not is_history(part):
        message = f"part {name!r} has no size"
        yield document.problem(path, message, "add tokens: or template:")
    if "pool" in part and kinds[:1] != ["tokens"]:
        message = f"part {name!r} has a pool but no tokens: for its items"
        yield document.problem((*path, "pool"), message, "add tokens: or remove the pool")
    varies = isinstance(part.get("tokens"), Mapping) and "constant" not in part["tokens"]
    if varies and "pool" not in part and _words(part.get("stability", "static")) <= _SHARED:
        message = f"part {name!r} is the same for everybody, so its size is one number"
        repair = "write tokens: with a number, or say who has a text of their own in stability:"
        yield document.problem((*path, "tokens"), message, repair)
    yield from _only_with_template(document, path, part)


def is_history(part: Mapping[str, Any]) -> bool:
    """Say whether a part as written is the history: it grows, or has no size and says so."""
    if "growth" in part:
        return True
    named = part.get("name") == "history" or "turn" in _words(part.get("stability", ""))
    return named and "tokens" not in part and "template" not in part


def _words(stability: object) -> set[object]:
    words = stability.split() if isinstance(stability, str) else _list(stability)
    return {word for word in words if isinstance(word, str)}


def _growth(document: Document, index: int, parts: list[Mapping[str, Any]]) -> Iterator[Problem]:
    if not is_history(parts[index]):
        return
    if any(is_history(part) for part in parts[:index]):
        message = "the prompt has two histories"
        yield document.problem(("prompt", index), message, "keep one")
    later = [str(part.get("name")) for part in parts[index + 1 :]]
    for number, name in enumerate(_list(parts[index].get("growth"))):
        if name not in later:
            message = f"the history cannot keep {str(name)[:60]!r}: it is no part behind it"
            place = ("prompt", index, "growth", number)
            yield document.problem(place, message, _nearest(name, later))


def _roles(document: Document, parts: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield parts behind what providers hash after them: tools, then system, then messages."""
    ranks = {Role.TOOLS.value: 0, Role.SYSTEM.value: 1}
    highest = 0
    for index, part in enumerate(parts):
        role = part.get("role", part.get("name"))
        if role not in list(Role):
            continue
        rank = ranks.get(str(role), len(ranks))
        if rank < highest:
            message = f"{role} stands behind what providers send after it"
            repair = "write the parts in wire order: tools, system, messages"
            yield document.problem(("prompt", index), message, repair)
        highest = max(highest, rank)


def _markers(document: Document, markers: list[Any], names: list[object]) -> Iterator[Problem]:
    order = [*names, TAIL]
    before: tuple[int, timedelta | None] = (-1, None)
    for index, raw in enumerate(markers):
        marker = _mapping(raw)
        after = marker.get("after")
        if not isinstance(after, str):
            continue
        if after not in order:
            message = f"no part {after[:60]!r} to mark"
            yield document.problem(("markers", index, "after"), message, _nearest(after, order))
            continue
        place, ttl = order.index(after), _ttl(marker.get("ttl"))
        if place <= before[0]:
            message = f"the mark after {after!r} does not come behind the mark before it"
            repair = "write the markers in wire order, one for each part"
            yield document.problem(("markers", index), message, repair)
        elif ttl is not None and before[1] is not None and ttl > before[1]:
            message = "a longer lifetime comes behind a shorter one"
            repair = "providers take 1h marks first; swap the lifetimes"
            yield document.problem(("markers", index), message, repair)
        before = (place, ttl)


def _ttl(value: object) -> timedelta | None:
    try:
        return parse_duration(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _uncertainty(document: Document, top: Mapping[str, Any]) -> Iterator[Problem]:
    uncertain, scope = _mapping(top.get("uncertainty")), _mapping(top.get("scope"))
    parts = [_mapping(part) for part in _list(top.get("prompt"))]
    sized = [f"{part.get('name')}.tokens" for part in parts if "tokens" in part]
    pooled = [f"{part.get('name')}.pool_size" for part in parts if "pool" in part]
    known = [*INPUTS, *RATES, *sized, *pooled]
    absent = {
        name: message
        for name, message, found in (
            ("prompt_tokens", "no part has tokens:", sized),
            ("pool_size", "no part has pool:", pooled),
            ("users", "scope has no users:", "users" in scope),
        )
        if not found
    }
    for name in list(uncertain)[:_MOST]:
        if name in absent:
            message = f"{name} is uncertain, but {absent[name]}"
            yield document.problem(("uncertainty", name), message, "remove it")
        elif name not in known:
            message = f"{name[:60]!r} is no input that can be uncertain"
            yield document.problem(("uncertainty", name), message, _nearest(name, known))
    for name in [name for name in uncertain if name in RATES][1:]:
        message = "the number of requests is uncertain twice"
        yield document.problem(("uncertainty", name), message, "keep one")


def _nearest(name: object, known: list[Any]) -> str:
    words = [word for word in known if isinstance(word, str)]
    if not words:
        return "remove it"
    near = get_close_matches(str(name)[:60], words, n=1)
    return f"did you mean {near[0]!r}?" if near else f"write one of {', '.join(words)[:200]}"
