"""Handlebars and Mustache as Jinja: sections, loops, conditions and what they print.

The grammar is that of handlebarsjs.com/guide and mustache(5).  Of helpers only the built-in ones
are known: another one prints its arguments, and a block of another one prints what it holds.
Partials stand in other files and print nothing.  Semantic Kernel's ``{{$name}}`` is read too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from promptcost.templates._runs import Turned, is_free, printed, tagged
from promptcost.templates.marks import Ends

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_TAGS = 5_000
_DEEPEST = 40  # blocks in blocks
_LONGEST = 1_000  # characters of a tag
_LOOKED_AT = 4_000  # characters of a section, for what it prints
_WORD = re.compile(
    r"\s*+(?:(?P<sign>[()])|(?P<named>[\w-]+)=|(?P<text>\"[^\"\\]*\"|'[^'\\]*')"
    r"|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|as\s*\|(?P<params>[\w\s]*)\|"
    r"|(?P<path>(?:\.\./)*[@$]?[^\W\d][\w-]*(?:[./](?:[\w-]+|\[[^\]]*\]))*|(?:\.\./)*\.{1,2}(?![\w./]))"
    r"|\./(?P<own>[^\W\d]\w*))"
)
_CONSTANTS = {"true": "true", "false": "false", "null": "none", "undefined": "none"}
_OF_LOOPS = {"@index": "loop.index0", "@first": "loop.first", "@last": "loop.last"}
_COMPARED = {"eq": "==", "equals": "==", "ne": "!=", "gt": ">", "lt": "<", "gte": ">=", "lte": "<="}
_JOINED = {"and": "and", "or": "or"}
_STEP = re.compile(r"[./]")
_OWN = frozenset({"if", "unless", "each", "with"})


class _Unread(ValueError):  # noqa: N818 - an answer, not a fault
    """A tag that this reader does not know."""


class _Block(NamedTuple):
    """An open block: its name, the tag that ends it in Jinja, and what bare names belong to."""

    name: str
    end: str
    owner: str
    is_loop: bool = False


def turn_handlebars(text: str) -> list[Turned] | None:
    """Return a text as Jinja; None where a tag is not known or a block is never closed."""
    if not is_free(text):
        return None
    reader = _Reader(text)
    try:
        made = list(reader.runs())
    except _Unread:
        return None
    return None if reader.blocks else made


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = Ends(text)
        self.blocks: list[_Block] = []

    def runs(self) -> Iterator[Turned]:
        """Yield the runs in order.  Raises _Unread."""
        at = found = 0
        for _ in range(_MOST_TAGS):
            found = self._text.find("{{", found)
            if found < 0:
                break
            end, inside = self._tag(found)
            if found > at:
                yield Turned(self._text[at:found], at, found)
            yield self._run(inside, found, end)
            at = found = end
        else:
            raise _Unread
        yield Turned(self._text[at:], at, len(self._text))

    def _tag(self, start: int) -> tuple[int, str]:
        """Return where a tag ends, and what it holds without its marks."""
        for opening, closing in (
            ("{{!--", "--}}"),
            ("{{~!--", "--}}"),
            ("{{{", "}}}"),
            ("{{", "}}"),
        ):
            if not self._text.startswith(opening, start):
                continue
            end = self._ends.after(closing, start + len(opening))
            if (end is not None and end - start <= _LONGEST) or closing == "--}}":
                return self._closed(start + len(opening), end, closing)
        raise _Unread

    def _closed(self, begin: int, end: int | None, closing: str) -> tuple[int, str]:
        if end is None:
            raise _Unread
        inside = "!" if closing == "--}}" else self._text[begin:end].strip("~ \t\r\n")
        return end + len(closing), inside

    def _run(self, inside: str, start: int, end: int) -> Turned:
        sign, rest = inside[:1], inside[1:].strip()
        turns = {"#": self._open, "/": self._close, "^": self._inverted, "&": self._print}
        if sign in turns:
            return turns[sign](rest, start, end)
        if sign in {"!", ">"}:
            return Turned("", start, end)
        if inside == "else" or inside.startswith("else "):
            return self._other(inside[4:].strip(), start, end)
        return self._print(inside, start, end)

    def _print(self, inside: str, start: int, end: int) -> Turned:
        """Print a path, or a helper's arguments; a helper of constants alone marks a role."""
        first, *others = self._words(inside)
        if not others:
            return printed(first, start, end)
        shown = [word for word in others if word[0] not in "\"'-0123456789"]
        return printed(" ~ ".join(shown), start, end) if shown else Turned("", start, end)

    def _open(self, inside: str, start: int, end: int) -> Turned:
        name, _, rest = inside.removeprefix(">").strip().partition(" ")
        if len(self.blocks) >= _DEEPEST:
            raise _Unread
        if name not in _OWN:
            return self._section(inside, name, rest, start, end)
        of = self._value(rest)
        owner = self._owner
        match name:
            case "with":
                return self._push(_Block(name, "endif", of), f"if {of}", start, end)
            case "each":
                return self._each(name, of, rest, start, end)
        test = of if name == "if" else f"not ({of})"
        return self._push(_Block(name, "endif", owner), f"if {test}", start, end)

    def _section(self, inside: str, name: str, rest: str, start: int, end: int) -> Turned:
        """Open a section of Mustache, or a block of an unknown helper; ``{{#a.b#}}`` prints."""
        if name.endswith("#") and not rest:
            return printed(_dify(name[:-1]), start, end)
        if rest:
            return self._push(_Block(name, "endif", self._owner), "if true", start, end)
        of = self._value(inside)
        closing = self._text.find("{{/" + name, end, end + _LOOKED_AT)
        body = self._text[end : max(closing, end)]
        if "{{.}}" in body or "{{{.}}}" in body or of.endswith("s"):
            return self._each(name, of, "", start, end)
        return self._push(_Block(name, "endif", self._owner), f"if {of}", start, end)

    def _each(self, name: str, of: str, rest: str, start: int, end: int) -> Turned:
        depth = sum(block.is_loop for block in self.blocks)
        params = (found["params"] or "" for found in _WORD.finditer(rest))
        named = next((words.split() for words in params if words.strip()), [])
        variable = named[0] if named else f"this{depth or ''}"
        block = _Block(name, "endfor", "" if named else variable, is_loop=True)
        return self._push(block, f"for {variable} in {of}", start, end)

    def _inverted(self, rest: str, start: int, end: int) -> Turned:
        if not rest:
            return self._other("", start, end)
        block = _Block(rest.partition(" ")[0], "endif", self._owner)
        return self._push(block, f"if not ({self._value(rest)})", start, end)

    def _other(self, rest: str, start: int, end: int) -> Turned:
        if not self.blocks:
            raise _Unread
        if not rest:
            return tagged("else", start, end)
        return tagged(f"elif {self._value(rest.removeprefix('if '))}", start, end)

    def _push(self, block: _Block, statement: str, start: int, end: int) -> Turned:
        self.blocks.append(block)
        return tagged(statement, start, end)

    def _close(self, name: str, start: int, end: int) -> Turned:
        if not self.blocks or self.blocks[-1].name != name:
            raise _Unread
        return tagged(self.blocks.pop().end, start, end)

    @property
    def _owner(self) -> str:
        return self.blocks[-1].owner if self.blocks else ""

    def _value(self, inside: str) -> str:
        """Return one value: a path, or what a helper makes of its arguments."""
        words = self._words(inside)
        return words[0] if len(words) == 1 else _called(words)

    def _words(self, inside: str) -> list[str]:
        """Return the operands of a tag in Jinja's words; a helper's name is the first."""
        made: list[list[str]] = [[]]
        at = 0
        while at < len(inside.rstrip()):
            found = _WORD.match(inside, at)
            if found is None:
                raise _Unread
            at = found.end()
            if found["sign"] == "(":
                made.append([])
            elif found["sign"] == ")" and len(made) > 1 and made[-1]:
                called = _called(made.pop())
                made[-1].append(called)
            elif found["sign"]:
                raise _Unread
            elif found["params"] is None and not found["named"]:
                made[-1].append(self._operand(found))
        if len(made) != 1 or not made[0]:
            raise _Unread
        return made[0]

    def _operand(self, found: re.Match[str]) -> str:
        if found["text"] or found["number"]:
            return str(found["text"] or found["number"])
        path = found["path"] or f"this.{found['own']}"
        if path in _CONSTANTS or path in _OF_LOOPS:
            return _CONSTANTS.get(path) or _OF_LOOPS[path]
        owners = [block.owner for block in self.blocks]
        while path.startswith("../"):
            path = path.removeprefix("../")
            _leave(owners)
        owner = owners[-1] if owners else ""
        first, *rest = [step for step in _STEP.split(path) if step] or ["this"]
        if first.startswith("@"):
            return _path("", rest if first == "@root" else [first[1:], *rest])
        if first == "this":
            return _path(owner or "this", rest)
        return _path(owner, [first.removeprefix("$"), *rest])


