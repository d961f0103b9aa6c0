"""Named daily profiles: 24 weights by local hour, of which only the ratios count.

They are shapes to start from, not measurements; a team's own 24 weights are better.
"""

from __future__ import annotations

HOURS: dict[str, tuple[float, ...]] = {
    "flat": (1,) * 24,
    "office_hours": (0.05,) * 6 + (0.1, 0.3, 0.8) + (1,) * 3 + (0.7,) + (1,) * 4 + (0.6, 0.3)
    + (0.1,) * 2 + (0.05,) * 3,
    "evening": (0.5, 0.3, 0.15) + (0.05,) * 4 + (0.1, 0.2) + (0.3,) * 6 + (0.4, 0.5, 0.7)
    + (0.9,) + (1,) * 4 + (0.8,),
    "all_day": (0.3, 0.2) + (0.1,) * 4 + (0.3, 0.6) + (1,) * 12 + (0.9, 0.7, 0.5, 0.4),
}  # fmt: skip

WEEKDAYS: dict[str, tuple[float, ...]] = {
    "flat": (1,) * 7,
    "working_days": (1, 1, 1, 1, 1, 0, 0),
}
