"""The request stream made again in the most obvious way: every request's texts, written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from promptcost.model.prompt import Isolation
    from promptcost.workload.arrivals import Arrivals
    from promptcost.workload.spec import Workload
    from promptcost.workload.stream import Layout, LayoutPart

CLOCKS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}

Text = tuple[object, int]  # what decides the text, and its tokens


def texts(
    workload: Workload, arrivals: Arrivals, layout: Layout, partition: Isolation
) -> list[list[Text]]:
    """Return the texts of every request, the cache partition first."""
    return [
        [(_partition(arrivals, row, partition), 0), *_prompt(workload, arrivals, layout, row)]
        for row in range(len(arrivals))
    ]


def shared_tokens(one: list[Text], other: list[Text]) -> int | None:
    """Return the tokens up to the first difference; None in different partitions."""
    if one[0] != other[0]:
        return None
    shared = 0
    for mine, yours in zip(one, other, strict=False):
        if mine != yours:
            break
        shared += mine[1]
    return shared


def _partition(arrivals: Arrivals, row: int, partition: Isolation) -> object:
    return None if partition == "organization" else int(getattr(arrivals, partition)[row])


def _prompt(workload: Workload, arrivals: Arrivals, layout: Layout, row: int) -> list[Text]:
    found: list[Text] = []
    for index, piece in enumerate(layout):
        if workload.history is not None and piece.name == workload.history.name:
            found += _told(workload, arrivals, layout, row)
        else:
            found.append(_text(arrivals, piece, index, row))
    return found


def _told(workload: Workload, arrivals: Arrivals, layout: Layout, row: int) -> list[Text]:
    assert workload.history is not None
    found: list[Text] = []
    for turn in range(arrivals.turn[row]):
        same = arrivals.conversation == arrivals.conversation[row]
        (earlier,) = (same & (arrivals.turn == turn)).nonzero()[0].tolist()
        found += [
            _text(arrivals, piece, index, earlier)
            for index, piece in enumerate(layout)
            if piece.name in (workload.history.keeps or ())
        ]
        answer = ("answer", int(arrivals.conversation[row]), turn)
        found.append((answer, int(arrivals.output_tokens[earlier])))
    return found


def _text(arrivals: Arrivals, piece: LayoutPart, index: int, row: int) -> Text:
    tokens = arrivals.part_tokens[piece.name][row] if piece.tokens is None else piece.tokens
    who = _audience(arrivals, piece.stability.audience, row)
    if piece.name in arrivals.pool_items:
        who = int(arrivals.pool_items[piece.name][row])
    return (index, _clock(arrivals, piece.stability.clock, row), who), int(tokens)


def _clock(arrivals: Arrivals, clock: str, row: int) -> object:
    if clock == "deploy":
        return int(arrivals.deploy[row])
    if clock == "never":
        return None
    return int(arrivals.wall_us[row]) // (CLOCKS[clock] * 1_000_000)


def _audience(arrivals: Arrivals, audience: str, row: int) -> object:
    if audience == "all":
        return None
    if audience == "session":
        return int(arrivals.conversation[row])
    if audience in {"tenant", "user"}:
        return int(getattr(arrivals, audience)[row])
    return int(arrivals.conversation[row]), int(arrivals.turn[row])
