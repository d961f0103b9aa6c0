"""A small pricing file that uses every part of the schema, and helpers to read variants of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from promptcost.catalogue import Catalogue, Offer, Target, load_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from promptcost.errors import Problem

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)

ACME = """\
provider: acme
name: Acme AI
about: A provider for tests.
aliases: [acme-ai]
checked: 2026-11-01
sources:
  A: {text: the price page, url: "https://acme.example/prices"}
not_represented: [images]
prefixes: {"eu.": regional, "global.": null}
usage:
  - api: chat
    total: inclusive
    fields:
      input: usage.prompt
      cache_read: usage.cached | usage.old.cached
      cache_write@5m: usage.written
      output: [usage.answer, usage.thoughts]
caches:
  marked:
    family: breakpoint
    how: At marks.
    options:
      5m: {ttl: {value: 5m, evidence: documented, source: A}}
      1h: {ttl: {value: 1h, evidence: documented, source: A}}
    knobs:
      max_breakpoints: {value: 4, evidence: documented, source: A}
      lookback: {value: 20, evidence: documented, source: A, as_of: 2026-10-01}
      refreshed_by_use: {value: true, evidence: documented, source: A}
      readable_after: {value: 2s, evidence: assumed, note: time to the first token}
      automatic_tail: {value: false, evidence: documented, source: A}
      writes_billed_as_input: {value: false, evidence: documented, source: A}
      isolation: {value: workspace, evidence: documented, source: A}
    invalidation:
      - {change: model, loss: everything}
      - {change: images, loss: messages, note: present or absent}
  steps:
    family: increment
    how: In steps.
    options: {steps: {}}
    knobs:
      min_tokens: {value: 1024, evidence: documented, source: A}
      step: {value: 128, evidence: documented, source: A}
      idle_ttl: {value: 5m, evidence: documented, source: A}
      max_age: {value: null, evidence: assumed}
      requests_per_minute_per_key: {value: 15, evidence: observed}
      placement_probability: {value: 0.5, evidence: assumed}
      readable_after: {value: 2s, evidence: assumed}
      isolation: {value: organization, evidence: documented, source: A}
tiers:
  half: {factor: 0.5, excludes: [fast], source: A, note: batch}
  double: {factor: 2, excludes: [batch]}
  hits-as-input: {factors: {input: 0.5, cache_read: as_input, output: 0.5}}
  tenth-more: {factor: 1.1}
  uncached-half: {factor: 0.5, disables_caching: true}
windows:
  peak: {timezone: Asia/Shanghai, days: [mon, fri], hours: ["09:00-12:00"], factor: 2}
models:
  - id: big-2.5
    name: Big 2.5
    aliases: [big, huge-2.5]
    tokenizer: o200k
    context_window: 1000000
    released: 2026-01-10
    retires: 2027-01-01
    caches:
      marked: {min_tokens: {value: 512, evidence: documented, source: A}}
      steps: {}
    tiers:
      batch: {use: half, rates: {cache_read: 0.13}}
      fast: {use: double, until: 2026-12-01}
      regional: tenth-more
    trust: high
    sources: [A]
    not_represented: [audio]
    prices:
      - {from: 2026-01-10, input: 3, cache_read: 0.5, cache_write: {5m: 3.75, 1h: 6}, output: 15}
      - from: 2026-06-01T12:00:00Z
        input: 2.5
        cache_read: {5m: 0.25, 1h: 0.25, steps: 0.5}
        cache_write: {5m: 3.125, 1h: 5}
        output: 10
        size_tiers:
          - {above: 100000, input: 5, cache_read: 0.5, cache_write: {5m: 6.25, 1h: 10}, output: 20}
          - {at_least: 300000, input: 10, cache_read: 1, cache_write: {5m: 12.5}, output: 40}
      - {from: 2026-12-24, input: 2, cache_read: 0.2, cache_write: {5m: 2.5, 1h: 4}, output: 8}
  - id: plain
    tokenizer: unknown
    tiers: {batch: half}
    trust: low
    checked: 2026-08-01
    sources: [A]
    prices:
      - {until: 2026-12-31, assured_until: 2026-12-01, input: 1, output: 4, note: a promotion}
  - id: tidal
    tokenizer: unknown
    caches: {steps: {}}
    tiers: {batch: hits-as-input, bulk: uncached-half}
    trust: medium
    sources: [A]
    prices:
      - {input: 1, cache_read: 0.1, storage_per_mtok_hour: 4.5, output: 4, windows: [peak]}
examples:
  - {target: acme/big-2.5@5m, at: 2026-11-20, usage: {input: 1000000}, usd: 10}
"""


def pricing(folder: Path, text: str = ACME, name: str = "acme.yaml") -> Path:
    """Write a pricing file; return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def acme(folder: Path, text: str = ACME) -> Catalogue:
    """Return the catalogue of a folder that holds one pricing file."""
    pricing(folder, text)
    catalogue, problems = load_catalogue(folder)
    assert problems == []
    return catalogue


def offer(catalogue: Catalogue, target: str, at: datetime = NOON) -> Offer:
    """Return the offer of a target that has one."""
    found = catalogue.select(Target.parse(target), at)
    assert isinstance(found, Offer), found
    return found


def refused(catalogue: Catalogue, target: str, at: datetime = NOON) -> Problem:
    """Return why a target has no offer."""
    found = catalogue.select(Target.parse(target), at)
    assert not isinstance(found, Offer)
    return found
