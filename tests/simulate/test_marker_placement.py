from __future__ import annotations

from datetime import timedelta

import pytest
from policies.cache_cases import (
    blocks_spec,
    breakpoint_spec,
    handle_spec,
    increment_spec,
    unit_spec,
)
from simulate.simulation_cases import (
    DEPLOY,
    DOCUMENT,
    FIVE_MINUTES,
    HISTORY,
    HOUR,
    QUESTION,
    REQUEST,
    SECOND,
    SESSION,
    SYSTEM,
    TALK,
    TENANT,
    TURN,
    offer,
    part,
    stall,
    template_part,
    workload,
)

from promptcost.catalogue.spec import NoCacheSpec
from promptcost.errors import Level
from promptcost.files.yaml import parse_yaml
from promptcost.model.simulation_report import MarkerSource, PlacedMarker
from promptcost.model.stability import Clock, Stability
from promptcost.simulate.written import write_parts
from promptcost.workload.distributions import Zipf
from promptcost.workload.spec import TAIL, Marker

TOOLS = part("tools", 1_000)
FILES = part("files", 9_000, SESSION)


def placed(made, policy=None, **changes):
    return stall(made, offer(policy, **changes)).placed


def marks(made, policy=None):
    return placed(made, policy).placement


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ([TOOLS, SYSTEM, QUESTION], ["system"]),
        ([TOOLS, SYSTEM, DOCUMENT, QUESTION], ["system", "document"]),
        ([TOOLS, SYSTEM, FILES, HISTORY, QUESTION], ["system", "files", "history"]),
        ([TOOLS, part("tenant rules", 500, TENANT), SYSTEM, QUESTION], ["tools", "system"]),
        ([SYSTEM, HISTORY, QUESTION], ["system", "history"]),
        ([FILES, HISTORY, QUESTION], ["files", "history"]),
        ([SYSTEM], ["system"]),
        ([QUESTION, SYSTEM], []),
        ([SYSTEM, QUESTION, HISTORY], ["system"]),
        ([TOOLS, part("clock", 20, SECOND), SYSTEM, QUESTION], ["tools"]),
        ([TOOLS, part("clock", 20, Stability(clock=Clock.MINUTE)), SYSTEM], ["tools"]),
        ([TOOLS, part("date", 20, Stability(clock=Clock.DAY)), SYSTEM], ["system"]),
        ([TOOLS, part("date", 20, Stability(clock=Clock.HOUR)), SYSTEM], ["system"]),
        ([TOOLS, part("turn", 20, TURN), SYSTEM], ["tools"]),
        ([part("clock", 20, SECOND), SYSTEM, HISTORY, QUESTION], []),
        ([part("pool", 900, DEPLOY, pool=Zipf(size=3)), QUESTION], ["pool"]),
    ],
)
def test_natural_marks_close_what_is_shared(parts, names):
    assert [name for name, _ in marks(workload(*parts, conversation=TALK))] == names


def test_a_history_that_never_grows_is_not_marked():
    assert marks(workload(SYSTEM, HISTORY, QUESTION)) == (("system", None),)


def test_a_natural_mark_stands_before_text_that_changes_within_minutes(tmp_path):
    path = tmp_path / "system.j2"
    path.write_text("Rules. For {{ plan }}. It is {{ now }}. More rules.", encoding="utf-8")
    variables = (("now", SECOND), ("plan", TENANT))
    made = workload(TOOLS, template_part("system", path, variables=variables), QUESTION)
    written, _ = write_parts(made)
    found = stall(made, offer(), written).placed.placement
    assert found == (("system before {{ plan }}", None), ("system before {{ now }}", None))


def test_natural_marks_are_shown_with_the_lifetime_of_the_target():
    shown = placed(workload(SYSTEM, QUESTION), breakpoint_spec(ttl=HOUR)).shown
    assert shown == (PlacedMarker(after="system", ttl=HOUR, source=MarkerSource.NATURAL),)


def test_the_provider_s_own_mark_is_shown_too():
    shown = placed(workload(SYSTEM, QUESTION), breakpoint_spec(automatic_tail=True)).shown
    assert [(one.after, one.source) for one in shown] == [
        ("system", MarkerSource.NATURAL),
        ("end of request", MarkerSource.AUTOMATIC),
    ]


def test_declared_markers_replace_the_natural_ones():
    made = workload(
        SYSTEM, HISTORY, QUESTION, conversation=TALK, markers=(Marker(after="system", ttl=HOUR),)
    )
    found = placed(made)
    assert found.placement == (("system", HOUR),)
    assert found.shown[0].source is MarkerSource.DECLARED


def test_a_declared_end_of_the_request_makes_the_automatic_mark_superfluous():
    made = workload(SYSTEM, QUESTION, markers=(Marker(after=TAIL),))
    found = placed(made, breakpoint_spec(automatic_tail=True))
    assert [(one.after, one.source) for one in found.shown] == [(TAIL, MarkerSource.DECLARED)]


