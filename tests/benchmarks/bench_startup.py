"""Start-up of ``promptcost --help`` and ``--version`` against a bare two-command Typer app.

Both programs are started in turn, so that a busy machine slows both; the bound is on the median of
the ratios of neighbouring runs.  Exits 1 when promptcost takes more than 1.3 times as long.
Usage: ``python bench_startup.py [RUNS]``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

BOUND = 1.3
RUNS = 25
BARE = '''
import typer

app = typer.Typer()


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo("bare 1.0")
        raise typer.Exit


@app.callback()
def root(version: bool = typer.Option(False, callback=show_version, is_eager=True)) -> None:
    """A bare application."""


@app.command()
def one(path: str) -> None:
    """Do one thing."""


@app.command()
def two(path: str) -> None:
    """Do another thing."""


app()
'''


def seconds(command: list[str]) -> float:
    """Return the wall time of one run of a command that must succeed."""
    start = perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own two programs
    return perf_counter() - start


def ratio(bare: Path, option: str, runs: int) -> float:
    """Return the median of promptcost's time divided by the bare app's; prints the medians too."""
    us = [sys.executable, "-c", "from promptcost.cli import main; main()", option]
    them = [sys.executable, str(bare), option]
    seconds(us), seconds(them)  # warm the file cache
    pairs = [(seconds(us), seconds(them)) for _ in range(runs)]
    mine, other = (median(column) for column in zip(*pairs, strict=True))
    found = median(ours / theirs for ours, theirs in pairs)
    sys.stdout.write(
        f"{option:10} promptcost {1000 * mine:6.1f} ms   bare Typer {1000 * other:6.1f} ms   "
        f"ratio {found:.2f} (bound {BOUND})\n"
    )
    return found


def main() -> int:
    """Compare both options; return the exit code."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        worst = max(ratio(bare, option, runs) for option in ("--help", "--version"))
    return int(worst > BOUND)


if __name__ == "__main__":
    sys.exit(main())
