"""What the words of a compound name make of it: an owner, a part, a number, an occasion."""

from __future__ import annotations

from promptcost.templates import _clock_tables as clocks
from promptcost.templates import _name_tables as tables
from promptcost.templates._kinds import Kind


def kind_of_compound(found: tuple[str, ...]) -> Kind | None:
    """Return what an identifier, a time or a part of a record is; None for other names."""
    return _kind_of_identifier(found) or _kind_of_time(found) or _kind_of_part(found)


def kind_of_number(found: tuple[str, ...]) -> Kind | None:
    """Return the kind of what counts on or tells an age: ``turn_no``, ``minutes_since_start``.

    The number of a record is an identifier: ``order_no``.
    """
    first, last = found[0], found[-1]
    counts = tables.COUNTED | tables.ENUMERATED
    numbered = len(found) > 1 and first in counts and last in tables.NUMBERS
    under_way = len(found) > 1 and last in tables.UNDER_WAY
    if last in {"no", "nr"} and not tables.RECORD_OWNERS.isdisjoint(found):
        return Kind.ID
    is_age = last == "ago" or ("since" in found[1:] and first in tables.UNITS)
    return Kind.COUNTER if numbered or is_age or under_way else None


def kind_of_occasion(found: tuple[str, ...]) -> Kind | None:
    """Return the kind of what turns once in a conversation: ``is_first_turn``, ``new_session``."""
    asked = found[1:] if found[0] == "is" else found
    if found in tables.TURNING:
        return Kind.COUNTER
    is_pair = len(asked) > 1 and asked[0] in tables.ORDINALS and asked[-1] in tables.OCCASIONS
    # A first message is text of the conversation, unless the name asks whether it is one.
    is_asked = asked is not found or asked[-1] in {"turn", "round", "conversation", "session"}
    return Kind.COUNTER if is_pair and is_asked else None


def is_text_of_request(found: tuple[str, ...]) -> bool:
    """Say whether a name is of a text and not of one that stays the same: ``contract_text``."""
    return found[-1] == "text" and tables.FIXED_TEXTS.isdisjoint(found)


def _kind_of_identifier(found: tuple[str, ...]) -> Kind | None:
    last, owners = found[-1], set(found[:-1])
    if set(found) & tables.RANDOM_WORDS:
        return Kind.SETTING if last in tables.REPEATABLE else Kind.RANDOM
    if last in tables.RECORD_LABELS and owners & tables.RECORD_OWNERS:
        return Kind.ID
    if last not in tables.ID_HEADS:
        return None
    if owners & tables.STABLE_ID_OWNERS:
        return Kind.SESSION if owners & {"agent"} else Kind.SETTING
    if owners & tables.USER_OWNERS:
        return Kind.USER
    return Kind.ID


def _kind_of_time(found: tuple[str, ...]) -> Kind | None:
    """Read ``created_at`` and ``due_date`` as facts of the record they belong to."""
    told = clocks.DAY_WORDS | clocks.SECOND_WORDS | {"month", "year"}
    stamped = found[-1] == "at" or set(found) & told
    return Kind.PAYLOAD if stamped and set(found) & clocks.EVENTS else None


def _kind_of_part(found: tuple[str, ...]) -> Kind | None:
    """Read the parts of a record as payload, accounts of tools as tools."""
    first, last = found[0], found[-1]
    if len(found) == 1:
        return None
    if last in tables.LEFT_OVER or first == "elapsed":
        return Kind.COUNTER
    if last == "instruction" and first in tables.STANDING:
        return Kind.SETTING
    if first in tables.TOOL_OWNERS and last in tables.TOOL_ACCOUNTS:
        return Kind.TOOLS
    is_listing = first in tables.TREE_OWNERS and last in tables.TREES
    if is_listing or (last == "output" and found[:-1] in tables.ENVIRONMENT_NAMES):
        return Kind.ENVIRONMENT
    is_part = first in tables.RECORD_SUBJECTS and last in tables.RECORD_PARTS
    is_described = first in tables.DESCRIBED and last == "description"
    is_data = last == "data" and tables.FIXED_DATA.isdisjoint(found)
    is_code = found[-2] in tables.CODE_OWNERS and last == "code"
    return Kind.PAYLOAD if is_part or is_described or is_code or is_data else None
