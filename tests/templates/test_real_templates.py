from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from promptcost.templates import Limits, Rendered, Settings, discover, load, prepare
from promptcost.templates.contexts import Contexts
from promptcost.templates.perturb import open_renders
from promptcost.templates.synthesise import World
from promptcost.templates.values import Inputs

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "templates"
BASE = World(clock=datetime(2026, 1, 5, 9, 30, tzinfo=UTC))
LIMITS = Limits(seconds=30)

SOURCES = [
    (path, source)
    for path in (discover([FOLDER])[0] if FOLDER.is_dir() else [])
    for source in load(path, settings=Settings(), limits=LIMITS)[0]
]

pytestmark = pytest.mark.skipif(not SOURCES, reason="the shared templates are not here")


@pytest.mark.parametrize(
    ("path", "source"), SOURCES, ids=[f"{path.name}:{source.section}" for path, source in SOURCES]
)
def test_a_real_template_renders_as_plain_jinja_does_with_every_byte_mapped(path, source):
    template = prepare(source, root=path.parent, limits=LIMITS)
    inputs = Inputs(variables=template.variables, contexts=Contexts())
    renders = open_renders(template, inputs, BASE, LIMITS)
    context = renders.values.context(BASE)
    made = template.render(context, LIMITS)
    assert isinstance(made, Rendered)
    assert made.text == template.render_plain(context, LIMITS)
    assert made.exact
    edges = [0, *(piece.end for piece in made.pieces)]
    assert [piece.start for piece in made.pieces] == edges[:-1]
    assert edges[-1] == len(made.text.encode())
