"""``python -m promptcost``: the same as the ``promptcost`` command."""

from __future__ import annotations

from promptcost.cli import main

if __name__ == "__main__":
    main()