def test_the_target_s_own_lifetime_needs_no_number():
    made = workload(SYSTEM, QUESTION, markers=(Marker(after="system", ttl=FIVE_MINUTES),))
    assert marks(made) == (("system", None),)


def test_a_lifetime_that_is_not_sold_is_replaced_and_said():
    made = workload(SYSTEM, QUESTION, markers=(Marker(after="system", ttl=timedelta(hours=12)),))
    found = placed(made)
    assert found.placement == (("system", None),)
    assert found.notes == (
        "a lifetime of 12h is not sold here: the marker after 'system' was simulated with 5m",
    )


FIVE_PARTS = [part(f"part {number}", 100) for number in range(5)]
FIVE_MARKERS = tuple(Marker(after=one.name) for one in FIVE_PARTS)


def test_markers_beyond_the_limit_are_a_warning_and_the_latest_count():
    found = placed(workload(*FIVE_PARTS, markers=FIVE_MARKERS))
    assert [name for name, _ in found.placement] == ["part 1", "part 2", "part 3", "part 4"]
    assert [problem.level for problem in found.problems] == [Level.WARNING]
    assert "accepts 4 markers of a request, 5 are declared" in found.problems[0].message


def test_the_automatic_mark_takes_one_of_the_places():
    found = placed(
        workload(*FIVE_PARTS, markers=FIVE_MARKERS), breakpoint_spec(automatic_tail=True)
    )
    assert len(found.placement) == 3


def test_without_room_for_markers_only_the_automatic_one_remains():
    spec = breakpoint_spec(automatic_tail=True, max_breakpoints=1)
    found = placed(workload(SYSTEM, QUESTION), spec)
    assert found.placement == ()
    assert [one.source for one in found.shown] == [MarkerSource.AUTOMATIC]


def test_a_longer_lifetime_behind_a_shorter_one_is_an_error_at_its_line():
    document, _ = parse_yaml("name: x\nmarkers: [a, b]\n", "workload.yaml")
    made = workload(
        TOOLS,
        SYSTEM,
        markers=(Marker(after="tools"), Marker(after="system", ttl=HOUR)),
        origin=document,
    )
    found = placed(made).problems
    assert [problem.level for problem in found] == [Level.ERROR]
    assert str(found[0]) == (
        "workload.yaml:2:1: acme/one@5m takes no marker of 1h (after 'system') behind one of 5m "
        "(after 'tools'); put the longer lifetimes first"
    )


def test_the_same_markers_are_in_order_for_a_target_of_an_hour():
    made = workload(
        TOOLS, SYSTEM, markers=(Marker(after="tools"), Marker(after="system", ttl=FIVE_MINUTES))
    )
    found = placed(made, breakpoint_spec(ttl=HOUR))
    assert found.problems == ()
    assert found.placement == (("tools", None), ("system", FIVE_MINUTES))


@pytest.mark.parametrize("spec", [NoCacheSpec(), increment_spec(), unit_spec(), blocks_spec(9)])
def test_who_finds_prefixes_itself_takes_no_markers(spec):
    plain = placed(workload(SYSTEM, QUESTION), spec)
    assert (plain.placement, plain.shown, plain.notes) == ((), (), ())
    declared = placed(workload(SYSTEM, QUESTION, markers=(Marker(after="system"),)), spec)
    assert declared.placement == ()
    assert declared.notes == ("the provider finds shared prefixes itself: markers have no effect",)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ([TOOLS, SYSTEM, QUESTION], "system"),
        ([SYSTEM, DOCUMENT, QUESTION], "document"),
        ([SYSTEM, FILES, HISTORY, QUESTION], "files"),
    ],
)
def test_an_object_holds_what_outlives_a_turn(parts, name):
    found = placed(workload(*parts, conversation=TALK), handle_spec())
    assert found.placement == ((name, None),)
    assert found.shown == (PlacedMarker(after=name, ttl=HOUR, source=MarkerSource.NATURAL),)
    assert found.notes == ()


def test_an_object_follows_the_latest_declared_marker_that_outlives_a_turn():
    markers = (Marker(after="system", ttl=timedelta(hours=24)), Marker(after="history"))
    made = workload(TOOLS, SYSTEM, FILES, HISTORY, QUESTION, conversation=TALK, markers=markers)
    found = placed(made, handle_spec())
    assert found.placement == (("system", timedelta(hours=24)),)
    assert found.shown[0].source is MarkerSource.DECLARED
    assert found.notes == ("a request names one object: it holds everything up to 'system'",)


def test_markers_on_what_does_not_last_leave_the_natural_object():
    made = workload(SYSTEM, QUESTION, markers=(Marker(after="question"),))
    found = placed(made, handle_spec())
    assert found.placement == (("system", None),)
    assert found.notes == ("a request names one object: it holds everything up to 'system'",)


def test_without_anything_lasting_there_is_no_object():
    found = placed(workload(part("all", 900, REQUEST)), handle_spec())
    assert found.placement == ()
    assert found.notes == ("the prompt has no lasting part that a cache object could hold",)
