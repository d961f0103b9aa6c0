"""How the tables of names are written."""

from __future__ import annotations


def phrases(text: str) -> frozenset[tuple[str, ...]]:
    """Return names written as ``two_words`` and separated by blanks as tuples of words."""
    return frozenset(tuple(name.split("_")) for name in text.split())


def words(text: str) -> frozenset[str]:
    """Return words separated by blanks."""
    return frozenset(text.split())
