"""Warnings that must not depend on a language model: allergies, medicines, traffic, appointments.

What the wearer and others said, and what was read, is held against the view, the question and the
planned reply by plain code. Entry points: :func:`cautions`, and :class:`Situation` for what is
going on.
"""

from llm.safety.cautions import cautions
from llm.safety.situation import Caution, Situation

__all__ = ["Caution", "Situation", "cautions"]
