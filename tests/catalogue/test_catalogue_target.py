from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptcost.catalogue import Target

WORD = st.text("abcXYZ0189.-:", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anthropic/claude-opus-5-5@1h", ("anthropic", "claude-opus-5-5", "1h", ())),
        ("openai/gpt-4o", ("openai", "gpt-4o", "", ())),
        ("groq/openai/gpt-oss-120b@automatic", ("groq", "openai/gpt-oss-120b", "automatic", ())),
        ("a/b@5m+batch+us", ("a", "b", "5m", ("batch", "us"))),
        ("a/b+batch+us", ("a", "b", "", ("batch", "us"))),
        ("a/b@+batch", ("a", "b", "", ("batch",))),
        ("vertex/claude-opus-4-5@20251101", ("vertex", "claude-opus-4-5@20251101", "", ())),
        ("vertex/x@20251101@5m", ("vertex", "x@20251101", "5m", ())),
        ("vertex/x@20251101+regional", ("vertex", "x@20251101", "", ("regional",))),
        ("bedrock/amazon.nova-pro-v1:0@5m", ("bedrock", "amazon.nova-pro-v1:0", "5m", ())),
        ("  a/b  ", ("a", "b", "", ())),
    ],
)
def test_a_target_is_read_as_provider_model_option_and_modifiers(text, expected):
    made = Target.parse(text)
    assert (made.provider, made.model, made.option, made.modifiers) == expected


@pytest.mark.parametrize("text", ["", "gpt-4o", "openai/", "/gpt-4o", "@5m", "a@b/c"])
def test_a_target_without_provider_or_model_is_refused(text):
    with pytest.raises(ValueError, match="provider/model@option"):
        Target.parse(text)


@pytest.mark.parametrize(
    ("text", "uncached"), [("a/b@none", True), ("a/b@none+batch", True), ("a/b@5m", False)]
)
def test_only_the_option_none_asks_for_no_caching(text, uncached):
    assert Target.parse(text).uncached is uncached


@given(WORD, WORD, st.sampled_from(["", "5m", "none"]), st.lists(st.sampled_from(["us", "flex"])))
def test_a_target_is_read_back_from_what_it_prints(provider, model, option, modifiers):
    made = Target(provider=provider, model=model, option=option, modifiers=tuple(modifiers))
    assert Target.parse(str(made)) == made
