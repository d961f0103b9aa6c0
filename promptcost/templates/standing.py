"""Values that stand apart from the sentences of a prompt: its data, whatever they are called.

A value on a line of its own, between quotes, tags or fences, or behind a short label is what the
prompt is about.  One in the middle of a sentence is a word of it, and may as well be a setting; so
may one whose name holds a word of the table below, and those of system prompts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from promptcost.templates._words import words
from promptcost.templates.names import split_words
from promptcost.templates.settings import SourceKind

if TYPE_CHECKING:
    from promptcost.templates.source import TemplateSource

# A command takes what follows as its object, and is no label of it.
COMMANDS = words("answer write use respond reply return output give print speak end")
# What one deployment, agent or tool set fills in once, or what may be that.
_STANDING = words(
    "instruction instructions rule rules guide guides guideline guidelines convention conventions"
    " standards principles practices policy policies constraint constraints requirements conditions"
    " format formats schema template templates layout style styles tone language languages lang"
    " persona personas personality identity role roles character characters purpose scenario bot"
    " assistant agent agents system framework platform runtime environment env"
    " server service channel app application business brand site website config configuration setup"
    " settings defaults mode model models level type types version versions library libraries"
    " example examples shot shots fewshot demo demos demonstration demonstrations"
    " tool tools skill skills capability capabilities api apis method methods function functions"
    " command commands action actions operator operators args parameter parameters params kwargs"
    " signature variable variables field fields class classes namespace"
    " intro introduction header footer preamble section sections fragment fragments block prefix"
    " suffix marker token tokens delimiter separator placeholder extra custom default"
    " prompt prompts name names definition definitions spec specs workflow workflows"
    " note notes hint hints tip tips option options choice choices label labels tag tags category"
    " categories criteria criterion rubric metric metrics scale threshold glossary terminology"
    " vocabulary dictionary ontology taxonomy ddl table tables column columns dialect"
    " doc docs documentation manual handbook preferences dir directory path root url urls"
    " domain domains objectives steps stages phases feature features context"
    " max min num number count size length limit true false flag enabled"
)
_SYSTEM = "system"
_OF_PROGRAMS = words("script scripts command cmd run shell bash entrypoint sql html css js code")
_PAGES = ("#!", "<!doctype", "<html", "<?xml")
_NEAR = 300  # characters looked at on either side; what is longer is no label
_LONGEST_LABEL = 6  # words
_ROUND = " \t\"'`*_.,;|()[]<>-\u201c\u201d\u300c\u300d"
_TAG = re.compile(r"</?[A-Za-z][\w.:-]{0,60}>")
_LABELLED = re.compile(r"[:=\uff1a>][\s\"'`(\[*\u201c]*$")
_WORD = re.compile(r"[^\W\d_]+")
_BULLET = re.compile(r"\s*(?:[-*+#>]+|\d{1,3}[.)])?\s*")
# A sentence in front that hands over what follows it.
_HANDED = re.compile(
    r"(?i)\b(?:here (?:is|are)|below (?:is|are)|(?:is|are) below|given|following|based on|provided"
    r"|analy[sz]e|consider|review|summari[sz]e)\b[^.!?:]*[:\uff1a]\s*$"
)
# What moves on while a program runs.
_STATE = re.compile(
    r"(?i)\b(?:latest|last|previous|prior|recent|so far|retrieved"
    r"|current (?:state|status|situation|version|progress|best|session|task|code|plan|scene))\b"
)


def holds_data(source: TemplateSource) -> bool:
    """Say whether values that stand apart in a text may be data: not in scripts and web pages."""
    if source.section and not _OF_PROGRAMS.isdisjoint(split_words(source.title)):
        return False
    return not source.text[:40].lstrip().lower().startswith(_PAGES)


def is_data(source: TemplateSource, path: str, at: int) -> bool:
    """Say whether the value of a path, printed at a character of the text, stands apart there.

    A system prompt is filled in by who deploys it, but for what its text calls the latest.
    """
    found = split_words(path)
    if not _STANDING.isdisjoint(found) and found != ("context",):
        return False
    rest = _behind(source, at)
    if rest is None or _bare(source, rest):
        return False
    near = max(0, at - _NEAR)
    start = max(near, source.text.rfind("\n", near, at) + 1)
    before = _bare(source, _BULLET.sub("", source.text[start:at], count=1))
    above = source.text[max(0, start - _NEAR) : start]
    if _SYSTEM in split_words(source.title) and not _STATE.search(before or _last_line(above)):
        return False
    if found == ("context",):
        return not before and _HANDED.search(_last_line(above)) is not None
    return not before or _is_label(source.text[start:at], before)


def _is_label(written: str, bare: str) -> bool:
    label = _WORD.findall(bare)
    if _LABELLED.search(written) is None or len(label) > _LONGEST_LABEL:
        return False
    return label[0].lower() not in COMMANDS


def _behind(source: TemplateSource, at: int) -> str | None:
    """Return what follows a field on its line; None where the field does not end on it."""
    mark = "}"
    if source.kind is not SourceKind.STR_FORMAT and source.settings.variable is not None:
        mark = source.settings.variable[1]
    end = source.text.find(mark, at, at + _NEAR)
    line = source.text[at : at + 2 * _NEAR].split("\n", 1)[0]
    return line[end + len(mark) - at :] if 0 <= end < at + len(line) else None


def _bare(source: TemplateSource, line: str) -> str:
    """Return a part of a line without tags, statements, quotes and punctuation."""
    start, end = source.settings.block
    while start in line and end in line[line.index(start) :]:
        head, _, rest = line.partition(start)
        line = head + rest.partition(end)[2]
    return _TAG.sub("", line).strip(_ROUND)


def _last_line(above: str) -> str:
    """Return the last line that says something."""
    return next((line for line in reversed(above.split("\n")) if line.strip(_ROUND)), "")
