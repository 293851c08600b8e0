"""What lasts about people: who said it, how sure it is, and from when until when it holds.

Entry points: :mod:`memory.facts.learning` for rules, :mod:`memory.facts.extraction` for a model.
"""
