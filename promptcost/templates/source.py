"""One template as it stands in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import NamedTuple

from promptcost.errors import Problem
from promptcost.model.span import Span  # noqa: TC001 - the type of a field
from promptcost.templates._kinds import Assigned
from promptcost.templates.settings import Settings, SourceKind
from promptcost.templates.textmap import TextMap
from promptcost.templates.written import Written


def _not_exactly() -> None:
    return None


def _nothing() -> Mapping[str, Assigned]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A text of a container file that may be a template; `place` says where it stands.

    `written` says how, so that it can be edited there; None where that is not exactly known.
    `assigned` is what the file around it says of the names that it prints.
    """

    name: str
    text: str
    place: Callable[[], TextMap]
    written: Callable[[], Written | None] = _not_exactly
    assigned: Callable[[], Mapping[str, Assigned]] = _nothing


class Behind(NamedTuple):
    """Fixed text of the same request behind a text, and where the first of it stands."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSource:
    """A template and where it stands: a whole file, or a section of one.

    `section` is empty or a path such as ``system_prompt`` or ``messages[0].content``.  `container`
    is the decoded text of the whole file, without byte-order mark; spans are byte ranges of its
    UTF-8 form.  `notes` say what was assumed, for instance delimiters found by looking.  `written`
    and `assigned` are those of `Section`.
    """

    path: str
    section: str = ""
    text: str
    kind: SourceKind
    settings: Settings
    container: str
    map: TextMap = field(repr=False)
    written: Callable[[], Written | None] = field(default=_not_exactly, repr=False, compare=False)
    assigned: Callable[[], Mapping[str, Assigned]] = field(
        default=_nothing, repr=False, compare=False
    )
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    behind: Behind | None = field(default=None, compare=False)

    @property
    def title(self) -> str:
        """What the template is called: the last part of its section, or the stem of its file."""
        return self.section.rpartition(".")[2] or PurePath(self.path).stem

    @property
    def is_exact(self) -> bool:
        """Whether spans are byte-exact; otherwise they cover whole lines of the file."""
        return self.map.exact
