"""Character ranges of the templates of one environment as spans of their files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from promptcost.model.span import LineIndex, Span
from promptcost.templates.textmap import TextMap

if TYPE_CHECKING:
    from promptcost.templates._loader import RootLoader
    from promptcost.templates.source import TemplateSource


class Places:
    """Knows the file behind every template name; `main` is the name of the audited template."""

    def __init__(self, source: TemplateSource, root: Path, loader: RootLoader) -> None:
        self.source = source
        self.root = root
        self.main = _name(source, root)
        self.loader = loader
        self._maps: dict[str, TextMap] = {self.main: source.map}
        self._spans: dict[tuple[str, int, int], Span] = {}

    def span(self, name: str, start: int, end: int) -> Span:
        """Return a character range of a template as a byte range of its file."""
        key = (name, start, end)
        if key not in self._spans:
            first, last = self._map(name).span(start, end)
            self._spans[key] = Span(source=self.path(name), start=first, end=last)
        return self._spans[key]

    def path(self, name: str) -> str:
        """Return the path of the file that holds a template."""
        return self.source.path if name == self.main else str(self.root / name)

    def position(self, name: str, offset: int) -> tuple[str, int, int]:
        """Return (path, line, column) of a character, for messages."""
        span = self.span(name, offset, offset)
        text = self.source.container
        if name != self.main and name in self.loader.files:
            text = self.loader.files[name].text
        return span.source, *LineIndex(text).position(span.start)

    def _map(self, name: str) -> TextMap:
        if name not in self._maps:
            held = self.loader.files.get(name)
            self._maps[name] = TextMap("" if held is None else held.text)
        return self._maps[name]


def _name(source: TemplateSource, root: Path) -> str:
    path, top = Path(source.path), root
    if path.is_absolute() != top.is_absolute():
        path, top = path.absolute(), top.absolute()
    base = (path.relative_to(top) if path.is_relative_to(top) else Path(path.name)).as_posix()
    return f"{base}#{source.section.replace('/', '.')}" if source.section else base
