"""Refuses single steps whose result would be too large, before they run.

A deadline cannot stop one step of C: ``'a' * 10**9``, ``x|center(10**9)``, ``'%999999999d' % x``,
``10**10**9``, or the text of a list that holds itself many times over.  Every operator, filter and
method that can blow up is weighed first by its arguments.
"""

# ruff: noqa: ANN401 - template values can be anything
from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import Undefined
from jinja2.sandbox import SandboxedEscapeFormatter, SandboxedFormatter
from jinja2.utils import Namespace, generate_lorem_ipsum

from promptcost.templates._budget import Budget, LimitReached

MAX_BITS = 65_536  # of an integer; larger ones take quadratic time to divide and to print
MAX_QUADRATIC = 10_000  # items added up as lists or texts one by one
SLOWNESS = 8  # of filters that look at each character in Python, against copying it
MAX_LIPSUM = 100_000  # words
MOST_DIGITS = 18  # of a width
MAX_DIGITS = 1_000  # after the point, when rounding

_NUMBER = re.compile(r"\d+")
_PRINTF = re.compile(r"%(?:%|(?:\([^()]*\))?[-#0 +]*(\d*)(?:\.(\d*))?)")
_NESTED_KEY = re.compile(r"%\([^()]*\(")

_CONTAINERS = (list, tuple, dict, set, frozenset, Namespace)

# Filters that look at no more than the outermost level of their input; the rest is weighed first.
_SHALLOW = frozenset(
    {"length", "count", "first", "last", "list", "map", "select", "reject", "batch", "slice"}
    | {"items", "default", "d", "random", "reverse", "attr", "abs", "int", "float", "join"}
)
_WIDE = frozenset({"center", "indent", "batch", "slice", "tojson", "wordwrap", "truncate"})
_COMPARING = frozenset(
    {"index", "count", "get", "fromkeys", "format", "format_map", "__contains__"}
)
_WIDE_METHODS = frozenset({"center", "ljust", "rjust", "zfill", "expandtabs", "to_bytes"})


def weigh(value: object, budget: Budget) -> None:
    """Raise LimitReached when the text of nested containers would be too long."""
    if not isinstance(value, _CONTAINERS):
        return
    left = budget.limits.items
    stack: list[Iterable[object]] = [_members(value)]
    while stack:
        for member in stack.pop():
            left -= 1 + (len(member) // 8 if isinstance(member, str | bytes) else 0)
            if left < 0:
                budget.hold(budget.limits.items + 1)
            if isinstance(member, _CONTAINERS):
                stack.append(_members(member))


def _members(value: object) -> Iterable[object]:
    if isinstance(value, Namespace):
        value = object.__getattribute__(value, "_Namespace__attrs")
    if isinstance(value, Mapping):
        return (*value.keys(), *value.values())
    items: Iterable[object] = value  # type: ignore[assignment]  # one of _CONTAINERS
    return items


def check_operator(operator: str, left: Any, right: Any, budget: Budget) -> None:
    """Refuse an operator whose result would be too large."""
    match operator:
        case "*":
            _check_product(left, right, budget)
            _check_product(right, left, budget)
        case "**":
            if isinstance(left, int) and isinstance(right, int):
                _check_bits(left.bit_length() * max(right, 0))
        case "%" if isinstance(left, str | bytes):
            text = left if isinstance(left, str) else left.decode("latin-1")
            check_printf(text, right if isinstance(right, tuple) else (right,), budget)
            weigh(right, budget)


def _check_product(left: Any, right: Any, budget: Budget) -> None:
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() + right.bit_length())
    elif isinstance(left, str | bytes) and isinstance(right, int):
        budget.spend(len(left) * max(right, 0))
    elif isinstance(left, list | tuple) and isinstance(right, int):
        budget.hold(len(left) * max(right, 0))


def _check_bits(bits: int) -> None:
    if bits > MAX_BITS:
        message = f"makes an integer of more than {MAX_BITS} bits"
        raise LimitReached(message)


def check_result(value: object, budget: Budget) -> None:
    """Count what a step made."""
    if isinstance(value, str | bytes):
        budget.spend(len(value))
    elif isinstance(value, list | tuple):
        budget.hold(len(value))


def check_width(numbers: Iterable[object], budget: Budget) -> None:
    """Refuse a width, precision or count beyond the size of any allowed text."""
    for number in numbers:
        if isinstance(number, int) and abs(number) > budget.limits.output_chars:
            budget.spend(abs(number))


def check_format(spec: str, budget: Budget) -> None:
    """Refuse a field of ``str.format`` with a huge width."""
    check_width((_read(digits) for digits in _NUMBER.findall(spec)), budget)


def check_printf(text: str, arguments: Iterable[object], budget: Budget) -> None:
    """Refuse printf-style text whose widths and values are too long together."""
    given = tuple(arguments)
    total = sum(map(_read, _widths(text)))
    if "*" in text:
        total += sum(abs(number) for number in given if isinstance(number, int))
    if len(given) == 1 and isinstance(given[0], Mapping):  # a value may be used again and again
        longest = max((len(v) for v in given[0].values() if isinstance(v, str | bytes)), default=0)
        total += text.count("%(") * longest
    if total > budget.limits.output_chars:
        budget.spend(total)


def _widths(text: str) -> Iterable[str]:
    """Return the widths and precisions of printf-style text."""
    if _NESTED_KEY.search(text):  # then no number can be told from one in a key
        return _NUMBER.findall(text)
    return (digits for spec in _PRINTF.findall(text) for digits in spec if digits)


