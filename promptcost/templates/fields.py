"""Fields between other marks than braces: ``${x}``, ``[[x]]``, ``<<x>>``, ``<%= x %>``, ``$x``.

Doubled braces around words, ``{{Reference Answer}}``, are such marks too: a program replaces them.

Such marks stand for other things too: links, heredocs, variables of a shown program.  They are
fields where every one of them holds a plain name, and some name says what a prompt is filled with.
``$x`` is that of Python's ``string.Template``.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from promptcost.templates._kinds import Kind
from promptcost.templates._runs import Turned, is_free, printed
from promptcost.templates.names import classify

_MOST = 2_000  # fields
_NAME = r"(?P<name>[a-zA-Z][a-z0-9]*(?:_[a-z0-9]+)*(?:\.[a-z_]\w*)*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"
_FENCED = re.compile(r"(```|~~~).*?(?:\1|\Z)|`[^`\n]{1,200}`", re.DOTALL)
_DOUBLED = re.compile(r"\{\{\s*[^\W\d]")
_BRACE = re.compile(r"\{(?:[{%]|[^\W\d]\w*\})")  # opens a field that is known without names
_SEVERAL = 2
_ANY = ("$", "[[", "<<", "<%=", "%(", "{{")  # one of these is in whatever has such fields
# What a program writes around its own variables: calls, members, elements, assignments, paths;
# and a schema behind its keys.
_CODE_AFTER = re.compile(r"\s*(?:->|\[|=(?!=)|\+=|\()|[/\\$]|[\"']?:")


class _Marks(NamedTuple):
    """Marks of fields: what tells cheaply that a text may hold them, and how they are found.

    `begins` finds every opening mark; a text in which one does not open a field has none.
    """

    shown: str
    sign: str
    field: re.Pattern[str]
    begins: re.Pattern[str]


_PAIRS = (
    _Marks("<%= and %>", "<%=", re.compile(rf"<%=\s*@?{_NAME}\s*%>"), re.compile(r"<%")),
    _Marks("[[ and ]]", "[[", re.compile(rf"\[\[\s*{_NAME}\s*\]\](?!\()"), re.compile(r"\[\[")),
    _Marks("<< and >>", "<<", re.compile(rf"<<\s*{_NAME}\s*>>"), re.compile(r"<<(?!<)")),
    _Marks("%( and )s", "%(", re.compile(rf"%\({_NAME}\)[sd]"), re.compile(r"%\(\w")),
)
_TITLED = _Marks(
    "{{ and }}",
    "{{",
    re.compile(r"\{\{\s*(?P<name>[A-Z][A-Za-z']*(?: [A-Z][A-Za-z']*){0,4})\s*\}\}"),
    re.compile(r"\{\{"),
)
_DOLLARED = re.compile(r"\$(?P<name>[a-z]\w*|[A-Z][A-Z_]+)")
_DOLLAR = re.compile(r"\$(?![\d\s.,;)])")  # prices have none of these behind them
_BRACED = re.compile(r"\$\{\s*(?P<name>[^\W\d]\w*(?:\.\w+)*)\s*\}")


def turn_fields(text: str) -> tuple[str, list[Turned]] | None:
    """Return the marks of a text's fields, and the text as Jinja; None where it has none."""
    if not any(sign in text for sign in _ANY) or not is_free(text):
        return None
    if "{{" in text and _TITLED.field.search(text):
        return _of_titles(text)
    if "${" in text and "{{" in text:
        return _beside_doubled(text)
    if "{$" in text or _BRACE.search(text):
        return None
    for marks in _PAIRS:
        found = _fields(marks, text) if marks.sign in text else []
        if found:
            return marks.shown, _turned(text, found)
    return _of_template(text) if "$" in text and "${" not in text else None


def _of_titles(text: str) -> tuple[str, list[Turned]] | None:
    """Read names of several words, which Jinja has no place for."""
    found = _fields(_TITLED, text)
    if not any(" " in field["name"] for field in found):
        return None
    return _TITLED.shown, _turned(text, found)


def _beside_doubled(text: str) -> tuple[str, list[Turned]] | None:
    """Read ``${x}`` in a text that shows doubled braces as an example."""
    found = list(islice(_BRACED.finditer(text), _MOST))
    if len({field["name"] for field in found}) < _SEVERAL or "{%" in text:
        return None
    outside = sum(1 for _ in islice(_DOUBLED.finditer(_FENCED.sub("", text)), _SEVERAL))
    is_example = not outside or (outside == 1 and len(found) > _SEVERAL)
    return ("${ and }", _turned(text, found)) if is_example else None


def _fields(marks: _Marks, text: str) -> list[re.Match[str]]:
    found = list(islice(marks.field.finditer(text), _MOST))
    if not found or sum(1 for _ in marks.begins.finditer(text)) != len(found):
        return []
    return found if _says_something(found) else []


def _says_something(found: list[re.Match[str]]) -> bool:
    """Say whether some name is of a kind that prompts are filled with."""
    kinds = {classify(_identifier(field["name"])).kind for field in found}
    return bool(kinds - {Kind.UNKNOWN, Kind.SETTING, Kind.TOOLS})


def _identifier(name: str) -> str:
    return name.replace(" ", "_").replace("'", "")


def _of_template(text: str) -> tuple[str, list[Turned]] | None:
    """Read ``$x``, where no program is shown: none of them is called, indexed or assigned."""
    found = list(islice(_DOLLARED.finditer(text), _MOST))
    signs = sum(1 for _ in _DOLLAR.finditer(text))
    if not found or signs != len(found) or not _says_something(found):
        return None
    if any(_CODE_AFTER.match(text, each.end()) for each in found):
        return None
    return "$ and the end of a name", _turned(text, found)


def _turned(text: str, found: list[re.Match[str]]) -> list[Turned]:
    made, at = [], 0
    for field in found:
        start, end = field.span()
        made.append(Turned(text[at:start], at, start))
        made.append(printed(_identifier(field["name"]), start, end))
        at = end
    return [run for run in (*made, Turned(text[at:], at, len(text))) if run.text]
