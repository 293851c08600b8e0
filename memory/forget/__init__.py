"""Deletion on request, down to the bytes of everything derived.

Entry point: :class:`memory.forget.forgetting.Forgetting`.
"""
