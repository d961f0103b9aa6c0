"""The collector is left alone while an audit runs, and is itself again after the next search."""

from __future__ import annotations

import gc

import pytest

from promptcost.audit.collector import rare_collections

USUAL = (123, 7, 5)


@pytest.fixture(autouse=True)
def thresholds():
    before = gc.get_threshold()
    gc.collect()
    gc.set_threshold(*USUAL)
    yield
    gc.collect()
    gc.set_threshold(*before)


def test_searches_are_rare_inside():
    with rare_collections():
        assert gc.get_threshold() == (100_000, 7, 5)


def test_next_search_puts_the_thresholds_back():
    with rare_collections():
        pass
    gc.collect()
    assert gc.get_threshold() == USUAL


def test_two_audits_in_a_row_remember_what_was_usual():
    for _ in range(2):
        with rare_collections():
            pass
    gc.collect()
    assert gc.get_threshold() == USUAL
    gc.collect()
    assert gc.get_threshold() == USUAL


def test_search_inside_an_audit_leaves_it_rare():
    with rare_collections():
        gc.collect()
        assert gc.get_threshold() == (100_000, 7, 5)


def test_thresholds_that_somebody_sets_meanwhile_stay():
    with rare_collections():
        pass
    gc.set_threshold(50, 1, 1)
    gc.collect()
    assert gc.get_threshold() == (50, 1, 1)


def test_collector_that_is_off_or_seldom_stays_so():
    gc.set_threshold(0)
    with rare_collections():
        assert gc.get_threshold()[0] == 0
    gc.collect()
    gc.set_threshold(1_000_000, 5, 5)
    with rare_collections():
        assert gc.get_threshold() == (1_000_000, 5, 5)


def test_fault_leaves_the_collector_as_it_was():
    with pytest.raises(KeyError), rare_collections():
        raise KeyError
    gc.collect()
    assert gc.get_threshold() == USUAL
