"""The parts of a builder's process that can be looked at from outside of it."""

from __future__ import annotations

import json

import pytest

from promptcost.builders.child.fault import fault_of, is_own
from promptcost.builders.child.load import NotThere, find, is_fixture, search_path
from promptcost.builders.child.result import Plain, TooLarge, Unsupported


class _Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("value", "copied"),
    [
        ("text", "text"),
        (_Text("text"), "text"),
        (({"a": (1, 2.5, None, True)},), [{"a": [1, 2.5, None, True]}]),
        ({_Text("key"): []}, {"key": []}),
    ],
)
def test_prompts_are_copied_as_json_values(value, copied):
    made = Plain(100).prompt(value)
    assert made == copied
    assert type(made) is type(copied)


@pytest.mark.parametrize("value", [None, "", [], (), {}, 1, b"x", [{1}], {1: 2}, [object()]])
def test_what_is_no_prompt(value):
    with pytest.raises(Unsupported):
        Plain(100).prompt(value)


def test_nesting_is_bounded():
    deep = []
    deep.append(deep)
    with pytest.raises(Unsupported, match="list"):
        Plain(10_000).prompt(deep)


@pytest.mark.parametrize("value", ["x" * 100, ["x" * 50] * 2, {"x" * 100: 1}, [0] * 100])
def test_size_is_bounded(value):
    with pytest.raises(TooLarge):
        Plain(99).prompt(value)


def test_a_fault_in_this_file_is_the_users():
    with pytest.raises(ImportError) as caught:
        import no_such_module  # noqa: F401, PLC0415 - it is not there
    told = fault_of(caught.value)
    assert told["file"] == __file__
    assert (told["type"], told["missing"]) == ("ModuleNotFoundError", "no_such_module")


def test_an_error_that_was_never_raised_has_no_place():
    assert fault_of(ValueError("words")) == {
        "type": "ValueError",
        "file": "",
        "line": 0,
        "missing": "",
    }


@pytest.mark.parametrize(
    "file",
    [
        "<string>",
        "<frozen importlib._bootstrap>",
        pytest.__file__,
        json.__file__,
        fault_of.__code__.co_filename,
    ],
)
def test_files_of_others(file):
    assert not is_own(file)


def test_attributes_are_followed():
    assert find(pytest, "Item.name").value is pytest.Item.name
    with pytest.raises(NotThere, match="raises"):
        find(pytest, "raise_")
    with pytest.raises(NotThere):
        find(pytest, "raises.no.such")


def test_a_fixture_is_known():
    @pytest.fixture
    def made():
        return "prompt"

    assert is_fixture(made)
    assert not is_fixture(test_a_fixture_is_known)


def test_modules_are_looked_for_in_the_project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "app" / "inner").mkdir(parents=True)
    (tmp_path / "app" / "inner" / "__init__.py").touch()
    assert search_path("") == [str(tmp_path), str(tmp_path / "src")]
    assert search_path("app/inner/prompts.py") == [
        str(tmp_path / "app"),
        str(tmp_path),
        str(tmp_path / "src"),
    ]
