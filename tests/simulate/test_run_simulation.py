from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from catalogue.small_provider import NOON, acme
from simulate.simulation_cases import (
    DOCUMENT,
    HISTORY,
    HOUR,
    QUESTION,
    SYSTEM,
    TALK,
    template_part,
    workload,
)

from promptcost.catalogue import load_catalogue
from promptcost.catalogue.target import DEFAULT_TARGETS
from promptcost.errors import DataError, Level, NothingToDo
from promptcost.files.yaml import parse_yaml
from promptcost.model.count import CountMethod
from promptcost.model.simulation_report import InputUncertainty
from promptcost.model.usage import CACHE_READ, INPUT, OUTPUT
from promptcost.simulate import run as run_module
from promptcost.simulate import run_simulation
from promptcost.workload.distributions import Zipf
from promptcost.workload.spec import ArrivalProcess, Marker

TARGETS = ("acme/big@5m", "acme/big@1h", "acme/big@steps", "acme/big@none")


@pytest.fixture
def catalogue(tmp_path):
    folder = tmp_path / "pricing"
    folder.mkdir()
    return acme(folder)


def case(*parts, **changes):
    values = {"per_day": 240, "process": ArrivalProcess.POISSON, "targets": TARGETS}
    return workload(*parts, **values | changes)


def run(made, catalogue, **changes):
    return run_simulation(made, catalogue, **{"at": NOON, "replicates": 5} | changes)


def faults(made, catalogue, **changes):
    with pytest.raises(DataError) as caught:
        run(made, catalogue, **changes)
    return caught.value.problems


def test_a_report_says_what_was_simulated_and_at_which_prices(catalogue):
    made = case(defaults_used=("one tenant",), usd_per_month=Decimal(5), seed=7)
    report = run(made, catalogue)
    assert (report.workload, report.path, report.seed) == ("case", "", 7)
    assert (report.period, report.month) == (timedelta(days=1), timedelta(days=30))
    assert report.priced_at == date(2026, 11, 20)
    assert report.defaults == ("one tenant",)
    assert report.budget == Decimal(5)
    assert report.requests == report.conversations
    assert report.requests_per_month == made.expected_requests * 30
    assert [one.target for one in report.targets] == [
        "acme/big-2.5@5m",
        "acme/big-2.5@1h",
        "acme/big-2.5@steps",
        "acme/big-2.5@none",
    ]


def test_all_targets_see_the_same_requests(catalogue):
    report = run(case(), catalogue)
    assert {one.requests for one in report.targets} == {report.requests}
    assert len({one.usage.prompt_tokens for one in report.targets}) == 1
    assert len({one.usage[OUTPUT] for one in report.targets}) == 1


def test_savings_are_differences_to_the_uncached_target(catalogue):
    *cached, none = run(case(), catalogue).targets
    for one in cached:
        assert one.saving.uncached == none.cost.total
        assert one.saving.amount == none.cost.total - one.cost.total
    assert none.saving.amount == 0
    assert none.usage[CACHE_READ] == 0


def test_the_cheapest_target_is_named_with_the_reason(catalogue):
    report = run(case(), catalogue)
    best = min(report.targets, key=lambda one: one.cost.total)
    assert report.cheapest.target == best.target
    assert report.cheapest.why.startswith(f"{best.target} costs $")


def test_a_size_tier_is_decided_request_by_request(catalogue):
    long = replace(SYSTEM, tokens=type(SYSTEM.tokens)(value=99_990))
    sometimes = replace(QUESTION, tokens=type(QUESTION.tokens)(value=10))
    at_limit = run(case(long, sometimes), catalogue, targets=["acme/big@none"])
    above = run(case(long, QUESTION), catalogue, targets=["acme/big@none"])
    assert [one.table for one in at_limit.targets[0].tables] == ["standard"]
    assert [one.table for one in above.targets[0].tables] == ["above 100,000 tokens"]


