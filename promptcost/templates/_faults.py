"""Errors of Jinja and Python in a template, as problems with a place and without prompt text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError, UndefinedError

from promptcost.errors import Level, Problem
from promptcost.templates._budget import LimitReached
from promptcost.templates._chat import RaisedByTemplateError
from promptcost.templates.foreign import LEAVE_OUT, language_of

if TYPE_CHECKING:
    from promptcost.templates._places import Places

_LONGEST = 160


def compile_fault(error: BaseException, places: Places) -> Problem:
    """Return why a template cannot be compiled."""
    if isinstance(error, LimitReached):
        return _problem(places, None, str(error), "split the template")
    if isinstance(error, TemplateSyntaxError):
        where = (error.name or places.main, error.lineno)
        language = language_of(places.source.text)
        if language is not None:
            return _doubt(places, where, f"is written for {language}, not for Jinja", LEAVE_OUT)
        message = f"is not a valid template: {(error.message or '')[:_LONGEST].rstrip('.')}"
        return _problem(places, where, message, "correct the tag there")
    if isinstance(error, RecursionError | MemoryError | SyntaxError):
        return _problem(places, None, "is nested too deeply", "use fewer nested tags")
    message = f"cannot be compiled ({type(error).__name__})"
    return _problem(places, _raised_at(error), message, "check its expressions")


def render_fault(
    error: BaseException, places: Places, last: tuple[str, int] | None = None
) -> Problem:
    """Return why a template did not render; `last` is where it printed last.

    A warning, unless the text of a template is at fault: other values may suit it.
    """
    where = _raised_at(error) or last
    if isinstance(error, TemplateSyntaxError):
        return compile_fault(error, places)
    if isinstance(error, LimitReached):
        return _doubt(places, where, str(error), "shorten the loop or the text it makes")
    if isinstance(error, RecursionError):
        message = "calls itself without end"
        return _doubt(places, where, message, "end the recursion, or give a context that does")
    if isinstance(error, UndefinedError):
        return _doubt(places, where, "uses an undefined value", "give it in a context file")
    if isinstance(error, RaisedByTemplateError):
        message = "refuses these values with raise_exception"
        return _doubt(places, where, message, "give a conversation it accepts in a context file")
    # The text of other errors may quote values, and values are prompt text.
    message = f"stops with {type(error).__name__} when rendered"
    return _doubt(places, where, message, "give the values it needs in a context file")


def _raised_at(error: BaseException) -> tuple[str, int] | None:
    """Return the innermost template place in a traceback."""
    found, step = None, error.__traceback__
    while step is not None:
        template = step.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            found = (template.name or "", template.get_corresponding_lineno(step.tb_lineno))
        step = step.tb_next
    return found


def _doubt(places: Places, where: tuple[str, int] | None, message: str, repair: str) -> Problem:
    return replace(_problem(places, where, message, repair), level=Level.WARNING)


def _problem(places: Places, where: tuple[str, int] | None, message: str, repair: str) -> Problem:
    if where is None:
        return Problem(path=places.source.path, message=message, repair=repair)
    path, line, column = places.position(*where)
    return Problem(path=path, message=message, repair=repair, line=line, column=column)
