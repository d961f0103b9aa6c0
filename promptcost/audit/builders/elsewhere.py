"""What a prompt would be in another checkout or on another machine."""

from __future__ import annotations

import platform
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptcost.audit.builders.prompt import Prompt

_SHORTEST = 4  # characters; a shorter name can be part of any word


def elsewhere(prompt: Prompt) -> Prompt:
    """Return a prompt with the working directory, host and kernel of this process replaced.

    The builder runs here, so that these very texts show that it prints them.
    """
    here = Path.cwd()
    text = prompt.text
    for known, other in (
        (str(here), str(here.parent / "elsewhere")),
        (platform.node(), "elsewhere"),
        (platform.release(), "0.0.0-elsewhere"),
    ):
        if len(known) >= _SHORTEST:
            text = text.replace(known, other)
    return replace(prompt, text=text)
