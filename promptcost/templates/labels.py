"""What the words in front of a placeholder say of a value whose name says nothing.

``Question: {{ q }}``, ``<article>{{ x }}</article>`` and ``Today is {{ d }}`` name what is printed.
Only a label right in front counts: the same line up to the placeholder, or the line before it when
it ends with a colon, is a heading or a tag.  Without one it counts where the value stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.model.stability import Clock
from promptcost.templates import _name_tables as tables
from promptcost.templates._kinds import Kind, Reading
from promptcost.templates._words import words
from promptcost.templates.names import classify, classify_word
from promptcost.templates.settings import SourceKind
from promptcost.templates.standing import COMMANDS, holds_data, is_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from promptcost.templates.source import TemplateSource
    from promptcost.templates.template import Template
    from promptcost.templates.uses import ExpressionUse

_BEFORE = 240  # characters looked at
_LONGEST = 3  # words of a label that say something
_MOST_PRINTS = 20  # of one path
_LINES = 4  # looked at above the placeholder
_TITLE = 60  # characters of a line that is a heading because it is underlined
_TOLD = frozenset(
    {Kind.PAYLOAD, Kind.RETRIEVAL, Kind.HISTORY, Kind.ID, Kind.ENVIRONMENT, Kind.COUNTER}
)
# What takes one of several or tells how many there are: those are a list of choices.
_CHOOSING = frozenset({"first", "last", "random", "length", "count"})
_PATH = re.compile(r"[A-Za-z_][\w.]*")
_WORD = re.compile(r"[^\W\d_]+")
_CLOSED = re.compile(r"[:\uFF1A=>`\"'(\[<*\]]\s*$|\bis\s*$")
_SAID = re.compile(r"\b(?:asks|asked|says|said|writes|wrote)\W*$")
_GIVERS = ("user", "customer", "client", "caller")
_GIVEN = re.compile(
    r"(?i)\b(?:user|customer|client|caller) (?:has |have |had )?(?:just )?(?:also )?"
    r"(?:provided|selected|given|gave|shared|uploaded|pasted|attached|submitted|supplied|sent|wrote|written|entered)\b"
    r"[^.!?]*:\W*$"
    r"|\bfrom (?:the|a|your) (?:user|customer|client|caller)\s*:\W*$"
)
_TAG = re.compile(r"\W*|\s*<[a-zA-Z][\w-]*>\s*|\s*\{%.*%\}\s*")
_RULE = re.compile(r"\W*|\s*\{%.*%\}\s*|`{3}\w*")
# What stands alone in a fence of code is code, a log or a document of the request.
_FENCE = re.compile(r"\s*(?:`{3}(?!json|ya?ml|xml|toml|jinja|mermaid)\w*|\"{3}|'{3}|<<<+|~{3})\s*")
# Behind marks of code on the same line stands the name of its language.
_OPENED = re.compile(r"\s*(?:\"{3}|'{3}|<<<+)\s*")
_HEADING = re.compile(
    r".*[:\uFF1A]\W*|\s*#+\s.*|\s*<[a-zA-Z][\w-]*>\s*|\W*\*\*.*\*\*\W*"
    r"|\s*\[[^\[\]]{1,60}\]\s*|\s*={3,}.*={3,}\s*|\s*<\|\w{1,20}\|>\s*"
)
_UNDERLINE = re.compile(r"\s*(?:-{3,}|={3,})\s*")
_BEGINNING = re.compile(r"(?i)^\W*(?:start|begin(?:ning)?)\b(?: of)?\b")
# Who speaks: ``User:``, ``### Human:``, ``<|user|>``.
_SPEAKER = re.compile(r"(?i)\W*(?:user|human|customer|student|client)\W*[:>\uFF1A]\W*")
_SPOKEN = re.compile(r"(?i)\W*human\s*:\W*|\s*\[inst\]\s*|\s*<\|(?:user|human)\|>\s*")
_OBJECT = re.compile(r"(?i)\b(?:the|this|these|following|provided|below)\s+(?=([\w -]{1,60}))")
_SENTENCE = re.compile(r"[.!?;,]\s|[}\])]")
_COUNT = re.compile(r"(?:^|[\W])(?:Step|Turn|Round|Iteration|Attempt)\s*(?:#|no\.?|number)?\s*$")
_TIME = re.compile(
    r"(?i)\b(?:current|present|local) (?:date and time|datetime|time|timestamp)(?: \w+){0,3}\W*$"
    r"|(?:^|\bthe |[.!?]\s)\W*(?:time|clock)(?: (?:now|in|at|of)(?: \w+){0,2})? (?:is|says)\W*$"
    r"|(?:^|[.!?])\W*(?:date(?: and |\W+)time|datetime|timestamp)\W*$"
    r"|\b(?:it is now|right now it is|the time now is)\W*$|^\W*now\W*$"
    r"|\b(?:aktuelle uhrzeit|hora actual|heure actuelle|hora atual)\W*$|(?:当前|现在)时间\W*$"
)
_DAY = re.compile(
    r"(?i)\btoday(?:['\u2019]s date)? is\W*$|\btoday['\u2019]s date\W*$|^\W*today\W*$"
    r"|\bcurrent date(?: is)?\W*$"
    r"|\b(?:heute ist(?: der)?|aktuelles datum|nous sommes le|date du jour|fecha actual|hoy es"
    r"|data atual|hoje é)\W*$|(?:今天是|今日是|当前日期)\W*$"
)
# One of these is in whatever the two match; most lines hold none.
_OF_MOMENTS = words(
    "time clock now uhrzeit hora heure \u65f6\u95f4"
    " today date heute datum sommes jour fecha hoy data hoje \u4eca\u5929 \u4eca\u65e5 \u65e5\u671f"
)
_STOP = words(
    "a an the this that these those your our my their its his her here there is are was below above"
    " following given provided current and now please full s"
)
_OF_STANDING = words(
    "style guide guideline guidelines rule rules policy schema format template example examples"
    " instructions standards conventions syntax grammar usage"
)
_IS = words("is are was must should shall may can will has have be being")
# Behind a noun these may say what it does: ``the user simulator outputs "stop"``.
_VERBS = words("outputs answers requests comments questions reports queries inputs prompts")
_ABROAD = {
    Kind.PAYLOAD: words("问题 問題 输入 文章 文本 文档 原文 内容 查询 用户输入 用户问题 任务 質問"),
    Kind.RETRIEVAL: words("上下文 参考资料 检索结果 知识库"),
    Kind.HISTORY: words("对话历史 历史对话 聊天记录 历史消息"),
}


def labelled(template: Template) -> Mapping[str, Reading]:
    """Return what the text says of printed paths whose own names say nothing."""
    uses = [use for use in template.expressions if _is_unknown(use)]
    unknown = {use.names[0] for use in uses}
    if not unknown:
        return {}
    text = template.source.text
    prints = all_prints(template.source)
    first = {path: starts[0] for path, starts in prints.items()}
    labels = {
        path: read_label(text[max(0, first[path] - _BEFORE) : first[path]])
        for path in unknown & first.keys()
    }
    made = {path: found for path, found in labels.items() if found is not None}
    if holds_data(template.source):
        chosen = {use.names[0] for use in uses if _CHOOSING.intersection(use.filters)}
        rest = labels.keys() - made.keys() - chosen
        apart = (
            path
            for path in rest
            if any(is_data(template.source, path, at) for at in prints[path][:_MOST_PRINTS])
        )
        made |= dict.fromkeys(apart, Reading(kind=Kind.PAYLOAD))
    return made


def _is_unknown(use: ExpressionUse) -> bool:
    if len(use.names) != 1 or not _PATH.fullmatch(use.names[0]):
        return False
    return classify(use.names[0]).kind is Kind.UNKNOWN


def all_prints(source: TemplateSource) -> dict[str, list[int]]:
    """Return where the placeholders of each path begin in the template's own text."""
    opening = "{"
    if source.kind is not SourceKind.STR_FORMAT and source.settings.variable is not None:
        opening = source.settings.variable[0]
    made: dict[str, list[int]] = {}
    for found in re.finditer(rf"{re.escape(opening)}[-+]?\s*+({_PATH.pattern})", source.text):
        made.setdefault(found[1], []).append(found.start())
    return made


