"""Prompts for ``str.format``, and files without any template syntax.

The grammar is that of Python's format strings (library reference, "Format String Syntax"):
``{name.attribute[key]!conversion:spec}``, with ``{{`` and ``}}`` for single braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from string import Formatter
from typing import TYPE_CHECKING

from promptcost.errors import Level, Problem
from promptcost.model.span import LineIndex, Span
from promptcost.templates.notation import is_notation
from promptcost.templates.pieces import Piece, PieceKind, Rendered, RenderFailure
from promptcost.templates.settings import Limits, SourceKind
from promptcost.templates.textmap import normalise, size
from promptcost.templates.uses import ConditionUse, ExpressionUse, StandIn, Use, VariableUse

if TYPE_CHECKING:
    from promptcost.templates.source import TemplateSource

_FIELD = re.compile(
    r"(?P<escape>\{\{|\}\})"
    r"|\{(?P<name>\w*)(?P<path>(?:\.\w+|\[[^\[\]{}]*\])*)(?:!(?P<how>[rsa]))?(?::(?P<spec>[^{}]*))?\}"
    r"|(?P<stray>[{}])"
)
_STEP = re.compile(r"\.(\w+)|\[([^\]]*)\]")
_NUMBER = re.compile(r"\d+")
_LONGEST_WIDTH = 6  # digits


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A run of the source: text that stands for itself, or a field."""

    start: int
    end: int
    text: str = ""
    name: str = ""
    steps: tuple[str, ...] = ()
    conversion: str = ""
    spec: str = ""

    @property
    def path(self) -> str:
        """The dotted path of a field, empty for text."""
        return ".".join((self.name, *self.steps)) if self.name else ""


def is_format_string(text: str) -> bool:
    """Say whether Python would accept a text as a format string."""
    return not any(match["stray"] for match in _FIELD.finditer(text))


def prepare_format(source: TemplateSource) -> FormatTemplate:
    """Parse a format string.

    Where Python would refuse it (a single brace, as in JSON), named placeholders are still read,
    since such prompts are filled with ``replace``; other braces are text, and a problem says so.
    """
    text = normalise(source.text)
    fields = [] if source.kind is SourceKind.PLAIN else list(_FIELD.finditer(text))
    strays = [match.start() for match in fields if match["stray"]]
    if strays:
        fields = [match for match in fields if _is_filled(text, match)]
    problems = (_stray(source, strays[0]),) if strays else ()
    return FormatTemplate(source, list(_parts(text, fields)), problems)


def _is_filled(text: str, field: re.Match[str]) -> bool:
    """Say whether a field is filled with ``replace``, and no part of a path that is shown."""
    return (field["name"] or "").isidentifier() and not is_notation(text, *field.span())


def _parts(text: str, fields: list[re.Match[str]]) -> Iterator[_Part]:
    at = automatic = 0
    for match in fields:
        if match.start() > at:
            yield _Part(start=at, end=match.start(), text=text[at : match.start()])
        if match["escape"]:
            yield _Part(start=match.start(), end=match.end(), text=match["escape"][0])
        else:
            yield _field(match, match["name"] or str(automatic))
            automatic += not match["name"]
        at = match.end()
    if at < len(text):
        yield _Part(start=at, end=len(text), text=text[at:])


def _field(match: re.Match[str], name: str) -> _Part:
    steps = tuple(first or second for first, second in _STEP.findall(match["path"]))
    return _Part(
        start=match.start(),
        end=match.end(),
        name=name,
        steps=steps,
        conversion=match["how"] or "",
        spec=match["spec"] or "",
    )


def _stray(source: TemplateSource, offset: int) -> Problem:
    byte = source.map.span(offset, offset)[0]
    line, column = LineIndex(source.container).position(byte)
    return Problem(
        path=source.path,
        message="is not a valid format string: a single brace stands here and is taken as text",
        repair="double the brace where the prompt is filled with str.format",
        line=line,
        column=column,
        level=Level.WARNING,
    )


