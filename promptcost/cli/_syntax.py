"""How templates are written: options of the command line over the settings of the project."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

from promptcost.errors import UsageError
from promptcost.templates.settings import Settings, SourceKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.cli._audit import Wanted


class _Given(TypedDict, total=False):
    kind: SourceKind
    variable: tuple[str, str]
    block: tuple[str, str]
    comment: tuple[str, str]
    trim_blocks: bool
    lstrip_blocks: bool
    keep_trailing_newline: bool


def settings_of(
    options: Wanted, own: Mapping[str, Settings]
) -> tuple[Settings, dict[str, Settings]]:
    """Return how templates are written in general, and how those are that match a glob.

    Raises UsageError for marks that are not a pair.
    """
    given = _given(options)
    return Settings(**given), {glob: replace(how, **given) for glob, how in own.items()}


def _given(options: Wanted) -> _Given:
    given: _Given = {}
    if options.syntax is not None:
        given["kind"] = SourceKind(options.syntax)
    if options.variable is not None:
        given["variable"] = _pair("--variable", options.variable)
    if options.block is not None:
        given["block"] = _pair("--block", options.block)
    if options.comment is not None:
        given["comment"] = _pair("--comment", options.comment)
    if options.trim_blocks is not None:
        given["trim_blocks"] = options.trim_blocks
    if options.lstrip_blocks is not None:
        given["lstrip_blocks"] = options.lstrip_blocks
    if options.keep_trailing_newline:
        given["keep_trailing_newline"] = True
    return given


def _pair(option: str, text: str) -> tuple[str, str]:
    match text.split():
        case [start, end]:
            return start, end
        case _:
            message = f"{option} {text!r} is not two marks with a space between, as in '{{{{ }}}}'"
            raise UsageError(message)