def read_label(before: str) -> Reading | None:
    """Return what the text up to a placeholder says of it; None when it says nothing."""
    *above, line = before.split("\n")
    return _read_label(above, line) or _of_giver(above, line)


def _of_giver(above: list[str], line: str) -> Reading | None:
    """Read what a user is said to have given; a heading or a tag may stand in between."""
    near = "".join([*above[-_LINES:], line]).lower()
    if ":" not in near or not any(giver in near for giver in _GIVERS):
        return None
    if _WORD.search(line) and not _TAG.fullmatch(line):
        return Reading(kind=Kind.PAYLOAD) if _GIVEN.search(line) else None
    said = (earlier for earlier in reversed(above[-_LINES:]) if not _TAG.fullmatch(earlier))
    return Reading(kind=Kind.PAYLOAD) if _GIVEN.search(next(said, "")) else None


def _read_label(above: list[str], line: str) -> Reading | None:
    moment = _moment(line)
    if moment is not None:
        return moment
    if _SAID.search(line) or _SPOKEN.fullmatch(line):
        return Reading(kind=Kind.PAYLOAD)
    if _WORD.search(line):
        return _of_phrase(line) or _of_object(line) if _CLOSED.search(line) else None
    heading = _heading(above[-_LINES:])
    is_fenced = bool(above) and _FENCE.fullmatch(above[-1]) is not None and not line.strip()
    told = _of_speaker(heading) or _of_phrase(heading) or _of_object(heading)
    return told or (_of_fence(heading) if is_fenced or _OPENED.fullmatch(line) else None)


