"""The suppressions of the settings file as an audit takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from promptcost.audit.suppress import Suppression
from promptcost.model.span import Place
from promptcost.rules import selected

if TYPE_CHECKING:
    from collections.abc import Iterable

    from promptcost.config import Silence


def suppressions_of(silences: Iterable[Silence]) -> tuple[Suppression, ...]:
    """Return suppressions of whole files, placed where the settings name them."""
    return tuple(
        Suppression(
            place=Place(
                path=one.path,
                start_line=one.line,
                start_column=one.column,
                end_line=one.line,
                end_column=one.column + 1,
            ),
            codes=selected([one.rule]),
            lines=None,
            reason=one.reason,
            glob=one.glob,
        )
        for one in silences
    )
