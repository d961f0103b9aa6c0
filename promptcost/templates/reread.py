"""The template of an edited file, where the edit changed that template and nothing else."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from promptcost.files.scalars import text_scalars
from promptcost.files.text import TextFile
from promptcost.templates.load import sources_in
from promptcost.templates.python_literals import literal_parts, parsed
from promptcost.templates.textmap import normalise
from promptcost.templates.toml_file import toml_sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.templates.python_literals import LiteralPart
    from promptcost.templates.settings import Settings
    from promptcost.templates.source import TemplateSource

Text = tuple[str, str]  # the name or nature of a text, and the text


def reread(
    source: TemplateSource, container: str, wanted: str | None, settings: Settings
) -> TemplateSource | None:
    """Return a template as it stands in its edited file.

    None where it does not read as `wanted` there (None: where it does not read otherwise than
    before), or where any other text of the file is not what it was.
    """
    before, after = _texts(source.path, source.container), _texts(source.path, container)
    if not _one_differs(before, after):
        return None
    olds = sources_in(TextFile(path=source.path, text=source.container), settings)[0]
    news = sources_in(TextFile(path=source.path, text=container), settings)[0]
    mine = _number(source, olds)
    if mine is None or len(olds) != len(news):
        return None
    for number, (old, new) in enumerate(zip(olds, news, strict=True)):
        changed = normalise(old.text) != normalise(new.text)
        if (old.section, old.kind) != (new.section, new.kind) or changed != (number == mine):
            return None
    found = news[mine]
    return found if wanted is None or normalise(found.text) == wanted else None


def _number(source: TemplateSource, found: Sequence[TemplateSource]) -> int | None:
    """Return which of the templates of its file a source is: that of its section and place."""
    spot = source.map.span(0, 0)
    return next(
        (
            number
            for number, each in enumerate(found)
            if (each.section, each.text) == (source.section, source.text)
            and each.map.span(0, 0) == spot
        ),
        None,
    )


def _one_differs(before: Sequence[Text] | None, after: Sequence[Text] | None) -> bool:
    """Say whether two files hold the same texts but for one at most."""
    if before is None or after is None or len(before) != len(after):
        return False
    return sum(one != other for one, other in zip(before, after, strict=True)) <= 1


def _texts(path: str, text: str) -> list[Text] | None:
    """Return every text of a file, those that are no prompts included; None where it has faults."""
    match PurePath(path).suffix.lower():
        case ".yaml" | ".yml":
            scalars, problems = text_scalars(text, path)
            return None if problems else [(scalar.path, scalar.value) for scalar in scalars]
        case ".toml":
            sections, problems = toml_sections(TextFile(path=path, text=text))
            return None if problems else [(each.name, each.text) for each in sections]
        case ".py":
            return _literals(text)
        case _:
            return []


def _literals(text: str) -> list[Text] | None:
    tree = parsed(text)
    if tree is None:
        return None
    return [("", "".join(map(_shown, parts))) for parts in literal_parts(text, tree)]


def _shown(part: LiteralPart) -> str:
    return f"\0{part.text}\0" if part.is_field else normalise(part.text)
