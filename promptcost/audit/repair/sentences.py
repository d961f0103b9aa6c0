"""Whether a line of prose goes on in the next one, and what a line shows by its first signs."""

from __future__ import annotations

import re

from promptcost.audit.repair.tokens import VALUE

WORD = re.compile(r"[^\W\d_]{2,}")
# Signs that end a sentence, those of full width among them, and quotes behind them.
_ENDED = re.compile(r"[.!?:;\u3002\uff01\uff1f\uff1a\uff1b\u2026>|]['\")\]}*_`\xbb\u201d\u2019]*$")
INTRO = re.compile(r"[:\uff1a]['\")*_`]*$")
ITEM = re.compile(r"(?P<indent>\s*)(?P<mark>[-*+•]|\d{1,3}[.)])\s+\S")
LABEL = re.compile(r"[*_'\"`]*[^\W_][\w /()'-]{0,40}[*_'\"`]*[:\uff1a]")
ROLE = re.compile(
    r"[#*_\s]*(?P<role>system|developer|user|human|assistant|ai|model)\b[*_]*"
    r"[ \t]*(?:\[[^\]]*\])?:[*_]*",
    re.IGNORECASE,
)
_STRUCTURE = re.compile(r"[<|>#`]|[-=*_~]{3}")
_WRAPPED = 60  # a line as long as this may have been broken anywhere


# The first words of a sentence that speaks of the one before: "Use this as ...".
POINTS_BACK = re.compile(r"\W*(?:\w+\s+)?(?:this|these|those|it|they|them|he|she)\b", re.IGNORECASE)
# Where one sentence of a line ends and the next one begins.
_BETWEEN = re.compile(rf"(?<=[.!?])\s+(?=[^\W\d_]|{VALUE}|['\"(*`])")


def spans(line: str) -> list[tuple[int, int]]:
    """Return the half-open ranges of the sentences of a line."""
    start = len(line) - len(line.lstrip())
    found = []
    for gap in _BETWEEN.finditer(line, start):
        if not line[gap.end()].islower():
            found.append((start, gap.start()))
            start = gap.end()
    return [*found, (start, len(line.rstrip()))]


def goes_on(one: str, other: str) -> bool:
    """Say whether a line, masked and without blanks around it, goes on in another."""
    if _is_row(one) and _is_row(other):
        return True
    return not _starts_anew(one, other) and _runs_on(one, other)


def _is_row(line: str) -> bool:
    return line.startswith("|") and line.endswith("|")


def _starts_anew(one: str, other: str) -> bool:
    """Say whether a line ends its sentence, or the next one begins something by its first signs."""
    label = LABEL.match(other)
    # A sentence that goes on is no label, though it ends with a colon: "which you / need to do:".
    is_label = label is not None and not (other[0].islower() and " " in label[0])
    begins = is_label or _STRUCTURE.match(other) or ITEM.match(other)
    return bool(begins) or _ENDED.search(one) is not None


def _runs_on(one: str, other: str) -> bool:
    if other[0].islower() or other[0] in ",;)":
        return True
    ends_in_value = one.rstrip("'\")]}*_`").endswith(VALUE)
    if ends_in_value and (LABEL.match(one) or not WORD.search(one)):
        return False
    return len(one) >= _WRAPPED or other.startswith(VALUE)
