from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"numpy", "jinja2", "tiktoken", "yaml", "pydantic"}
PROBE = """
import sys
from promptcost.cli.edge import run
code = run(sys.argv[1:])
print("LOADED", code, *sorted(name for name in sys.modules if "." not in name))
"""


def modules_after(*command: str) -> list[str]:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", *command], capture_output=True, encoding="utf-8", check=True
    )
    return done.stdout.partition("LOADED ")[2].split()


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_and_version_load_nothing_heavy(word: str) -> None:
    code, *modules = modules_after(PROBE, word)
    assert code == "0"
    assert "promptcost" in modules
    assert HEAVY.isdisjoint(modules)


@pytest.mark.parametrize("words", ["audit", "simulate", "prices list", "explain", "rules"])
def test_help_of_a_command_loads_nothing_heavy_but_what_typer_reads_options_with(
    words: str,
) -> None:
    code, *modules = modules_after(PROBE, *words.split(), "--help")
    assert code == "0"
    assert (HEAVY - {"pydantic"}).isdisjoint(modules)


def test_the_probe_sees_heavy_modules_when_there_are_some() -> None:
    assert {"yaml", "pydantic"} <= set(modules_after(PROBE, "simulate", __file__))


def test_version_needs_no_rich() -> None:
    assert "rich" not in modules_after(PROBE, "--version")


def test_importing_the_package_loads_nothing_below_it() -> None:
    probe = "import promptcost, sys; print('LOADED', *sys.modules)"
    modules = [name for name in modules_after(probe) if name.startswith("promptcost")]
    assert modules == ["promptcost"]
