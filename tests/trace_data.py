"""Public traces as requests, streamed from their archives; absent data skips the test."""

from __future__ import annotations

import io
import json
import lzma
import tarfile
from pathlib import Path

import pytest

from promptcost.model.prompt import Block, Prefix, Request, Role

TRACES = Path(__file__).parents[2] / "shared" / "data" / "traces"


class Chains:
    """Turns (block id, tokens) rows into chains; equal beginnings share their links."""

    def __init__(self) -> None:
        self._root = Prefix.root("trace")
        self._links = {}

    def chain(self, ids, sizes):
        link = self._root
        links = self._links
        for name, tokens in zip(ids, sizes, strict=True):
            key = (link.id, name, tokens)
            found = links.get(key)
            if found is None:
                data = f"{name}/{tokens}".encode()
                found = links[key] = link.extend(Block.of(Role.USER, data, tokens))
            link = found
        return link


def _needed(name):
    path = TRACES / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this checkout")
    return path


def conversations():
    """Yield the requests of the 512-token trace in order of arrival."""
    chains = Chains()
    with lzma.open(_needed("synthetic_trace.jsonl.xz"), "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            ids, tokens = row["hash_ids"], row["input_length"]
            sizes = [512] * (len(ids) - 1) + [tokens - 512 * (len(ids) - 1)]
            yield Request(
                time_us=row["timestamp"] * 1_000,
                prefix=chains.chain(ids, sizes),
                output_tokens=row["output_length"],
            )


def coding_sessions():
    """Yield the coding-agent sessions, each a list of requests in order of arrival."""
    with tarfile.open(_needed("claude_code/cc_traces_dev.tar.xz"), "r|xz") as archive:
        for member in archive:
            if member.name.endswith(".json"):
                data = archive.extractfile(member).read()
                yield _session(json.load(io.BytesIO(data)))


def _session(session):
    rows = []
    for entry in session["requests"]:
        if entry["type"] == "subagent":
            rows += [(entry["t"] + inner["t"], inner) for inner in entry["requests"]]
        else:
            rows.append((entry["t"], entry))
    chains = Chains()
    return [
        _coding_request(chains, index, seconds, row)
        for index, (seconds, row) in enumerate(sorted(rows, key=lambda pair: pair[0]))
    ]


def _coding_request(chains, index, seconds, row):
    ids, sizes = list(row["hash_ids"]), [64] * len(row["hash_ids"])
    if row["in"] > 64 * len(ids):
        ids.append(f"tail of request {index}")
        sizes.append(row["in"] - sum(sizes))
    return Request(
        time_us=round(seconds * 1_000_000),
        prefix=chains.chain(ids, sizes),
        output_tokens=row["out"],
    )
