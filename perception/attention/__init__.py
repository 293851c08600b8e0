"""From gaze to what the wearer attended to, after MemX.

Entry points: :class:`perception.attention.eye_movements.EyeMovements` and
:class:`perception.attention.attention.Attention`.
"""
