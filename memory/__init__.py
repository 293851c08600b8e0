"""The only writer of what is remembered.

Entry points: :class:`memory.store.Memory`, :class:`memory.clips.film.Film` for clips, the values in
:mod:`memory.records`.
"""
