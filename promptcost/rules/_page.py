"""What every rule has: a code, a name, and a page with examples."""

from __future__ import annotations

from typing import ClassVar, Protocol


class Shown(Protocol):
    """An example as a page shows it."""

    @property
    def text(self) -> str:
        """The example as people read it."""


class RulePage:
    """A cause of cache loss that can be explained and repaired.

    The docstring is the rule's page: one line, then ``What``, ``Why``, ``Repair``, ``Providers``
    and ``Source``.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    bad: ClassVar[tuple[Shown, ...]]
    good: ClassVar[tuple[Shown, ...]]

    @property
    def title(self) -> str:
        """The first sentence of the rule's page."""
        return (self.__doc__ or "").strip().partition("\n")[0]
