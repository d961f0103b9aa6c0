"""One function per kind of output that makes any text harmless there.

Prompts, paths and messages are hostile: they may hold terminal escape codes, bidirectional controls
(which show text in another order than it has), markup or line breaks that forge lines of a report.
Every function starts from `visible`, so no output ever holds a control or format character.
"""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LONGEST_RUN = re.compile(r"`+")
_MARKDOWN = re.compile(r"([\\`*_\[\]|<>~&$])")
_BLOCK_START = re.compile(r"^( *)([-+=#]+(?=\s|$)|\d+(?=[.)](?:\s|$)))")  # lists, headings, rules
_REFERENCE = re.compile(r"(?<!\w)@(?=\w)|#(?=\d)|://|www\.", re.IGNORECASE)


class _Escapes(dict[int, str]):
    """Maps code points that must not be printed to a visible escape, computed when first seen."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        if unicodedata.category(character) in _UNSAFE:
            character = character.encode("unicode_escape").decode("ascii")
        self[point] = character
        return character


_ESCAPES = _Escapes()


def visible(text: str) -> str:
    r"""Return text on one line with control, format and surrogate characters as escapes.

    A tab becomes four spaces, a line break ``\n``, an escape character ``\x1b``.
    """
    return text.replace("\t", "    ").translate(_ESCAPES)


def whole(text: str) -> str:
    r"""Return text with lone surrogates, which no encoding can write, as U+FFFD; for JSON."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def command_data(text: str) -> str:
    """Return text for the message of a GitHub workflow command; line breaks of ours survive.

    The runner decodes %25, %0D and %0A in messages, and reads ``##[`` anywhere as an old command.
    """
    lines = [visible(line).replace("%", "%25").replace("##[", "## [") for line in text.split("\n")]
    return "%0A".join(lines)


def command_property(text: str) -> str:
    """Return text for a property of a GitHub workflow command, where ``:`` and ``,`` separate."""
    return command_data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def markdown_text(text: str) -> str:
    """Return text for Markdown prose and table cells: no markup, mention, issue or link."""
    escaped = _MARKDOWN.sub(r"\\\1", _split_references(visible(text)))
    return _BLOCK_START.sub(r"\1<!-- -->\2", escaped).replace(_SPLIT, "<!-- -->")


def markdown_code(text: str) -> str:
    """Return text as a Markdown code span that also holds inside a table cell."""
    shown = visible(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in _LONGEST_RUN.findall(shown)), default=0) + 1)
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown else ""


_SPLIT = "\0"  # cannot occur in visible text


def _split_references(text: str) -> str:
    return _REFERENCE.sub(lambda found: found[0][:1] + _SPLIT + found[0][1:], text)
