from __future__ import annotations

from dataclasses import replace

import pytest
from audit.auditing import AT, EXACT, RULES, audit, codes, only

from promptcost.audit import DEFAULT_TARGETS, AuditRequest, Selection, run_audit
from promptcost.errors import DataError, NothingToDo, UsageError
from promptcost.model.audit_report import Change, ContextSource, FileStatus
from promptcost.model.finding import Confidence, Severity
from promptcost.templates import Limits

CLOCK = f"Now: {{{{ now }}}}\n{RULES}"


def test_finding_tells_place_cost_and_repair(tmp_path):
    report = audit(tmp_path, CLOCK)
    file, (finding,) = only(report), report.findings
    assert (file.status, file.contexts) == (FileStatus.FINDINGS, ContextSource.SYNTHESISED)
    assert str(finding.place) == f"{tmp_path}/prompt.j2:1:6"
    assert (finding.code, finding.name, finding.expression) == ("PC101", "clock-in-prefix", "now")
    assert finding.confidence is Confidence.SUSPECTED
    assert finding.tokens_at_risk.is_exact
    assert "print the time after the fixed text" in finding.help
    assert finding.excerpt.was == "Now: 2026-01-05 09:30:15"
    assert finding.excerpt.now == "Now: 2026-01-05 09:30:16"
    assert [(line.number, line.text) for line in file.lines] == [(1, "Now: {{ now }}")]


def test_survival_table_has_a_row_for_every_change(tmp_path):
    file = only(audit(tmp_path, CLOCK, targets=DEFAULT_TARGETS))
    assert [row.change for row in file.survival] == list(Change)
    rows = {row.change: row for row in file.survival}
    second, user = rows[Change.NEXT_SECOND], rows[Change.OTHER_USER]
    assert (second.bytes_shared, second.place.start_line, second.expression) == (23, 1, "now")
    assert [target.target for target in second.targets] == list(DEFAULT_TARGETS)
    assert [target.clears_minimum for target in second.targets] == [False, False, False]
    assert (user.survives, user.place, user.excerpt) == (True, None, None)
    assert user.targets[0].share == 1.0


def test_every_value_given_makes_constancy_certain(tmp_path):
    file = only(audit(tmp_path, "{{ x }} fixed", contexts="x: 1"))
    assert {row.confidence for row in file.survival} == {Confidence.CONFIRMED}
    assert file.status is FileStatus.CLEAN


def test_given_contexts_confirm_what_differs(tmp_path):
    contexts = "contexts: {a: {thing: one}, b: {thing: two}}"
    (finding,) = audit(tmp_path, f"{{{{ thing }}}}\n{RULES}", contexts=contexts).findings
    assert (finding.code, finding.confidence) == ("PC104", Confidence.CONFIRMED)


def test_declared_variable_is_declared(tmp_path):
    contexts = "contexts: {a: {thing: one}}\nvaries: {thing: user}"
    (finding,) = audit(tmp_path, f"{{{{ thing }}}}\n{RULES}", contexts=contexts).findings
    assert (finding.code, finding.confidence) == ("PC103", Confidence.DECLARED)


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    (tmp_path / "a.j2").write_text("{% if %}")
    (tmp_path / "b.j2").write_bytes(b"\0\0")
    (tmp_path / "c.j2").write_text(CLOCK)
    (tmp_path / "d.j2").write_text("{{ 1 / 0 }}")
    report = run_audit(AuditRequest(paths=(tmp_path,), at=AT, targets=EXACT))
    answers = [(file.path[-4:], file.status.value) for file in report.files]
    assert answers == [
        ("a.j2", "not analysed"),
        ("b.j2", "not analysed"),
        ("c.j2", "findings"),
        ("d.j2", "not analysed"),
    ]
    assert report.files[0].reason.startswith("1:7: ")
    assert report.files[1].reason == "is a binary file, not text"
    assert report.files[3].reason == "1:4: stops with ZeroDivisionError when rendered"


def test_container_without_prompts_is_not_analysed(tmp_path):
    file = only(audit(tmp_path, "a: 1\n", name="x.yaml"))
    assert (file.status, file.reason) == (FileStatus.NOT_ANALYSED, "holds no prompt template")


def test_endless_loop_is_told_and_bounded(tmp_path):
    text = "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}"
    file = only(audit(tmp_path, text, limits=Limits(seconds=0.2)))
    assert file.reason == "1:32: runs longer than 0.2 s"


def test_directory_without_templates_is_nothing_to_do(tmp_path):
    with pytest.raises(NothingToDo, match="holds no prompt templates"):
        run_audit(AuditRequest(paths=(tmp_path,), at=AT, targets=EXACT))
    with pytest.raises(NothingToDo, match="no path was given"):
        run_audit(AuditRequest(paths=(), at=AT, targets=EXACT))


def test_missing_path_is_unusable_data(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        run_audit(AuditRequest(paths=(tmp_path / "none.j2",), at=AT, targets=EXACT))


def test_missing_path_beside_a_good_one_is_a_problem_of_the_report(tmp_path):
    good = tmp_path / "a.j2"
    good.write_text("x")
    report = run_audit(AuditRequest(paths=(good, tmp_path / "b.j2"), at=AT, targets=EXACT))
    assert [problem.message for problem in report.problems] == ["no such file"]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("anthropic/claude-sonet-5-5", "has no model"),
        ("antropic/claude-sonnet-5-5", "unknown provider"),
        ("gpt-5", "is not written provider/model@option"),
        ("nobody/*", "matches no target"),
    ],
)
def test_unknown_target_is_unusable_data(tmp_path, target, message):
    with pytest.raises(DataError, match=message):
        audit(tmp_path, "x", targets=(target,))


