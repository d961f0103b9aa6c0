"""Template languages with braces that are not Jinja, known by what only they write.

They are asked for when Jinja cannot read a text, so that the answer is not a fault in the text.
"""

from __future__ import annotations

import re

_GO = re.compile(
    r"\{\{-?\s*(?:\.|\$\w*\s*:?=|end\s*-?\}\}|(?:template|define|block)\s+\""
    r"|(?:range|with|if|else if|template)\s[^{}]*[\s(]\.)"
)
_HANDLEBARS = re.compile(r"\{\{\{?~?\s*[#/^>!]|\{\{\s*\w+\s+\"[^\"{}]*\"\s*\}\}")


def language_of(text: str) -> str | None:
    """Return the name of the language other than Jinja that a text is written in, if it shows."""
    if _GO.search(text):
        return "Go templates"
    return "Handlebars or Mustache" if _HANDLEBARS.search(text) else None
