"""String literals of Python source, character by character: text, and fields of f-strings.

The grammar is that of the language reference, "String and Bytes literals" and "f-strings".  The
syntax tree of Python before 3.12 has no places inside an f-string, hence this reader.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

_START = re.compile(r"(?P<prefix>[A-Za-z]{0,2})(?P<quote>\"\"\"|'''|\"|')")
_BETWEEN = re.compile(r"(?:\s|\\\r?\n|#[^\n]*\n|[()])+")
# Where something other than plain text may begin.
_SIGN = re.compile(r"[\\{}\"']")
_ESCAPE = re.compile(
    r"\\(?:\r?\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}\n]*\}|.)",
    re.DOTALL,
)
_CONVERSION = re.compile(r"![rsa]\s*$")
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a literal: decoded text, or the source of a field; a half-open character range.

    `spec` is the format behind the colon of a field.
    """

    text: str
    start: int
    end: int
    is_field: bool = False
    spec: str = ""


class NotReadable(ValueError):  # noqa: N818 - an answer, not a fault
    """The literal uses something this reader does not know."""


def read_literals(source: str, start: int, end: int) -> Iterator[Part]:
    """Yield the parts of adjacent literals at ``[start, end)``.  Raises NotReadable."""
    at = start
    while at < end:
        blank = _BETWEEN.match(source, at, end)
        if blank is not None:
            at = blank.end()
            continue
        opened = _START.match(source, at, end)
        if opened is None or "b" in opened["prefix"].lower():
            raise NotReadable
        at = yield from _literal(source, opened, end)


def between_quotes(literals: str) -> str:
    """Return what stands between the first opening quotes and as many signs before the end."""
    opened = _START.match(literals)
    return "" if opened is None else literals[opened.end() : -len(opened["quote"])]


def _literal(source: str, opened: re.Match[str], end: int) -> Generator[Part, None, int]:
    prefix, quote = opened["prefix"].lower(), opened["quote"]
    at = begin = opened.end()
    while not source.startswith(quote, at):
        if at >= end:
            raise NotReadable
        step = _special(source, at, end, prefix)
        if step is None:
            sign = _SIGN.search(source, at + 1, end)
            at = end if sign is None else sign.start()
            continue
        if at > begin:
            yield Part(source[begin:at], begin, at)
        yield step
        at = begin = step.end
    if at > begin:
        yield Part(source[begin:at], begin, at)
    return at + len(quote)


def _special(source: str, at: int, end: int, prefix: str) -> Part | None:
    """Return the escape, doubled brace or field at a place; None for plain text."""
    sign = source[at]
    if sign == "\\" and "r" not in prefix:
        return _escape(source, at)
    if "f" not in prefix or sign not in "{}":
        return None
    if source.startswith(sign * 2, at):
        return Part(sign, at, at + 2)
    if sign == "}":
        raise NotReadable
    return _field(source, at, end)


def _escape(source: str, at: int) -> Part:
    found = _ESCAPE.match(source, at)
    if found is None:
        raise NotReadable
    written = found[0]
    if written.endswith("\n") and len(written) <= 3:  # noqa: PLR2004 - a continued line
        return Part("", at, found.end())
    try:
        text = str(ast.literal_eval(f'"{written}"' if written != '\\"' else "'\"'"))
    except (SyntaxError, ValueError) as error:
        raise NotReadable from error
    return Part(text, at, found.end())


def _field(source: str, at: int, end: int) -> Part:
    inner, cut, depth = at + 1, -1, 0
    while inner < end:
        sign = source[inner]
        if depth == 0 and sign == "}":
            text = source[at + 1 : inner if cut < 0 else cut]
            spec = "" if cut < 0 else source[cut + 1 : inner]
            return Part(_expression(text), at, inner + 1, is_field=True, spec=spec)
        if sign in "\"'" and cut < 0:
            inner = _skip_string(source, inner, end)
            continue
        # Behind the colon only fields nest; every other bracket is text.
        opening, closing = (_OPENING, _CLOSING) if cut < 0 else ("{", "}")
        depth += (sign in opening) - (sign in closing)
        if depth == 0 and sign == ":" and cut < 0:
            cut = inner
        inner += 1
    raise NotReadable


def _skip_string(source: str, at: int, end: int) -> int:
    opened = _START.match(source, at)
    quote = opened["quote"] if opened is not None else source[at]
    inner = at + len(quote)
    while inner < end and not source.startswith(quote, inner):
        inner += 2 if source[inner] == "\\" else 1
    return inner + len(quote)


def _expression(text: str) -> str:
    plain = _CONVERSION.sub("", text).strip()
    is_debug = plain.endswith("=") and not plain.endswith(("==", "!=", "<=", ">="))
    return plain[:-1].strip() if is_debug else plain
