"""The worked bills of a pricing file, priced by the catalogue they are part of."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from promptcost.catalogue._build import parse_instant, parse_meter
from promptcost.catalogue._usage import read_usage
from promptcost.catalogue.card import price
from promptcost.catalogue.target import Target
from promptcost.errors import Problem
from promptcost.model.usage import Usage

if TYPE_CHECKING:
    from promptcost.catalogue._build import Raw
    from promptcost.catalogue.catalogue import Catalogue
    from promptcost.catalogue.offer import Offer


def check_examples(catalogue: Catalogue, provider: Raw, path: str) -> list[Problem]:
    """Return the examples of a provider's file that do not come out to the last digit."""
    found = []
    for number, example in enumerate(provider.get("examples", ()), 1):
        wrong = _wrong(catalogue, provider["provider"], example)
        if wrong:
            message = f"example {number} ({example['target']}): {wrong}"
            found.append(Problem(path=path, message=message, repair="correct price or example"))
    return found


def _wrong(catalogue: Catalogue, provider: str, example: Raw) -> str:
    try:
        target = Target.parse(example["target"])
    except ValueError as error:
        return str(error)
    offer = catalogue.select(target, parse_instant(example["at"]))
    if isinstance(offer, Problem):
        return offer.message
    try:
        usage = _usage(catalogue, provider, example, offer)
    except ValueError as error:
        return str(error)
    cost = price(usage, offer.table(usage.prompt_tokens))
    if not cost.is_known:
        return f"no price for {', '.join(sorted(map(str, cost.unknown)))}"
    expected = Decimal(example["usd"])
    return "" if cost.total == expected else f"costs {cost.total}, the file says {expected}"


def _usage(catalogue: Catalogue, provider: str, example: Raw, offer: Offer) -> Usage:
    if "usage" in example:
        return Usage({parse_meter(meter): count for meter, count in example["usage"].items()})
    mappings = {mapping.api: mapping for mapping in catalogue.provider(provider).usage}
    if example.get("api") not in mappings or "reported" not in example:
        message = f"needs usage, or reported with an api of {', '.join(mappings)}"
        raise ValueError(message)
    table = offer.table(0)
    return read_usage(mappings[example["api"]], example["reported"], table)
