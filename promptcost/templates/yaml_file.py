"""YAML files that hold prompt templates, one per text value (smolagents, mini-swe-agent)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from promptcost.files.scalars import text_scalars
from promptcost.templates.align import align
from promptcost.templates.source import Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from promptcost.errors import Problem
    from promptcost.files.text import TextFile


def yaml_sections(file: TextFile) -> tuple[Iterator[Section], list[Problem]]:
    """Return the text values of a YAML file."""
    scalars, problems = text_scalars(file.text, file.path)
    sections = (
        Section(
            name=scalar.path,
            text=scalar.value,
            place=partial(align, scalar.value, file.text, scalar.start, scalar.end),
        )
        for scalar in scalars
    )
    return sections, problems
