"""Docstrings that are prompts: of decorated functions, with placeholders for their parameters."""

from __future__ import annotations

import ast
import re

from promptcost.templates._words import words
from promptcost.templates.names import split_words

_BRACES = re.compile(r"\{[^{}]{1,200}\}")
_NAME = re.compile(r"[^\W\d]\w*")
# Decorators whose functions keep a docstring for a reader, or hand it to the model as it is.
_OTHERS = words(
    "tool tools command group route get post put patch delete websocket fixture property setter"
    " staticmethod classmethod overload override abstractmethod cache cached wraps parametrize"
    " deprecated contextmanager asynccontextmanager singledispatch register validator test mark"
    " resource skill function plugin action event handler receiver"
)


def described_by(node: ast.AST) -> ast.Constant | None:
    """Return the docstring that a decorator makes a prompt of."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    match node.body[0]:
        case ast.Expr(value=ast.Constant(value=str(text)) as found) if "{" in text:
            inside = (name for braces in _BRACES.findall(text) for name in _NAME.findall(braces))
            is_prompt = any(map(_may_prompt, node.decorator_list))
            return found if is_prompt and not _parameters(node.args).isdisjoint(inside) else None
    return None


def _may_prompt(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    found = split_words(name)
    return bool(found) and _OTHERS.isdisjoint(found)


def _parameters(args: ast.arguments) -> frozenset[str]:
    given = (*args.posonlyargs, *args.args, *args.kwonlyargs)
    return frozenset(argument.arg for argument in given) - {"self", "cls"}
