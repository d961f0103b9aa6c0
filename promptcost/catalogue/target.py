"""The name of something that can be priced: ``provider/model@option+modifier``."""

from __future__ import annotations

import re
from dataclasses import dataclass

NONE = "none"
# One of each of the three large providers, as most of their users have it: what is compared where
# nobody names a target.
DEFAULT_TARGETS = (
    "anthropic/claude-sonnet-5-5@5m",
    "openai/gpt-6.1-sol@30m",
    "gemini/gemini-2.5-pro@implicit",
)

_SNAPSHOT = re.compile(r"\d{8}")  # Google writes dated snapshots as model@20251101


def split_option(text: str) -> tuple[str, str]:
    """Return what stands before and after the ``@`` of an option; a dated snapshot is none."""
    name, at, tail = text.rpartition("@")
    if not at:
        model, plus, modifiers = tail.partition("+")
        return model, plus + modifiers
    snapshot, plus, modifiers = tail.partition("+")
    if _SNAPSHOT.fullmatch(snapshot):
        return f"{name}@{snapshot}", plus + modifiers
    return name, tail


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Target:
    """Provider, model, cache option and modifiers.

    The option is ``5m``, ``1h``, ``explicit``, ``none``...; empty asks for the provider's default.
    Modifiers choose a way of being billed: ``batch``, ``flex``, ``priority``, ``us``.
    """

    provider: str
    model: str
    option: str = ""
    modifiers: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Target:
        """Read a target.  Raises ValueError when provider or model is missing."""
        name, tail = split_option(text.strip())
        provider, slash, model = name.partition("/")
        if not (provider and slash and model):
            message = f"{text!r} is not written provider/model@option"
            raise ValueError(message)
        option, *modifiers = tail.split("+")
        return cls(provider=provider, model=model, option=option, modifiers=tuple(modifiers))

    @property
    def uncached(self) -> bool:
        """Whether the target asks for no caching at all."""
        return self.option == NONE

    def __str__(self) -> str:
        tail = "+".join([self.option, *self.modifiers])
        return f"{self.provider}/{self.model}" + (f"@{tail}" if tail else "")
