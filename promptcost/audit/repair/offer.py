"""Fixes, offered only after an audit of the edited file agrees that less is lost.

One after the other: what a fix makes possible is looked for in the text that it leads to, until
nothing helps any more.  So a second run finds nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from promptcost.audit.repair.check import only_moved
from promptcost.audit.repair.keys import keyed
from promptcost.audit.repair.made import difference, edited
from promptcost.audit.repair.moves import Move, Mover
from promptcost.audit.repair.origin import of_original
from promptcost.audit.repair.outline import Outline
from promptcost.audit.repair.sorts import sorts
from promptcost.model.finding import Edit, Finding, Fix, Safety
from promptcost.model.span import line_index
from promptcost.templates.reread import reread
from promptcost.templates.settings import Settings
from promptcost.templates.source import TemplateSource
from promptcost.templates.textmap import size
from promptcost.templates.written import lines_of

if TYPE_CHECKING:
    from promptcost.model.span import Place
    from promptcost.templates.written import Written

MOVABLE = frozenset({"PC101", "PC102", "PC103", "PC104", "PC106", "PC108", "PC109", "PC110"})
# The request's text and what was retrieved for it: "use the passages above".
_SPOKEN_OF = frozenset({"PC104", "PC106", "PC110"})
SORTABLE = "PC105"
KEYED = "PC111"
_MOST_FIXES = 20  # of one template
_MOST_TRIALS = 60
# Tokens over all changes; a few words in front of a question are not worth parting it from its end.
_FEW = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What an audit says of a template: its findings as reported, what it loses, and its renders.

    `lost` are tokens that the changes of the survival table lose, then those that all findings
    name, and the number of findings; less is better, the first number that differs decides.
    `texts` are the base render and those of other branches.
    """

    findings: tuple[Finding, ...]
    lost: tuple[int, int, int]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairer:
    """Offers fixes for the findings of one template; `judge` says what an edited one shows.

    `settings` are those the file is read with; `moves` says whether lines may be moved.
    """

    source: TemplateSource
    safety: Safety
    settings: Settings
    judge: Callable[[TemplateSource], Judged | None]

    def offer(self, findings: Sequence[Finding], judged: Judged) -> list[Finding]:
        """Return the findings, with a fix where one was found that loses less."""
        state = _State(source=self.source, judged=judged, trials=_Count(_MOST_TRIALS))
        for _ in range(_MOST_FIXES):
            step = self._step(state, findings)
            if step is None:
                break
            state = step
        return _with_fixes(findings, state, self.source)

    def _step(self, state: _State, findings: Sequence[Finding]) -> _State | None:
        """Return the state after one more fix; None where no other helps."""
        for finding in state.judged.findings:
            if finding.place.path != self.source.path:
                continue
            owner = _owner(finding, findings, state)
            for trials in self._trials(finding, state.source):
                tried = [self._tried(trial, state, owner) for trial in trials]
                made = [each for each in tried if each is not None]
                if made:
                    least = min(each.judged.lost[0] for each in made) + _FEW
                    return next(each for each in made if each.judged.lost[0] <= least)
        return None

    def _trials(self, finding: Finding, source: TemplateSource) -> Iterator[list[_Trial]]:
        """Yield fixes to try; of those that are alike the first that loses least or nearly so."""
        written = source.written()
        if written is None or not source.is_exact:
            return
        outline = Outline(source)
        if finding.code == SORTABLE:
            for fix in sorts(source, outline, written, _char(source, written, finding.place)):
                yield [_Trial(fix=fix)]
        elif finding.code == KEYED:
            for fix in keyed(source, outline, written):
                yield [_Trial(fix=fix)]
        elif finding.code in MOVABLE and self.safety is Safety.UNSAFE:
            yield from _moves(finding, source, outline, written)

    def _tried(self, trial: _Trial, state: _State, owner: int) -> _State | None:
        if state.trials.spent():
            return None
        before = state.source
        container = edited(before.container, trial.fix.edits)
        wanted = None if trial.move is None else trial.move.text
        after = reread(before, container, wanted, self.settings)
        if after is None:
            return None
        judged = self.judge(after)
        if judged is None or judged.lost >= state.judged.lost:
            return None
        if trial.move is not None and not _says_the_same(state.judged, judged, trial.move):
            return None
        length = size(self.source.container)
        edits = of_original(trial.fix.edits, state.edits, length) if state.is_apart else None
        made = replace(trial.fix, edits=tuple(edits or ()))
        return replace(
            state,
            source=after,
            judged=judged,
            fixes=(*state.fixes, (owner, made)),
            is_apart=edits is not None,
        )


