"""Reading litellm's ``model_prices_and_context_window`` map (dollars per token)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from promptcost.catalogue.tables import RateKey, TableRow

if TYPE_CHECKING:
    from collections.abc import Iterator

PROVIDERS = {
    "anthropic": "anthropic",
    "azure": "azure",
    "azure_ai": "foundry",
    "bedrock": "bedrock",
    "bedrock_converse": "bedrock",
    "cohere_chat": "cohere",
    "dashscope": "alibaba",
    "deepseek": "deepseek",
    "fireworks_ai": "fireworks",
    "gemini": "gemini",
    "groq": "groq",
    "minimax": "minimax",
    "mistral": "mistral",
    "moonshot": "moonshot",
    "openai": "openai",
    "together_ai": "together",
    "vertex_ai-anthropic_models": "vertex",
    "vertex_ai-language-models": "vertex",
    "xai": "xai",
    "zai": "zai",
}
_METERS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cache_read",
    "cache_creation_input_token_cost": "cache_write",
}
_FIELD = re.compile(
    rf"({'|'.join(_METERS)})(?:_above_(1|12)hr)?(?:_above_(\d+)k_tokens)?"
    r"(?:_(batches|flex|priority))?"
)
_MODIFIERS = {"batches": "batch", "flex": "flex", "priority": "priority"}
_MODES = frozenset({"chat", "responses", "completion"})
_PREFIX = re.compile(r"^(?:[a-z_]+(?:_ai)?/)(?=.)")


def litellm_rows(table: object) -> Iterator[TableRow]:
    """Yield the chat models of the providers we know.  Raises ValueError for another shape."""
    if not isinstance(table, dict):
        message = "not a map of models"
        raise ValueError(message)  # noqa: TRY004 - a fault of the file, not of the caller
    for name, entry in table.items():
        if not isinstance(entry, dict) or entry.get("mode") not in _MODES:
            continue
        provider = PROVIDERS.get(str(entry.get("litellm_provider")))
        rates = dict(_rates(entry))
        if provider and rates:
            yield TableRow(provider=provider, model=_model(provider, name), rates=rates)


def _model(provider: str, name: str) -> str:
    bare = name.removeprefix("vertex_ai/").removeprefix("bedrock/")
    return bare if provider == "vertex" or "/" not in bare else _PREFIX.sub("", bare, count=1)


def _rates(entry: dict[str, object]) -> Iterator[tuple[RateKey, Decimal]]:
    for field, value in entry.items():
        found = _FIELD.fullmatch(field)
        amount = _million(value)
        if found is None or amount is None:
            continue
        meter = _METERS[found[1]] + (f"@{found[2]}h" if found[2] else "")
        above = int(found[3] or 0) * 1_000
        yield RateKey(meter=meter, above=above, modifier=_MODIFIERS.get(found[4], "")), amount
    tiers = entry.get("tiered_pricing")
    for tier in tiers if isinstance(tiers, list) else ():
        if isinstance(tier, dict):
            yield from _tier(tier)


def _tier(tier: dict[str, object]) -> Iterator[tuple[RateKey, Decimal]]:
    span = tier.get("range")
    above = int(span[0]) if isinstance(span, list) and span else 0
    for field, meter in _METERS.items():
        amount = _million(tier.get(field))
        if amount is not None:
            yield RateKey(meter=meter, above=above), amount


def _million(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value) * 1_000_000 or None  # 0 stands for "not set" in this table
