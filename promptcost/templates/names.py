"""What a variable is, judged from its name: whole words only, and with the object's help.

The kinds and their evidence are counts of names in released prompt templates and bug reports.  A
name that can be anything (``name``, ``context``, ``state``) stays unknown; unknown is never taken
to vary.
"""

from __future__ import annotations

import re
from functools import lru_cache

from promptcost.model.stability import Clock
from promptcost.templates import _clock_tables as clocks
from promptcost.templates import _name_tables as tables
from promptcost.templates._compounds import (
    is_text_of_request,
    kind_of_compound,
    kind_of_number,
    kind_of_occasion,
)
from promptcost.templates._kinds import UNKNOWN, Kind, Reading

__all__ = [
    "UNKNOWN",
    "Kind",
    "Reading",
    "classify",
    "classify_call",
    "classify_word",
    "is_limit",
    "may_be_of_one_company",
    "split_words",
]

_RECORDS = frozenset({Kind.PAYLOAD, Kind.RETRIEVAL, Kind.HISTORY})
_TABLES = (
    (Kind.COUNTER, tables.COUNTER_NAMES),
    (Kind.USER, tables.USER_NAMES),
    (Kind.TENANT, tables.TENANT_NAMES),
    (Kind.SESSION, tables.SESSION_NAMES),
    (Kind.ENVIRONMENT, tables.ENVIRONMENT_NAMES),
    (Kind.HISTORY, tables.HISTORY_NAMES),
    (Kind.RETRIEVAL, tables.RETRIEVAL_NAMES),
    (Kind.ID, tables.ID_PHRASES),
    (Kind.SETTING, tables.SETTING_NAMES),
    (Kind.TOOLS, tables.TOOL_NAMES),
    (Kind.PAYLOAD, tables.PAYLOAD_NAMES),
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LONGEST_NAME = 200


@lru_cache(maxsize=4096)
def split_words(name: str) -> tuple[str, ...]:
    """Return the lower-case words of a snake, camel or upper-case name."""
    return tuple(word.lower() for word in _WORD.findall(name[:_LONGEST_NAME]))


@lru_cache(maxsize=4096)
def classify(path: str) -> Reading:
    """Return what a dotted path such as ``state.inputs.task`` or ``messages[].content`` is."""
    parts = [re.split(r"[\[{(]", part, maxsplit=1)[0] for part in path.split(".")]
    repeated = "[]" in path or "{}" in path
    return _classify_parts(tuple(part for part in parts if part), repeated=repeated)


def _classify_parts(parts: tuple[str, ...], *, repeated: bool) -> Reading:
    head = classify_word(parts[0]) if parts else UNKNOWN
    rest = parts[1:]
    if not rest:
        return head
    inner = _part_of(parts[0], rest, repeated=repeated)
    if _is_stable_object(parts[0]):
        return _of_stable_object(parts[0], head, inner)
    is_object = parts[0].lower() in tables.COUNTER_OR_OBJECT
    match Kind.UNKNOWN if is_object else head.kind:
        case Kind.UNKNOWN:
            return inner
        case Kind.PAYLOAD | Kind.RETRIEVAL | Kind.HISTORY:
            return Reading(kind=Kind.ID) if inner.kind is Kind.ID and not repeated else head
        case Kind.TIME | Kind.USER if _is_told_by(inner, head.kind, rest[-1]):
            return inner
        case _:
            return head


def _is_told_by(inner: Reading, kind: Kind, last: str) -> bool:
    """Say whether a part of a clock or of a user tells more than what it is a part of."""
    if kind is Kind.TIME:
        return inner.kind is Kind.TIME
    return inner.kind is Kind.PAYLOAD and last not in {"description", "plan"}


def _part_of(owner: str, rest: tuple[str, ...], *, repeated: bool) -> Reading:
    """Return what a part is; one that anything may have, by both names: ``product.description``."""
    inner = _classify_parts(rest, repeated=repeated)
    if repeated and split_words(rest[-1]) in clocks.CLOCK_PHRASES:
        return UNKNOWN  # when a record was made, one of many
    if _is_label(owner, rest[-1]) and not repeated:
        return Reading(kind=Kind.ID)
    is_part = inner.kind in {Kind.PAYLOAD, Kind.HISTORY}
    says_little = is_part and rest[0].lower() in tables.NEVER_ENDINGS
    is_unknown = len(rest) == 1 and classify_word(owner).kind is Kind.UNKNOWN
    return classify_word(f"{owner}_{rest[0]}") if says_little and is_unknown else inner


def _is_label(owner: str, part: str) -> bool:
    """Say whether a part numbers or links the record it belongs to: ``issue.number``."""
    words = split_words(owner)
    is_record = bool(words) and words[-1] in tables.RECORD_OWNERS
    return is_record and part.lower() in tables.RECORD_LABELS


def is_limit(path: str) -> bool:
    """Say whether a name is of a number or switch that stays, whoever hands it over."""
    found = split_words(path.rsplit(".", 1)[-1])
    return bool(found) and found[0] in tables.FLAG_PREFIXES


def may_be_of_one_company(name: str) -> bool:
    """Say whether a name of a tenant is one that most programs fill in once: ``company_name``."""
    return tables.OF_ONE_COMPANY.issuperset(split_words(name))


def _of_stable_object(name: str, head: Reading, inner: Reading) -> Reading:
    """Read what belongs to an agent or tool as constant, but for ids made at run time."""
    if inner.kind is Kind.ID and name.lower() in tables.MADE_AT_RUN_TIME:
        return Reading(kind=Kind.SESSION)
    return head if head.kind is not Kind.UNKNOWN else Reading(kind=Kind.SETTING)


def _is_stable_object(name: str) -> bool:
    found = split_words(name)
    return bool(found) and found[-1] in tables.STABLE_OBJECTS


@lru_cache(maxsize=4096)
def classify_word(name: str) -> Reading:
    """Return what a single name is."""
    found = split_words(name)
    if not found:
        return UNKNOWN
    if name.lower() in tables.COUNTER_OR_OBJECT:
        return Reading(kind=Kind.COUNTER)
    clock = _clock_of(found, shouted=name.isupper())
    if clock is not Clock.NEVER:
        return Reading(kind=Kind.TIME, clock=clock)
    kind = _kind_of(found)
    if kind is Kind.UNKNOWN and name.isupper() and not tables.NEVER_ENDINGS.issuperset(found[1:]):
        kind = _kind_of(found[1:])  # KIMI_OS: constants carry the project's name in front
    return Reading(kind=kind)


def _clock_of(found: tuple[str, ...], *, shouted: bool) -> Clock:
    if shouted and len(found) > 1 and found[0] not in _CLOCK_VOCABULARY | clocks.RECORD_TIMES:
        return _clock_of(found[1:], shouted=False)
    if found in clocks.CLOCK_PHRASES:
        return Clock.SECOND
    if set(found) - _CLOCK_VOCABULARY:
        return Clock.NEVER
    for clock, vocabulary in _PRECISIONS:
        if set(found) & vocabulary:
            return clock
    return Clock.NEVER


_PRECISIONS = (
    (Clock.SECOND, clocks.SECOND_WORDS),
    (Clock.MINUTE, clocks.MINUTE_WORDS),
    (Clock.HOUR, clocks.HOUR_WORDS),
    (Clock.DAY, clocks.DAY_WORDS),
)
_CLOCK_VOCABULARY = clocks.CLOCK_FILLERS.union(*(vocabulary for _, vocabulary in _PRECISIONS))


def _kind_of(found: tuple[str, ...]) -> Kind:
    single = _singular(found)
    for kind, names in _TABLES:
        if found in names or single in names:
            return kind
    told = (
        kind_of_occasion(found)
        or _kind_of_having(found)
        or _kind_of_limit(found)
        or kind_of_number(found)
    )
    if told is not None:
        return told
    shorter = _core(found)
    if shorter != found:
        return _kind_of_core(shorter, found)
    return kind_of_compound(found) or _kind_of_ending(found)


def _kind_of_limit(found: tuple[str, ...]) -> Kind | None:
    """Read flags, limits and rates as settings; a few of their words say nothing alone."""
    if found[0] in tables.FLAG_PREFIXES:
        return Kind.UNKNOWN if found[0] in tables.ALONE and len(found) == 1 else Kind.SETTING
    return Kind.SETTING if "per" in found[1:-1] else None


def _kind_of_core(shorter: tuple[str, ...], found: tuple[str, ...]) -> Kind:
    """Return the kind of a name without what says little, as far as that does not change it."""
    kind = _kind_of(shorter)
    if kind is Kind.TOOLS and found[0] in tables.PAST:
        return Kind.HISTORY
    is_text = kind is Kind.UNKNOWN and is_text_of_request(found)
    return Kind.PAYLOAD if is_text else kind


def _kind_of_having(found: tuple[str, ...]) -> Kind | None:
    """Read ``has_history`` as what it asks for, where that comes and goes."""
    kind = _kind_of(found[1:]) if found[0] == "has" and len(found) > 1 else None
    return kind if kind in {Kind.HISTORY, Kind.RETRIEVAL} else None


def _core(found: tuple[str, ...]) -> tuple[str, ...]:
    """Drop what follows a preposition, and first and last words that say nothing."""
    for at, word in enumerate(found[1:], start=1):
        if word in tables.PREPOSITIONS:
            return found[:at]
    if found[-2:] == ("so", "far"):
        return found[:-2] or found
    if len(found) > 1 and (found[-1] in tables.TRAILERS or _is_number(found[-1])):
        return found[:-1]
    return found[1:] if len(found) > 1 and found[0] in tables.QUALIFIERS else found


def _is_number(word: str) -> bool:
    """Say whether a word only tells which of several: ``answer_2``, ``answer_b``."""
    return word.isdigit() or len(word) == 1


def _kind_of_ending(found: tuple[str, ...]) -> Kind:
    if found[-1] in tables.SETTING_HEADS:
        return Kind.UNKNOWN if found == ("prompt",) else Kind.SETTING
    for start in range(1, len(found)):
        ending = found[start:]
        single = _singular(ending)
        for kind, names in _TABLES:
            if (ending in names or single in names) and _may_end(kind, ending):
                return kind
    if found[0] in tables.USER_OWNERS:
        is_common = not tables.OF_ALL_USERS.isdisjoint({*found[1:2], found[-1]})
        return Kind.SETTING if is_common else Kind.USER
    return Kind.UNKNOWN


def _may_end(kind: Kind, ending: tuple[str, ...]) -> bool:
    """Say whether a name that only ends so is still of that kind.

    A single word under a modifier keeps its kind where the modifier cannot change it: a
    ``research_question`` is a question, a ``program_name`` is not a user's.
    """
    if len(ending) > 1:
        return True
    if ending[0] in tables.NEVER_ENDINGS or _singular(ending)[0] in tables.NEVER_ENDINGS:
        return False
    return kind in _RECORDS or kind in {Kind.TOOLS, Kind.SETTING}


def _singular(found: tuple[str, ...]) -> tuple[str, ...]:
    last = found[-1]
    if last.endswith("ies"):
        return (*found[:-1], last[:-3] + "y")
    if last.endswith(("ches", "shes", "xes", "sses")):
        return (*found[:-1], last[:-2])
    if last.endswith("s") and not last.endswith("ss") and last != "instructions":
        return (*found[:-1], last[:-1])
    return found


def classify_call(name: str) -> Reading:
    """Return what calling a global gives, such as ``strftime_now`` or ``uuid4``."""
    found = split_words(name.rsplit(".", 1)[-1])
    if found in clocks.CLOCK_CALLS:
        day = found[-1] in {"today", "date"}
        return Reading(kind=Kind.TIME, clock=Clock.DAY if day else Clock.SECOND)
    joined = ("".join(found),)
    if found in tables.RANDOM_CALLS or joined in tables.RANDOM_CALLS:
        return Reading(kind=Kind.RANDOM)
    if found in tables.ENVIRONMENT_CALLS or joined in tables.ENVIRONMENT_CALLS:
        return Reading(kind=Kind.ENVIRONMENT)
    return UNKNOWN