class FormatTemplate:
    """A parsed format string; see `promptcost.templates.template.Template`."""

    conditions: tuple[ConditionUse, ...] = ()
    unknown: tuple[StandIn, ...] = ()

    def __init__(
        self, source: TemplateSource, parts: list[_Part], problems: tuple[Problem, ...] = ()
    ) -> None:
        self.source = source
        self.problems = problems
        self._parts = parts
        self._normal = normalise(source.text)

    @property
    def variables(self) -> tuple[VariableUse, ...]:
        """The placeholders by path, in order."""
        found: dict[str, VariableUse] = {}
        for part in self._parts:
            if part.path and part.path not in found:
                found[part.path] = VariableUse(
                    name=part.path,
                    root=part.name,
                    span=self._span(part),
                    uses=frozenset({Use.PRINTED}),
                )
        return tuple(found.values())

    @property
    def expressions(self) -> tuple[ExpressionUse, ...]:
        """The placeholders in order."""
        sums = [0, *accumulate(len(part.text) for part in self._parts)]
        return tuple(
            ExpressionUse(
                span=self._span(part),
                text=self._text(part),
                names=(part.path,),
                static_before=before,
                static_after=sums[-1] - before,
            )
            for part, before in zip(self._parts, sums, strict=False)
            if part.path
        )

    def variants(
        self, limit: int, taken: frozenset[tuple[int, bool]] = frozenset()
    ) -> tuple[dict[int, bool], ...]:
        """Return nothing: a format string has no conditions."""
        del limit, taken
        return ()

    def render(
        self,
        context: Mapping[str, object],
        limits: Limits,
        *,
        forced: Mapping[int, bool] | None = None,
        seed: int = 0,
    ) -> Rendered | RenderFailure:
        """Fill the placeholders; what the context lacks stays empty and is listed."""
        del forced, seed
        texts: list[str] = []
        pieces: list[Piece] = []
        undefined: dict[str, None] = {}
        at = 0
        for part in self._parts:
            try:
                text = part.text if not part.path else _value(part, context)
            except LookupError:
                text, undefined[part.name] = "", None
            except (ValueError, TypeError, AttributeError) as error:
                return self._failure(part, type(error).__name__)
            width = size(text)
            if width:
                pieces.append(self._piece(part, at, at + width))
            texts.append(text)
            at += width
            if at > limits.output_chars:
                return self._failure(part, f"more than {limits.output_chars} bytes of text")
        return Rendered(text="".join(texts), pieces=tuple(pieces), undefined=tuple(undefined))

    def render_plain(
        self, context: Mapping[str, object], limits: Limits, *, seed: int = 0
    ) -> str | RenderFailure:
        """Render the text alone."""
        made = self.render(context, limits, seed=seed)
        return made.text if isinstance(made, Rendered) else made

    def _piece(self, part: _Part, start: int, end: int) -> Piece:
        return Piece(
            start=start,
            end=end,
            kind=PieceKind.EXPRESSION if part.path else PieceKind.LITERAL,
            span=self._span(part),
            expression=self._text(part),
        )

    def _text(self, part: _Part) -> str:
        return self._normal[part.start + 1 : part.end - 1] if part.path else ""

    def _span(self, part: _Part) -> Span:
        start, end = self.source.map.span(part.start, part.end)
        return Span(source=self.source.path, start=start, end=end)

    def _failure(self, part: _Part, reason: str) -> RenderFailure:
        line, column = LineIndex(self.source.container).position(self._span(part).start)
        problem = Problem(
            path=self.source.path,
            message=f"cannot fill the placeholder: {reason}",
            repair="give a value that suits its format",
            line=line,
            column=column,
        )
        return RenderFailure(problem=problem)


def _value(part: _Part, context: Mapping[str, object]) -> str:
    """Return a filled field.  Raises LookupError when the context lacks it, ValueError when bad."""
    value: object = context[part.name]
    for step in part.steps:
        value = _step(value, step)
    if any(len(digits) > _LONGEST_WIDTH for digits in _NUMBER.findall(part.spec)):
        message = "width"
        raise ValueError(message)
    formatter = Formatter()
    converted = formatter.convert_field(value, part.conversion or None)
    return str(formatter.format_field(converted, part.spec))


def _step(value: object, step: str) -> object:
    if isinstance(value, Mapping):
        return value[step]
    if isinstance(value, list | tuple) and step.isdigit():
        return value[int(step)]
    if step.startswith("_"):
        raise LookupError(step)
    return getattr(value, step)
