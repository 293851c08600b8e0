"""From faces to people who are recognised when they come back.

Entry points: :class:`perception.people.faces.Faces` and
:func:`perception.people.embedding.embed_face`.
"""