def test_tables_add_up_to_the_whole(catalogue):
    talk = case(
        replace(SYSTEM, tokens=type(SYSTEM.tokens)(value=99_500)),
        HISTORY,
        QUESTION,
        conversation=TALK,
    )
    one = run(talk, catalogue, targets=["acme/big@5m"]).targets[0]
    assert len(one.tables) == 2
    assert sum((table.cost.total for table in one.tables), Decimal(0)) == one.cost.total
    assert sum(table.usage[INPUT] for table in one.tables) == pytest.approx(one.usage[INPUT], abs=2)


def test_declared_uncertainty_gives_an_interval_and_names_what_dominates(catalogue):
    sure = case(
        uncertainty=(("requests_per_day", Decimal("0.2")), ("output_tokens", Decimal("0.01")))
    )
    report = run(sure, catalogue, replicates=20)
    assert report.uncertainty == (
        InputUncertainty(name="requests_per_day", relative=0.2),
        InputUncertainty(name="output_tokens", relative=0.01),
    )
    none = report.targets[-1]
    assert none.percentiles.p5 < none.cost.total < none.percentiles.p95
    assert none.dominant_input == "requests_per_day"
    assert not any("uncertainty" in warning for warning in report.warnings)


def test_without_declared_uncertainty_there_is_no_interval_and_that_is_said(catalogue):
    report = run(case(), catalogue)
    assert {one.percentiles for one in report.targets} == {None}
    assert "no input uncertainty declared: costs are shown without an interval" in report.warnings


def test_the_same_seed_gives_the_same_report(catalogue):
    made = case(DOCUMENT, QUESTION, uncertainty=(("users", Decimal("0.2")),))
    assert run(made, catalogue, seed=3) == run(made, catalogue, seed=3)
    assert run(made, catalogue, seed=3) != run(made, catalogue, seed=4)


def test_a_large_month_is_sampled_and_scaled(catalogue, monkeypatch):
    whole = run(case(per_day=2_000), catalogue)
    monkeypatch.setattr(run_module, "WORK", 4_000)
    monkeypatch.setattr(run_module, "FEWEST", 10)
    part = run(case(per_day=2_000), catalogue)
    assert part.requests < whole.requests / 2
    assert part.requests_per_month == pytest.approx(whole.requests_per_month, rel=0.15)
    for small, large in zip(part.targets, whole.targets, strict=True):
        assert float(small.cost.total) == pytest.approx(float(large.cost.total), rel=0.15)


