"""One template as rules see it: its causes, and what its text says by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.audit.causes import CauseFinder, merge
from promptcost.audit.signs import signs
from promptcost.audit.turns import rewrites, turning
from promptcost.rules import Cause, Iteration, PlaceInPrompt, Subject
from promptcost.templates.blocks import Blocks
from promptcost.templates.names import Kind, split_words
from promptcost.templates.settings import SourceKind
from promptcost.templates.trace import encoded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.audit.lens import Lens
    from promptcost.audit.sources import Sources
    from promptcost.templates.perturb import Renders
    from promptcost.templates.template import Template
    from promptcost.templates.uses import VariableUse

# What may follow ``.items`` for its order not to matter.
_SORTED = re.compile(rb"\(\)\s*(?:\|\s*list\s*)?\|\s*(?:sort|dictsort|length|count)\b")
# Words in the name of a template for a message that answers one step of a conversation.
_APPENDED = frozenset({"observation", "error", "errors", "retry", "reminder", "correction"})
_UNSORTED_METHODS = frozenset({"items", "values", "keys"})


def make_subject(renders: Renders, lens: Lens, sources: Sources, variants: int) -> Subject:
    """Return what the rules need to know about a template."""
    template = renders.template
    blocks = Blocks(template.source)
    base, counter = renders.base, lens.main
    per_byte = counter.count(base.text).value / max(len(base.data), 1)
    finders = [
        CauseFinder(branch, blocks, sources, counter, per_byte)
        for branch in branches_of(renders, variants)
    ]
    return Subject(
        path=template.source.path,
        section=template.source.section,
        kind=template.source.kind,
        place_in_prompt=_place_in_prompt(template),
        causes=merge([finders[0].causes(), *(_added(finder) for finder in finders[1:])]),
        rewrites=tuple(rewrites(finders[0])),
        turning=tuple(turning(finders[0])),
        iterations=tuple(_iterations(template, sources)),
        remarks=tuple(signs(renders, sources)),
    )


def _added(branch: CauseFinder) -> tuple[Cause, ...]:
    """Return the causes that a branch may add: the clock in the system text of a chat template."""
    is_chat = branch.renders.template.source.kind is SourceKind.CHAT_TEMPLATE
    return tuple(c for c in branch.causes() if c.kind is Kind.TIME or not is_chat)


def _place_in_prompt(template: Template) -> PlaceInPrompt:
    found = set(split_words(template.source.title))
    if found & _APPENDED:
        return PlaceInPrompt.APPENDED
    return PlaceInPrompt.SYSTEM if "system" in found else PlaceInPrompt.ANYWHERE


def branches_of(renders: Renders, variants: int) -> Iterator[Renders]:
    """Yield the base and branches it does not take, at most `variants` of them.

    A condition forced on all messages of a chat template alike says what no conversation does: the
    one branch of those that tell the time is a conversation for which they fill in the system text.
    """
    yield renders
    if renders.template.source.kind is SourceKind.CHAT_TEMPLATE:
        defaulted = renders.without_system() if Kind.TIME in renders.kinds() else None
        if defaulted is not None:
            yield defaulted
        return
    for plan in renders.template.variants(variants, renders.base.arms):
        forced = renders.forced_by(plan)
        if forced is not None:
            yield forced


def _iterations(template: Template, sources: Sources) -> Iterator[Iteration]:
    data = encoded(template.source.container)
    for variable in template.variables:
        is_own = variable.span.source == template.source.path
        sort = _SORTED.match(data, variable.span.end) if is_own else None
        if sort is not None or not set(variable.methods) & _UNSORTED_METHODS:
            continue
        if template.source.section and _is_sorted(template.source.text, variable):
            continue
        yield Iteration(
            place=sources.place(variable.span), expression=variable.name, name=variable.root
        )


def _is_sorted(text: str, variable: VariableUse) -> bool:
    """Say whether every iteration of a mapping is sorted, read from the text of a section.

    What stands in the file may be Python, where that is written ``sorted(...)``.
    """
    name = re.escape(variable.name)
    found = re.findall(rf"\b{name}\.(?:items|keys|values)(\(\)(?:\s*\|\s*\w+)?)", text)
    return bool(found) and all(each.endswith("sort") for each in found)
