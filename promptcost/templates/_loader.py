"""Included templates, from inside the template root only."""

from __future__ import annotations

from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from jinja2 import BaseLoader, TemplateNotFound

from promptcost.errors import Problem
from promptcost.files.text import TextFile, read_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

MAX_FILES = 256
MAX_FOLDERS = 16  # in which an included name is looked for


class RootLoader(BaseLoader):
    """Reads names below one directory; refuses absolute and hidden names, and what leads out."""

    def __init__(self, root: Path, limit: int) -> None:
        self._root = root
        self._limit = limit
        self.files: dict[str, TextFile] = {}

    def find(self, name: str, parent: str) -> str:
        """Return a name relative to the root, or else to the nearest folder of the includer."""
        folders = islice(PurePosixPath(parent).parents, MAX_FOLDERS)
        around = (str(folder / name) for folder in folders)
        return next((at for at in (name, *around) if self._inside(at) is not None), name)

    def _inside(self, name: str) -> Path | None:
        parts = PurePosixPath(name).parts
        if not parts or any(part.startswith((".", "/")) for part in parts):
            return None
        if "\0" in name or "\\" in name:
            return None
        path = self._root / name
        try:
            if not path.is_file() or not path.resolve().is_relative_to(self._root.resolve()):
                return None
        except (OSError, RuntimeError):
            return None  # a link that leads to itself
        return path

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the text of a template.  Raises TemplateNotFound with the reason."""
        del environment
        path = self._inside(template)
        if path is None:
            raise TemplateNotFound(template, _reason(template))
        if len(self.files) >= MAX_FILES:
            raise TemplateNotFound(template, f"more than {MAX_FILES} files are included")
        found = read_text(path, self._limit)
        if isinstance(found, Problem):
            raise TemplateNotFound(template, found.message)
        self.files[template] = found
        return found.text, str(path), lambda: True


def _reason(name: str) -> str:
    if ".." in PurePosixPath(name).parts or name.startswith("/"):
        return "names a file outside of the template root"
    if any(part.startswith(".") for part in PurePosixPath(name).parts):
        return "names a hidden file"
    return "is not a file below the template root"
