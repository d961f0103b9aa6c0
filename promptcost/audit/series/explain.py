"""Says what changed in a block: values that moved, and what the rest of the change is about."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from promptcost.audit.series.overlap import common_end, common_start
from promptcost.audit.series.values import Value, masked, values_in
from promptcost.model.stability import Clock
from promptcost.rules.requests import Changed, Topic, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator

_AROUND = 120  # characters kept on both sides of a change, so that values are seen whole
_WINDOW = 8_000  # characters of a change that are looked at
_WORDS = 600  # words of a change that are aligned
_NEAREST = 3  # telling words before a change that count together
_LABEL = 240  # characters before a change in which its label is looked for
_FACTS = 400  # characters of a changed text that may be facts about a machine
_COUNTERS = 8  # numbers that one line of a budget may hold
_PATHS = 4  # of a changed text, the share that must be paths for it to be about files
_TOPICS = {
    Topic.ENVIRONMENT: (
        "cwd working workdir directory directories folder folders git branch branches commit "
        "commits worktree platform os kernel darwin linux windows macos shell hostname machine "
        "uname environment repo repository workspace path paths files filesystem operating listing"
    ),
    Topic.MEMORY: (
        "memory memories remember remembered recall recalled retrieved retrieval knowledge "
        "document documents passage passages snippet snippets chunk chunks search relevant note "
        "notes facts learned learnings "
        "summary context know about observations state states"
    ),
    Topic.USER: (
        "user users username customer client profile account persona company email locale name "
        "preferences organization tenant employee member role"
    ),
}
_TOPIC_OF = {word: topic for topic, words in _TOPICS.items() for word in words.split()}
_NAME = re.compile(r"\w+")
_WORD = re.compile(r"[A-Za-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HEX = re.compile(r"\W*[0-9a-fA-F]{2,}\W*")
_SETTING = re.compile(r"([A-Za-z][\w-]*=)\S*\d")
_HEADING = re.compile(r"^\s*(?:#|<|\*\*)|:\s*$")
_TITLE = re.compile(r"^\s*(?:#|<|\*\*|.{,48}[^.!?;]$)|:\s*$")
_PATH = re.compile(r"(?:^|[\s\"'`=(:])(?:~|[A-Za-z]:)?[/\\][\w.-]+(?:[/\\][\w.-]+)+")


class Explanation(NamedTuple):
    """The values that moved, and the topic of the rest; None when the values are all of it."""

    values: tuple[Changed, ...]
    topic: Topic | None


class _Window(NamedTuple):
    """The part of two texts around what differs, and what stands before it."""

    was: str
    now: str
    before: str


def explain(was: str, now: str) -> Explanation:
    """Compare two texts of one place."""
    window = _window(was, now)
    moved, rest = _moved(window)
    values = {(one.kind, one.clock): one for one in moved}
    changed = tuple(Changed(kind=kind, clock=clock) for kind, clock in values)
    if rest is None and not _are_data(moved):
        return Explanation(changed, None)
    if _reads_the_same(window):
        return Explanation(changed, Topic.FORM)
    if _is_reordered(window):
        return Explanation(changed, Topic.ORDER)
    return Explanation(changed, topic_of(window.before, rest or ""))


def _are_data(moved: list[Value]) -> bool:
    """Say whether so many numbers moved that none of them is a counter."""
    return len(moved) > _COUNTERS and all(value.kind is ValueKind.COUNTER for value in moved)


def topic_of(before: str, changed: str) -> Topic:
    """Return the topic of a changed text from its own form or the nearest label before it."""
    labelled = _label(before)
    paths = sum(len(match[0]) for match in _PATH.finditer(changed))
    # What was retrieved may well speak of files, and so may a long question.
    short = 0 < len(changed) <= _FACTS
    if short and paths * _PATHS >= len(changed) and labelled is not Topic.MEMORY:
        return Topic.ENVIRONMENT
    return labelled


def _label(before: str) -> Topic:
    """Return the topic of the nearest telling word: in the line, or in titles of its section."""
    *above, own = before[-_LABEL:].split("\n")
    headings = [number for number, line in enumerate(above) if _HEADING.search(line)]
    section = above[headings[-1] if headings else 0 :]
    named = " ".join([*filter(_TITLE.search, section), own])
    words = [word.lower() for word in _WORD.findall(_CAMEL.sub(" ", named))]
    known = [_TOPIC_OF[word] for word in words if word in _TOPIC_OF]
    # "What you know about the user": what is remembered says more than of whom.
    remembered = Topic.MEMORY in known[-_NEAREST:] and known[-1] is Topic.USER
    return Topic.MEMORY if remembered else known[-1] if known else Topic.OTHER


def _reads_the_same(window: _Window) -> bool:
    """Say whether two texts have the same words, however they are escaped and spaced."""
    was, now = unescape(window.was).split(), unescape(window.now).split()
    if max(len(window.was), len(window.now)) < _WINDOW:
        return was == now
    # A window that was cut may end in the middle of a word, and sooner in one of the texts.
    length = min(len(was), len(now)) - 1
    return length > 0 and was[:length] == now[:length]


def _is_reordered(window: _Window) -> bool:
    """Say whether two texts hold the same words in another order, whatever stands between them."""
    was, now = _NAME.findall(window.was), _NAME.findall(window.now)
    return was != now and Counter(was) == Counter(now)


def _window(was: str, now: str) -> _Window:
    start = common_start(was, now)
    end = common_end(was[start:], now[start:])
    low = max(start - _AROUND, 0)
    tail = max(end - _AROUND, 0)
    return _Window(
        was[low : len(was) - tail][:_WINDOW],
        now[low : len(now) - tail][:_WINDOW],
        now[max(start - _LABEL, 0) : start],
    )


def _moved(window: _Window) -> tuple[list[Value], str | None]:
    """Return the values that moved and the text that changed otherwise, None when there is none."""
    if masked(window.was) == masked(window.now):
        pairs = zip(values_in(window.was), values_in(window.now), strict=True)
        return [new for old, new in pairs if old.text != new.text], None
    old, new = _words(window.was), _words(window.now)
    signs = [masked(word) for word in old], [masked(word) for word in new]
    matcher = SequenceMatcher(None, *signs, autojunk=False)
    moved: list[Value] = []
    opaque: list[Value] = []
    rest: list[str] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            moved += _moved_within(old[i1:i2], new[j1:j2])
        elif i2 - i1 == j2 - j1 and all(map(_are_opaque, old[i1:i2], new[j1:j2])):
            opaque += [_opaque(word) for word in new[j1:j2]]
        else:
            rest += [*old[i1:i2], *new[j1:j2]]
    told = " ".join(rest)
    # In a text that was exchanged, an address or a size is a part of it and no cause of its own.
    moved += opaque if len(told) <= _AROUND else []
    return moved, told if rest or not moved else None


def _are_opaque(old: str, new: str) -> bool:
    """Say whether two words tell nothing: short hexadecimal, or such values of one name."""
    if _HEX.fullmatch(old) and _HEX.fullmatch(new):
        # Numbers alone count something, letters alone may be words.
        return any(map(str.isdigit, old + new)) and any(map(str.isalpha, old + new))
    was, now = _SETTING.match(old), _SETTING.match(new)
    return was is not None and now is not None and was[1] == now[1]


def _opaque(word: str) -> Value:
    return Value(kind=ValueKind.ID, clock=Clock.NEVER, text=word, start=0)


def _moved_within(old: list[str], new: list[str]) -> Iterator[Value]:
    for was, now in zip(old, new, strict=True):
        if was != now:
            yield from (value for value in values_in(now) if value.text not in was)


def _words(text: str) -> list[str]:
    """Return the words of a text; a recognised value is one word, blanks inside it or not."""
    words: list[str] = []
    position = 0
    for value in values_in(text):
        if value.kind is not ValueKind.COUNTER:
            words += [*text[position : value.start].split(), value.text]
            position = value.start + len(value.text)
    return [*words, *text[position:].split()][:_WORDS]
