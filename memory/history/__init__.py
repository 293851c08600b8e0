"""What happened, told at every length: minutes up to years, and the keys that lead to them.

Entry points: :class:`memory.history.consolidate.Consolidation`, :mod:`memory.history.keys`.
"""
