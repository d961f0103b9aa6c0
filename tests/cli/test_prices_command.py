from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from promptcost.catalogue import TableKind
from promptcost.cli.options import OtherTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.conftest import Ran

ACME = Path(__file__).parents[1] / "golden" / "shared" / "acme.yaml"
HEAD = "table: litellm\nchecked: 2026-11-20\ndifferences:\n"
OURS = ("--pricing", "acme.yaml", "--at", "2026-11-20")


@pytest.fixture(autouse=True)
def _acme(tmp_path: Path) -> None:
    shutil.copy(ACME, tmp_path / "acme.yaml")


def test_list_shows_every_provider_without_a_glob(cli: Callable[..., Ran]) -> None:
    ran = cli("prices", "list", *OURS)
    assert (ran.code, ran.err) == (0, "")
    assert all(name in ran.out for name in ("acme/swift@5m", "anthropic/", "openai/", "vllm/"))


def test_an_overlay_that_is_a_folder_is_read_too(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "prices").mkdir()
    shutil.move(tmp_path / "acme.yaml", tmp_path / "prices" / "acme.yaml")
    ran = cli("prices", "list", "acme/*", "--pricing", "prices", "--at", "2026-11-20")
    assert "acme/swift@1h" in ran.out


def test_a_price_is_that_of_the_day(cli: Callable[..., Ran]) -> None:
    before = cli("prices", "list", "acme/*@5m", "--pricing", "acme.yaml", "--at", "2026-12-31")
    after = cli("prices", "list", "acme/*@5m", "--pricing", "acme.yaml", "--on", "2027-01-01")
    assert ("$3.00" in before.out, "$4.00" in after.out) == (True, True)


def test_today_is_the_default_day(cli: Callable[..., Ran]) -> None:
    assert cli("prices", "list", "acme/*", "--pricing", "acme.yaml").code == 0


