"""The world of a builder's process: the clock stands, chance repeats, the hash seed decides."""

from __future__ import annotations

import pytest
from builders.sessions import LATER, NOON, OTHER, told, values

_IMPORTS = """
import asyncio, calendar, datetime as dt, os, random, secrets, tempfile, time, uuid
from datetime import date, datetime, timedelta, timezone
from time import gmtime, strftime, time as now
class Day(date): pass
class Moment(datetime): pass
"""
_FRACTION = ".123457"
_SECONDS = "1767614407"


def _builder(expression):
    return f"{_IMPORTS}\ndef build():\n    return str({expression})\n"


_CLOCKS = [
    ("datetime.now()", f"2026-01-05 12:00:07{_FRACTION}"),
    ("dt.datetime.now()", f"2026-01-05 12:00:07{_FRACTION}"),
    ("datetime.now(timezone.utc)", f"2026-01-05 12:00:07{_FRACTION}+00:00"),
    ("datetime.utcnow()", f"2026-01-05 12:00:07{_FRACTION}"),
    ("datetime.today()", f"2026-01-05 12:00:07{_FRACTION}"),
    ("Moment.now()", f"2026-01-05 12:00:07{_FRACTION}"),
    ("date.today()", "2026-01-05"),
    ("Day.today()", "2026-01-05"),
    ("dt.date.today().strftime('%A')", "Monday"),
    ("now()", f"{_SECONDS}{_FRACTION}"),
    ("time.time_ns()", f"{_SECONDS}123457000"),
    ("time.clock_gettime(time.CLOCK_REALTIME)", f"{_SECONDS}{_FRACTION}"),
    ("time.clock_gettime_ns(time.CLOCK_REALTIME)", f"{_SECONDS}123457000"),
    ("strftime('%H:%M')", "12:00"),
    ("strftime('%Y', time.gmtime(0))", "1970"),
    ("gmtime().tm_hour", "12"),
    ("time.localtime(0).tm_year", "1970"),
    ("time.ctime()", "Mon Jan  5 12:00:07 2026"),
    ("time.asctime()", "Mon Jan  5 12:00:07 2026"),
    ("repr(datetime.now())", "datetime.datetime(2026, 1, 5, 12, 0, 7, 123457)"),
    ("repr(date.today())", "datetime.date(2026, 1, 5)"),
    ("datetime.now() - datetime(2026, 1, 5)", f"12:00:07{_FRACTION}"),
    ("isinstance(datetime.now(), date)", "True"),
    ("isinstance(datetime.min, datetime)", "True"),
    ("isinstance(date.min, Day)", "False"),
    ("(issubclass(datetime, date), issubclass(date, datetime))", "(True, False)"),
    ("(issubclass(Day, date), issubclass(date, Day))", "(True, False)"),
    ("type(datetime.now() + timedelta(1)) is datetime", "True"),
    ("datetime.strptime('2026', '%Y') < datetime.now()", "True"),
    ("time.monotonic() < time.monotonic() + 1", "True"),
]


@pytest.fixture(scope="module")
def clocks(tmp_path_factory):
    """Read every clock in one process."""
    return _read(tmp_path_factory, [expression for expression, _ in _CLOCKS], NOON)[0]


@pytest.fixture(scope="module")
def draws(tmp_path_factory):
    """Draw from every source: twice with one seed, then with another."""
    return _read(tmp_path_factory, _CHANCE, NOON, NOON, OTHER)


def _read(tmp_path_factory, expressions, *moments):
    listed = ", ".join(f"str({each})" for each in expressions)
    source = f"{_IMPORTS}\ndef build():\n    return '\\n'.join([{listed}])\n"
    found = values(told(tmp_path_factory.mktemp("builder"), source, *moments))
    return [dict(zip(expressions, text.split("\n"), strict=True)) for text in found]


@pytest.mark.parametrize(("expression", "shown"), _CLOCKS)
def test_the_clock_stands(clocks, expression, shown):
    assert clocks[expression] == shown


def test_the_clock_is_that_of_the_call_not_of_the_import(tmp_path):
    source = """
        from datetime import date
        STARTED = date.today()
        def build():
            return f"{STARTED} {date.today()}"
    """
    assert values(told(tmp_path, source, NOON, LATER)) == [
        "2026-01-05 2026-01-05",
        "2026-01-05 2026-01-06",
    ]


_CHANCE = [
    "random.random()",
    "random.Random().random()",
    "random.SystemRandom().random()",
    "uuid.uuid4()",
    "uuid.uuid1().clock_seq",
    "secrets.token_hex()",
    "secrets.choice(range(10**9))",
    "os.urandom(100)",
    "random.seed() or random.random()",
    "random.sample(range(10**6), 3)",
]


@pytest.mark.parametrize("expression", _CHANCE)
def test_chance_repeats_with_its_seed_and_only_then(draws, expression):
    first, again, other = draws
    assert first[expression] == again[expression] != other[expression]


def test_chance_goes_on_within_a_call(tmp_path):
    source = _builder("[uuid.uuid4() == uuid.uuid4(), os.urandom(4) == os.urandom(4)]")
    assert values(told(tmp_path, source, NOON)) == ["[False, False]"]


def test_the_hash_seed_orders_sets(tmp_path):
    source = "def build():\n    return ' '.join({str(n) for n in range(50)})\n"
    first = values(told(tmp_path, source, NOON))
    assert values(told(tmp_path, source, NOON)) == first
    assert values(told(tmp_path, source, NOON, hash_seed=1)) != first
