"""What a template asks of its context: variables, printed expressions, conditions, stand-ins.

Dotted names are paths from a variable of the context: ``user.name`` is an attribute or a key,
``messages[]`` any element of a sequence, ``schema{}`` any value and ``schema{key}`` any key of a
mapping.  A loop variable, a ``set`` alias or a ``with`` name is written as the path it stands for:
in ``{% for m in messages %}{{ m.content }}`` the use is ``messages[].content``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from promptcost.model.span import Span

Constant = str | int | float | bool | None


class Use(StrEnum):
    """What a template does with a value."""

    PRINTED = "printed"
    ITERATED = "iterated"
    CALLED = "called"
    TESTED = "tested"
    PASSED = "passed"
    ASSIGNED = "assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableUse:
    """All uses of one path of the context, in order of first appearance.

    `span` is the first use.  `filters`, `tests` and `methods` are names applied to it directly
    (``upper``, ``defined``, ``items``), `compared` are constants that stand across a comparison.
    `arguments` is the text between the parentheses of its first call.  `defaulted` says that the
    template gives it a value when the context has none.
    """

    name: str
    root: str
    span: Span
    uses: frozenset[Use]
    filters: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    compared: tuple[Constant, ...] = ()
    arguments: str = ""
    defaulted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpressionUse:
    """One printed expression: its whole tag, the source inside it, and what it depends on.

    `names` are paths of the context, `filters` and `calls` in the order they are applied, `loops`
    the paths (or source) iterated around it, outermost first.  `static_before` and `static_after`
    are characters of literal text of the whole template before and after the tag.
    """

    span: Span
    text: str
    names: tuple[str, ...]
    filters: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    loops: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    in_macro: bool = False
    static_before: int = 0
    static_after: int = 0


class ConditionKind(StrEnum):
    """Where a condition stands."""

    IF = "if"
    ELIF = "elif"
    INLINE = "inline if"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionUse:
    """A condition that a render can force: its number, the span of its tag and its source.

    `earlier` are the conditions of the same chain that must be false before this one is reached,
    `within` the (condition, outcome) arms around it.  `refuses` are outcomes whose arm ends the
    render on purpose (``raise_exception``).
    """

    number: int
    kind: ConditionKind
    span: Span
    text: str
    earlier: tuple[int, ...] = ()
    within: tuple[tuple[int, bool], ...] = ()
    refuses: tuple[bool, ...] = ()


class StandInKind(StrEnum):
    """What plain Jinja would not know."""

    FILTER = "filter"
    TEST = "test"
    TAG = "tag"
    GLOBAL = "global"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class StandIn:
    """A name that a stand-in answered for; results rest on the assumption it says."""

    kind: StandInKind
    name: str
    assumption: str
