"""Sorts a stream of requests into conversations, in bounded memory.

A log interleaves programs (the agent, its title generator, its sub-agents) and sessions.  Requests
are told apart first by tools and system text, allowing for the volatile part of either, then by the
longest chain of messages they share.  Sessions or users that are known to differ are never paired.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from promptcost.wire._likeness import Signature, same_agent, signature_of
from promptcost.wire._pairing import continues, has_answer, may_pair, same_head, shared_messages
from promptcost.wire.block import WireRequest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from promptcost.model.prompt import BlockDigest

_HOLDERS = 32
_LATEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLimits:
    """How many conversations and programs are kept in mind, and how many prompt bytes of them."""

    conversations: int = 128
    programs: int = 64
    bytes: int = 16 << 20


DEFAULT_LIMITS = GroupLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A request in its conversation.

    `program` numbers the prompt builder, `conversation` the conversation, `turn` counts from 0.
    `previous` is the request before it in the conversation; `neighbour`, on the first turn, the
    latest request of another conversation of the program.  Both are None when there is none or it
    is no longer kept.
    """

    request: WireRequest
    program: int
    conversation: int
    turn: int
    previous: WireRequest | None = None
    neighbour: WireRequest | None = None


def group(requests: Iterable[WireRequest], limits: GroupLimits = DEFAULT_LIMITS) -> Iterator[Step]:
    """Yield each request with its place among conversations, in the order given."""
    grouper = _Grouper(limits)
    return (grouper.place(request) for request in requests)


@dataclass(slots=True)
class _Conversation:
    number: int
    program: int
    last: WireRequest
    opening: int
    turns: int = 0

    def digests(self) -> set[BlockDigest]:
        return {block.digest for block in self.last.messages}


@dataclass(slots=True)
class _Program:
    number: int
    signature: Signature
    latest: list[int] = field(default_factory=list)

    def used(self, conversation: int) -> None:
        """Remember the latest conversations, the last one last."""
        others = [number for number in self.latest if number != conversation]
        self.latest = [*others, conversation][-_LATEST:]


class _Programs:
    """The prompt builders met so far, oldest use first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: OrderedDict[int, _Program] = OrderedDict()
        self._seen = 0

    def of(self, signature: Signature) -> _Program:
        for program in reversed(self._known.values()):
            known = program.signature
            if known.same_tools(signature) and known.same_system(signature):
                self._known.move_to_end(program.number)
                return program
        made = _Program(self._seen, signature)
        self._seen += 1
        self._known[made.number] = made
        if len(self._known) > self._limit:
            self._known.popitem(last=False)
        return made


class _Grouper:
    """The open conversations, oldest use first, and which of them hold which message block."""

    def __init__(self, limits: GroupLimits) -> None:
        self._limits = limits
        self._programs = _Programs(limits.programs)
        self._open: OrderedDict[int, _Conversation] = OrderedDict()
        self._holders: dict[BlockDigest, dict[int, None]] = {}
        self._bytes = self._seen = 0

    def place(self, request: WireRequest) -> Step:
        signature = signature_of(request)
        program = self._programs.of(signature)
        found = self._find(request, program, signature)
        step = Step(
            request=request,
            program=found.program if found else program.number,
            conversation=found.number if found else self._seen,
            turn=found.turns if found else 0,
            previous=found.last if found else None,
            neighbour=None if found else self._neighbour(program),
        )
        self._keep(found or self._start(request, program), request)
        program.used(step.conversation)
        return step

    def _start(self, request: WireRequest, program: _Program) -> _Conversation:
        made = _Conversation(self._seen, program.number, request, len(request.messages))
        self._seen += 1
        return made

    def _neighbour(self, program: _Program) -> WireRequest | None:
        kept = (self._open[number] for number in reversed(program.latest) if number in self._open)
        return next((conversation.last for conversation in kept), None)

    def _find(
        self, request: WireRequest, program: _Program, signature: Signature
    ) -> _Conversation | None:
        """Return the conversation that it continues: appended, same head, longest, latest."""
        best, best_rank = None, (False, False, -1, -1)
        for conversation in self._candidates(request, program):
            last = conversation.last
            shared = shared_messages(last, request)
            appended = shared == len(last.messages)
            rank = (appended, appended and same_head(last, request), shared, conversation.number)
            if rank <= best_rank or not continues(last, request, shared, conversation.opening):
                continue
            foreign = conversation.program != program.number
            if foreign and not (appended and _carries_on(last, request, signature)):
                continue
            best, best_rank = conversation, rank
        return best

    def _candidates(self, request: WireRequest, program: _Program) -> Iterator[_Conversation]:
        """Yield what holds a message of the request, and the latest of the program."""
        numbers = dict.fromkeys(program.latest)
        for block in request.messages:
            numbers |= self._holders.get(block.digest, {})
        for number in numbers:
            conversation = self._open.get(number)
            if conversation is not None and may_pair(conversation.last, request):
                yield conversation

    def _keep(self, conversation: _Conversation, request: WireRequest) -> None:
        """Make the request the last of its conversation and forget what is over the limits."""
        if conversation.number in self._open:
            self._forget(conversation)
        conversation.last = request
        conversation.turns += 1
        self._open[conversation.number] = conversation
        self._bytes += request.size
        for digest in conversation.digests():
            holders = self._holders.setdefault(digest, {})
            holders[conversation.number] = None
            if len(holders) > _HOLDERS:
                del holders[next(iter(holders))]
        while len(self._open) > 1 and self._is_full():
            self._forget(next(iter(self._open.values())))

    def _is_full(self) -> bool:
        return len(self._open) > self._limits.conversations or self._bytes > self._limits.bytes

    def _forget(self, conversation: _Conversation) -> None:
        del self._open[conversation.number]
        self._bytes -= conversation.last.size
        for digest in conversation.digests():
            holders = self._holders.get(digest, {})
            holders.pop(conversation.number, None)
            if not holders:
                self._holders.pop(digest, None)


def _carries_on(last: WireRequest, request: WireRequest, signature: Signature) -> bool:
    """Say whether a conversation went on although its tools or its system text were exchanged.

    One of the two must still be alike: a call that only hands the transcript to another prompt
    (to summarise it, say) is a program of its own.  A question without an answer is handed to the
    same agent only if its system text stays.
    """
    before = signature_of(last)
    alike = before.same_system(signature) or (bool(before.tools) and before.same_tools(signature))
    grown = len(request.messages) > len(last.messages)
    kept = grown and bool(before.pairs) and same_agent(last, request)
    return alike and (kept or has_answer(last))
