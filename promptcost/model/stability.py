"""What a piece of a prompt varies with: the clock, and whom or what it is written for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Clock(StrEnum):
    """The passage of time that changes a piece, slowest first."""

    NEVER = "never"
    DEPLOY = "deploy"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"


class Audience(StrEnum):
    """The scope within which a piece stays the same, widest first."""

    ALL = "all"
    TENANT = "tenant"
    USER = "user"
    SESSION = "session"
    TURN = "turn"
    REQUEST = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """A piece's place on both axes; static is (never, all)."""

    clock: Clock = Clock.NEVER
    audience: Audience = Audience.ALL

    @classmethod
    def parse(cls, word: str) -> Stability:
        """Return the stability a single word names.  Raises ValueError for an unknown word."""
        if word == "static":
            return cls()
        if word in list(Clock):
            return cls(clock=Clock(word))
        if word in list(Audience):
            return cls(audience=Audience(word))
        message = f"unknown stability {word!r}"
        raise ValueError(message)

    @property
    def is_static(self) -> bool:
        """Whether nothing ever changes the piece."""
        return self.clock is Clock.NEVER and self.audience is Audience.ALL


STABILITY_WORDS: tuple[str, ...] = ("static", *Clock, *Audience)
