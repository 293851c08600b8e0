"""Feelings of half a minute with a start, a kind word and an unkind one."""

from __future__ import annotations

from perception.emotion.feelings import Feelings
from tests.perception.emotion.streams import day
from tests.perception.stage_suite import StageCase

CASES = [StageCase("feelings", build=Feelings, items=day)]
