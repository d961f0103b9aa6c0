"""Paths as code hosts want them: relative to the repository, with forward slashes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where the run stands: the working directory and the root of the repository, both absolute."""

    here: PurePath
    root: PurePath

    def relative(self, path: str) -> str:
        """Return a path relative to the root; one outside of it stays absolute."""
        full = PurePath(os.path.normpath(self.here / path))
        return (full.relative_to(self.root) if full.is_relative_to(self.root) else full).as_posix()

    def uri(self, path: str) -> str:
        """Return a path as a URI reference: relative inside the root, ``file:`` outside."""
        shown = self.relative(path)
        quoted = quote(shown.encode("utf-8", "surrogatepass"), safe="/")
        return f"file://{quoted}" if shown.startswith("/") else quoted
