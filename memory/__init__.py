"""The only writer of what is remembered.

Entry points: :class:`memory.store.Memory`, the values in :mod:`memory.records`.
"""
