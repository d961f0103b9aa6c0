"""Cross-checks of a pricing file: references, order of dates, knobs that a family needs.

Run on the plain values even when the shape has faults, so that one run reports everything; parts
of the wrong shape are skipped here because `_schema` reports them.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from promptcost.catalogue._build import parse_instant
from promptcost.catalogue._names import folded, nearest
from promptcost.catalogue._policy import KNOBS
from promptcost.catalogue.target import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from promptcost.catalogue._build import Raw
    from promptcost.catalogue.spec import Family
    from promptcost.errors import Problem
    from promptcost.files.yaml import Document, Path_


def mapping(value: object) -> Raw:
    """Return a mapping of the file as it is, anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def entries(value: object) -> Iterator[tuple[int, Raw]]:
    """Yield the items of a list that are mappings, with their index."""
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, dict):
            yield index, item


def cross_check(document: Document, merged: Raw) -> Iterator[Problem]:
    """Yield the faults of a file between its parts; `merged` is the file over its base."""
    yield from _sources(document, merged)
    yield from _definitions(document)
    yield from _models(document, merged)


def _sources(document: Document, merged: Raw) -> Iterator[Problem]:
    known = mapping(merged.get("sources"))
    for path, key in _source_uses((), document.value):
        if key not in known:
            yield _unknown(document, path, "source", key, known)


def _source_uses(path: Path_, value: object) -> Iterator[tuple[Path_, str]]:
    for key, inner in mapping(value).items():
        if key == "source" and isinstance(inner, str):
            yield (*path, key), inner
        elif key == "sources" and isinstance(inner, list):
            yield from (((*path, key, n), name) for n, name in enumerate(inner) if _is_word(name))
        elif key not in {"reported", "sources"}:
            yield from _source_uses((*path, key), inner)
    for index, inner in entries(value):
        yield from _source_uses((*path, index), inner)


def _is_word(value: object) -> bool:
    return isinstance(value, str)


def _definitions(document: Document) -> Iterator[Problem]:
    for name, cache in mapping(document.value.get("caches")).items():
        at: Path_ = ("caches", name)
        family = _family(mapping(cache))
        if family is None:
            continue
        parts: list[tuple[Path_, object]] = [((*at, "knobs"), mapping(cache).get("knobs"))]
        options = mapping(mapping(cache).get("options"))
        parts += [((*at, "options", option), knobs) for option, knobs in options.items()]
        for path, knobs in parts:
            yield from _foreign_knobs(document, path, mapping(knobs), family)
        if NONE in options:
            yield document.problem((*at, "options", NONE), "'none' means no caching", "rename it")
    for name, tier in mapping(document.value.get("tiers")).items():
        if isinstance(tier, dict) and ("factor" in tier) == ("factors" in tier):
            message = f"tier {name} needs either one factor or factors per meter"
            yield document.problem(("tiers", name), message, "give one of the two")


def _family(cache: Raw) -> Family | None:
    return next((family for family in KNOBS if family == cache.get("family")), None)


def _foreign_knobs(document: Document, at: Path_, knobs: Raw, family: Family) -> Iterator[Problem]:
    for knob in knobs:
        if knob not in KNOBS[family]:
            message = f"a cache of the family {family} has no knob {knob!r}"
            yield document.problem((*at, knob), message, f"its knobs: {', '.join(KNOBS[family])}")


def _models(document: Document, merged: Raw) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, model in entries(document.value.get("models")):
        at: Path_ = ("models", index)
        for name in dict.fromkeys([str(model.get("id")), *_words(model.get("aliases"))]):
            if seen.setdefault(folded(name), index) != index:
                message = f"the name {name[:60]!r} already belongs to another model"
                yield document.problem((*at, "id"), message, "give every model names of its own")
        yield from _caches(document, at, model, merged)
        yield from _tiers(document, at, model, merged)
        yield from _dates(document, at, model)
        for number, entry in entries(model.get("prices")):
            known = mapping(merged.get("windows"))
            for n, window in enumerate(_words(entry.get("windows"))):
                if window not in known:
                    path = (*at, "prices", number, "windows", n)
                    yield _unknown(document, path, "window", window, known)


def _caches(document: Document, at: Path_, model: Raw, merged: Raw) -> Iterator[Problem]:
    known = mapping(merged.get("caches"))
    options: dict[str, str] = {}
    for name, own in mapping(model.get("caches")).items():
        path = (*at, "caches", name)
        if name not in known:
            yield _unknown(document, path, "cache", name, known)
            continue
        cache = mapping(known[name])
        family = _family(cache)
        if family is None:
            continue
        yield from _foreign_knobs(document, path, mapping(own), family)
        for option, special in mapping(cache.get("options")).items():
            if options.setdefault(option, name) != name:
                message = f"the option {option!r} is in both caches, {options[option]} and {name}"
                yield document.problem(path, message, "rename one")
            given = {**mapping(cache.get("knobs")), **mapping(special), **mapping(own)}
            missing = [knob for knob in KNOBS[family] if knob not in given]
            if missing:
                message = f"{model.get('id')}@{option} lacks the knobs {', '.join(missing)}"
                yield document.problem(path, message, "set them here or in the cache")
    for number, entry in entries(model.get("prices")):
        for option in mapping(entry.get("cache_read")):
            if option not in options:
                path = (*at, "prices", number, "cache_read", option)
                yield _unknown(document, path, "cache option", option, options)


def _tiers(document: Document, at: Path_, model: Raw, merged: Raw) -> Iterator[Problem]:
    known = mapping(merged.get("tiers"))
    for name, use in mapping(model.get("tiers")).items():
        tier = mapping(use).get("use") if isinstance(use, dict) else use
        if isinstance(tier, str) and tier not in known:
            yield _unknown(document, (*at, "tiers", name), "tier", tier, known)


def _dates(document: Document, at: Path_, model: Raw) -> Iterator[Problem]:
    end: datetime | None = None
    for number, entry in entries(model.get("prices")):
        path = (*at, "prices", number)
        start, until = _instant(entry.get("from")), _instant(entry.get("until"))
        if number and "from" not in entry:
            yield document.problem(path, "a later price has no 'from'", "say when it began")
        if start is not None and end is not None and start < end:
            message = "begins before the price above it begins or ends"
            repair = "order prices by date, oldest first; append new ones at the end"
            yield document.problem((*path, "from"), message, repair)
        if start is not None and until is not None and until <= start:
            yield document.problem((*path, "until"), "ends before it begins", "swap the two dates")
        end = until or start or end


def _instant(value: Any) -> datetime | None:  # noqa: ANN401 - a value of a YAML file
    with suppress(ValueError, TypeError):
        return parse_instant(value)
    return None


def _words(value: object) -> list[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _unknown(
    document: Document, path: Path_, kind: str, name: str, known: Iterable[str]
) -> Problem:
    near = nearest(name, known)
    repair = f"did you mean {near}?" if near else f"define it under {kind.rsplit(maxsplit=1)[-1]}s"
    return document.problem(path, f"unknown {kind} {name[:60]!r}", repair)
