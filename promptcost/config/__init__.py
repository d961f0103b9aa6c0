"""Settings of a project: ``promptcost.yaml``, or ``[tool.promptcost]`` in pyproject.toml."""

from __future__ import annotations

from promptcost.config.load import find_project, load_project, near
from promptcost.config.project import NO_PROJECT, Project, Silence

__all__ = ["NO_PROJECT", "Project", "Silence", "find_project", "load_project", "near"]
