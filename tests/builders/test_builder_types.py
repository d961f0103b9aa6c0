"""Arguments arrive in the types that a builder names."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Optional

import pytest
from pydantic import BaseModel

from promptcost.builders.child.typed import fields_of, typed, typed_arguments
from promptcost.builders.values import Record


class Tone(enum.Enum):
    KIND = "kind"


@dataclass
class User:
    name: str
    since: date | None = None


class Plan(BaseModel):
    name: str


_ADA = Record(name="Ada", since="2026-01-05")


@pytest.mark.parametrize(
    ("value", "hint", "made"),
    [
        (_ADA, User, User("Ada", date(2026, 1, 5))),
        (_ADA, User | None, User("Ada", date(2026, 1, 5))),
        (_ADA, Optional[User], User("Ada", date(2026, 1, 5))),  # noqa: UP045 - both ways to write it
        (_ADA, Annotated[User, "who asks"], User("Ada", date(2026, 1, 5))),
        ([_ADA], list[User], [User("Ada", date(2026, 1, 5))]),
        (Record(name="Ada", age=7), User, User("Ada")),
        (Record(name="pro"), Plan, Plan(name="pro")),
        ("kind", Tone, Tone.KIND),
        ("2026-01-05", date, date(2026, 1, 5)),
        ("2026-01-05T09:30", datetime, datetime(2026, 1, 5, 9, 30)),  # noqa: DTZ001 - as written
        ("text", str, "text"),
        ("text", None, "text"),
        ("text", Any, "text"),
        ("text", str | None, "text"),
    ],
)
def test_values_become_what_is_asked_for(value, hint, made):
    assert typed(value, hint) == made


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (Record(age=7), User),
        (Record(), User),
        (Record(age=7), Plan),
        (Record(name="Ada"), dict),
        ("rude", Tone),
        ("tomorrow", date),
        ([1], list),
        (None, User),
    ],
)
def test_values_that_do_not_fit_stay_as_they_are(value, hint):
    assert typed(value, hint) == value
    assert type(typed(value, hint)) is type(value)


@dataclass
class Team:
    lead: User
    members: list[User]
    plan: Plan | None


@pytest.mark.parametrize(
    ("hint", "fields"),
    [
        (User, {"p.name": "str", "p.since": "datetime.date | None"}),
        (User | None, {"p.name": "str", "p.since": "datetime.date | None"}),
        (Plan, {"p.name": "str"}),
        (
            Team,
            {
                "p.lead.name": "str",
                "p.lead.since": "datetime.date | None",
                "p.members": f"list[{__name__}.User]",
                "p.plan.name": "str",
            },
        ),
        (str, {}),
        (list[User], {}),
        (None, {}),
        (Any, {}),
    ],
)
def test_fields_of_objects(hint, fields):
    assert fields_of("p", hint) == fields


@dataclass
class Person:
    name: str
    friend: Person | None = None


def test_objects_in_objects_are_bounded():
    assert max(path.count(".") for path in fields_of("p", Person)) == 4


def test_fields_that_mean_nothing_are_passed_over():
    @dataclass
    class Odd:
        name: "NoSuchName"  # noqa: F821 - it is not there

    assert fields_of("p", Odd) == {}


def test_arguments_of_functions_and_constructors():
    def build(user: User, other):
        return user, other

    class Builder:
        def __init__(self, user: User):
            self.user = user

    given = {"user": Record(name="Ada"), "other": "x"}
    assert typed_arguments(build, given) == {"user": User("Ada"), "other": "x"}
    assert typed_arguments(Builder, given)["user"] == User("Ada")


def test_annotations_that_mean_nothing_are_passed_over():
    def build(user: "NoSuchName"):  # noqa: F821, UP037 - it is not there
        return user

    assert typed_arguments(build, {"user": "Ada"}) == {"user": "Ada"}