def _leave(owners: list[str]) -> None:
    """Leave the innermost thing that names belong to."""
    owner = owners[-1] if owners else ""
    while owners and owners[-1] == owner:
        owners.pop()


def _called(words: list[str]) -> str:
    """Return what a helper of conditions makes of its arguments; others join them."""
    name, *arguments = words
    plain = name.rpartition(".")[2]
    if plain == "not" and len(arguments) == 1:
        return f"(not {arguments[0]})"
    sign = _COMPARED.get(plain) if len(arguments) == 2 else _JOINED.get(plain)  # noqa: PLR2004
    sign = sign or _JOINED.get(plain) or "~"
    return f"({f' {sign} '.join(arguments)})" if arguments else name


def _path(owner: str, steps: list[str]) -> str:
    """Return a dotted path; numbers of elements are keys."""
    made = owner
    for step in steps:
        key = step.strip("[]")
        if key.isdigit():
            made += f"[{key}]"
            continue
        plain = re.sub(r"\W", "_", key)
        made += f".{plain}" if made else plain
    return made


def _dify(name: str) -> str:
    """Return the path of ``{{#sys.query#}}``; nodes of a flow are numbered."""
    steps = name.split(".")
    if len(steps) < 2 or not all(re.fullmatch(r"\w+", step) for step in steps):  # noqa: PLR2004
        raise _Unread
    return _path("", [f"node_{steps[0]}" if steps[0].isdigit() else steps[0], *steps[1:]])
