"""From a template's text to something that renders."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.errors import Problem
    from promptcost.templates.settings import Limits
    from promptcost.templates.source import TemplateSource
    from promptcost.templates.template import Template


def prepare(source: TemplateSource, *, root: Path, limits: Limits) -> Template | Problem:
    """Compile a template; `root` bounds what it may include.  A Problem where it has a fault."""
    match source.kind:
        case SourceKind.JINJA | SourceKind.CHAT_TEMPLATE:
            from promptcost.templates._jinja import prepare_jinja  # noqa: PLC0415 - heavy

            return prepare_jinja(source, root, limits)
        case SourceKind.STR_FORMAT | SourceKind.PLAIN:
            from promptcost.templates.str_format import prepare_format  # noqa: PLC0415 - rare

            return prepare_format(source)
        case _:
            assert_never(source.kind)
