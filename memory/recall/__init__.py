"""One ranked list of what fits a cue, or nothing.

Entry point: :func:`memory.recall.search.recall`; the vectors and the words that it goes by are kept
in :mod:`memory.recall.vectors` and :mod:`memory.recall.words`.
"""
