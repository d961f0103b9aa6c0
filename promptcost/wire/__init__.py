"""Recorded requests of five APIs as blocks in hash order, their differences and conversations."""

from __future__ import annotations

from promptcost.wire._likeness import same_agent
from promptcost.wire.block import Api, Kind, Marker, MarkerStyle, WireBlock, WireRequest
from promptcost.wire.conversation import GroupLimits, Step, group
from promptcost.wire.difference import (
    Change,
    Difference,
    first_difference,
    setting_differences,
    shared_blocks,
)
from promptcost.wire.json_path import span_of
from promptcost.wire.prefix import breakpoints_of, prefix_of
from promptcost.wire.read import ReadLimits, read_requests, read_stream
from promptcost.wire.sniff import sniff_api
from promptcost.wire.stored import PACKED_SUFFIX, is_packed, open_log

__all__ = [
    "PACKED_SUFFIX",
    "Api",
    "Change",
    "Difference",
    "GroupLimits",
    "Kind",
    "Marker",
    "MarkerStyle",
    "ReadLimits",
    "Step",
    "WireBlock",
    "WireRequest",
    "breakpoints_of",
    "first_difference",
    "group",
    "is_packed",
    "open_log",
    "prefix_of",
    "read_requests",
    "read_stream",
    "same_agent",
    "setting_differences",
    "shared_blocks",
    "sniff_api",
    "span_of",
]