def _read(digits: str) -> int:
    """Return a number; one of too many digits as one that is too large."""
    return int(digits) if len(digits) <= MOST_DIGITS else 10**MOST_DIGITS


def check_filter(name: str, value: Any, arguments: list[Any], budget: Budget) -> None:
    """Refuse a filter whose result would be too large or take quadratic time."""
    if name not in _SHALLOW:
        weigh(value, budget)
        weigh(arguments, budget)
    if name in _WIDE:
        check_width(arguments, budget)
    match name:
        case "join":
            check_join(value, str(arguments[0]) if arguments else "", budget)
        case "list" | "batch" | "slice" if isinstance(value, str):
            budget.hold(len(value))
        case "sum" if arguments and not isinstance(arguments[-1], int | float | str):
            budget.hold(_excess(value, budget))
        case "round" if any(isinstance(n, int) and abs(n) > MAX_DIGITS for n in arguments):
            budget.spend(budget.limits.output_chars + 1)
        case _:
            budget.spend(_most_text(name, value, arguments, budget))


def _most_text(name: str, value: Any, arguments: list[Any], budget: Budget) -> int:
    """Return how many characters a filter may add to its input."""
    match name:
        case "indent":
            width = next((n for n in arguments if type(n) is int), 4)
            return str(value).count("\n") * width
        case "wordwrap":
            return len(str(value)) * max(
                (len(a) for a in arguments if isinstance(a, str)), default=1
            )
        case "replace" if len(arguments) > 1:
            check_replace(str(value), str(arguments[0]), str(arguments[1]), budget)
        case "format":
            check_printf(str(value), arguments, budget)
        case "urlize" | "striptags":
            return min(len(str(value)) * SLOWNESS, budget.limits.output_chars + 1)
    return 0


def _excess(value: object, budget: Budget) -> int:
    """Return too many items where adding them one by one would take quadratic time."""
    known = isinstance(value, list | tuple | str) and len(value) <= MAX_QUADRATIC
    return 0 if known else budget.limits.items + 1


def check_replace(text: str, old: str, new: str, budget: Budget) -> None:
    """Refuse a replacement that multiplies the text."""
    if len(new) > len(old):
        budget.spend(text.count(old) * len(new))


def check_join(parts: object, separator: str, budget: Budget) -> None:
    """Refuse joining texts whose sum is too long."""
    if isinstance(parts, list | tuple | dict | set | frozenset | str):
        total = len(separator) * len(parts)
        if not isinstance(parts, str):
            total += sum(len(part) for part in parts if isinstance(part, str))
            weigh(parts, budget)
        budget.spend(total)


def check_method(owner: object, name: str, arguments: tuple[Any, ...], budget: Budget) -> None:
    """Refuse a method of a builtin value whose result would be too large."""
    if name in _WIDE_METHODS:
        check_width(arguments, budget)
    if name in _COMPARING:
        weigh(owner, budget)
        weigh(arguments, budget)
    if name == "expandtabs" and isinstance(owner, str):
        width = arguments[0] if arguments and isinstance(arguments[0], int) else 8
        budget.spend(owner.count("\t") * max(width, 0))
    elif name == "replace" and isinstance(owner, str) and len(arguments) > 1:
        check_replace(owner, str(arguments[0]), str(arguments[1]), budget)
    elif name == "join" and isinstance(owner, str) and arguments:
        check_join(arguments[0], owner, budget)
    elif name in {"split", "rsplit", "splitlines"} and isinstance(owner, str):
        separator = str(arguments[0]) if arguments else " "
        budget.hold(owner.count(separator or " "))
    elif name == "translate" and isinstance(owner, str) and arguments:
        table = arguments[0] if isinstance(arguments[0], Mapping) else {}
        longest = max((len(v) for v in table.values() if isinstance(v, str)), default=1)
        budget.spend(len(owner) * longest)


def bounded_lipsum(
    seed: int,
    n: int = 5,
    html: bool = True,  # noqa: FBT001, FBT002 - Jinja's signature
    min: int = 20,  # noqa: A002 - Jinja's signature
    max: int = 100,  # noqa: A002 - Jinja's signature
) -> str:
    """Return Jinja's filler text.  Raises LimitReached for a large one."""
    if n * max > MAX_LIPSUM or min > MAX_LIPSUM:
        message = f"makes more than {MAX_LIPSUM} words of filler text"
        raise LimitReached(message)
    state = random.getstate()  # Jinja draws the words from the shared generator
    random.seed(seed)
    try:
        return generate_lorem_ipsum(n, html, min, max)
    finally:
        random.setstate(state)


def pick(items: Any, chance: random.Random) -> Any:
    """Return an item as Jinja's random filter does, by the chance of this render."""
    try:
        return chance.choice(items)
    except IndexError:
        return Undefined("No random item, sequence was empty.")


def check_key(key: object, budget: Budget) -> None:
    """Refuse to hash or compare a deep tuple; other containers cannot be keys."""
    if isinstance(key, tuple):
        weigh(key, budget)


class GuardedFormatter(SandboxedFormatter):
    """Formats fields of ``str.format`` after weighing values and widths."""

    budget: Budget

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """Convert a value whose text is not too long."""
        weigh(value, self.budget)
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> Any:
        """Format a value to a width that is not too large."""
        check_format(format_spec, self.budget)
        made = super().format_field(value, format_spec)
        self.budget.spend(len(made))
        return made


class GuardedEscapeFormatter(GuardedFormatter, SandboxedEscapeFormatter):
    """The same for markup."""
