from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from importlib.machinery import ModuleSpec

import pytest
from catalogue.small_provider import NOON, acme, pricing

from promptcost.catalogue import (
    KnownDifference,
    PriceTable,
    RateKey,
    TableKind,
    TableRow,
    builtin_known,
    compare,
    read_known,
    read_table,
)
from promptcost.errors import Problem

LITELLM = {
    "sample_spec": {"mode": "chat"},
    "claude-opus-5-5": {
        "litellm_provider": "anthropic",
        "mode": "chat",
        "input_cost_per_token": 4e-06,
        "output_cost_per_token": 2e-05,
        "cache_read_input_token_cost": 2e-07,
        "cache_creation_input_token_cost": 5e-06,
        "cache_creation_input_token_cost_above_1hr": 8e-06,
        "input_cost_per_token_batches": 2e-06,
        "input_cost_per_token_above_200k_tokens": 8e-06,
        "cache_read_input_token_cost_above_200k_tokens_batches": 2e-07,
        "output_cost_per_image": 1,
        "input_cost_per_token_flex": 0,
        "supports_vision": True,
    },
    "gemini/gemini-2.5-pro": {
        "litellm_provider": "gemini",
        "mode": "chat",
        "input_cost_per_token": 1.25e-06,
    },
    "vertex_ai/claude-opus-4-5@20251101": {
        "litellm_provider": "vertex_ai-anthropic_models",
        "mode": "chat",
        "input_cost_per_token": 5e-06,
    },
    "bedrock/us.anthropic.claude-opus-5-5": {
        "litellm_provider": "bedrock_converse",
        "mode": "chat",
        "input_cost_per_token": 4.4e-06,
    },
    "dashscope/qwen3-coder-plus": {
        "litellm_provider": "dashscope",
        "mode": "chat",
        "tiered_pricing": [
            {"range": [0, 32000], "input_cost_per_token": 1e-06},
            {"range": [32000, 128000], "input_cost_per_token": 1.8e-06, "note": "x"},
            "broken",
        ],
    },
    "embed": {"litellm_provider": "openai", "mode": "embedding", "input_cost_per_token": 1e-06},
    "elsewhere": {"litellm_provider": "mars", "mode": "chat", "input_cost_per_token": 1e-06},
    "empty": {"litellm_provider": "openai", "mode": "chat"},
}

GENAI = """\
import datetime
from decimal import Decimal

other = 3
names: list[str] = ['a', *others]
providers = [
    Provider(
        id='anthropic',
        models=[
            ModelInfo(
                id='claude-opus-5-5',
                match=ClauseOr(or_=[ClauseEquals(equals='x')]),
                prices=ModelPrice(
                    input_mtok=Decimal('4'),
                    cache_write_mtok=Decimal('5'),
                    cache_write_1h_mtok=Decimal('8'),
                    requests_kcount=Decimal('10'),
                ),
                price_variants=[
                    PriceVariant(
                        when={'processing': 'batch'},
                        prices=ModelPrice(input_mtok=Decimal('2')),
                        constraint=StartDateConstraint(start_date=datetime.date(2026, 10, 14)),
                    ),
                    PriceVariant(
                        when={'processing': 'flex'},
                        prices=ModelPrice(input_mtok=Decimal('9')),
                        constraint=StartDateConstraint(start_date=datetime.date(2027, 1, 1)),
                    ),
                    PriceVariant(
                        when={'processing': 'batch', 'region': 'eu'},
                        prices=ModelPrice(input_mtok=Decimal('7')),
                    ),
                ],
            ),
        ],
    ),
    Provider(
        id='google',
        models=[
            ModelInfo(
                id='gemini-2.5-pro',
                prices=ModelPrice(
                    input_mtok=TieredPrices(
                        base=Decimal('1.25'), tiers=[Tier(start=200000, price=Decimal('2.5'))]
                    )
                ),
            ),
            ModelInfo(id='claude-opus-5-5', prices=ModelPrice(input_mtok=Decimal('4'))),
        ],
    ),
    Provider(
        id='deepseek',
        models=[
            ModelInfo(
                id='deepseek-flash',
                prices=[
                    ConditionalPrice(prices=ModelPrice(input_mtok=Decimal('0.15'))),
                    ConditionalPrice(
                        constraint=TimeOfDateConstraint(
                            start_time=datetime.time(1, 0, tzinfo=datetime.UTC),
                            end_time=datetime.time(4, 0, tzinfo=datetime.UTC),
                        ),
                        prices=ModelPrice(input_mtok=Decimal('0.3')),
                    ),
                ],
            ),
            ModelInfo(
                id='deepseek-old',
                prices=[
                    ConditionalPrice(
                        constraint=StartDateConstraint(start_date=datetime.date(2030, 1, 1)),
                        prices=ModelPrice(input_mtok=Decimal('9')),
                    ),
                ],
            ),
            ModelInfo(id='unpriced', prices=[]),
        ],
    ),
    Provider(id='mars', models=[ModelInfo(id='m', prices=ModelPrice(input_mtok=Decimal('1')))]),
]
"""


