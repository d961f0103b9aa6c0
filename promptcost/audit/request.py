"""What an audit is asked to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from promptcost.audit.suppress import Suppression
from promptcost.builders.process import BuilderLimits
from promptcost.catalogue.target import DEFAULT_TARGETS
from promptcost.files.globs import matches
from promptcost.model.finding import Safety, Severity
from promptcost.rules import selected
from promptcost.templates.contexts import NO_CONTEXTS, Contexts
from promptcost.templates.settings import Limits, Settings
from promptcost.tokens import NO_OWN_TOKENIZERS, OwnTokenizers

# A working day between midnights: one step of each precision crosses nothing coarser.
FROZEN_CLOCK = datetime(2026, 1, 5, 9, 30, 15, tzinfo=UTC)
MAX_VARIANTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which rules report: chosen codes, names or beginnings of codes, minus the ignored ones.

    `per_file` maps a glob over paths to what is ignored there.  `least` hides what is graded lower.
    """

    select: tuple[str, ...] = ("all",)
    ignore: tuple[str, ...] = ()
    per_file: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    least: Severity = Severity.LOW

    @property
    def codes(self) -> frozenset[str]:
        """The rules that report, but for what is ignored in single files."""
        return selected(self.select) - selected(self.ignore)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRequest:
    """Everything an audit depends on.

    `prices` are the user's own price files, `tokenizers` what the user knows about counting.  `at`
    is the instant whose prices and cache semantics count; `clock` is what templates see.
    `repair` says which fixes are looked for, None: none; unsafe ones include the safe ones.
    `variants` bounds the sets of forced conditions that reach branches the values do not take.
    `python` bounds the processes of prompt builders; None means that no Python code is run.
    `exclude` are globs of files that only count where a path names them; `own_settings` says how
    the files that match a glob are written, and `settings` how all others are.  `silences` are the
    suppressions of the settings file.
    """

    paths: tuple[Path, ...]
    at: datetime
    contexts: Contexts = NO_CONTEXTS
    targets: tuple[str, ...] = DEFAULT_TARGETS
    prices: tuple[Path, ...] = ()
    tokenizers: OwnTokenizers = NO_OWN_TOKENIZERS
    exclude: tuple[str, ...] = ()
    settings: Settings = field(default_factory=Settings)
    own_settings: Mapping[str, Settings] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    selection: Selection = field(default_factory=Selection)
    clock: datetime = FROZEN_CLOCK
    seed: int = 0
    variants: int = MAX_VARIANTS
    repair: Safety | None = None
    python: BuilderLimits | None = None
    silences: tuple[Suppression, ...] = ()

    def settings_for(self, path: Path) -> Settings:
        """Return how the templates of a file are written."""
        found = (own for glob, own in self.own_settings.items() if matches(str(path), glob))
        return next(found, self.settings)

    def excludes(self, path: Path) -> bool:
        """Say whether a file is left out: it matches a glob, and no path names it."""
        matched = any(matches(str(path), glob) for glob in self.exclude)
        return matched and path not in self.paths
