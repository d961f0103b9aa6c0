from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from catalogue.small_provider import ACME, acme, offer, pricing

import promptcost.catalogue
from promptcost.catalogue import _load, load_catalogue, validate
from promptcost.catalogue._load import COMPILED, compiled_text
from promptcost.errors import DataError
from promptcost.model.usage import INPUT

OVERLAY = """\
provider: acme
checked: 2026-11-19
sources: {C: {text: our contract}}
aliases: [acme-by-contract]
models:
  - id: BIG-2.5
    tokenizer: o200k
    caches: {marked: {min_tokens: {value: 256, evidence: documented, source: C}}}
    tiers: {batch: half}
    trust: high
    sources: [C]
    prices: [{input: 2, cache_read: 0.2, cache_write: {5m: 2.5, 1h: 4}, output: 8}]
  - id: new
    tokenizer: unknown
    trust: high
    sources: [A, C]
    prices: [{input: 1, output: 2}]
examples:
  - {target: acme/new@none, at: 2026-11-20, usage: {input: 1000000}, usd: 1}
"""


@pytest.fixture
def base(tmp_path):
    folder = tmp_path / "base"
    folder.mkdir()
    pricing(folder)
    return folder


@pytest.fixture
def users(tmp_path):
    folder = tmp_path / "users"
    folder.mkdir()
    return folder


def test_an_overlay_replaces_and_adds_models_and_keeps_the_rest(base, users):
    pricing(users, OVERLAY)
    catalogue, problems = load_catalogue(base, [users])
    assert problems == []
    big = offer(catalogue, "acme/big-2.5@1h")
    assert big.table(0).rate(INPUT).amount == 2
    assert str(big.card.checked) == "2026-11-19"
    assert [source.text for source in big.card.sources] == ["our contract"]
    assert offer(catalogue, "acme-by-contract/new").table(0).rate(INPUT).amount == 1
    tidal = offer(catalogue, "acme/tidal")
    assert str(tidal.card.checked) == "2026-11-01"
    plain = offer(catalogue, "acme/plain")
    assert str(plain.card.checked) == "2026-08-01"


def test_an_overlay_can_replace_a_provider_whole(base, users):
    text = "replaces_builtin: true\n" + ACME.replace("id: tidal", "id: ebb")
    pricing(users, text)
    catalogue, problems = load_catalogue(base, [users / "acme.yaml"])
    assert problems == []
    names = [target.model for target in catalogue.targets()]
    assert ("ebb" in names, "tidal" in names) == (True, False)


def test_an_overlay_is_checked_against_what_it_overlays(base, users):
    path = pricing(users, OVERLAY.replace("marked: {min", "markd: {min"))
    catalogue, problems = load_catalogue(base, [users])
    assert [(p.line, p.message, p.repair) for p in problems] == [
        (8, "unknown cache 'markd'", "did you mean marked?")
    ]
    assert problems[0].path == str(path)
    assert offer(catalogue, "acme/big-2.5").table(0).rate(INPUT).amount != 2


def test_a_thousandfold_slip_is_seen_against_the_provider_it_overlays(base, users):
    pricing(users, OVERLAY.replace("[{input: 1, output: 2}]", "[{input: 0.003, output: 0.006}]"))
    _, problems = load_catalogue(base, [users])
    assert [p.message for p in problems] == [
        "input 0.003 is far from what this provider asks (about 1)",
        "output 0.006 is far from what this provider asks (about 4)",
    ]


def test_overlays_apply_in_order_and_may_add_a_provider(base, users):
    first = pricing(users, OVERLAY, "a.yml")
    second = pricing(users, OVERLAY.replace("{input: 2,", "{input: 2.25,"), "b.yaml")
    third = pricing(users, ACME.replace("provider: acme", "provider: other"), "c.yaml")
    catalogue, problems = load_catalogue(base, [first, second, third])
    assert problems == []
    assert str(offer(catalogue, "acme/big-2.5").table(0).rate(INPUT).amount) == "2.25"
    assert catalogue.providers == ("acme", "other")


def test_the_examples_of_an_overlay_are_priced_over_its_base(base, users):
    path = pricing(users, OVERLAY)
    assert validate([path], base) == []
    pricing(users, OVERLAY.replace("usd: 1}", "usd: 2}"))
    assert [p.message for p in validate([users], base)] == [
        "example 1 (acme/new@none): costs 1, the file says 2"
    ]


def test_a_directory_without_files_is_a_problem(tmp_path):
    catalogue, problems = load_catalogue(tmp_path, [tmp_path / "none.yaml"])
    assert [p.message for p in problems] == ["holds no pricing file", "no such file"]
    assert catalogue.targets() == ()


def test_a_provider_is_read_only_when_it_is_asked_for(base):
    (base / "broken.yaml").write_text("provider: broken\n")
    catalogue, problems = load_catalogue(base)
    assert problems == []
    offer(catalogue, "acme/big-2.5")
    assert len(catalogue.targets("acme/*")) == 5
    with pytest.raises(DataError, match="a provider that is not built in needs 'name'"):
        catalogue.targets()


def test_a_file_that_vanished_raises_a_data_error(base):
    catalogue, _ = load_catalogue(base)
    (base / "acme.yaml").unlink()
    with pytest.raises(DataError, match="cannot be read"):
        catalogue.provider("acme")


def test_the_compiled_form_gives_the_same_offers(tmp_path):
    plain = acme(tmp_path)
    (tmp_path / COMPILED).mkdir()
    compiled = tmp_path / COMPILED / "acme.json"
    compiled.write_text(compiled_text(tmp_path / "acme.yaml"))
    for target in plain.targets("*@*"):
        assert offer(acme(tmp_path), str(target)) == offer(plain, str(target))
    assert acme(tmp_path).provider("acme") == plain.provider("acme")


def test_a_stale_compiled_form_is_not_used(base):
    (base / COMPILED).mkdir()
    stale = json.loads(compiled_text(base / "acme.yaml"))
    stale["values"]["name"] = "Stale"
    compiled = base / COMPILED / "acme.json"
    compiled.write_text(json.dumps(stale))
    assert load_catalogue(base)[0].provider("acme").title == "Stale"
    pricing(base, ACME.replace("name: Acme AI", "name: Acme New"))
    assert load_catalogue(base)[0].provider("acme").title == "Acme New"


def test_a_faulty_file_has_no_compiled_form(base):
    with pytest.raises(DataError):
        compiled_text(pricing(base, "provider: acme\n"))


def test_packaged_files_come_before_those_of_the_checkout(tmp_path, monkeypatch):
    package = tmp_path / "lib" / "promptcost"
    package.mkdir(parents=True)
    monkeypatch.setattr(_load, "_PACKAGE", package)
    assert _load.builtin_directory() == tmp_path / "lib" / "pricing"
    (package / "data" / "pricing").mkdir(parents=True)
    assert _load.builtin_directory() == package / "data" / "pricing"


def test_reading_the_built_in_catalogue_needs_neither_yaml_nor_pydantic():
    code = (
        "import sys; from promptcost.catalogue import load_catalogue\n"
        "catalogue, problems = load_catalogue(); catalogue.targets()\n"
        "print(sorted({'yaml', 'pydantic', 'numpy', 'jinja2', 'tiktoken', 'rich', 'typer'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_what_is_public_is_listed():
    path = Path(promptcost.catalogue.__file__)
    exported = set(promptcost.catalogue.__all__)
    assert len(exported) == len(promptcost.catalogue.__all__)
    assert exported == {name for name in exported if hasattr(promptcost.catalogue, name)}
    assert all(f"import {name}" not in path.read_text() or name in exported for name in exported)
