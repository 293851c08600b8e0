"""From gaze to what the wearer attended to, after MemX.

Entry points: :class:`perception.attention.eye_movements.EyeMovements`,
:class:`perception.attention.attention.Attention`, and :func:`classify` for recorded gaze.
"""

from perception.attention.classifier import classify

__all__ = ["classify"]
