from __future__ import annotations

from dataclasses import replace

import pytest
from simulate.simulation_cases import (
    DEPLOY,
    REQUEST,
    SECOND,
    TENANT,
    part,
    template_part,
    workload,
)

from promptcost.model.count import CountMethod
from promptcost.model.stability import Clock, Stability
from promptcost.simulate.layout import count_layout, declared_again
from promptcost.simulate.written import Stretch, Written, write_parts
from promptcost.tokens import counter
from promptcost.workload.distributions import Constant, Uniform, Zipf

RULES = "You answer questions about trains. " * 40
CLOCKED = RULES + "Plan: {{ plan }}. Time: {{ now }}.\n" + RULES
VARIABLES = (("now", SECOND), ("plan", TENANT))


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "system.j2"
    path.write_text(CLOCKED, encoding="utf-8")
    return path


def layout_of(made, family="o200k"):
    written, problems = write_parts(made)
    assert problems == []
    return count_layout(made, written, counter(family))


def test_declared_tokens_are_the_same_for_every_tokenizer():
    made = workload(part("tools", 1_800), part("question", 120, REQUEST))
    for family in ("o200k", "claude-2026"):
        layout = layout_of(made, family)
        assert [(block.name, block.tokens) for block in layout.parts] == [
            ("tools", 1_800),
            ("question", 120),
        ]
        assert layout.basis.method is CountMethod.DECLARED
        assert (layout.basis.tokenizer, layout.basis.relative_error) == (family, 0)


def test_a_sampled_size_is_left_to_the_arrivals():
    made = workload(replace(part("question", 1, REQUEST), tokens=Uniform(low=10, high=20)))
    assert layout_of(made).parts[0].tokens is None


def test_a_template_becomes_stretches_that_vary_with_one_thing(template):
    made = workload(template_part("system", template, variables=VARIABLES))
    layout = layout_of(made)
    assert [(block.name, block.stability) for block in layout.parts] == [
        ("system before {{ plan }}", DEPLOY),
        ("system", Stability(clock=Clock.DEPLOY, audience=TENANT.audience)),
        ("system before {{ now }}", DEPLOY),
        ("system", SECOND),
        ("system", DEPLOY),
    ]


def test_the_stretches_add_up_to_the_whole_text(template):
    made = workload(template_part("system", template, variables=VARIABLES))
    written, _ = write_parts(made)
    for family in ("o200k", "claude-2026", "gemini"):
        layout = count_layout(made, written, counter(family))
        whole = counter(family).count(written["system"].text)
        assert sum(block.tokens for block in layout.parts) == whole.value
        assert layout.counts == {"system": whole}


def test_an_expression_can_return_without_taking_the_name_twice(tmp_path):
    path = tmp_path / "twice.j2"
    path.write_text("a {{ now }} b {{ now }} c", encoding="utf-8")
    made = workload(template_part("system", path, variables=(("now", SECOND),)))
    names = [block.name for block in layout_of(made).parts]
    assert names == ["system before {{ now }}", "system", "system", "system", "system"]


@pytest.mark.parametrize("changes", [{"stability": REQUEST}, {"pool": Zipf(size=3)}])
def test_text_that_is_drawn_or_kept_by_name_keeps_its_name(template, changes):
    made = workload(template_part("system", template, variables=VARIABLES, **changes))
    assert {block.name for block in layout_of(made).parts} == {"system"}


def test_an_empty_template_is_a_block_without_tokens(tmp_path):
    path = tmp_path / "empty.j2"
    path.write_text("{# nothing #}", encoding="utf-8")
    layout = layout_of(workload(template_part("system", path)))
    assert [(block.name, block.tokens) for block in layout.parts] == [("system", 0)]


