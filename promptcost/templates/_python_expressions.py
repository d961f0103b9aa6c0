"""Python expressions as Jinja writes them, for the fields of f-strings.

What Jinja cannot express becomes a stand-in that depends on the same names.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

_SELF = re.compile(r"\b(?:self|cls)\.(?=[A-Za-z_])")
_SIMPLE = re.compile(r"[A-Za-z_][\w.]*(?:\(\))?(?:\.[A-Za-z_]\w*(?:\(\))?)*")
_TIME = re.compile(r"%[-#]?[a-zA-Z]")
_MOST_SORTED = 10  # calls in one expression


def as_jinja(source: str, spec: str = "") -> str:
    """Return a Python expression as Jinja writes it; `spec` is how an f-string formats it."""
    if spec and _TIME.search(spec) and not any(sign in spec for sign in "\"'{\\\n"):
        return f"{_in_brackets(as_jinja(source))}.strftime('{spec}')"
    plain = _SELF.sub("", _sorted(_shown(" ".join(source.split()))))
    if _SIMPLE.fullmatch(plain) or _is_jinja(plain):
        return plain
    return f"python({', '.join(_names(source))})"


def _in_brackets(expression: str) -> str:
    return expression if _SIMPLE.fullmatch(expression) else f"({expression})"


def _shown(source: str) -> str:
    """Return what a call of ``str`` shows."""
    if not source.startswith("str(") or not source.endswith(")") or not source.isascii():
        return source
    match _parsed(source):
        case ast.Call(func=ast.Name(id="str"), args=[value], keywords=[]) if not isinstance(
            value, ast.Starred
        ):
            return source[value.col_offset : value.end_col_offset]
    return source


def _parsed(source: str) -> ast.expr | None:
    try:
        return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _sorted(source: str) -> str:
    """Return an expression with Jinja's filter in place of every ``sorted(...)``."""
    for _ in range(_MOST_SORTED):
        call = _sorting(source)
        if call is None:
            return source
        (value,) = call.args
        inside = source[value.col_offset : value.end_col_offset]
        source = f"{source[: call.col_offset]}({inside} | sort){source[call.end_col_offset :]}"
    return source


def _sorting(source: str) -> ast.Call | None:
    """Return the first call of ``sorted`` with one value and nothing else."""
    if "sorted(" not in source or not source.isascii():
        return None
    tree = _parsed(source)
    if tree is None:
        return None
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return next(
        (
            call
            for call in calls
            if isinstance(call.func, ast.Name)
            and call.func.id == "sorted"
            and len(call.args) == 1
            and not call.keywords
        ),
        None,
    )


@cache
def _jinja() -> Environment:
    from jinja2 import Environment  # noqa: PLC0415 - heavy

    return Environment(autoescape=False)  # noqa: S701 - it only parses


def _is_jinja(expression: str) -> bool:
    from jinja2 import TemplateError  # noqa: PLC0415 - heavy

    try:
        _jinja().parse("{{ " + expression + " }}")
    except (TemplateError, RecursionError):
        return False
    return True


def _names(source: str) -> list[str]:
    """Return the names an expression reads, attributes included, in order."""
    tree = _parsed(f"({source.strip()})")
    if tree is None:
        return []
    stored = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    bound = {node.id for node in stored if isinstance(node.ctx, ast.Store)}
    found: dict[str, None] = {}
    waiting: list[ast.AST] = [tree]
    while waiting:
        base, attributes = _attributes(waiting.pop())
        if isinstance(base, ast.Name):
            dotted = _SELF.sub("", ".".join([base.id, *attributes]))
            if dotted.split(".")[0] not in bound:
                found[dotted] = None
        elif attributes:
            waiting.append(base)
        else:
            waiting.extend(reversed(list(ast.iter_child_nodes(base))))
    return list(found)


def _attributes(node: ast.AST) -> tuple[ast.AST, list[str]]:
    """Return what a chain of attributes begins with, and their names."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return node, names[::-1]
