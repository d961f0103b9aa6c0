"""Filters and tests by name: known ones guarded on first use, unknown ones stood in for."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from promptcost.templates._guards import check_filter, check_result, weigh
from promptcost.templates.uses import StandIn, StandInKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from promptcost.templates._budget import Budget

    Function = Callable[..., Any]


class Registry(dict[str, "Function"]):
    """Answers for every name; iteration and membership know the real ones only."""

    def __init__(
        self,
        known: Mapping[str, Function],
        guard: Callable[[str, Function], Function],
        stand_in: Callable[[str], Function],
    ) -> None:
        super().__init__(known)
        self._ready: dict[str, Function] = {}
        self._guard = guard
        self._stand_in = stand_in

    def __getitem__(self, name: str) -> Function:
        if name not in self._ready:
            known = super().get(name)
            made = self._stand_in(name) if known is None else self._guard(name, known)
            self._ready[name] = made
        return self._ready[name]

    def get(self, name: str, default: object = None) -> Function:
        """Return the function of a name; there always is one."""
        del default
        return self[name]


def filters(
    known: Mapping[str, Function], budget: Callable[[], Budget], noted: set[StandIn]
) -> Registry:
    """Return the filters of an environment; an unknown one returns its input."""

    def guard(name: str, function: Function) -> Function:
        skip = 1 if hasattr(function, "jinja_pass_arg") else 0

        @wraps(function, assigned=())
        def guarded(*args: object, **kwargs: object) -> object:
            spent = budget()
            check_filter(name, args[skip], [*args[skip + 1 :], *kwargs.values()], spent)
            value = function(*args, **kwargs)
            check_result(value, spent)
            return value

        return guarded

    def stand_in(name: str) -> Function:
        assumption = "returns its input unchanged"
        noted.add(StandIn(kind=StandInKind.FILTER, name=name, assumption=assumption))
        return lambda value=None, *_args, **_kwargs: value

    return Registry(known, guard, stand_in)


def tests(
    known: Mapping[str, Function], budget: Callable[[], Budget], noted: set[StandIn]
) -> Registry:
    """Return the tests of an environment; an unknown one is never true."""

    def guard(name: str, function: Function) -> Function:
        del name

        @wraps(function, assigned=())
        def guarded(*args: object) -> object:
            for argument in args:
                weigh(argument, budget())
            return function(*args)

        return guarded

    def stand_in(name: str) -> Function:
        noted.add(StandIn(kind=StandInKind.TEST, name=name, assumption="is never true"))
        return lambda *_args, **_kwargs: False

    return Registry(known, guard, stand_in)
