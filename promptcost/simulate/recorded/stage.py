"""Plays recorded requests at one target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from promptcost.model.prompt import Block, BlockDigest, Breakpoint, Prefix, Request, Role, digest
from promptcost.model.recording import Remedy
from promptcost.policies import CacheEvent, Charge, Closing, Policy, Shortfall, make_policy
from promptcost.simulate.recorded.scene import TooLongError
from promptcost.simulate.recorded.terms import Terms
from promptcost.simulate.recorded.world import World, waited
from promptcost.simulate.reference import PlayResult, Seat, play
from promptcost.simulate.tariff import Tariff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from promptcost.model.prompt import PrefixId
    from promptcost.policies import Random
    from promptcost.simulate.recorded.scene import Scene
    from promptcost.simulate.recorded.tape import Blocks

_KEPT = 150_000  # links of chains kept in mind
_USUAL_LIFE = timedelta(minutes=5)
_MOVED = "moved behind the prompt"


class Chains:
    """Makes chains of prefixes in the tokens of one tokenizer; what repeats is made once."""

    def __init__(self, blocks: Blocks, tokenizer: str) -> None:
        """Start empty."""
        self._blocks = blocks
        self._tokens = blocks.tokens[tokenizer]
        self._links: dict[tuple[PrefixId, bytes], Prefix] = {}

    def whole(self, scene: Scene, terms: Terms) -> list[Prefix]:
        """Return the prefix behind each block, the root first."""
        chain = [Prefix.root(*terms.keys(scene))]
        for block, setting in _with_settings(scene, terms):
            name = block.to_bytes(4, "little") + setting
            chain.append(self._link(chain[-1], name, self._tokens[block]))
        return chain

    def in_pieces(self, scene: Scene, terms: Terms) -> Prefix:
        """Return the prompt as a chain of pieces of blocks."""
        link = Prefix.root(*terms.keys(scene))
        for block, setting in _with_settings(scene, terms):
            pieces, tokens = self._blocks.pieces[block], self._tokens[block]
            for number, piece in enumerate(pieces):
                upto = tokens * (number + 1) // len(pieces)
                link = self._link(link, piece + setting, upto - tokens * number // len(pieces))
        return link

    def tokens(self, blocks: Iterable[int]) -> int:
        """Return the tokens of some blocks."""
        return sum(self._tokens[block] for block in blocks)

    def behind(self, chain: Prefix, moved: Iterable[int]) -> Prefix:
        """Return a prompt with text behind it that is not to be cached."""
        tokens = self.tokens(moved)
        if not tokens:
            return chain
        made = BlockDigest(digest(_MOVED.encode()))
        return chain.extend(Block(role=Role.USER, digest=made, tokens=tokens, name=_MOVED))

    def _link(self, before: Prefix, name: bytes, tokens: int) -> Prefix:
        known = self._links.get((before.id, name))
        if known is None:
            if len(self._links) >= _KEPT:
                self._links.clear()
            block = Block(role=Role.USER, digest=BlockDigest(digest(name)), tokens=tokens)
            known = self._links[before.id, name] = before.extend(block)
        return known


def _with_settings(scene: Scene, terms: Terms) -> Iterator[tuple[int, bytes]]:
    """Yield the blocks, the first of each part with the settings it depends on."""
    tools, system, messages = (text.encode() for text in terms.sections(scene))
    at = {scene.head: messages, scene.tools: system, 0: tools}
    if scene.head == 0:
        at[0] = tools + system + messages
    elif scene.tools == 0:
        at[0] = tools + system
    elif scene.tools == scene.head:
        at[scene.head] = system + messages
    return ((block, at.get(depth, b"")) for depth, block in enumerate(scene.blocks))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Replayed(Request):
    """A request of which so many tokens are read, whatever the cache holds."""

    readable: int = 0


class _Behind(Policy[Any]):
    """A cache that is not asked about the text behind a prompt; it is billed as input.

    What is readable anyway is taken from what would be written, else from the input.
    """

    def __init__(self, policy: Policy[Any]) -> None:
        self._policy = policy

    def find(self, request: Request, now_us: int) -> Any:  # noqa: ANN401 - the policy's own
        return self._policy.find(_cached(request), now_us)

    def commit(self, request: Request, match: Any) -> tuple[CacheEvent, ...]:  # noqa: ANN401
        return self._policy.commit(_cached(request), match)

    def charge(self, request: Request, match: Any) -> Charge:  # noqa: ANN401
        kept = _cached(request)
        made = _at_least(self._policy.charge(kept, match), getattr(request, "readable", 0))
        return made._replace(uncached=made.uncached + request.prefix.tokens - kept.prefix.tokens)

    def finish(self, end_us: int) -> Closing:
        return self._policy.finish(end_us)

    @property
    def shortfalls(self) -> Mapping[str, Shortfall]:
        return self._policy.shortfalls


def _at_least(made: Charge, readable: int) -> Charge:
    """Return a charge with at least so many tokens read."""
    missing = max(readable - made.read, 0)
    left, writes = missing, []
    for ttl, tokens in made.writes:
        taken = min(tokens, left)
        left -= taken
        writes.append((ttl, tokens - taken))
    return Charge(made.read + missing, made.uncached - left, tuple(writes))


def _cached(request: Request) -> Request:
    chain = request.prefix
    if chain.block is None or chain.block.name != _MOVED or chain.parent is None:
        return request
    return replace(request, prefix=chain.parent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One target: its rules and rates, and the numbers of the requests that it serves."""

    terms: Terms
    chains: Chains
    tariff: Tariff
    members: Sequence[int]
    output_tokens: int

    def play(self, world: World, times: Sequence[int], rng: Random) -> PlayResult:
        """Play the requests in the order of their times.

        Raises TooLongError where a prompt is longer than recorded and than the model takes.
        """
        times = waited(world, times, self.terms.delay, self._life)
        order = sorted(self.members, key=times.__getitem__)
        played = (self._request(world, number, times[number]) for number in order)
        seat = Seat(_Behind(make_policy(self.terms.spec, rng)), self.tariff)
        (result,) = play(played, [seat], max(times, default=0), lambda _: None)
        return result

    @property
    def _life(self) -> timedelta:
        return self.terms.lives[-1] if self.terms.lives else _USUAL_LIFE

    def _request(self, world: World, number: int, time_us: int) -> Request:
        scene = world.scenes[number]
        remedies = world.remedies.get(scene.take.program, frozenset())
        marks: tuple[Breakpoint, ...] = ()
        if self.terms.in_blocks:
            links = self.chains.whole(scene, self.terms)
            chain = links[-1]
            shared = world.shared.get(scene.take.program, 0)
            found = self.terms.marks(scene, remedies | self._natural(scene), shared)
            marks = tuple(Breakpoint(prefix=links[depth], ttl=ttl) for depth, ttl in found)
        else:
            chain = self.chains.in_pieces(scene, self.terms)
        whole = self.chains.behind(chain, scene.moved)
        window = self.terms.offer.card.context_window
        if len(scene.blocks) > len(scene.take.blocks) and window and whole.tokens > window:
            raise TooLongError
        return _Replayed(
            time_us=time_us,
            prefix=whole,
            output_tokens=self.output_tokens,
            breakpoints=marks,
            readable=self._readable(scene),
        )

    def _readable(self, scene: Scene) -> int:
        tokens = self.chains.tokens(scene.blocks[: scene.readable])
        return tokens if tokens >= self.terms.minimum else 0

    def _natural(self, scene: Scene) -> frozenset[Remedy]:
        """Give marks to requests written for a cache that needs none."""
        take = scene.take
        written_without = (take.api, take.model, take.marked) in self.terms.unmarked
        return frozenset({Remedy.USUAL_MARKS}) if written_without else frozenset()