def written(folder, kind: TableKind) -> PriceTable | Problem:
    path = folder / "table"
    path.write_text(json.dumps(LITELLM) if kind is TableKind.LITELLM else GENAI)
    return read_table(kind, NOON, path)


def rates_of(table, provider, model):
    (row,) = [row for row in table.rows if (row.provider, row.model) == (provider, model)]
    return {str(key): amount for key, amount in row.rates.items()}


def test_litellm_s_map_is_read_per_million_with_tiers_and_modifiers(tmp_path):
    table = written(tmp_path, TableKind.LITELLM)
    assert isinstance(table, PriceTable)
    assert rates_of(table, "anthropic", "claude-opus-5-5") == {
        "input": 4,
        "output": 20,
        "cache_read": Decimal("0.2"),
        "cache_write": 5,
        "cache_write@1h": 8,
        "input +batch": 2,
        "input above 200000": 8,
        "cache_read above 200000 +batch": Decimal("0.2"),
    }
    assert rates_of(table, "alibaba", "qwen3-coder-plus") == {
        "input": 1,
        "input above 32000": Decimal("1.8"),
    }
    assert [(row.provider, row.model) for row in table.rows] == [
        ("anthropic", "claude-opus-5-5"),
        ("gemini", "gemini-2.5-pro"),
        ("vertex", "claude-opus-4-5@20251101"),
        ("bedrock", "us.anthropic.claude-opus-5-5"),
        ("alibaba", "qwen3-coder-plus"),
    ]
    assert (table.version, table.path) == ("", str(tmp_path / "table"))


def test_the_data_of_genai_prices_is_read_without_running_it(tmp_path):
    table = written(tmp_path, TableKind.GENAI_PRICES)
    assert isinstance(table, PriceTable)
    assert rates_of(table, "anthropic", "claude-opus-5-5") == {
        "input": 4,
        "cache_write": 5,
        "cache_write@1h": 8,
        "input +batch": 2,
    }
    assert rates_of(table, "gemini", "gemini-2.5-pro") == {
        "input": Decimal("1.25"),
        "input above 200000": Decimal("2.5"),
    }
    assert rates_of(table, "vertex", "claude-opus-5-5") == {"input": 4}
    assert rates_of(table, "deepseek", "deepseek-flash") == {"input": Decimal("0.15")}
    assert rates_of(table, "deepseek", "deepseek-old") == {"input": 9}


def test_the_prices_of_genai_prices_are_those_of_the_instant(tmp_path):
    (tmp_path / "data.py").write_text(GENAI)
    at = datetime(2026, 10, 13, 3, 59, tzinfo=UTC)
    table = read_table(TableKind.GENAI_PRICES, at, tmp_path / "data.py")
    assert rates_of(table, "deepseek", "deepseek-flash") == {"input": Decimal("0.3")}
    assert "input +batch" not in rates_of(table, "anthropic", "claude-opus-5-5")


@pytest.mark.parametrize("kind", TableKind)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1, 2]",
        "{}",
        "{" * 3000,
        "x = (",
        "providers = [Provider(id='anthropic', models=3)]",
        "providers = [Provider(id='anthropic', models=[7])]",
        "providers = [Provider(id='openai', models=[ModelInfo(id='a', prices=[3])])]",
        "providers = [Provider(id='a', models=[ModelInfo(id='a', prices=Decimal('x'))])]",
        "providers = [Provider(id='a', models=[ModelInfo(id='a', prices=datetime.date('x'))])]",
    ],
)
def test_a_file_that_is_no_such_table_is_a_problem(tmp_path, kind, text):
    path = tmp_path / "table"
    path.write_text(text)
    found = read_table(kind, NOON, path)
    assert isinstance(found, Problem)
    assert found.message == f"is not the {kind.value} price table"


