"""Placeholders of Python source that are filled another way than the text is written.

``{{x}}`` of an f-string is a field of ``str.format`` afterwards; ``%(x)s``, ``$x`` and a marker
such as ``<<x>>`` are placeholders where the source fills them: by ``%``, ``Template``, ``replace``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from promptcost.templates._python_strings import Part
from promptcost.templates.detect import kind_of
from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promptcost.templates._python_fills import Filled

Names = Mapping[str, str]  # of placeholders as they are printed, with what they are filled by
_Cut = tuple[int, int, str, bool]  # half-open characters, the text for them, whether it is a field

_MOST = 500  # placeholders of one text
_HOLE = "\ue006"  # stands where a field does
_FIELD = re.compile(
    r"\{(?<!\{\{)([^\W\d]\w*(?:\.\w+)*)(?:\[\w+\])?(?:![rsa])?(?::[^{}\n]{0,40})?\}(?!\})"
)
_PRINT = re.compile(r"\{\{\s*([^\W\d][^{}]{0,200})\}\}")
_PERCENT = re.compile(r"%(?:%|(?:\((\w+)\))?[-+#0]?(?:\d{1,3})?(?:\.\d{1,3})?[sdirfgx](?![a-z]))")
_NUMBERED = re.compile(r"\{(?<!\{\{)(\d{0,2})(?:![rsa])?(?::[^{}\n]{0,40})?\}(?!\})")
_DOLLAR = re.compile(r"\$(?:\$|([^\W\d]\w*)|\{([^\W\d]\w*)\})")
_ROOT = re.compile(r"\w+")
_MOST_MARKERS = 100
_SHORTEST_MARKER = 3


def left_over(
    parts: list[Part], filled_by: Callable[[], Callable[[str], bool]]
) -> tuple[list[Part], Names]:
    """Return the parts of an f-string, with what it leaves in braces as fields.

    `filled_by` returns what says of a name whether anything fills it later.
    """
    text = _joined(parts)
    if "{" not in text:
        return parts, {}
    kind = kind_of(text)
    if kind is None or kind is SourceKind.CHAT_TEMPLATE:
        return parts, {}
    is_filled = filled_by()
    pattern = _FIELD if kind is SourceKind.STR_FORMAT else _PRINT
    cuts = [
        (*found.span(), found[1].strip(), True)
        for found in islice(pattern.finditer(text), _MOST)
        if is_filled(_root(found[1]))
    ]
    if not cuts:
        return parts, {}
    return list(_cut(parts, cuts)), {_root(name): _root(name) for _, _, name, _ in cuts}


def written_otherwise(parts: list[Part], filled: Filled) -> tuple[list[Part], Names] | None:
    """Return the parts of a text with its placeholders as fields; None without any."""
    text = _joined(parts)
    names: dict[str, str] = {}
    cuts: list[_Cut] = []
    if "%" in filled.methods and "%" in text:
        cuts = list(_percents(text, names))
    elif "substitute" in filled.methods and "$" in text:
        cuts = list(_dollars(text, names))
    elif "format" in filled.methods and "{" in text:
        cuts = list(_numbered(text, names))
    elif filled.markers:
        cuts = list(_markers(text, filled.markers, names))
    return (list(_cut(parts, cuts)), names) if names else None


def _percents(text: str, names: dict[str, str]) -> Iterator[_Cut]:
    number = 0
    for found in islice(_PERCENT.finditer(text), _MOST):
        if found[0] == "%%":
            yield (*found.span(), "%", False)
            continue
        name = found[1] or f"value_{number}"
        names[name] = found[1] or str(number)
        number += not found[1]
        yield (*found.span(), name, True)


def _numbered(text: str, names: dict[str, str]) -> Iterator[_Cut]:
    for number, found in enumerate(islice(_NUMBERED.finditer(text), _MOST)):
        key = found[1] or str(number)
        names[f"value_{key}"] = key
        yield (*found.span(), f"value_{key}", True)


def _dollars(text: str, names: dict[str, str]) -> Iterator[_Cut]:
    for found in islice(_DOLLAR.finditer(text), _MOST):
        name = found[1] or found[2]
        if name is None:
            yield (*found.span(), "$", False)
            continue
        names[name] = name
        yield (*found.span(), name, True)


def _markers(text: str, markers: Iterable[str], names: dict[str, str]) -> Iterator[_Cut]:
    few = islice(filter(_is_marker, markers), _MOST_MARKERS)
    known = [marker for marker in few if marker in text]
    if not known:
        return
    for found in islice(re.finditer("|".join(map(re.escape, known)), text), _MOST):
        name = re.sub(r"\W+", "_", found[0]).strip("_")
        name = name if name.isidentifier() else "value"
        names[name] = found[0]
        yield (*found.span(), name, True)


def _is_marker(text: str) -> bool:
    """Say whether a text that is replaced is no word of the prompt itself."""
    if len(text) < _SHORTEST_MARKER or not any(map(str.isalnum, text)):
        return False
    return text.isupper() or not (text[0].isalnum() and text[-1].isalnum())


def _root(expression: str) -> str:
    found = _ROOT.match(expression)
    return "" if found is None else found[0]


def _joined(parts: Sequence[Part]) -> str:
    return "".join(_HOLE if part.is_field else part.text for part in parts)


def _cut(parts: Sequence[Part], cuts: Sequence[_Cut]) -> Iterator[Part]:
    """Yield the parts with other text for some runs of their characters, which are in order."""
    starts = [0, *accumulate(1 if part.is_field else len(part.text) for part in parts)]
    at = 0
    for start, end, text, is_field in cuts:
        yield from _run(parts, starts, at, start)
        covered = list(_run(parts, starts, start, end))
        yield Part(text, covered[0].start, covered[-1].end, is_field=is_field)
        at = end
    yield from _run(parts, starts, at, starts[-1])


def _run(parts: Sequence[Part], starts: Sequence[int], start: int, end: int) -> Iterator[Part]:
    number = bisect_right(starts, start) - 1
    while number < len(parts) and starts[number] < end:
        begin = starts[number]
        yield _piece(parts[number], max(start - begin, 0), end - begin)
        number += 1


def _piece(part: Part, start: int, end: int) -> Part:
    """Return some characters of a part; one that is written otherwise keeps its whole place."""
    if part.is_field:
        return part
    text = part.text[start:end]
    if len(part.text) != part.end - part.start:
        return replace(part, text=text)
    return replace(part, text=text, start=part.start + start, end=part.start + end)
