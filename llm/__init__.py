"""Common ground in, spoken reply out.

Entry points: :class:`llm.companion.Companion`, the protocols in :mod:`llm.chat` and
:mod:`llm.voice`.
"""