@dataclass(slots=True)
class _Count:
    """Counts what was tried."""

    left: int

    def spent(self) -> bool:
        self.left -= 1
        return self.left < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """A template after some fixes, each with the number of the finding it is for.

    `is_apart` says that no fix changes what another one wrote.
    """

    source: TemplateSource
    judged: Judged
    trials: _Count
    fixes: tuple[tuple[int, Fix], ...] = ()
    is_apart: bool = True

    @property
    def edits(self) -> list[Edit]:
        return [edit for _, fix in self.fixes for edit in fix.edits]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """A fix to try, and the move it makes; None where only values are sorted."""

    fix: Fix
    move: Move | None = None


def _moves(
    finding: Finding, source: TemplateSource, outline: Outline, written: Written
) -> Iterator[list[_Trial]]:
    """Yield moves of all places of a finding together, then of the first one alone."""
    others = [each.place for each in finding.related if each.is_same_cause]
    places = [finding.place, *(place for place in others if place.path == source.path)]
    numbers = [outline.line_at(_char(source, written, place)) for place in places]
    mover = Mover(source, outline, lines_of(written), is_spoken_of=finding.code in _SPOKEN_OF)
    for chosen in dict.fromkeys((tuple(dict.fromkeys(numbers)), (numbers[0],))):
        yield [_Trial(fix=move.fix, move=move) for move in mover.moves(chosen)]


def _says_the_same(before: Judged, after: Judged, move: Move) -> bool:
    """Say whether renders differ in the order of parts only, in every branch that was rendered."""
    if move.is_plain:
        return only_moved(before.texts[0], after.texts[0], move.parts)
    return len(before.texts) == len(after.texts) and all(
        any(only_moved(one, other, move.parts) for one in before.texts) for other in after.texts
    )


def _char(source: TemplateSource, written: Written, place: Place) -> int:
    """Return the character of the text at which a place of the file starts, else its last one."""
    index = line_index(source.container)
    head = index.line(place.start_line)[: place.start_column - 1]
    wanted = index.offset(place.start_line, 1)
    data = source.container.encode("utf-8", "surrogatepass")[:wanted]
    char = len(data.decode("utf-8", "surrogatepass")) + len(head)
    at = 0
    for run in written:
        if run.start <= char < run.end:
            inside = char - run.start if len(run.text) == run.end - run.start else 0
            return at + inside
        at += len(run.text)
    return at


def _owner(finding: Finding, findings: Sequence[Finding], state: _State) -> int:
    """Return the number of the reported finding that one in an edited text belongs to.

    What only shows behind a repaired place belongs to the finding repaired last.
    """
    for number, each in enumerate(findings):
        if (each.code, each.expression) == (finding.code, finding.expression):
            return number
    for number, each in enumerate(findings):
        if each.code == finding.code:
            return number
    return state.fixes[-1][0]


def _with_fixes(
    findings: Sequence[Finding], state: _State, source: TemplateSource
) -> list[Finding]:
    """Return the findings with their fixes; where one needs another, all share one fix."""
    owned: dict[int, Fix] = {}
    for owner, fix in state.fixes:
        earlier = owned.get(owner)
        owned[owner] = fix if earlier is None else _all_of([earlier, fix])
    in_order = [edit for _, fix in sorted(owned.items()) for edit in fix.edits]
    if not state.is_apart or edited(source.container, in_order) != state.source.container:
        edits = difference(source.path, source.container, state.source.container)
        shared = replace(_all_of([fix for _, fix in state.fixes]), edits=tuple(edits))
        owned = dict.fromkeys(owned, shared)
    return [
        replace(finding, fix=owned[number]) if number in owned else finding
        for number, finding in enumerate(findings)
    ]


def _all_of(fixes: Sequence[Fix]) -> Fix:
    messages = dict.fromkeys(fix.message for fix in fixes)
    return Fix(
        message=", then ".join(messages),
        safety=Safety.UNSAFE if any(f.safety is Safety.UNSAFE for f in fixes) else Safety.SAFE,
        edits=tuple(edit for fix in fixes for edit in fix.edits),
    )
