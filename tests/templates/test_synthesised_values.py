from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from templates.making import ready
from templates.worlds import BASE, changed, renders

from promptcost.model.audit_report import Change, ContextSource
from promptcost.model.finding import Confidence
from promptcost.templates import Limits, Rendered, SourceKind
from promptcost.templates.contexts import NO_CONTEXTS
from promptcost.templates.names import Kind
from promptcost.templates.perturb import Renders, open_renders, world_of, world_of_kind
from promptcost.templates.trace import varying
from promptcost.templates.values import Detail, Inputs, Values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ question }}", {Change.NEXT_REQUEST}),
        ("{{ documents }}", {Change.NEXT_REQUEST}),
        ("{{ request_id }}", {Change.NEXT_REQUEST}),
        ("{{ nonce }}", {Change.NEXT_REQUEST}),
        ("{{ uuid4() }}", {Change.NEXT_REQUEST}),
        ("{{ user.name }}", {Change.OTHER_USER}),
        ("{{ company_name }}", {Change.OTHER_TENANT}),
        ("{{ session_id }}", {Change.OTHER_SESSION}),
        ("{{ working_dir }}", {Change.OTHER_SESSION}),
        ("{{ step_number }}", {Change.NEXT_TURN}),
        ("{{ chat_history }}", {Change.NEXT_TURN, Change.OTHER_SESSION}),
        ("{{ instructions }} {{ name }} {{ context }} {{ tools }}", set()),
        ("{{ questions | length }}", set()),
        ("{% if enable_tools %}yes{% endif %}", set()),
        ("no variable", set()),
    ],
)
def test_stand_in_changes_with_what_its_name_says(text, expected):
    assert changed(renders(text)) == expected


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("{{ now }}", Change.NEXT_SECOND),
        ("{{ now.isoformat() }}", Change.NEXT_SECOND),
        ("{{ now.strftime('%H:%M') }}", Change.NEXT_MINUTE),
        ("{{ now.hour }}", Change.NEXT_HOUR),
        ("{{ hour }}", Change.NEXT_HOUR),
        ("{{ current_date }}", Change.NEXT_DAY),
        ("{{ now.date() }}", Change.NEXT_DAY),
        ("{{ weekday }}", Change.NEXT_DAY),
        ("{{ strftime_now('%Y-%m-%d') }}", Change.NEXT_DAY),
        ("{{ strftime_now('%S') }}", Change.NEXT_SECOND),
        ("{{ datetime.now().strftime('%H:%M') }}", Change.NEXT_MINUTE),
        ("{{ datetime.datetime.utcnow() }}", Change.NEXT_SECOND),
        ("{{ datetime.date.today() }}", Change.NEXT_DAY),
        ("{{ get_current_time() }}", Change.NEXT_SECOND),
    ],
)
def test_clock_changes_at_its_precision(text, first):
    clocks = [Change.NEXT_SECOND, Change.NEXT_MINUTE, Change.NEXT_HOUR, Change.NEXT_DAY]
    found = changed(renders(text))
    assert next(change for change in clocks if change in found) is first


def test_constant_default_of_a_date_is_kept():
    made = renders("{% if not date is defined %}{% set date = 'July' %}{% endif %}{{ date }}")
    assert (made.base.text, changed(made)) == ("July", set())


def test_parts_of_a_time_can_be_replaced_and_added():
    made = renders("{{ now.replace(second=0) }}|{{ now.replace('2026', 'x') }}|{{ now + '!' }}")
    assert made.base.text == ("2026-01-05 09:30:00+00:00|x-01-05 09:30:15|2026-01-05 09:30:15!")


def test_same_seed_gives_the_same_text_and_another_seed_another():
    one, two = renders("{{ question }} {{ rules }}"), renders("{{ question }} {{ rules }}")
    assert one.base.text == two.base.text
    values = Values(one.values._inputs, replace(BASE, seed=1))
    assert values.context(values.base) != one.values.context(BASE)


@pytest.mark.parametrize(
    "text",
    [
        "{% for k, v in schema.items() %}{{ k }}={{ v.type }};{% endfor %}",
        "{% for name in table.columns %}{{ name }}{% endfor %}",
        "{% for (a, b) in pairs %}{{ a }}{{ b.x }}{% endfor %}",
        "{{ rows | map(attribute='id') | join(', ') }}",
        "{{ (score * 2) | round(1) }}",
        "{% if count > 3 %}many{% endif %}",
        "{{ tools | dictsort }}",
        "{{ 'x' + label + suffix }}",
        "{{ thing.method(1, key=2).more['deep'] }}",
        "{{ text[:10] }}{{ text | truncate(5) }}",
        "{% for i in range(num_items) %}{{ i }}{% endfor %}",
        "{{ fn(question) }}{{ a - b }}{{ a / b }}{{ a > 3 }}{{ 3 < a }}{{ a <= b }}{{ a >= b }}",
        "{% for m in messages %}{{ m.role }}: {{ m.content }}{{ m.extra }}{% endfor %}",
        "{{ values | sum }}{{ user | tojson }}",
        "{% if kind == 'a' %}A{{ kind }}{% elif kind == 'b' %}B{% endif %}",
        "{% for line in thing %}{{ loop.index }}{% endfor %}",
    ],
)
def test_stand_ins_suit_what_the_template_does_with_them(text):
    assert renders(text).values.detail in {Detail.FULL, Detail.TEXTS}


