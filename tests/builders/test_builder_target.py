"""What names a prompt builder, and what is left to other sources."""

from __future__ import annotations

import pytest

from promptcost.builders.target import BuilderTarget, parse_target


@pytest.mark.parametrize(
    "written",
    [
        "prompts/support.j2",
        "support.py",
        "prompts:",
        ":build",
        "prompts:1st",
        "pro-mpts:build",
        "prompts:build.",
        "file.py:",
        "file.py:::build",
        "C:/prompts/support.j2",
        "prompts: build",
        "",
    ],
)
def test_other_words_name_no_builder(written):
    assert parse_target(written) is None


@pytest.mark.parametrize(
    ("written", "module", "attribute"),
    [
        ("prompts:build", "prompts", "build"),
        ("app.prompts:build", "app.prompts", "build"),
        ("app.prompts:Prompts.build", "app.prompts", "Prompts.build"),
        ("überall:größe", "überall", "größe"),
    ],
)
def test_module_and_attribute(written, module, attribute):
    assert parse_target(written) == BuilderTarget(
        written=written, module=module, attribute=attribute
    )


@pytest.mark.parametrize(
    ("written", "file", "attribute", "collected"),
    [
        ("prompts.py:build", "prompts.py", "build", False),
        ("a b/prompts.py:Prompts.build", "a b/prompts.py", "Prompts.build", False),
        ("tests/test_p.py::test_a", "tests/test_p.py", "test_a", True),
        ("tests/test_p.py::TestP::test_a", "tests/test_p.py", "TestP.test_a", True),
        ("C:/x/prompts.py:build", "C:/x/prompts.py", "build", False),
    ],
)
def test_file_and_attribute(written, file, attribute, collected):
    assert parse_target(written) == BuilderTarget(
        written=written, file=file, attribute=attribute, collected=collected
    )
