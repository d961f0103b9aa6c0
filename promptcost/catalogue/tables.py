"""Other public price tables, read into one shape: litellm's map and genai-prices.

Nothing of them is executed: litellm's map is JSON, and the data module of genai-prices, which is
one literal expression, is parsed but not imported.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from promptcost.errors import Problem
from promptcost.files.text import MEGABYTE, decode, read_bytes

if TYPE_CHECKING:
    from datetime import datetime

LIMIT = 32 * MEGABYTE
BATCH, FLEX, PRIORITY = "batch", "flex", "priority"


class TableKind(StrEnum):
    """The public price tables that can be compared with; the value is the package's name."""

    LITELLM = "litellm"
    GENAI_PRICES = "genai-prices"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RateKey:
    """Which rate: meter, the prompt size above which it holds, and the modifier it is for.

    The meter is written as in pricing files; ``cache_write`` without a lifetime is the default one.
    """

    meter: str
    above: int = 0
    modifier: str = ""

    def __str__(self) -> str:
        size = f" above {self.above}" if self.above else ""
        return self.meter + size + (f" +{self.modifier}" if self.modifier else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A model of another table: our provider, its model name, dollars per million tokens."""

    provider: str
    model: str
    rates: Mapping[RateKey, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTable:
    """Another public price table; `version` is empty for a file that is not an installed one."""

    kind: TableKind
    version: str
    path: str
    rows: tuple[TableRow, ...]


# what reading a file of another shape can raise: it is anybody's file, not necessarily a table
_FOREIGN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
)
_DATA = {
    TableKind.LITELLM: ("litellm", "model_prices_and_context_window_backup.json"),
    TableKind.GENAI_PRICES: ("genai_prices", "data.py"),
}


def read_table(kind: TableKind, at: datetime, path: Path | None = None) -> PriceTable | Problem:
    """Read a price table from a file, or from the installed package when no file is given.

    `at` chooses among dated prices.
    """
    found = path or _installed(kind)
    if found is None:
        repair = f"install {kind.value}, or give its {_DATA[kind][1]} as a file"
        return Problem(path=kind.value, message="is not installed", repair=repair)
    data = read_bytes(found, LIMIT)
    text = data if isinstance(data, Problem) else decode(data, str(found))
    if isinstance(text, Problem):
        return text
    rows = _rows(kind, text.text, at)
    if not rows:
        message = f"is not the {kind.value} price table"
        return Problem(path=str(found), message=message, repair=f"give {_DATA[kind][1]}")
    return PriceTable(kind=kind, version="" if path else _version(kind), path=str(found), rows=rows)


def _rows(kind: TableKind, text: str, at: datetime) -> tuple[TableRow, ...]:
    from promptcost.catalogue._genai import genai_rows  # noqa: PLC0415 - only compare needs it
    from promptcost.catalogue._litellm import litellm_rows  # noqa: PLC0415 - only compare needs it

    try:
        match kind:
            case TableKind.LITELLM:
                return tuple(litellm_rows(json.loads(text, parse_float=Decimal)))
            case TableKind.GENAI_PRICES:
                return tuple(genai_rows(text, at))
            case _:
                assert_never(kind)
    except _FOREIGN:
        return ()


def _installed(kind: TableKind) -> Path | None:
    from importlib.util import find_spec  # noqa: PLC0415 - only compare needs it

    package, name = _DATA[kind]
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    paths = (Path(place) / name for place in places or ())
    return next((path for path in paths if path.is_file()), None)


def _version(kind: TableKind) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow to import

    try:
        return version(kind.value)
    except PackageNotFoundError:
        return ""