def test_a_missing_or_binary_table_is_a_problem(tmp_path):
    missing = read_table(TableKind.LITELLM, NOON, tmp_path / "none.json")
    assert isinstance(missing, Problem)
    (tmp_path / "binary").write_bytes(b"\0\1")
    binary = read_table(TableKind.LITELLM, NOON, tmp_path / "binary")
    assert isinstance(binary, Problem)
    assert binary.message == "is a binary file, not text"


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Pretend that litellm is installed in a folder."""
    package = tmp_path / "litellm"
    package.mkdir()
    spec = ModuleSpec("litellm", None, is_package=True)
    spec.submodule_search_locations = [str(package)]
    monkeypatch.setitem(sys.modules, "litellm", type(sys)("litellm"))
    sys.modules["litellm"].__spec__ = spec
    return package


def test_the_installed_package_is_found_without_importing_it(installed):
    name = "model_prices_and_context_window_backup.json"
    (installed / name).write_text(json.dumps(LITELLM))
    table = read_table(TableKind.LITELLM, NOON)
    assert isinstance(table, PriceTable)
    assert (table.path, table.version) == (str(installed / name), "")


@pytest.mark.usefixtures("installed")
def test_an_installed_package_without_the_file_is_not_enough():
    found = read_table(TableKind.LITELLM, NOON)
    assert isinstance(found, Problem)
    assert found.message == "is not installed"


def test_a_package_that_is_not_installed_is_a_problem(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    found = read_table(TableKind.GENAI_PRICES, NOON)
    assert isinstance(found, Problem)
    assert found.repair == "install genai-prices, or give its data.py as a file"


def table(*rows: tuple[str, dict[RateKey, str]]) -> PriceTable:
    made = (
        TableRow(provider="acme", model=model, rates={k: Decimal(v) for k, v in rates.items()})
        for model, rates in rows
    )
    return PriceTable(kind=TableKind.LITELLM, version="", path="t", rows=tuple(made))


BIG = table(
    (
        "big-2.5",
        {
            RateKey(meter="input"): "2.5",
            RateKey(meter="output"): "11",
            RateKey(meter="cache_write"): "3.125",
            RateKey(meter="cache_write@12h"): "9",
            RateKey(meter="input", above=100_000): "5",
            RateKey(meter="cache_read", modifier="batch"): "0.1250000000000000001",
            RateKey(meter="input", modifier="priority"): "9",
        },
    ),
    ("huge-2.5", {RateKey(meter="output"): "11"}),
    ("eu.big-2.5", {RateKey(meter="input"): "2.75"}),
    ("unheard-of", {RateKey(meter="input"): "1"}),
)


def test_rates_are_compared_one_by_one(tmp_path):
    found = compare(acme(tmp_path), BIG, NOON)
    shown = [(str(d.target), str(d.rate), str(d.ours), str(d.theirs)) for d in found.differences]
    assert shown == [
        ("acme/big-2.5@5m", "output", "10", "11"),
        ("acme/big-2.5@5m", "cache_read +batch", "0.13", "0.1250000000000000001"),
    ]
    assert (found.agreements, found.unmatched) == (4, 2)
    assert found.unexplained == found.differences
    assert str(found.differences[0].checked) == "2026-11-01"
    assert found.ours_only == ("acme/plain", "acme/tidal")
    assert found.theirs_only == ("acme/unheard-of",)


def test_a_known_difference_explains_and_an_unneeded_one_is_told(tmp_path):
    known = (
        KnownDifference(target="acme/big-*", rate="output", reason="ours is newer"),
        KnownDifference(target="acme/big-*", rate="cache_read +*", reason="rounded"),
        KnownDifference(target="acme/big-*", rate="input", reason="gone"),
    )
    found = compare(acme(tmp_path), BIG, NOON, known)
    assert [one.reason for one in found.differences] == ["ours is newer", "rounded"]
    assert found.unexplained == ()
    assert found.unused == known[2:]


def test_the_other_side_is_only_missed_where_it_knows_the_provider(tmp_path):
    empty = PriceTable(kind=TableKind.LITELLM, version="", path="t", rows=())
    assert compare(acme(tmp_path), empty, NOON).ours_only == ()


KNOWN = """\
table: litellm
checked: 2026-11-20
differences:
  - {target: "acme/*", reason: checked by hand}
  - {target: "acme/big*", rate: input, reason: newer}
"""


def test_known_differences_are_read_from_a_file(tmp_path):
    known, problems = read_known(pricing(tmp_path, KNOWN, "known.yaml"))
    assert problems == []
    assert known == (
        KnownDifference(target="acme/*", rate="*", reason="checked by hand"),
        KnownDifference(target="acme/big*", rate="input", reason="newer"),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (KNOWN.replace(", reason: newer", ""), 5),
        (KNOWN.replace("rate: input", "rates: input"), 5),
        (KNOWN.replace("2026-11-20", "today"), 2),
        (KNOWN + "table: litellm\n", 6),
        ("{", 2),
    ],
)
def test_a_faulty_file_of_known_differences_explains_nothing(tmp_path, text, line):
    known, problems = read_known(pricing(tmp_path, text, "known.yaml"))
    assert known == ()
    assert [problem.line for problem in problems] == [line]


@pytest.mark.parametrize("kind", TableKind)
def test_the_shipped_known_differences_have_reasons(kind):
    known, problems = builtin_known(kind)
    assert problems == []
    assert known
    assert all(len(one.reason) > 15 for one in known)