def test_target_pattern_stands_for_all_it_matches(tmp_path):
    basis = audit(tmp_path, "x", targets=("anthropic/claude-sonnet-4-5@*",)).basis
    names = [target.target for target in basis.targets]
    assert "anthropic/claude-sonnet-4-5@5m" in names
    assert "anthropic/claude-sonnet-4-5@1h" in names
    by_name = {target.target: target.minimum for target in basis.targets}
    assert by_name["anthropic/claude-sonnet-4-5@5m"] == 1_024
    assert by_name["anthropic/claude-sonnet-4-5@none"] is None


def test_self_hosted_target_caches_from_one_block_on(tmp_path):
    basis = audit(tmp_path, "x", targets=("vllm/*",)).basis
    assert {target.minimum for target in basis.targets if "@none" not in target.target} == {16}


def test_basis_names_seed_clock_and_contexts(tmp_path):
    basis = audit(tmp_path, "{{ x }}", contexts="contexts: {b: {x: 1}, a: {x: 2}}", seed=7).basis
    assert (basis.seed, basis.clock.isoformat()) == (7, "2026-01-05T09:30:15+00:00")
    assert basis.contexts == ("b", "a")


def test_same_request_gives_the_same_report(tmp_path):
    assert audit(tmp_path, CLOCK) == audit(tmp_path, CLOCK)


def test_lowest_reported_severity_hides_notes(tmp_path):
    text = f"{RULES}\n{{{{ question }}}}\n{'Be brief, be fair, be kind and be precise. ' * 5}"
    assert codes(audit(tmp_path, text)) == [("PC104", "note", 2)]
    assert codes(audit(tmp_path, text, selection=Selection())) == []


def test_selected_and_ignored_rules(tmp_path):
    text = f"{{{{ now }}}} {{{{ request_id }}}}\n{RULES * 4}"

    def found(**choices):
        return {c for c, _, _ in codes(audit(tmp_path, text, selection=Selection(**choices)))}

    assert found() == {"PC101", "PC102"}
    assert found(select=("PC101",)) == {"PC101"}
    assert found(ignore=("clock-in-prefix",)) == {"PC102"}
    assert found(per_file={"*.j2": ("PC10",)}) == set()
    assert found(per_file={"*.txt": ("PC10",)}) == {"PC101", "PC102"}


def test_unknown_rule_is_wrong_usage(tmp_path):
    with pytest.raises(UsageError, match="no rule is called 'PC999'"):
        audit(tmp_path, "x", selection=Selection(ignore=("PC999",)))
    with pytest.raises(UsageError, match="'nope'"):
        audit(tmp_path, "x", selection=Selection(per_file={"*": ("nope",)}))


def test_notes_say_what_was_assumed(tmp_path):
    text = "{{ a }}{{ b|colang }}{% include 'no.j2' %}{{ c ** 2 }}" + "".join(
        f"{{{{ v{number} }}}}" for number in range(9)
    )
    notes = "\n".join(only(audit(tmp_path, text)).notes)
    assert "rendered with no stand-ins, because it fails with more" in notes
    assert "assumed stand-ins for a, b, c, v0, v1, v2, v3, v4, …" in notes
    assert "unknown filter 'colang'" in notes
    assert "no.j2" in notes


def test_failed_perturbation_is_noted(tmp_path):
    text = "{% if current_date == '2026-01-05' %}ok{% else %}{{ 1 / 0 }}{% endif %}"
    contexts = "contexts: {a: {current_date: 2026-01-05}}\nvaries: {current_date: day}"
    notes = only(audit(tmp_path, text, contexts=contexts)).notes
    assert "1 changed renders failed and count as unchanged" in notes


def test_finding_in_an_included_file_is_placed_there(tmp_path):
    (tmp_path / "head.j2").write_text("\nNow {{ now }}.\n")
    report = audit(tmp_path, f"{{% include 'head.j2' %}}{RULES}", paths=(tmp_path,))
    places = {(f.place.path.rpartition("/")[2], f.place.start_line) for f in report.findings}
    assert places == {("head.j2", 2)}
    assert [line.text for file in report.files for line in file.lines] == ["Now {{ now }}."]


def test_declared_inputs_of_a_prompty_file_are_payload(tmp_path):
    head = "---\ninputs:\n  thing: {type: string}\n  tone:\n    default: mild\n---\n"
    body = f"system:\n{{{{ tone }}}} {{{{ thing }}}}\n{RULES}"
    (finding,) = audit(tmp_path, head + body, name="x.prompty").findings
    assert (finding.code, finding.expression, finding.place.start_line) == ("PC104", "thing", 8)


@pytest.mark.parametrize(
    "head", ["---\na: [\n---\n", "---\ninputs: 3\n---\n", "---\n- 1\n---\n", ""]
)
def test_prompty_file_without_readable_inputs_is_still_audited(tmp_path, head):
    report = audit(tmp_path, f"{head}system:\n{CLOCK}", name="x.prompty")
    assert [finding.code for finding in report.findings] == ["PC101"]


def test_lone_surrogates_are_bounded_to_their_file(tmp_path):
    report = audit(tmp_path, f"\ud800 {CLOCK}")
    assert only(report).status in {FileStatus.FINDINGS, FileStatus.NOT_ANALYSED}


def test_request_is_a_value():
    request = AuditRequest(paths=(), at=AT)
    assert replace(request, seed=1) != request
    assert request.selection.least is Severity.LOW


def test_names_without_end_are_told_by_their_beginning(tmp_path):
    notes = only(audit(tmp_path, "{{ " + "a" * 5_000 + " }} " + RULES)).notes
    assert f"assumed stand-ins for {'a' * 80}…; give values with a context file" in notes
