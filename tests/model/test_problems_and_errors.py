"""A problem says what, where and the repair; an error carries its exit code."""

from __future__ import annotations

import pytest

from promptcost.errors import (
    DataError,
    ExitCode,
    Level,
    NothingToDo,
    Problem,
    PromptcostError,
    UsageError,
)


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem(path="f", message="is odd"), "f: is odd"),
        (Problem(path="f", message="is odd", line=3), "f:3: is odd"),
        (
            Problem(path="f", message="is odd", repair="even it", line=3, column=7),
            "f:3:7: is odd; even it",
        ),
    ],
)
def test_a_problem_says_the_parts_it_knows(problem: Problem, text: str) -> None:
    assert str(problem) == text
    assert problem.level is Level.ERROR


def test_unusable_data_says_every_reason() -> None:
    error = DataError(Problem(path=path, message="is odd") for path in "ab")
    assert str(error) == "a: is odd; b: is odd"
    assert [problem.path for problem in error.problems] == ["a", "b"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PromptcostError("x"), 2),
        (UsageError("x"), 2),
        (DataError([]), 2),
        (NothingToDo("x"), 3),
    ],
)
def test_an_error_knows_its_exit_code(error: PromptcostError, code: int) -> None:
    assert error.exit_code == code


def test_the_exit_codes_are_part_of_the_interface() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3]
