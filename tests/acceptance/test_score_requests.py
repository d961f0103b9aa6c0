from __future__ import annotations

from pathlib import Path

import pytest
from acceptance.score_requests import FALSE_ALARMS, RECALL, score

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "requests"


@pytest.mark.skipif(not DATA.exists(), reason="the readings are not part of the project")
def test_audit_agrees_with_readings_of_recorded_requests():
    result = score(DATA)
    assert result.recall >= RECALL
    assert result.false_alarms <= FALSE_ALARMS