def _heading(above: list[str]) -> str:
    """Return the last line that says something, where that is a heading; empty otherwise."""
    said = (at for at in reversed(range(len(above))) if not _RULE.fullmatch(above[at]))
    at = next(said, None)
    if at is None:
        return ""
    is_underlined = _UNDERLINE.fullmatch("".join(above[at + 1 : at + 2])) is not None
    is_heading = _HEADING.fullmatch(above[at]) or (is_underlined and len(above[at]) < _TITLE)
    return above[at] if is_heading else ""


def _of_speaker(heading: str) -> Reading | None:
    is_spoken = _SPEAKER.fullmatch(heading) or _SPOKEN.fullmatch(heading)
    return Reading(kind=Kind.PAYLOAD) if is_spoken else None


def _of_object(line: str) -> Reading | None:
    """Read what a sentence asks to work on: ``Translate the following text into French:``.

    The last noun that is pointed at counts, with as many words behind it as make a name.
    """
    stripped = line.rstrip(" \t`\"'*#<>")
    found = list(_OBJECT.finditer(_SENTENCE.split(stripped.rstrip(":\uff1a"))[-1]))
    said = [word.lower() for word in _WORD.findall(found[-1][1])] if found else []
    for length in range(min(len(said), _LONGEST), 0, -1):
        kind = classify_word("_".join(said[:length])).kind
        if kind is Kind.UNKNOWN:
            continue
        # What more is said of it: how it is worked on before a colon, what it must be anywhere.
        more = said[length:]
        is_subject = bool(more) and not (
            stripped.endswith((":", "\uff1a")) and _IS.isdisjoint(more)
        )
        is_verb = length > 1 and said[length - 1] in _VERBS and not stripped.endswith(":")
        is_text = kind is Kind.PAYLOAD and not is_verb and not _says_little(tuple(said[:length]))
        return Reading(kind=kind) if is_text and not is_subject else None
    return None


def _moment(line: str) -> Reading | None:
    if _COUNT.search(line):
        return Reading(kind=Kind.COUNTER)
    lowered = line.lower()
    if not any(word in lowered for word in _OF_MOMENTS):
        return None
    if _TIME.search(line):
        return Reading(kind=Kind.TIME, clock=Clock.SECOND)
    if _DAY.search(line):
        return Reading(kind=Kind.TIME, clock=Clock.DAY)
    return None


def _of_phrase(line: str) -> Reading | None:
    words = _words(_BEGINNING.sub("", line))
    if words and not words[-1].isascii():
        return next((Reading(kind=kind) for kind in _ABROAD if words[-1] in _ABROAD[kind]), None)
    if not words or len(words) > _LONGEST or not tables.PREPOSITIONS.isdisjoint(words):
        return None
    if (len(words) > 1 and words[0] in COMMANDS) or _says_little(words):
        return None
    found = classify_word("_".join(words))
    if words == ("context",):
        return Reading(kind=Kind.RETRIEVAL)
    return found if found.kind in _TOLD else None


def _of_fence(heading: str) -> Reading | None:
    """Return what is fenced: text of the request, unless a heading says what stays."""
    said = _words(heading)
    named = classify_word("_".join(said)).kind if len(said) <= _LONGEST else Kind.UNKNOWN
    stays = named in {Kind.SETTING, Kind.TOOLS} or not _OF_STANDING.isdisjoint(said)
    return None if stays else Reading(kind=Kind.PAYLOAD)


def _words(line: str) -> tuple[str, ...]:
    """Return the words of the last sentence of a line that say something."""
    last = _SENTENCE.split(line.rstrip(" \t:\uff1a`\"'*#<>()[]"))[-1]
    found = (word.lower() for word in _WORD.findall(last))
    return tuple(word for word in found if word not in _STOP)


def _says_little(words: tuple[str, ...]) -> bool:
    """Say whether a label is a single word for a part of anything: Title, Description, Name."""
    known = tables.NEVER_ENDINGS - {"code"}
    return len(words) == 1 and (words[0] in known or words[0].removesuffix("s") in known)
