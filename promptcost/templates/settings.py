"""How a template is to be read, and how much time and memory it may take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

MEGABYTE = 1_000_000


class SourceKind(StrEnum):
    """The language a template is written in."""

    JINJA = "jinja"
    CHAT_TEMPLATE = "chat_template"
    STR_FORMAT = "str_format"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How Jinja reads a template; None leaves a choice to what the file looks like.

    `kind` forces the language, `variable` sets the delimiters of expressions.
    """

    kind: SourceKind | None = None
    block: tuple[str, str] = ("{%", "%}")
    variable: tuple[str, str] | None = None
    comment: tuple[str, str] = ("{#", "#}")
    line_statement_prefix: str | None = None
    line_comment_prefix: str | None = None
    trim_blocks: bool | None = None
    lstrip_blocks: bool | None = None
    keep_trailing_newline: bool = False
    autoescape: bool = False
    loop_controls: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one template: bytes read, tokens compiled, characters made, seconds run.

    `seconds` bound one render, `compile_seconds` the compilation before the first one.  `clock`
    gives seconds that only grow; deadlines are measured with it.
    """

    source_bytes: int = 5 * MEGABYTE
    output_chars: int = 8 * MEGABYTE
    work_chars: int = 64 * MEGABYTE
    items: int = 1_000_000
    tokens: int = 200_000
    seconds: float = 2.0
    compile_seconds: float = 10.0
    clock: Callable[[], float] = time.monotonic
