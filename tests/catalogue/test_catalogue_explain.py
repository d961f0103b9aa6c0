from __future__ import annotations

from datetime import timedelta

import pytest
from catalogue.small_provider import NOON, acme
from catalogue.test_catalogue_select import GATEWAY

from promptcost.catalogue import Evidence, ExplainPage, Family, KnobFact, Target, explain
from promptcost.catalogue.explain import words_of
from promptcost.catalogue.spec import Isolation
from promptcost.errors import Problem


def page(catalogue, target: str) -> ExplainPage:
    found = explain(catalogue, Target.parse(target), NOON)
    assert isinstance(found, ExplainPage)
    return found


def test_a_page_says_how_the_cache_works_when_it_pays_and_what_breaks_it(tmp_path):
    found = page(acme(tmp_path), "acme/big@1h")
    assert (found.family, found.how) == (Family.BREAKPOINT, "At marks.")
    assert found.knobs[0] == KnobFact(
        name="ttl", value="1h", evidence=Evidence.DOCUMENTED, note="the price page"
    )
    assert [f"{rate.share:.4f}" for rate in found.hit_rates] == ["0.2174", "0.5263"]
    assert [row.change for row in found.breakers] == ["model", "images"]
    assert [modifier.name for modifier in found.modifiers] == ["batch", "fast", "regional"]
    assert len(found.history) == 3
    assert found.not_represented == ("audio", "images")
    assert found.rent is None


def test_a_page_of_a_target_without_caching_has_neither_pay_off_nor_breakers(tmp_path):
    found = page(acme(tmp_path), "acme/big@none")
    assert found.family is Family.NONE
    assert found.how.startswith("No caching")
    assert (found.knobs, found.hit_rates, found.breakers) == ((), (), ())


def test_a_page_of_a_gateway_is_its_upstream_s_and_says_what_the_gateway_hides(tmp_path):
    text = GATEWAY.replace("usage: []", "usage: []\nnot_represented: [which endpoint]")
    (tmp_path / "gate.yaml").write_text(text)
    found = page(acme(tmp_path), "gate/acme-labs/big@5m")
    assert found.how == "At marks."
    assert found.not_represented == ("audio", "which endpoint", "images")


def test_an_unknown_target_has_no_page(tmp_path):
    assert isinstance(explain(acme(tmp_path), Target.parse("acme/none"), NOON), Problem)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "none"),
        (True, "yes"),
        (False, "no"),
        (timedelta(minutes=5), "5m"),
        (4096, "4,096"),
        (0.5, "0.5"),
        (Isolation.WORKSPACE, "workspace"),
    ],
)
def test_a_knob_is_put_in_words(value, words):
    assert words_of(value) == words
