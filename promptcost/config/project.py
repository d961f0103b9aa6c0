"""What a settings file says, with its paths resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from promptcost.check import FailOn
from promptcost.files.globs import matches
from promptcost.templates.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A suppression: the files, the rule, the reason, and the place in the settings file."""

    glob: str
    rule: str
    reason: str
    path: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The settings of a project; empty where the file says nothing.

    Globs begin with the folder of the file.  `templates` says how the files that match a glob are
    to be read, the first that matches counts.
    """

    paths: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    context: Path | None = None
    workload: Path | None = None
    targets: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suppressions: tuple[Silence, ...] = ()
    fail_on: FailOn | None = None
    baseline: Path | None = None
    pricing: tuple[Path, ...] = ()
    tokenizer_json: Mapping[str, Path] = field(default_factory=dict)
    calibration: Path | None = None
    templates: Mapping[str, Settings] = field(default_factory=dict)

    def settings_for(self, path: Path) -> Settings:
        """Return how the templates of a file are written."""
        found = (own for glob, own in self.templates.items() if matches(str(path), glob))
        return next(found, Settings())


NO_PROJECT = Project()
