"""What a value stands for in a prompt, and what it varies with because of that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from promptcost.model.stability import Audience, Clock, Stability


class Kind(StrEnum):
    """What a value stands for in a prompt."""

    TIME = "time"
    RANDOM = "random"
    ID = "id"
    USER = "user"
    TENANT = "tenant"
    SESSION = "session"
    ENVIRONMENT = "environment"
    COUNTER = "counter"
    HISTORY = "history"
    RETRIEVAL = "retrieval"
    PAYLOAD = "payload"
    TOOLS = "tools"
    SETTING = "setting"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a name says: the kind, and for a time its precision."""

    kind: Kind
    clock: Clock = Clock.NEVER

    @property
    def stability(self) -> Stability:
        """What a value of this kind varies with."""
        return Stability(clock=self.clock, audience=_AUDIENCES.get(self.kind, Audience.ALL))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """What a name of the source is set to; `is_certain` where a known function gives it."""

    reading: Reading
    is_certain: bool = False


_AUDIENCES = {
    Kind.RANDOM: Audience.REQUEST,
    Kind.ID: Audience.REQUEST,
    Kind.PAYLOAD: Audience.REQUEST,
    Kind.RETRIEVAL: Audience.REQUEST,
    Kind.HISTORY: Audience.TURN,
    Kind.COUNTER: Audience.TURN,
    Kind.SESSION: Audience.SESSION,
    Kind.ENVIRONMENT: Audience.SESSION,
    Kind.USER: Audience.USER,
    Kind.TENANT: Audience.TENANT,
}
UNKNOWN = Reading(kind=Kind.UNKNOWN)