def test_compared_constant_is_the_value_that_is_used():
    made = renders("{% if block.type == 'text' %}taken {{ n == 3 }}{% endif %}")
    assert made.base.text == "taken False"


def test_function_answers_by_its_arguments():
    made = renders("{{ summarise(question) }}")
    assert changed(made) == {Change.NEXT_REQUEST}


def test_template_that_refuses_stand_ins_is_tried_with_less():
    made = renders("{{ thing ** 2 }} fixed")
    assert made.values.detail is Detail.NOTHING
    assert made.base.text.endswith(" fixed")


def test_template_that_never_renders_says_why():
    template = ready("{{ 1 / 0 }}")
    inputs = Inputs(variables=template.variables, contexts=NO_CONTEXTS)
    made = open_renders(template, inputs, BASE, Limits())
    assert not isinstance(made, Renders)
    assert made.line == 1


def test_attempts_end_with_the_time_for_one_template():
    ticks = iter(range(0, 10_000, 5))
    limits = Limits(clock=lambda: next(ticks))
    template = ready("{{ 1 / 0 }}")
    inputs = Inputs(variables=template.variables, contexts=NO_CONTEXTS)
    assert not isinstance(open_renders(template, inputs, BASE, limits), Renders)


CHAT = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"


def test_chat_template_is_rendered_with_a_conversation():
    made = renders(CHAT, kind=SourceKind.CHAT_TEMPLATE)
    roles = [part.partition(">")[0] for part in made.base.text.split("<")[1:]]
    assert roles == ["system", "user", "assistant", "tool"]


def test_chat_template_that_refuses_roles_gets_a_plainer_conversation():
    text = "{% for m in messages %}{% if m.role in ('system', 'tool') %}{{ raise_exception('no') }}"
    made = renders(
        f"{text}{{% endif %}}{{{{ m.role }}}} {{% endfor %}}", kind=SourceKind.CHAT_TEMPLATE
    )
    assert made.base.text == "user assistant user "


def test_next_turn_appends_to_a_conversation():
    made = renders(CHAT, kind=SourceKind.CHAT_TEMPLATE)
    later = made.in_world(world_of(Change.NEXT_TURN, BASE))
    assert later.text.startswith(made.base.text)


def test_chat_template_gets_tools_as_json_schema():
    made = renders(
        "{% for t in tools %}{{ t.function.name }} {% endfor %}{{ messages[0].role }}",
        kind=SourceKind.CHAT_TEMPLATE,
    )
    assert made.base.text == "search fetch system"


def test_undeclared_input_of_the_file_varies_with_the_request():
    assert changed(renders("{{ system_message }}")) == set()
    assert changed(renders("{{ system_message }}", payload=["system_message"])) == {
        Change.NEXT_REQUEST
    }


def test_unknown_render_counts_as_unchanged_and_is_noted():
    made = renders("{{ 1 / (question | length - question2 | length) if x else question }}")
    assert isinstance(made.in_world(world_of_kind(Kind.PAYLOAD, BASE)), Rendered)


def test_failure_in_another_world_is_noted():
    text = "{% if current_date == '2026-01-05' %}ok{% else %}{{ 1 / 0 }}{% endif %}"
    contexts = "contexts: {a: {current_date: 2026-01-05}}\nvaries: {current_date: day}"
    made = renders(text, contexts)
    other = made.in_world(replace(BASE, clock=BASE.clock + timedelta(days=1)))
    assert (other is made.base, len(made.failures)) == (True, 1)


def test_source_of_values_is_told():
    given = "contexts: {a: {x: 1}}"
    assert renders("{{ x }}").values.source() is ContextSource.SYNTHESISED
    assert renders("{{ x }}", given).values.source() is ContextSource.GIVEN
    assert renders("{{ x }}{{ y }}", given).values.source() is ContextSource.MIXED
    assert renders("fixed").values.source() is ContextSource.NONE


def test_pieces_that_vary_are_those_of_changed_values():
    made = renders("a {{ question }} b {{ rules }} {{ question }}")
    other = made.in_world(world_of(Change.NEXT_REQUEST, BASE))
    expressions = [made.base.pieces[at].expression for at in sorted(varying(made.base, other))]
    assert expressions == ["question", "question"]
    assert varying(made.base, made.base) == frozenset()


def test_confidence_of_a_name_is_suspected():
    assert renders("{{ question }}").values.confidence("question") is Confidence.SUSPECTED


def test_confidence_of_a_known_function_is_confirmed():
    values = renders("{{ strftime_now('%d') }}").values
    assert values.confidence("strftime_now") is Confidence.CONFIRMED
