"""The stream of requests: what is equal is shared, what differs is not, marks stand where asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import stream_oracle
from hypothesis import given
from hypothesis import strategies as st
from workload_examples import history, part, people, talks, traffic, workload

from promptcost.model.prompt import Isolation, Prefix, Request, Role, Scope
from promptcost.model.stability import STABILITY_WORDS, Stability
from promptcost.workload import _history, _stream
from promptcost.workload.arrivals import Arrivals, arrivals
from promptcost.workload.distributions import Constant, Lognormal, Zipf
from promptcost.workload.spec import (
    TAIL,
    ArrivalProcess,
    Conversation,
    Part,
    TemplateText,
    Workload,
)
from promptcost.workload.stream import Layout, LayoutPart, Placement, declared, requests

if TYPE_CHECKING:
    from collections.abc import Iterator

FIVE, HOUR = timedelta(minutes=5), timedelta(hours=1)

CHAT = workload(
    part("tools", "deploy", 1_000),
    part("docs", "session", 400, pool=Zipf(size=5)),
    history("question"),
    part("question", "request", 20),
    conversation=talks(turns=5),
    population=people(),
    output_tokens=Lognormal(median=50, sigma=1),
    per_day=400,
    days=1,
)


def layout_of(made: Workload) -> Layout:
    return tuple(declared(found) for found in made.prompt)


def drawn(made: Workload, seed: int = 1) -> Arrivals:
    return arrivals(made, np.random.default_rng(seed))


def stream(
    made: Workload,
    placement: Placement = (),
    partition: Isolation = Isolation.ORGANIZATION,
    seed: int = 1,
) -> list[Request]:
    return list(requests(made, drawn(made, seed), layout_of(made), placement, partition))


def by_conversation(found: list[Request]) -> dict[int, list[Request]]:
    talked: dict[int, list[Request]] = {}
    for request in found:
        talked.setdefault(request.conversation, []).append(request)
    return talked


def is_prefix(short: Prefix, long: Prefix) -> bool:
    return short.depth <= long.depth and long.at(short.depth) == short


# Histories anywhere, pools, every stability, parts that are kept and parts that are not.
words = st.sampled_from([word for word in STABILITY_WORDS if word not in {"all", "never"}])
plain = st.builds(lambda word, tokens: (word, tokens, None), words, st.integers(0, 9))
pooled = st.builds(
    lambda word, size: (word, 5, Zipf(size=size)),
    st.sampled_from(["session", "user", "tenant", "request"]),
    st.integers(1, 3),
)
pieces = st.lists(plain | pooled, min_size=1, max_size=4)


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    made = [
        part(f"p{index}", word, tokens, pool=pool)
        for index, (word, tokens, pool) in enumerate(draw(pieces))
    ]
    if draw(st.booleans()):
        place = draw(st.integers(0, len(made)))
        later = [found.name for found in made[place:]]
        kept = draw(st.lists(st.sampled_from(later), unique=True)) if later else []
        made.insert(place, history(*kept))
    return workload(
        *made,
        per_day=24 * 40,
        days=1 / 24,
        conversation=talks(turns=draw(st.sampled_from([1, 4, 12])), wait=20),
        population=people(tenants=2, users=4, workspaces=2),
        deploys_per_month=Decimal(20_000),
        output_tokens=Lognormal(median=9, sigma=1),
    )


@pytest.fixture(params=[40, 2, 0], ids="keeps {} blocks single".format)
def _blocks_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_history, "KEPT_BLOCKS", request.param)
        yield


@pytest.mark.usefixtures("_blocks_kept")
@given(workloads(), st.sampled_from(Isolation), st.integers(0, 99), st.sampled_from([7, 8_192]))
def test_two_requests_share_what_their_texts_share(
    made: Workload, partition: Isolation, seed: int, chunk: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_stream, "_CHUNK", chunk)
        found = stream(made, (), partition, seed)
    assert_shares(found, stream_oracle.texts(made, drawn(made, seed), layout_of(made), partition))


@pytest.mark.usefixtures("_blocks_kept")
@pytest.mark.parametrize(
    "front",
    [
        part("docs", "request", pool=Zipf(size=2)),
        part("docs", "request", pool=Zipf(size=6)),
        part("now", "minute"),
        part("now", "hour"),
    ],
    ids=["two items", "six items", "minutes", "hours"],
)
@pytest.mark.parametrize(
    "asked",
    [part("question", "request", 7), part("question", "request", 7, pool=Zipf(size=3))],
    ids=["new questions", "frequent questions"],
)
def test_text_that_returns_finds_its_history_again(front: Part, asked: Part) -> None:
    made = workload(
        part("rules"),
        front,
        history("question"),
        asked,
        per_day=1_200,
        days=1 / 24,
        conversation=talks(turns=25, wait=40),
        output_tokens=Lognormal(median=9, sigma=1),
    )
    found = stream(made)
    texts = stream_oracle.texts(made, drawn(made), layout_of(made), Isolation.ORGANIZATION)
    assert_shares(found, texts)


def assert_shares(found: list[Request], texts: list[list[stream_oracle.Text]]) -> None:
    assert [request.prefix.tokens for request in found] == [
        sum(tokens for _, tokens in text) for text in texts
    ]
    for one, other in combinations(range(min(len(found), 60)), 2):
        shared = found[one].prefix.shared_with(found[other].prefix)
        expected = stream_oracle.shared_tokens(texts[one], texts[other])
        assert (None if shared is None else shared.tokens) == expected


def test_a_conversation_only_appends() -> None:
    for talk in by_conversation(stream(CHAT)).values():
        for before, after in pairwise(talk):
            assert is_prefix(before.prefix, after.prefix)
            assert after.prefix.tokens == before.prefix.tokens + before.output_tokens + 20


def test_history_links_are_shared_between_turns() -> None:
    talk = max(by_conversation(stream(CHAT)).values(), key=len)
    assert all(
        after.prefix.at(before.prefix.depth) is before.prefix for before, after in pairwise(talk)
    )


def test_questions_and_answers_are_separate_blocks() -> None:
    talk = max(by_conversation(stream(CHAT)).values(), key=len)
    blocks = [link.block for link in talk[2].prefix.chain() if link.block is not None]
    assert [(block.name, block.role) for block in reversed(blocks)] == [
        ("tools", Role.USER),
        ("docs", Role.USER),
        ("question", Role.USER),
        ("answer", Role.ASSISTANT),
        ("question", Role.USER),
        ("answer", Role.ASSISTANT),
        ("question", Role.USER),
    ]


def test_static_parts_are_one_chain_for_everybody() -> None:
    made = workload(part("a"), part("b"), part("question", "request"), population=people())
    found = stream(made)
    assert len({id(request.prefix.parent) for request in found}) == 1
    assert len({request.prefix.id for request in found}) == len(found)


def test_a_clock_of_seconds_in_front_makes_everything_behind_it_differ() -> None:
    spaced = traffic(240, process=ArrivalProcess.CONSTANT)
    prompt = (part("tools"), part("now", "second"), part("rules"), part("more"))
    made = workload(*prompt, traffic=spaced, days=2)
    found = stream(made)
    assert len({request.prefix.at(1).id for request in found}) == 1
    for depth in (2, 3, 4):
        assert len({request.prefix.at(depth).id for request in found}) == len(found)


@pytest.mark.parametrize(
    ("word", "different"),
    [("static", 1), ("day", 3), ("hour", 72), ("tenant", 3), ("user", 10), ("deploy", 6)],
)
def test_a_part_has_as_many_texts_as_it_varies(word: str, different: int) -> None:
    made = workload(
        part("system", word),
        part("question", "request"),
        population=people(tenants=3, users=10),
        per_day=5_000,
        days=3,
        deploys_per_month=Decimal(60),
    )
    assert len({request.prefix.at(1).id for request in stream(made)}) == different


def test_a_part_can_vary_on_both_axes() -> None:
    both = replace(
        part("system"),
        stability=Stability(
            clock=Stability.parse("day").clock, audience=Stability.parse("tenant").audience
        ),
    )
    made = workload(both, population=people(tenants=3), per_day=1_000, days=2)
    assert len({request.prefix.id for request in stream(made)}) == 6


def test_an_item_of_the_pool_is_the_same_text_for_everybody() -> None:
    made = workload(
        part("docs", "user", pool=Zipf(size=4)), population=people(users=100), per_day=2_000
    )
    assert len({request.prefix.id for request in stream(made)}) == 4


@pytest.mark.parametrize(
    ("partition", "groups"),
    [("organization", 1), ("workspace", 2), ("tenant", 4), ("user", 12)],
)
def test_partitions_share_nothing(partition: str, groups: int) -> None:
    made = workload(
        part("system"), population=people(tenants=4, users=12, workspaces=2), per_day=2_000
    )
    found = stream(made, partition=Isolation(partition))
    assert len({request.prefix.id for request in found}) == groups


def test_tenant_3_is_not_user_3() -> None:
    made = workload(part("system"), population=people(tenants=4, users=4))
    by_tenant = stream(made, partition=Isolation.TENANT)
    by_user = stream(made, partition=Isolation.USER)
    assert not {r.prefix.id for r in by_tenant} & {r.prefix.id for r in by_user}


def test_requests_carry_what_arrived() -> None:
    found, arrived = stream(CHAT), drawn(CHAT)
    assert [request.time_us for request in found] == arrived.time_us.tolist()
    assert [request.output_tokens for request in found] == arrived.output_tokens.tolist()
    assert [request.conversation for request in found] == arrived.conversation.tolist()
    assert [request.scope.user for request in found] == arrived.user.tolist()
    assert [request.scope.tenant for request in found] == arrived.tenant.tolist()
    assert {request.scope.workspace for request in found} == {0}
    assert isinstance(found[0].scope, Scope)


def test_sampled_sizes_are_used() -> None:
    law = Lognormal(median=100, sigma=1)
    made = workload(replace(part("question", "request"), tokens=law), per_day=50)
    sizes = [request.prefix.tokens for request in stream(made)]
    assert sizes == drawn(made).part_tokens["question"].tolist()
    assert len(set(sizes)) > 1


def marks(request: Request) -> list[tuple[str, int, timedelta | None]]:
    return [(mark.name, mark.prefix.depth, mark.ttl) for mark in request.breakpoints]


def test_marks_stand_behind_their_parts() -> None:
    placement = (("tools", HOUR), ("history", FIVE), (TAIL, None))
    talk = max(by_conversation(stream(CHAT, placement)).values(), key=len)
    assert marks(talk[0]) == [("tools", 1, HOUR), ("history", 2, FIVE), (TAIL, 3, None)]
    assert marks(talk[1]) == [("tools", 1, HOUR), ("history", 4, FIVE), (TAIL, 5, None)]
    assert all(
        is_prefix(mark.prefix, request.prefix) for request in talk for mark in request.breakpoints
    )


def test_a_mark_at_the_tail_is_what_the_next_turn_finds() -> None:
    placement = (("history", None), (TAIL, None))
    for talk in by_conversation(stream(CHAT, placement)).values():
        for before, after in pairwise(talk):
            found, sent = after.breakpoints[0].prefix, before.breakpoints[1].prefix
            assert is_prefix(sent, found)
            assert found.depth == sent.depth + 1


def test_an_empty_history_is_marked_only_once() -> None:
    placement = (("docs", HOUR), ("history", FIVE))
    talk = max(by_conversation(stream(CHAT, placement)).values(), key=len)
    assert marks(talk[0]) == [("docs", 2, HOUR)]
    assert marks(talk[1]) == [("docs", 2, HOUR), ("history", 4, FIVE)]


def test_a_mark_on_an_empty_prompt_is_left_out() -> None:
    made = workload(history("question"), part("question", "request"), conversation=talks())
    talk = max(by_conversation(stream(made, (("history", None),))).values(), key=len)
    assert marks(talk[0]) == []
    assert marks(talk[1]) == [("history", 2, None)]


def test_the_end_of_the_last_part_and_the_tail_are_one_mark() -> None:
    found = stream(workload(), (("question", HOUR), (TAIL, FIVE)))
    assert marks(found[0]) == [("question", 2, HOUR)]


def test_the_tail_of_a_shared_prompt_is_marked() -> None:
    found = stream(workload(part("system"), part("rules")), ((TAIL, FIVE),))
    assert marks(found[0]) == [(TAIL, 2, FIVE)]


def test_a_part_of_several_pieces_is_marked_behind_the_last() -> None:
    made = workload(part("system"), part("question", "request"))
    pieces = tuple(
        LayoutPart(name=name, role=Role.SYSTEM, stability=Stability.parse(word), tokens=10)
        for name, word in [("system", "static"), ("system", "day"), ("question", "request")]
    )
    (first, *_) = requests(made, drawn(made), pieces, (("system", FIVE),))
    assert marks(first) == [("system", 2, FIVE)]


def test_a_mark_behind_an_unknown_part_is_misuse() -> None:
    with pytest.raises(ValueError, match="no part 'systm' to mark"):
        stream(workload(), (("systm", None),))


def test_a_part_without_tokens_that_was_not_sampled_is_misuse() -> None:
    layout = (LayoutPart(name="system", role=Role.SYSTEM),)
    with pytest.raises(KeyError, match="system"):
        list(requests(workload(), drawn(workload()), layout))


def test_finished_conversations_and_old_chains_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_stream, "_CHUNK", 50)
    made = replace(CHAT, prompt=(part("now", "second"), *CHAT.prompt), traffic=traffic(2_000))
    running = _stream.Stream(made, drawn(made), layout_of(made), (), Isolation.ORGANIZATION)
    most = max(len(level.seen) for _ in running.requests() for level in running._trunk._levels)
    assert most <= 51
    assert running._talks == {}


def test_no_arrivals_make_no_requests() -> None:
    made = workload(per_day=0.001, days=1)
    assert stream(made) == []


def test_long_histories_over_changing_text_stay_small() -> None:
    long = Conversation(turns=Constant(value=100), think_time=Constant(value=60))
    stable = replace(CHAT, conversation=long)
    changing = replace(stable, prompt=(part("now", "second"), *CHAT.prompt))
    assert max(request.prefix.depth for request in stream(stable)) == 2 + 99 * 2 + 1
    assert max(request.prefix.depth for request in stream(changing)) == 3 + 1 + 1


def test_a_declared_part_has_its_size_for_every_tokenizer() -> None:
    found = declared(part("system", "deploy", 12.6))
    assert found == LayoutPart(
        name="system", role=Role.USER, stability=Stability.parse("deploy"), tokens=13
    )
    assert declared(history()).tokens is None
    assert (
        declared(replace(part("q", "request"), tokens=Lognormal(median=1, sigma=1))).tokens is None
    )
    assert declared(replace(part("q"), tokens=Constant(value=0))).tokens == 0


def test_a_template_is_not_declared() -> None:
    made = Part(name="system", role=Role.SYSTEM, template=TemplateText(path="x.j2"))
    with pytest.raises(ValueError, match="part 'system' is a template; count its pieces"):
        declared(made)
