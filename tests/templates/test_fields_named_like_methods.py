"""Fields of stand-ins that have the name of a text's method."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from promptcost.errors import Problem
from promptcost.templates import Limits, Settings, load, prepare
from promptcost.templates.contexts import NO_CONTEXTS
from promptcost.templates.perturb import Renders, open_renders
from promptcost.templates.synthesise import World
from promptcost.templates.values import Inputs

if TYPE_CHECKING:
    from pathlib import Path

BODY = "{% for d in documents %}{{ item(d) }}|{% endfor %}"


def rendered(folder: Path, macro: str) -> str:
    path = folder / "prompt.j2"
    path.write_text(f"{{% macro item(d) %}}{macro}{{% endmacro %}}{BODY}", encoding="utf-8")
    sources, _ = load(path, settings=Settings(), limits=Limits())
    template = prepare(sources[0], root=folder, limits=Limits())
    assert not isinstance(template, Problem)
    inputs = Inputs(variables=template.variables, contexts=NO_CONTEXTS)
    renders = open_renders(template, inputs, World(clock=datetime(2026, 1, 5, 9)), Limits())  # noqa: DTZ001 - a wall clock
    assert isinstance(renders, Renders)
    assert renders.base.exact
    return renders.base.text


@pytest.mark.parametrize(
    "field", ["title", "format", "count", "index", "title|upper", "format|trim"]
)
def test_an_uncalled_method_is_a_field(tmp_path: Path, field: str) -> None:
    text = rendered(tmp_path, f"{{{{ d.{field} }}}}").casefold()
    assert "method" not in text
    assert "function" not in text
    assert "0x" not in text
    assert field.partition("|")[0] in text


def test_a_called_method_is_a_method(tmp_path: Path) -> None:
    upper = rendered(tmp_path, "{{ d.upper() }}")
    assert upper.isupper()
    assert rendered(tmp_path, "{{ d.replace('a', 'a') }}").upper() == upper


def test_a_called_method_stays_bounded(tmp_path: Path) -> None:
    path = tmp_path / "prompt.j2"
    path.write_text("{% for d in documents %}{{ d.center(10**9) }}{% endfor %}", encoding="utf-8")
    sources, _ = load(path, settings=Settings(), limits=Limits())
    template = prepare(sources[0], root=tmp_path, limits=Limits())
    assert not isinstance(template, Problem)
    inputs = Inputs(variables=template.variables, contexts=NO_CONTEXTS)
    found = open_renders(template, inputs, World(clock=datetime(2026, 1, 5, 9)), Limits())  # noqa: DTZ001 - a wall clock
    assert isinstance(found, Renders)
    assert len(found.base.text) < 1_000_000  # without the stand-in that asks for so much
