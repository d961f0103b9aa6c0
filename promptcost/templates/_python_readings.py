r"""What a Python expression is, where its shape says so: a clock, chance, or what its names say.

``datetime.now().strftime("%Y-%m-%d")`` is the day, ``"\n".join(docs)`` what ``docs`` is; what an
unknown function makes of its arguments stays unknown.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from promptcost.model.stability import Clock
from promptcost.templates import _python_call_tables as calls
from promptcost.templates._kinds import Assigned, Kind, Reading
from promptcost.templates._python_names import path_of
from promptcost.templates._python_times import CONSTANT, PARTS, at_most, fastest, set_by, shown_as
from promptcost.templates.names import classify, classify_call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from promptcost.templates._python_scopes import Scope, Values

_ROOT = re.compile(r"[.\[]")
_DEEPEST = 12
# A text that is replaced later, by itself: {{CURRENT_DATE}}, <<question>>, $context, __history__.
_OPENING = re.compile(r"[{<\[$%]|__")
_MARKER = re.compile(r"[{<\[$%(_ ]{1,6}([^\W\d_]\w{0,60}?)[}>\]$%)_ s]{0,6}")
_MOST_PARTS = 200  # of one expression
Found = Assigned | None


def told_of(name: str, values: Values, scope: Scope) -> Found:
    """Return what a name is, where what it is set to says more than the name; else None."""
    found = _of_values(values, scope, 0)
    return found if found == CONSTANT else _more_than(name, found)


def told_of_own(name: str, values: Values, scope: Scope) -> Found:
    """Return what an attribute of an object is; what it starts with, others may change."""
    return _more_than(name, _moving(_of_values(values, scope, 0)))


def filled_with(name: str, values: Iterable[tuple[ast.expr, Scope]]) -> Found:
    """Return what fills a placeholder, where all calls agree and say more than its name.

    A written date is one; questions are written out where a prompt is tried, and vary elsewhere.
    """
    filling = list(values)
    found = _agreed([_reading(value, scope, 0) for value, scope in filling])
    if found == CONSTANT:
        dated = all(_is_text(value) for value, _ in filling)
        return found if dated and classify(name).kind is Kind.TIME else None
    return _more_than(name, found)


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _more_than(name: str, found: Found) -> Found:
    if found is None or found.is_certain:
        return found
    own = classify(name).kind
    is_list_of_tools = own is Kind.PAYLOAD and found.reading.kind is Kind.TOOLS
    return found if own is Kind.UNKNOWN or is_list_of_tools else None


def _of_values(values: Values, scope: Scope, depth: int) -> Found:
    """Return what a name is that is set to some values; empty ones stand for a beginning."""
    told = values if len(values) == 1 else [each for each in values if not _is_empty(each)]
    return _agreed([None if value is None else _reading(value, scope, depth) for value in told])


def _is_empty(value: ast.expr | None) -> bool:
    match value:
        case ast.Constant(value="" | None) | ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
    return False


def _agreed(found: list[Found]) -> Found:
    """Return what several expressions all are; of two constants nobody knows which."""
    first = found[0] if found else None
    if first is None or any(other != first for other in found[1:]):
        return None
    return None if first == CONSTANT and len(found) > 1 else first


def _reading(node: ast.expr, scope: Scope, depth: int) -> Found:
    """Return what an expression is; None where it is unknown."""
    reader = _READERS.get(type(node))
    return None if reader is None or depth > _DEEPEST else reader(node, scope, depth + 1)


def _of_constant(node: ast.Constant, _scope: Scope, _depth: int) -> Found:
    """Return what a constant is: one that stands for a value, ``{{NOW}}``, is what it names."""
    if not isinstance(node.value, str) or not _OPENING.match(node.value):
        return CONSTANT
    marker = _MARKER.fullmatch(node.value)
    return None if marker is None else _named(marker[1])


def _of_one(node: ast.Starred, scope: Scope, depth: int) -> Found:
    """Return what one of several values is; which one varies, even of constants."""
    return _moving(_reading(node.value, scope, depth))


def _of_value(node: ast.Await | ast.Lambda, scope: Scope, depth: int) -> Found:
    return _reading(node.body if isinstance(node, ast.Lambda) else node.value, scope, depth)


def _of_field(node: ast.FormattedValue, scope: Scope, depth: int) -> Found:
    found = _reading(node.value, scope, depth)
    return found if found is None or node.format_spec is None else shown_as(found, node.format_spec)


def _of_parts(
    node: ast.JoinedStr | ast.List | ast.Tuple | ast.Set | ast.Dict, scope: Scope, depth: int
) -> Found:
    parts = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else node.values
    if len(parts) > _MOST_PARTS:
        return None
    found = fastest([_reading(part, scope, depth) for part in parts])
    # What starts as a list of constants may be added to.
    return found if isinstance(node, ast.JoinedStr | ast.Tuple) else _moving(found)


def _of_sum(node: ast.BinOp, scope: Scope, depth: int) -> Found:
    if isinstance(node.op, ast.BitOr) and path_of(node.left).lower().endswith("retriever"):
        return Assigned(reading=Reading(kind=Kind.RETRIEVAL))
    return fastest([_reading(part, scope, depth) for part in (node.left, node.right)])


def _of_choice(node: ast.IfExp | ast.BoolOp, scope: Scope, depth: int) -> Found:
    """Return what one of several expressions is: what moves, unless one of them is unknown."""
    arms = node.values if isinstance(node, ast.BoolOp) else [node.body, node.orelse]
    found = [_reading(arm, scope, depth) for arm in arms[:_MOST_PARTS]]
    moving = [each for each in found if each is not None and each != CONSTANT]
    if not moving or (None in found and not any(each.is_certain for each in moving)):
        return None
    return fastest(moving)


def _of_all(node: ast.ListComp | ast.GeneratorExp, scope: Scope, depth: int) -> Found:
    return _moving(_reading(node.generators[0].iter, scope, depth))


def _of_name(node: ast.Name, scope: Scope, depth: int) -> Found:
    told = _set_to(node.id, scope, depth) or _returned(scope.function(node.id), depth)
    own = _named(node.id)
    return told if told is not None and (own is None or _is_sure(told)) else own


def _set_to(name: str, scope: Scope, depth: int) -> Found:
    """Return what a name is set to; read once, however many expressions hold it."""
    found = scope.find(name)
    if found is None:
        return None
    values, where = found
    if name not in where.readings:
        where.readings[name] = None  # what is set to itself is unknown
        where.readings[name] = _of_values(values, where, depth)
    return where.readings[name]


def _is_sure(told: Assigned) -> bool:
    return told == CONSTANT or told.is_certain


def _of_attribute(node: ast.Attribute, scope: Scope, depth: int) -> Found:
    if isinstance(node.value, ast.Name) and node.value.id == "self":
        found = scope.find_own(node.attr)
        told = None if found is None else _of_values(*found, depth)
        return told if told is not None and told.is_certain else _named(node.attr)
    held = _reading(node.value, scope, depth)
    if held is not None and held.reading.kind is Kind.TIME:
        return at_most(held, PARTS.get(node.attr, Clock.SECOND))
    return _by_path(node) or _moving(held)


def _of_item(node: ast.Subscript, scope: Scope, depth: int) -> Found:
    return _by_path(node) or _inside(node.value, scope, depth)


def _inside(node: ast.expr, scope: Scope, depth: int) -> Found:
    """Return what a part of a value is, that of the whole; of a table of constants unknown."""
    is_table = path_of(node).isupper()
    return None if is_table else _moving(_reading(node, scope, depth))


def _of_call(node: ast.Call, scope: Scope, depth: int) -> Found:
    found = _known_call(node)
    if found is not None:
        return found
    match node.func:
        case ast.Attribute() as method:
            return _of_method(node, method, scope, depth)
        case ast.Name(id="input" | "RunnablePassthrough"):
            return Assigned(reading=Reading(kind=Kind.PAYLOAD))
        case ast.Name(id=name) if name in calls.WRAPPERS:
            return _reading(node.args[0], scope, depth) if node.args else None
        case ast.Name(id=name):
            return _returned(scope.function(name), depth)
    return None


def _known_call(node: ast.Call) -> Found:
    """Return what a function of the standard library gives: a time, chance, the surroundings."""
    path = path_of(node.func)
    called = classify_call(path)
    module, _, last = path.rpartition(".")
    if module == "time" and last in calls.CLOCKS:
        called = Reading(kind=Kind.TIME, clock=Clock.SECOND)
    if called.kind is Kind.UNKNOWN:
        return None
    if last in calls.DRAWS and node.args and path_of(node.args[0]).islower():
        return Assigned(reading=Reading(kind=Kind.PAYLOAD))  # one of the records at hand
    found = Assigned(reading=called, is_certain=True)
    return shown_as(found, node.args[0]) if last == "strftime" and node.args else found


def _of_method(node: ast.Call, method: ast.Attribute, scope: Scope, depth: int) -> Found:
    name, args = method.attr, node.args
    if name in calls.RETRIEVING:
        return Assigned(reading=Reading(kind=Kind.RETRIEVAL))
    if name in {"join", "format"} and isinstance(method.value, ast.Constant):
        filling = [*args, *(keyword.value for keyword in node.keywords)][:_MOST_PARTS]
        return fastest([_reading(each, scope, depth) for each in filling])
    if name in calls.WRAPPERS and args and path_of(method.value) in calls.TAKES_FIRST:
        return _reading(args[0], scope, depth)
    held = _reading(method.value, scope, depth)
    if held is not None and held.reading.kind is Kind.TIME:
        return _of_time(held, node, name)
    if name == "get":
        return _by_path(node) or _inside(method.value, scope, depth)
    return held if name in calls.SAME else None


def _of_time(held: Assigned, node: ast.Call, name: str) -> Assigned:
    """Return what a method of a time gives."""
    if name in {"strftime", "format"} and node.args:
        return shown_as(held, node.args[0])
    if name == "replace":
        return at_most(held, set_by(keyword.arg for keyword in node.keywords))
    return at_most(held, PARTS.get(name, Clock.SECOND))


def _returned(function: Scope | None, depth: int) -> Found:
    """Return what a function of the source gives, where that is a clock or chance."""
    if function is None or len(function.returned) != 1:
        return None
    found = _of_values(function.returned, function, depth)
    return found if found is not None and found.is_certain else None


def _moving(found: Found) -> Found:
    return None if found == CONSTANT else found


def _by_path(node: ast.expr) -> Found:
    """Return what a path says; what is looked up in a table of constants is one of a few."""
    path = path_of(node)
    return _named(path) if path and not _ROOT.split(path, 1)[0].isupper() else None


def _named(path: str) -> Found:
    """Return what a path says by its name, where that moves or is the tools."""
    found = classify(path)
    is_told = found.kind is Kind.TOOLS or not found.stability.is_static
    return Assigned(reading=found) if is_told else None


_READERS: dict[type[ast.expr], Callable[[Any, Scope, int], Found]] = {
    ast.Constant: _of_constant,
    ast.Starred: _of_one,
    ast.Await: _of_value,
    ast.FormattedValue: _of_field,
    ast.JoinedStr: _of_parts,
    ast.List: _of_parts,
    ast.Tuple: _of_parts,
    ast.Set: _of_parts,
    ast.Dict: _of_parts,
    ast.BinOp: _of_sum,
    ast.IfExp: _of_choice,
    ast.BoolOp: _of_choice,
    ast.ListComp: _of_all,
    ast.GeneratorExp: _of_all,
    ast.Lambda: _of_value,
    ast.Name: _of_name,
    ast.Attribute: _of_attribute,
    ast.Subscript: _of_item,
    ast.Call: _of_call,
}