def test_progress_ends_at_one_and_never_falls(catalogue):
    told = []
    made = case(uncertainty=(("users", Decimal("0.2")),))
    run(made, catalogue, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    told.clear()
    run(case(), catalogue, progress=told.append)
    assert told[-1] == 1.0


def test_a_template_is_counted_for_each_tokenizer(catalogue, tmp_path):
    path = tmp_path / "system.j2"
    path.write_text("You answer questions about {{ topic }}. " * 100, encoding="utf-8")
    made = case(template_part("system", path), QUESTION)
    report = run(made, catalogue, targets=["acme/big@5m", "acme/plain"])
    exact, guess = report.targets
    assert exact.tokens.method is CountMethod.EXACT
    assert guess.tokens.method is CountMethod.ESTIMATED
    assert exact.usage.prompt_tokens != guess.usage.prompt_tokens
    assert report.warnings[0] == ("part 'system': no value for topic; a likely one was used")
    assert "(o200k, unknown)" in report.warnings[1]


def test_one_tokenizer_needs_no_warning(catalogue):
    assert len(run(case(), catalogue).warnings) == 1


def test_globs_spread_out_and_repeated_targets_appear_once(catalogue):
    report = run(case(), catalogue, targets=["acme/big*@*h", "acme/big@1h", "acme/big@none"])
    assert [one.target for one in report.targets] == ["acme/big-2.5@1h", "acme/big-2.5@none"]


def test_unknown_targets_are_all_reported_at_their_lines_with_the_nearest_names(catalogue):
    document, _ = parse_yaml(
        "targets:\n  - acme/bigg\n  - nobody/one\n  - nonsense\n  - acme/big@5m\n", "w.yaml"
    )
    made = case(targets=("acme/bigg", "nobody/one", "nonsense", "acme/big@5m"), origin=document)
    found = faults(made, catalogue)
    assert [(problem.path, problem.line) for problem in found] == [
        ("w.yaml", 2),
        ("w.yaml", 3),
        ("w.yaml", 4),
    ]
    assert "big-2.5" in found[0].repair


def test_an_unknown_target_of_the_command_line_is_its_own_place(catalogue):
    found = faults(case(), catalogue, targets=["acme/bigg", "x", "acme/nothing*"])
    assert [problem.path for problem in found] == ["acme/bigg", "x", "acme/nothing*"]


def test_without_an_origin_a_problem_names_the_target(catalogue):
    assert faults(case(targets=("acme/bigg",)), catalogue)[0].path == "acme/bigg"


def test_a_workload_without_targets_gets_the_usual_ones_and_says_so():
    built_in, _ = load_catalogue()
    report = run(case(targets=()), built_in)
    assert tuple(target.target for target in report.targets) == DEFAULT_TARGETS
    assert report.defaults[-1] == f"no target is named, so {', '.join(DEFAULT_TARGETS)}"


def test_usual_targets_that_a_catalogue_lacks_are_named(catalogue):
    document, _ = parse_yaml("name: x", "w.yaml")
    found = faults(case(targets=(), origin=document), catalogue)
    assert tuple(problem.path for problem in found) == DEFAULT_TARGETS


def test_chance_in_the_number_of_requests_costs_nothing(catalogue):
    made = case(targets=("acme/big@none",))
    drawn = [run(replace(made, seed=seed), catalogue) for seed in range(5)]
    assert len({report.requests for report in drawn}) > 1
    assert {report.requests_per_month for report in drawn} == {made.expected_requests * 30}
    costs = [float(report.targets[0].cost.total) for report in drawn]
    assert costs == pytest.approx([costs[0]] * 5, rel=1e-6)


def test_faults_of_targets_templates_and_markers_come_together(catalogue, tmp_path):
    broken = case(
        template_part("system", tmp_path / "absent.j2"),
        QUESTION,
        targets=("acme/bigg", "acme/big@5m"),
    )
    paths = [problem.path for problem in faults(broken, catalogue)]
    assert paths == ["acme/bigg", str(tmp_path / "absent.j2")]


def test_disordered_markers_stop_the_run(catalogue):
    made = case(
        SYSTEM,
        DOCUMENT,
        QUESTION,
        markers=(Marker(after="system"), Marker(after="document", ttl=HOUR)),
    )
    found = faults(made, catalogue)
    assert [problem.level for problem in found] == [Level.ERROR]
    assert "takes no marker of 1h" in found[0].message


def test_too_many_markers_are_only_a_warning(catalogue):
    parts = [replace(SYSTEM, name=f"part {number}") for number in range(5)]
    made = case(*parts, markers=tuple(Marker(after=one.name) for one in parts))
    report = run(made, catalogue, targets=["acme/big@5m"])
    assert [problem.level for problem in report.problems] == [Level.WARNING]


def test_a_period_without_requests_is_nothing_to_do(catalogue):
    with pytest.raises(NothingToDo, match="holds no request"):
        run(case(per_day="0.000001"), catalogue)


def test_an_hour_window_and_rent_are_priced(catalogue):
    report = run(case(per_day=2_000), catalogue, targets=["acme/tidal"])
    assert {table.table for table in report.targets[0].tables} == {"standard", "peak"}


def test_a_pool_lowers_the_hits(catalogue):
    few = case(replace(DOCUMENT, pool=Zipf(size=2)), QUESTION)
    many = case(replace(DOCUMENT, pool=Zipf(size=200)), QUESTION)
    rates = [
        run(made, catalogue, targets=["acme/big@1h"]).targets[0].hit_rate_requests
        for made in (few, many)
    ]
    assert rates[0] > rates[1]
