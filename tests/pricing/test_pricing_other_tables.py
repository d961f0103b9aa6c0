"""Other price tables, where they are installed, show no unexplained difference."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from promptcost.catalogue import (
    PriceTable,
    TableKind,
    builtin_known,
    compare,
    load_catalogue,
    read_table,
)

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "version", "agreements"),
    [(TableKind.GENAI_PRICES, "0.2.", 1_000), (TableKind.LITELLM, "1.109.", 3_000)],
)
def test_another_table_differs_only_where_the_reason_is_known(kind, version, agreements):
    table = read_table(kind, NOW)
    if not isinstance(table, PriceTable) or not table.version.startswith(version):
        pytest.skip(f"{kind.value} {version}x is not installed")
    known, problems = builtin_known(kind)
    found = compare(load_catalogue()[0], table, NOW, known)
    assert problems == []
    assert found.unexplained == ()
    assert found.unused == ()
    assert found.agreements > agreements
