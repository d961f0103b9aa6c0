"""How a recorded request can be arranged otherwise without saying anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What is written otherwise in one request; an empty one leaves it as it is.

    `marks` maps a number of leading blocks to the JSON of the mark behind them, None for no mark;
    `automatic` is the JSON of the request's own mark.  `tools` names for each place in the list of
    tools the block that stands there.  `keys` maps the paths of objects to the order of their
    members, `texts` the paths of strings to what they hold.
    """

    marks: Mapping[int, str | None] = field(default_factory=lambda: MappingProxyType({}))
    automatic: str | None = None
    tools: tuple[int, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def then(self, later: Layout) -> Layout:
        """Return both together; where they differ the later one counts."""
        return Layout(
            marks={**self.marks, **later.marks},
            automatic=later.automatic or self.automatic,
            tools=later.tools or self.tools,
            keys={**self.keys, **later.keys},
            texts={**self.texts, **later.texts},
        )


AS_IT_IS = Layout()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A repair that may help: layouts by number of request, and what it does in words."""

    message: str
    layouts: Mapping[int, Layout]
