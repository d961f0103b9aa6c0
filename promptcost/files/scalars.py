"""The texts of a YAML file with their exact range in it, for files that hold prompts.

Reading is lenient where `promptcost.files.yaml` is strict: the file belongs to another program.
Aliases are not expanded, so a small file cannot become a large one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from promptcost.errors import Problem
from promptcost.files.yaml import MAX_DEPTH, MAX_VALUES

if TYPE_CHECKING:
    import yaml as yaml_module

BLOCK_STYLES = frozenset({"|", ">"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A text value: its path such as ``messages[0].content``, and characters ``[start, end)``.

    The range holds what is written: indented lines after the header of a block scalar, the inside
    of quotes, or the plain words.  `style` is ``|``, ``>``, a quote, or empty for plain words.
    `is_shared` says that an alias stands for it elsewhere, or for a collection that holds it.
    """

    path: str
    value: str
    start: int
    end: int
    style: str = ""
    is_shared: bool = False


@dataclass(slots=True)
class _Level:
    """An open mapping or sequence."""

    path: str
    keyed: bool
    anchors: frozenset[str] = frozenset()
    key: str | None = None
    items: int = 0

    @property
    def wants_key(self) -> bool:
        """Whether the next value is a key."""
        return self.keyed and self.key is None

    def next_path(self) -> str:
        """Return the path of the value that comes now; a collection as a key is called ``?``."""
        if self.wants_key:
            self.key = "?"
            return "?"
        if self.keyed:
            path = f"{self.path}.{self.key}" if self.path else str(self.key)
            self.key = None
            return path
        self.items += 1
        return f"{self.path}[{self.items - 1}]"


def text_scalars(text: str, path: str) -> tuple[list[Scalar], list[Problem]]:
    """Return the text values of every document of a YAML file in order."""
    import yaml  # noqa: PLC0415 - heavy, and not every command reads YAML

    try:
        return _scalars(text), []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"is not YAML: {error.problem or error.context}"
        repair = "check indentation, colons and quotes there"
        line, column = (None, None) if mark is None else (mark.line + 1, mark.column + 1)
        return [], [Problem(path=path, message=message, repair=repair, line=line, column=column)]
    except yaml.YAMLError:
        message = "holds characters that YAML forbids"
        return [], [Problem(path=path, message=message, repair="remove control characters")]
    except OverflowError as error:
        return [], [Problem(path=path, message=str(error), repair="split the file")]


def _scalars(text: str) -> list[Scalar]:
    import yaml  # noqa: PLC0415 - heavy, and not every command reads YAML

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    levels: list[_Level] = []
    found: list[tuple[Scalar, frozenset[str]]] = []
    aliased: set[str] = set()
    for count, event in enumerate(yaml.parse(text, Loader=loader)):
        if count > MAX_VALUES or len(levels) > MAX_DEPTH:
            message = f"has more than {MAX_DEPTH} levels or {MAX_VALUES} values"
            raise OverflowError(message)
        level = levels[-1] if levels else _Level("", keyed=False)
        match event:
            case yaml.ScalarEvent() if level.wants_key:
                level.key = event.value
            case yaml.ScalarEvent():
                scalar = _scalar(text, event, level.next_path() if levels else "")
                found.append((scalar, _anchors(level, event.anchor)))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                keyed = isinstance(event, yaml.MappingStartEvent)
                path = level.next_path() if levels else ""
                levels.append(_Level(path, keyed, _anchors(level, event.anchor)))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                levels.pop()
            case yaml.AliasEvent():
                aliased.add(str(event.anchor))
                if level.wants_key:
                    level.key = f"*{event.anchor}"
                else:
                    level.next_path()
    return [
        scalar if aliased.isdisjoint(anchors) else replace(scalar, is_shared=True)
        for scalar, anchors in found
    ]


def _anchors(level: _Level, own: str | None) -> frozenset[str]:
    return level.anchors if own is None else level.anchors | {own}


def _scalar(text: str, event: yaml_module.ScalarEvent, path: str) -> Scalar:
    marks: Any = (event.start_mark, event.end_mark)
    start, end = (mark.index for mark in marks)
    if event.style in BLOCK_STYLES:
        header = text.find("\n", start, end)
        start = end if header < 0 else header + 1
    elif event.style:
        opened = text.find(event.style, start, end)  # behind an anchor or a tag
        start, end = opened + 1, end - 1
    style = event.style or ""
    return Scalar(path=path, value=event.value, start=start, end=end, style=style)
