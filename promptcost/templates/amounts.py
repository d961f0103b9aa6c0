"""Names that a template's own text shows to be something else than they say.

``Ask {{ questions }} questions`` prints a number that was set, ``{{ history | length }}`` counts
on, an optional ``{{ description }}`` that opens a prompt is the opening of all requests, the
``{{ instruction }}`` of a prompt that lists tools is that of an agent, and a field on a line about
placeholders shows how to write one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from promptcost.templates._kinds import Kind, Reading
from promptcost.templates._words import phrases
from promptcost.templates.labels import all_prints
from promptcost.templates.names import classify, split_words
from promptcost.templates.settings import SourceKind
from promptcost.templates.uses import Use

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.templates.template import Template
    from promptcost.templates.uses import ExpressionUse

_COUNTING = frozenset({"length", "count"})
_LIMIT = re.compile(r"(?i)\b(?:at most|at least|up to|exactly|no more than|(?:max|min)imum of)\W*$")
_ABOUT_FIELDS = re.compile(r"(?i)placeholder|format string|f-string|curly brace|template string")
# One of these is in whatever the two match, in any letter case.
_SIGNS = ("t most", "t least", "p to", "xactly", "o more than", "imum of",
          "laceholder", "string", "urly")  # fmt: skip
_BEFORE = 24  # characters looked at
_AFTER = 80
_LINE = 300  # characters of a line looked at
_NOUN = re.compile(r"[^}\ue001]*[}\ue001]+ ?(\w+)")
_TAGS = re.compile(r"(?:\s|\{%(?:(?!%\}).){0,200}%\}|\{#(?:(?!#\}).){0,200}#\})*", re.DOTALL)
_AIMS = phrases("goal goals objective objectives mission agent_goal agent_goals agent_mission")
# What else describes an agent.
_OF_AGENTS = phrases("role backstory persona agent_role agent_backstory")
_OF_LOOPS = phrases("constraints tools")
_OF_TEXTS = frozenset({Kind.PAYLOAD, Kind.RETRIEVAL})


def shown_otherwise(template: Template) -> Mapping[str, Reading]:
    """Return what the text shows of printed paths whose own names say something else."""
    printed: dict[str, list[ExpressionUse]] = {}
    for use in template.expressions:
        if len(use.names) == 1 and _may_be_shown(use, template.source.text):
            printed.setdefault(use.names[0], []).append(use)
    if not printed:
        return _of_agent(template)
    prints = all_prints(template.source)
    starts = {path: places[0] for path, places in prints.items()}
    found = {path: _shown(template, path, uses, starts.get(path)) for path, uses in printed.items()}
    told = {path: reading for path, reading in found.items() if reading is not None}
    return told | _of_agent(template)


def _of_agent(template: Template) -> dict[str, Reading]:
    """Read the goal of an agent as a setting: it stands beside a role or a story of the agent's."""
    if not any(aim in template.source.text for aim in ("goal", "objective", "mission")):
        return {}
    paths = [variable.name for variable in template.variables if "[" not in variable.name]
    lasts = {path: split_words(path.rpartition(".")[2]) for path in paths}
    found = [path for path in paths if lasts[path] in _AIMS]
    others = frozenset(lasts.values())
    is_agent = not _OF_AGENTS.isdisjoint(others) or others >= _OF_LOOPS
    return dict.fromkeys(found, Reading(kind=Kind.SETTING)) if is_agent else {}


def _may_be_shown(use: ExpressionUse, text: str) -> bool:
    """Say whether the words that show something can stand around an expression at all."""
    (path,) = use.names
    kind = classify(path).kind
    if kind is Kind.HISTORY:
        return bool(_COUNTING.intersection(use.filters))
    if kind not in _OF_TEXTS or use.loops:
        return False
    may_be = path.endswith(("s", "description", "instruction"))
    return may_be or _holds_signs(text)


@lru_cache(maxsize=4)
def _holds_signs(text: str) -> bool:
    return any(sign in text for sign in _SIGNS)


def _shown(
    template: Template, path: str, uses: list[ExpressionUse], start: int | None
) -> Reading | None:
    if not _is_only_printed(template, path):
        return None
    counted = [use for use in template.expressions if path in use.names]
    if classify(path).kind is Kind.HISTORY:
        is_count = all(_COUNTING & {*use.filters[:1]} for use in counted)
        return Reading(kind=Kind.COUNTER) if is_count else None
    if start is None or any(_COUNTING & {*use.filters} for use in counted):
        return None
    before, after = template.source.text[:start], template.source.text[start : start + _AFTER]
    is_setting = (
        _is_number(path, before, after)
        or _is_opening(path, uses[0], before)
        or _is_of_agent(template, path)
        or _is_about_fields(template, before, after)
    )
    return Reading(kind=Kind.SETTING) if is_setting else None


def _is_only_printed(template: Template, path: str) -> bool:
    known = [variable for variable in template.variables if variable.name.startswith(path)]
    return all(
        variable.name == path and variable.uses <= {Use.PRINTED, Use.TESTED} for variable in known
    )


def _is_number(path: str, before: str, after: str) -> bool:
    """Say whether a text limits a number, or names in the plural what there are so many of."""
    line = before[-_BEFORE:].rpartition("\n")[2]
    if _LIMIT.search(line):
        return True
    words, noun = split_words(path), _NOUN.match(after)
    plural = words[-1] if words else ""
    return plural.endswith("s") and noun is not None and noun[1].lower() == plural


def _is_opening(path: str, use: ExpressionUse, before: str) -> bool:
    """Say whether a description that may be missing is the first that is printed."""
    is_optional = any(path in condition for condition in use.conditions)
    return path == "description" and is_optional and bool(_TAGS.fullmatch(before))


def _is_of_agent(template: Template, path: str) -> bool:
    """Say whether an instruction stands in a prompt that lists tools, and asks something else."""
    if path != "instruction":
        return False
    kinds = {classify(name).kind for use in template.expressions for name in use.names[:1]}
    others = {name for use in template.expressions for name in use.names if name != path}
    return Kind.TOOLS in kinds and any(classify(name).kind is Kind.PAYLOAD for name in others)


def _is_about_fields(template: Template, before: str, after: str) -> bool:
    """Say whether the line around a field of a format string is about how to write fields."""
    if template.source.kind is not SourceKind.STR_FORMAT:
        return False
    line = before.rpartition("\n")[2][-_LINE:] + after.partition("\n")[0]
    return _ABOUT_FIELDS.search(line) is not None
