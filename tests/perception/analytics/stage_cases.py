"""The budget, on two seconds of pictures with the gaze that the eyes make."""

from __future__ import annotations

from perception.analytics.budget import Budget
from tests.perception.analytics.streams import Look, stream
from tests.perception.stage_suite import StageCase

LOOKS = (Look(0.8, 40.0, 30.0), Look(0.3, 120.0, 60.0), Look(0.9, 60.0, 80.0))

CASES = [StageCase("budget", build=Budget, items=lambda: stream(*LOOKS))]
