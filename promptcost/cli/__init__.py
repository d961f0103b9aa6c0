"""The command line: parse, call, report, exit.  One thin module per command."""

from __future__ import annotations

from promptcost.cli.edge import main

__all__ = ["main"]
