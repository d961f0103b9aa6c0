"""How a prompt builder is named: ``package.module:function``, ``file.py:f``, ``file.py::test``."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"[^\W\d]\w*"
_MODULE = re.compile(rf"(?P<module>{_NAME}(?:\.{_NAME})*):(?P<attribute>{_NAME}(?:\.{_NAME})*)")
_FILE = re.compile(
    rf"(?P<file>.+\.py)(?P<sign>::?)(?P<attribute>{_NAME}(?:(?:\.|::){_NAME})*)", re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderTarget:
    """A prompt builder as the user names it: a dotted `attribute` of a `module` or of a `file`.

    Exactly one of `module` and `file` is not empty.  `collected` says that it is written as pytest
    writes the functions it collects, which get no made-up arguments.
    """

    written: str
    module: str = ""
    file: str = ""
    attribute: str
    collected: bool = False


def parse_target(written: str) -> BuilderTarget | None:
    """Return the builder that a word of the command line names; None when it names none."""
    found = _FILE.fullmatch(written)
    if found is not None:
        return BuilderTarget(
            written=written,
            file=found["file"],
            attribute=found["attribute"].replace("::", "."),
            collected=found["sign"] == "::",
        )
    found = _MODULE.fullmatch(written)
    if found is None:
        return None
    return BuilderTarget(written=written, module=found["module"], attribute=found["attribute"])
