from __future__ import annotations

import ast
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import promptcost

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", promptcost.__all__)
def test_every_listed_name_can_be_loaded(name: str) -> None:
    assert getattr(promptcost, name) is not None


def test_names_for_type_checkers_are_the_listed_ones() -> None:
    tree = ast.parse(Path(promptcost.__file__).read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    imported = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported == promptcost._HOMES
    assert sorted([*imported, "__version__"]) == sorted(promptcost.__all__)
    assert dir(promptcost) == sorted(promptcost.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing_like_it'"):
        _ = promptcost.nothing_like_it


def test_version_is_that_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project.get("version", promptcost.__version__) == promptcost.__version__
    assert version("promptcost-cli") == promptcost.__version__


def test_the_package_is_typed() -> None:
    assert (Path(promptcost.__file__).parent / "py.typed").is_file()
