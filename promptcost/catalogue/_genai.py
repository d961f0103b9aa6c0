"""Reading the data module of genai-prices (dollars per million tokens) without running it."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from promptcost.catalogue.tables import RateKey, TableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PROVIDERS = {
    "anthropic": "anthropic",
    "aws": "bedrock",
    "azure": "azure",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "google": "gemini",
    "groq": "groq",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshotai": "moonshot",
    "openai": "openai",
    "together": "together",
    "x-ai": "xai",
    "zai": "zai",
}
_METERS = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write",
    "cache_write_5m_mtok": "cache_write@5m",
    "cache_write_1h_mtok": "cache_write@1h",
    "cache_write_12h_mtok": "cache_write@12h",
}
_MODIFIERS = frozenset({"batch", "flex", "priority"})
_KIND = "()"  # the name of a call, among its keyword arguments
_PLAIN: dict[str, Callable[..., Any]] = {
    "Decimal": Decimal,
    "datetime.date": date,
    "datetime.time": time,
}


def genai_rows(text: str, at: datetime) -> Iterator[TableRow]:
    """Yield the models of the providers we know, with the prices of an instant.

    Raises SyntaxError or ValueError where the text is not such a module.
    """
    tree = ast.parse(text)
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if not isinstance(value, ast.List):
            continue
        for element in value.elts:
            provider = _literal(element)
            if _is(provider, "Provider"):
                yield from _models(provider, at)


def _models(provider: dict[str, Any], at: datetime) -> Iterator[TableRow]:
    for model in provider.get("models", ()):
        name = model.get("id", "")
        ours = PROVIDERS.get(provider.get("id", ""))
        if ours == "gemini" and not name.startswith("gemini"):
            ours = "vertex"  # its Google provider holds both; Claude is sold on Vertex only
        rates = dict(_active(model.get("prices"), at, ""))
        for variant in reversed(model.get("price_variants") or ()):
            modifier = variant["when"].get("processing")
            if modifier in _MODIFIERS and len(variant["when"]) == 1 and _holds(variant, at):
                rates.update(_price(variant["prices"], modifier))
        if ours and rates:
            yield TableRow(provider=ours, model=name, rates=rates)


def _active(
    prices: Any,  # noqa: ANN401 - a value of a foreign file
    at: datetime,
    modifier: str,
) -> Iterator[tuple[RateKey, Decimal]]:
    """Yield the last price whose condition holds, or else the first, as the package does."""
    if _is(prices, "ModelPrice"):
        yield from _price(prices, modifier)
    elif isinstance(prices, list) and prices:
        holding = [price for price in prices if _holds(price, at)]
        yield from _price((holding or prices[:1])[-1]["prices"], modifier)


def _holds(conditional: dict[str, Any], at: datetime) -> bool:
    constraint: Any = conditional.get("constraint")
    if _is(constraint, "StartDateConstraint"):
        return bool(at.astimezone(UTC).date() >= constraint["start_date"])
    if _is(constraint, "TimeOfDateConstraint"):
        return bool(constraint["start_time"] <= at.astimezone(UTC).time() < constraint["end_time"])
    return True


def _price(
    price: Any,  # noqa: ANN401 - a value of a foreign file
    modifier: str,
) -> Iterator[tuple[RateKey, Decimal]]:
    for field, meter in _METERS.items():
        value = price.get(field)
        if isinstance(value, Decimal):
            yield RateKey(meter=meter, modifier=modifier), value
        elif _is(value, "TieredPrices"):
            yield RateKey(meter=meter, modifier=modifier), value["base"]
            for tier in value["tiers"]:
                key = RateKey(meter=meter, above=tier["start"], modifier=modifier)
                yield key, tier["price"]


def _is(value: Any, kind: str) -> bool:  # noqa: ANN401 - a value of a foreign file
    return isinstance(value, dict) and value.get(_KIND) == kind


def _literal(node: ast.expr) -> Any:  # noqa: ANN401 - a value of a foreign file
    made: Any = None
    match node:
        case ast.Constant(value=value):
            made = value
        case ast.List(elts=items) | ast.Tuple(elts=items):
            made = [_literal(item) for item in items]
        case ast.Dict(keys=keys, values=entries):
            made = {_literal(k): _literal(v) for k, v in zip(keys, entries, strict=True) if k}
        case ast.Call():
            made = _call(node)
    return made


def _call(node: ast.Call) -> Any:  # noqa: ANN401 - a value of a foreign file
    name = ast.unparse(node.func)
    if name in _PLAIN:
        return _PLAIN[name](*(_literal(arg) for arg in node.args))
    return {_KIND: name, **{word.arg or "": _literal(word.value) for word in node.keywords}}
