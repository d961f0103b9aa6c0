"""Adds up what pairs of requests share, per relation and target."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from promptcost.audit.series.compare import shared_tokens
from promptcost.audit.series.measure import mean
from promptcost.model.audit_report import TargetSurvival
from promptcost.model.finding import Excerpt
from promptcost.model.series_report import Parting, Relation, Sharing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from promptcost.audit.series.compare import Pair
    from promptcost.audit.series.measure import Gauge
    from promptcost.audit.series.place import Locator
    from promptcost.model.audit_report import TargetBasis
    from promptcost.model.count import TokenCount

_Counts = tuple["TokenCount", "TokenCount"]


@dataclass(slots=True)
class SharingTally:
    """The pairs of one relation."""

    relation: Relation
    pairs: int = 0
    whole: int = 0
    bytes_shared: int = 0
    bytes_total: int = 0
    tokens: dict[str, _Counts] = field(default_factory=dict)
    parting: Parting | None = None

    def add(self, pair: Pair, gauges: Sequence[Gauge], locator: Locator) -> None:
        """Take up one pair, counted with every gauge."""
        self.pairs += 1
        self.whole += pair.keeps
        self.bytes_shared += pair.bytes_shared
        self.bytes_total += pair.was.size
        for gauge in gauges:
            lengths = gauge.lengths(pair.was)
            shared = shared_tokens(lengths, pair.blocks, pair.within, gauge)
            before = self.tokens.get(lengths.tokenizer, (gauge.zero, gauge.zero))
            self.tokens[lengths.tokenizer] = before[0] + shared, before[1] + lengths.total
        found = pair.difference
        if self.parting is None and found is not None and not pair.keeps:
            self.parting = Parting(
                place=locator.place(pair.now, found.json_path),
                json_path=found.json_path,
                byte_offset=found.byte_offset,
                excerpt=Excerpt(was=found.was, now=found.now),
            )

    def report(self, targets: Sequence[TargetBasis]) -> Sharing:
        """Return the averages."""
        return Sharing(
            relation=self.relation,
            pairs=self.pairs,
            whole=self.whole,
            bytes_shared=self.bytes_shared // self.pairs,
            bytes_total=self.bytes_total // self.pairs,
            targets=tuple(self._target(target) for target in targets),
            parting=self.parting,
        )

    def _target(self, target: TargetBasis) -> TargetSurvival:
        shared, total = self.tokens[target.tokenizer]
        return TargetSurvival(
            target=target.target,
            tokens_shared=mean(shared, self.pairs),
            tokens_total=mean(total, self.pairs),
            minimum=target.minimum,
        )
