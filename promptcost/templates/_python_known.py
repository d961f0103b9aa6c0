"""What the source of a prompt says of the names that it prints."""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import TYPE_CHECKING

from promptcost.templates._python_fills import Fills
from promptcost.templates._python_readings import filled_with, told_of, told_of_own
from promptcost.templates._python_scopes import Scopes
from promptcost.templates.names import Kind, classify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from promptcost.templates._kinds import Assigned
    from promptcost.templates._python_fills import Filled
    from promptcost.templates._python_placeholders import Names

    _Filled = Callable[[str], bool]

_NAME = re.compile(r"(?<![\w.])(self\.)?([^\W\d]\w*)")
_FEWEST_WORDS = 5  # of a text that is read as part of the prompts that print it
_MOST_NAMES = 200  # of one prompt


class Known:
    """The names of one file; its tree is walked when the first of them is asked for."""

    def __init__(self, tree: ast.Module, source: str) -> None:
        self._tree, self._source = tree, source

    @cached_property
    def _scopes(self) -> Scopes:
        return Scopes(self._tree)

    @cached_property
    def _fills(self) -> Fills:
        return Fills(self._scopes)

    def constant(self, place: ast.AST | None, name: str) -> str | None:
        """Return the text that a name always stands for: a long one without any braces.

        Only names of constants and of what instructs a model; others may be of a trial run.
        """
        if not name.isupper() and classify(name).kind is not Kind.SETTING:
            return None
        found = self._scopes.of(place).find(name)
        match found:
            case ([ast.Constant(value=str(text))], _) if "{" not in text:
                return text if len(text.split(None, _FEWEST_WORDS)) >= _FEWEST_WORDS else None
        return None

    def is_filled_later(self, place: ast.AST | None, literal: ast.AST, owner: str) -> _Filled:
        """Return what says of a field that an f-string leaves whether anything fills it later.

        A constant of a module or a class is there to be filled; what a function makes is filled
        where the file fills a placeholder of that name, or makes a template of the text.
        """
        filled = self._fills.of(literal, owner)
        if place is None or isinstance(place, ast.ClassDef) or filled is not None:
            return lambda _: True
        return self._fills.names.__contains__

    def filling(self, literal: ast.AST, owner: str) -> Filled | None:
        """Return how and with what a text is filled in this file."""
        return self._fills.of(literal, owner)

    def told(
        self,
        place: ast.AST | None,
        filled: Filled | None,
        fields: Iterable[str],
        names: Names,
    ) -> Mapping[str, Assigned]:
        """Return what is known of the names of a prompt: of expressions, and of placeholders."""
        made: dict[str, Assigned] = {}
        scope = self._scopes.of(place)
        read = dict.fromkeys(found for field in fields for found in _NAME.findall(field))
        for own, name in list(read)[:_MOST_NAMES]:
            values = scope.find_own(name) if own else scope.find(name)
            tell = told_of_own if own else told_of
            told = None if values is None else tell(name, *values)
            if told is not None:
                made[name] = told
        for name, key in names.items():
            filling = [] if filled is None else filled.values.get(key, [])
            told = filled_with(name, filling) if filling else None
            if told is not None:
                made[name] = told
        return made
