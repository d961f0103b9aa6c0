"""Paths as people write them."""

from __future__ import annotations

from pathlib import Path


def shown(path: str) -> str:
    """Return a path as seen from where the audit runs, where it is inside."""
    here, found = Path.cwd(), Path(path)
    return str(found.relative_to(here)) if found.is_relative_to(here) else path