def test_the_basis_tells_an_estimate_from_an_exact_count(template):
    made = workload(template_part("system", template, variables=VARIABLES), part("q", 9, REQUEST))
    exact, estimate = layout_of(made).basis, layout_of(made, "claude-2026").basis
    assert (exact.method, exact.relative_error) == (CountMethod.EXACT, 0)
    assert estimate.method is CountMethod.ESTIMATED
    assert 0.1 < estimate.relative_error < 0.3


def test_the_band_grows_with_every_estimated_part_up_to_the_name(template):
    made = workload(
        part("tools", 100),
        template_part("system", template, variables=VARIABLES),
        part("question", 50, REQUEST),
    )
    layout = layout_of(made, "claude-2026")
    count = layout.counts["system"]
    wide = (count.value - count.low, count.high - count.value)
    assert layout.band("tools") == (0, 0)
    assert layout.band("system before {{ now }}") == wide
    assert layout.band("question") == wide
    assert layout.band("no part of this name") == wide


def test_another_draw_changes_declared_sizes_only(template):
    made = workload(template_part("system", template, variables=VARIABLES), part("tools", 100))
    drawn = workload(made.prompt[0], part("tools", 110.6))
    layout = layout_of(made)
    again = declared_again(layout, drawn)
    assert [block.tokens for block in again.parts[:-1]] == [
        block.tokens for block in layout.parts[:-1]
    ]
    assert again.parts[-1].tokens == 111


def test_values_come_from_a_context_file(template, tmp_path):
    contexts = tmp_path / "contexts.yaml"
    contexts.write_text(
        "contexts: {one: {now: '2026-11-20 09:00:00', plan: flexible}}\n"
        "varies: {plan: user, now: minute}\n",
        encoding="utf-8",
    )
    made = workload(
        template_part("system", template, variables=(("now", SECOND),), context=str(contexts))
    )
    written, problems = write_parts(made)
    assert problems == []
    assert "Plan: flexible. Time: 2026-11-20 09:00:00." in written["system"].text
    assert written["system"].notes == ()
    found = {one.stability for one in written["system"].stretches}
    assert SECOND in found  # the workload's word counts more than the context file's


def test_made_up_values_are_admitted(template):
    written, _ = write_parts(workload(template_part("system", template, variables=VARIABLES)))
    assert written["system"].notes == (
        "part 'system': no value for plan, now; a likely one was used",
    )


def test_a_plain_text_is_one_stretch(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("Be brief.", encoding="utf-8")
    written, problems = write_parts(workload(template_part("system", path)))
    assert problems == []
    assert written == {
        "system": Written(text="Be brief.", stretches=(Stretch(end=9, stability=DEPLOY),))
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% if %}", "syntax"),
        ("{{ 1 / 0 }}", "division"),
    ],
)
def test_a_template_that_does_not_render_is_a_problem_with_its_place(tmp_path, text, message):
    path = tmp_path / "broken.j2"
    path.write_text(text, encoding="utf-8")
    written, problems = write_parts(workload(template_part("system", path)))
    assert written == {}
    assert [problem.path for problem in problems] == [str(path)]
    assert problems[0].line == 1
    assert message in problems[0].message.lower() or problems[0].message


def test_every_fault_is_reported_in_one_run(tmp_path):
    several = tmp_path / "prompts.yaml"
    several.write_text("a: 'Hello {{ x }}'\nb: 'Bye {{ y }}'\n", encoding="utf-8")
    made = workload(
        template_part("tools", tmp_path / "absent.j2"),
        template_part("system", several),
        template_part("rules", tmp_path / "other.j2", context=str(tmp_path / "absent.yaml")),
    )
    written, problems = write_parts(made)
    assert written == {}
    assert {problem.path for problem in problems} == {
        str(tmp_path / "absent.j2"),
        str(several),
        str(tmp_path / "absent.yaml"),
        str(tmp_path / "other.j2"),
    }


def test_a_constant_size_may_have_a_fraction():
    made = workload(part("tools", 10.4))
    assert isinstance(made.prompt[0].tokens, Constant)
    assert layout_of(made).parts[0].tokens == 10
