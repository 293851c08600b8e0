"""Clips, pictures and gaze tracks of moments: the files beside the database.

Entry points: :class:`memory.clips.film.Film`, :class:`memory.clips.library.Library`.
"""
