"""All rules, found by walking this package: a rule is one file, and nothing is listed by hand."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from promptcost.rules._base import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from promptcost.rules._page import RulePage
    from promptcost.rules.requests import RequestRule


@cache
def all_rules() -> tuple[RulePage, ...]:
    """Return one instance of every rule, sorted by code."""
    return tuple(sorted((*template_rules(), *request_rules()), key=lambda rule: rule.code))


@cache
def template_rules() -> tuple[Rule, ...]:
    """Return one instance of every rule about templates, sorted by code."""
    import promptcost.rules as package  # noqa: PLC0415 - the package that is walked

    _import_all(package)
    return tuple(sorted((kind() for kind in Rule.__subclasses__()), key=lambda rule: rule.code))


@cache
def request_rules() -> tuple[RequestRule, ...]:
    """Return one instance of every rule about recorded requests, sorted by code."""
    import promptcost.rules.requests as package  # noqa: PLC0415 - the package that is walked
    from promptcost.rules.requests import RequestRule  # noqa: PLC0415 - only logs need it

    _import_all(package)
    kinds = RequestRule.__subclasses__()
    return tuple(sorted((kind() for kind in kinds), key=lambda rule: rule.code))


def _import_all(package: ModuleType) -> None:
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")


def rule_of(code: str) -> RulePage | None:
    """Return the rule of a code or a name, in any case; None when there is none."""
    wanted = code.strip().casefold()
    return next((rule for rule in all_rules() if wanted in {rule.code.casefold(), rule.name}), None)


def unknown_codes(selectors: Iterable[str]) -> tuple[str, ...]:
    """Return the selectors that choose no rule: no code, name or beginning of codes."""
    return tuple(selector for selector in selectors if not selected([selector]))


def selected(selectors: Iterable[str]) -> frozenset[str]:
    """Return the codes that codes, names or beginnings of codes such as ``PC1`` choose."""
    return _selected(tuple(selectors))


@lru_cache(maxsize=256)
def _selected(selectors: tuple[str, ...]) -> frozenset[str]:
    found = set()
    for selector in selectors:
        wanted = selector.strip().casefold()
        for rule in all_rules():
            code = rule.code.casefold()
            if wanted == rule.name or (wanted and code.startswith(wanted)) or wanted == "all":
                found.add(rule.code)
    return frozenset(found)
