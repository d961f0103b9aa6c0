"""Faults of a document against a model: each with its line and a repair."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from promptcost.files.schema import validate
from promptcost.files.yaml import MAX_PROBLEMS, parse_yaml


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Leaf(Strict):
    kind: Literal["leaf"]
    weight: int = Field(default=1, alias="mass")

    @field_validator("weight")
    @classmethod
    def is_odd(cls, value: int) -> int:
        if value % 2 == 0:
            message = "is even"
            raise ValueError(message)
        return value


class Branch(Strict):
    kind: Literal["branch"]
    children: list[Node] = []


Node = Annotated[Leaf | Branch, Field(discriminator="kind")]


class Tree(Strict):
    name: str
    root: Node
    notes: dict[str, str] = {}


def problems_of(text: str) -> list[str]:
    document, problems = parse_yaml(text, "t.yaml")
    assert document is not None
    assert problems == []
    _, found = validate(Tree, document)
    return [str(problem) for problem in found]


def test_a_sound_document_becomes_the_model() -> None:
    document, _ = parse_yaml("name: n\nroot: {kind: leaf, mass: 3}", "t.yaml")
    assert document is not None
    tree, problems = validate(Tree, document)
    assert problems == []
    assert tree == Tree(name="n", root=Leaf(kind="leaf", mass=3))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("name: n\nrot: 1\nroot: {kind: leaf}", "2:1", "unknown key 'rot'; did you mean 'root'?"),
        ("name: n\nzzz: 1\nroot: {kind: leaf}", "2:1", "unknown key 'zzz'; remove it"),
        ("name: n\nroot: {kind: leaf, mas: 3}", "2:20", "unknown key 'mas'; did you mean 'mass'?"),
        ("root: {kind: leaf}", "1:1", "the file has no 'name'; add 'name'"),
        ("name: n\nroot: {kind: leaf, mass: 4}", "2:20", "root.mass: is even"),
        ("name: 3\nroot: {kind: leaf}", "1:1", "name: Input should be a valid string (got '3')"),
        (
            "name: n\nroot: {kind: bush}",
            "2:1",
            (
                "root: Input tag 'bush' found using 'kind' does not match any of the expected "
                "tags: 'leaf', 'branch'"
            ),
        ),
        (
            "name: n\nroot:\n  kind: branch\n  children:\n    - {kind: leaf, mass: x}",
            "5:20",
            (
                "root.children.0.mass: Input should be a valid integer, unable to parse string "
                "as an integer (got 'x')"
            ),
        ),
        (
            "name: n\nroot: {kind: branch, children: 3}",
            "2:22",
            "root.children is not a list (got '3')",
        ),
        ("name: n\nroot: {kind: leaf}\nnotes: [a]", "3:1", "notes is not a mapping"),
        ("- a", "1:1", "the file is not a mapping"),
        ("", "1:1", "is empty; write a document"),
    ],
)
def test_a_fault_says_where_what_and_the_repair(text: str, place: str, message: str) -> None:
    assert problems_of(text) == [f"t.yaml:{place}: {message}"]


def test_every_fault_is_found_in_one_run() -> None:
    found = problems_of("nam: n\nroot: {kind: leaf, mass: 2, colour: red}\nnotes: {a: 1}")
    assert [problem.split(" ")[0] for problem in found] == [
        "t.yaml:1:1:",
        "t.yaml:2:20:",
        "t.yaml:2:29:",
        "t.yaml:3:9:",
        "t.yaml:1:1:",
    ]


def test_a_long_value_is_cut_in_the_message() -> None:
    (problem,) = problems_of(f"name: n\nroot: {{kind: leaf, mass: {'x' * 1_000}}}")
    assert problem.endswith(f"(got '{'x' * 60}')")


def test_a_long_key_is_cut_in_the_message() -> None:
    (problem,) = problems_of(f"name: n\nroot: {{kind: leaf}}\n{'x' * 900}: 1")
    assert problem == f"t.yaml:3:1: unknown key '{'x' * 60}'; remove it"


def test_the_number_of_problems_is_bounded() -> None:
    keys = "".join(f"k{number}: 1\n" for number in range(10 * MAX_PROBLEMS))
    assert len(problems_of(f"name: n\nroot: {{kind: leaf}}\n{keys}")) == MAX_PROBLEMS
