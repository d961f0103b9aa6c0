from __future__ import annotations

from datetime import timedelta

from wire.reading import request

from promptcost.wire import breakpoints_of, prefix_of

BODY = {
    "model": "claude-sonnet-5-5",
    "system": [{"type": "text", "text": "Rules.", "cache_control": {"ttl": "1h"}}],
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": "Hi", "cache_control": {}}]}
    ],
}


def test_the_chain_counts_bytes_and_the_tokens_it_is_told():
    prefix = prefix_of(request(BODY), lambda block: len(block.data) // 2)
    assert [(link.size, link.tokens, link.depth) for link in prefix.chain()] == [
        (8, 4, 2),
        (6, 3, 1),
        (0, 0, 0),
    ]
    assert [link.block.name for link in prefix.chain() if link.block] == [
        "messages[0].content[0].text",
        "system[0].text",
    ]


def test_model_and_further_keys_split_the_cache():
    one = prefix_of(request(BODY))
    assert one == prefix_of(request(BODY))
    assert one != prefix_of(request({**BODY, "model": "claude-opus-5-5"}))
    assert one != prefix_of(request(BODY), keys=("tenant",))


def test_marks_become_breakpoints_of_the_chain():
    prefix = prefix_of(request(BODY))
    assert [(b.prefix.depth, b.ttl, b.name) for b in breakpoints_of(request(BODY), prefix)] == [
        (1, timedelta(hours=1), "system[0].cache_control"),
        (2, None, "messages[0].content[0].cache_control"),
    ]
