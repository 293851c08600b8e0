"""Packets in, events out: pure, deterministic, without clock, database or network.

Entry points: :class:`perception.stage.Stage` and the stages in the folders below.
"""