def test_validate_names_every_fault_on_its_line(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    text = (tmp_path / "acme.yaml").read_text()
    (tmp_path / "acme.yaml").write_text(text.replace("trust: high", "trust: total"))
    ran = cli("prices", "validate", "acme.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "acme.yaml:36:" in ran.err


def test_the_built_in_files_are_valid(cli: Callable[..., Ran]) -> None:
    assert cli("prices", "validate").code == 0


def table(tmp_path: Path, output: str) -> str:
    rates = {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 2.5e-06,
        "cache_read_input_token_cost": 1.25e-06,
        "output_cost_per_token": float(output),
    }
    (tmp_path / "table.json").write_text(json.dumps({"gpt-4o": rates}))
    return "table.json"


@pytest.mark.parametrize(
    ("output", "code", "said"),
    [
        ("1e-05", 0, "3 rates agree, 0 differ without a reason"),
        ("1.1e-05", 1, "2 rates agree, 1 differ without a reason"),
    ],
)
def test_compare_fails_on_a_difference_without_a_reason(
    output: str, code: int, said: str, tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    file = table(tmp_path, output)
    ran = cli("prices", "compare", "litellm", "--file", file, "--at", "2026-11-20")
    assert (ran.code, ran.err) == (code, "")
    assert said in ran.out


def test_compare_accepts_a_difference_with_a_reason(
    tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    known = HEAD + "  - {target: 'openai/gpt-4o*', rate: output, reason: theirs is old}\n"
    (tmp_path / "known.yaml").write_text(known)
    file = table(tmp_path, "1.1e-05")
    words = ("--file", file, "--known", "known.yaml", "--at", "2026-11-20")
    ran = cli("prices", "compare", "litellm", *words, COLUMNS="200")
    assert ran.code == 0
    assert "theirs is old" in ran.out
    assert "$10" in ran.out
    assert "$11" in ran.out


def test_compare_refuses_a_faulty_list_of_reasons(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "known.yaml").write_text(
        "table: litellm\nchecked: 2026-11-20\ndifferences:\n  - {target: x}\n"
    )
    file = table(tmp_path, "1e-05")
    ran = cli("prices", "compare", "litellm", "--file", file, "--known", "known.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "known.yaml:4:" in ran.err


def test_explain_says_how_a_cache_works_and_when_it_pays(cli: Callable[..., Ran]) -> None:
    ran = cli("explain", "acme/swift@1h", *OURS)
    assert (ran.code, ran.err) == (0, "")
    for said in ("Entries at breakpoints.", "52.6 %", "What breaks it", "everything", "invented"):
        assert said in ran.out


def test_explain_tells_the_rent_of_a_stored_object(cli: Callable[..., Ran]) -> None:
    ran = cli("explain", "gemini/gemini-2.5-pro@explicit", "--at", "2026-11-20")
    assert "Rent pays from 4.00 reads an hour" in ran.out


def test_explain_tells_where_writing_is_free(cli: Callable[..., Ran]) -> None:
    ran = cli("explain", "openai/gpt-4o", "--at", "2026-11-20")
    assert "Writing costs no more than input, so every read pays." in ran.out


def test_a_target_without_a_cache_says_so(cli: Callable[..., Ran]) -> None:
    explained = cli("explain", "acme/swift@none", *OURS).out
    assert "No caching" in explained
    assert "When it pays" not in explained
    assert "Cache semantics: none" in cli("prices", "show", "acme/swift@none", *OURS).out


def test_words_of_the_command_line_are_those_of_the_catalogue() -> None:
    assert [str(word) for word in OtherTable] == [str(kind) for kind in TableKind]


def test_a_faulty_overlay_stops_every_command(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "bad.yaml").write_text("provider: acme\nname: Acme\n")
    for words in (("list",), ("show", "acme/swift")):
        ran = cli("prices", *words, "--pricing", "bad.yaml")
        assert (ran.code, ran.out) == (2, "")
        assert "error: bad.yaml" in ran.err


def test_a_wrong_target_is_told_with_what_is_near(cli: Callable[..., Ran]) -> None:
    ran = cli("explain", "acme/swif", *OURS)
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean swift" in ran.err


DAY = ("--at", "2026-11-20")


@pytest.mark.parametrize(
    "words",
    [
        ("prices", "list", "acme/*"),
        ("prices", "show", "acme/swift@1h"),
        ("explain", "acme/swift@1h"),
    ],
)
def test_prices_of_the_settings_count_where_none_are_named(
    words: tuple[str, ...], tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "promptcost.yaml").write_text("pricing: [acme.yaml]\n")
    ran = cli(*words, *DAY)
    assert (ran.code, ran.err) == (0, "")
    assert "swift" in ran.out
    assert cli(*words, *DAY, "--no-config").code in {2, 3}


def test_prices_named_on_the_command_line_come_before_those_of_the_settings(
    tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "other.yaml").write_text("pricing: [missing.yaml]\n")
    assert cli("prices", "show", "acme/swift@1h", "--config", "other.yaml", *OURS).code == 0
    ran = cli("prices", "show", "acme/swift@1h", "--config", "other.yaml", *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert "missing.yaml: no such file" in ran.err


def test_a_comparison_reads_the_settings_too(tmp_path: Path, cli: Callable[..., Ran]) -> None:
    (tmp_path / "promptcost.yaml").write_text("pricing: [missing.yaml]\n")
    (tmp_path / "table.json").write_text("{}")
    ran = cli("prices", "compare", "litellm", "--file", "table.json", *DAY)
    assert ran.code == 2
    assert "missing.yaml: no such file" in ran.err


def test_faulty_settings_are_told_when_prices_are_asked_for(
    tmp_path: Path, cli: Callable[..., Ran]
) -> None:
    (tmp_path / "promptcost.yaml").write_text("prcing: [acme.yaml]\n")
    ran = cli("prices", "list", *DAY)
    assert (ran.code, ran.out) == (2, "")
    assert "promptcost.yaml:1:1" in ran.err
