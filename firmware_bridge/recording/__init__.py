"""Folders on disk as devices, and the writer of the Neon layout.

Entry points: :func:`.neon.open_neon`, :func:`.folder.open_plain`, :class:`.writer.NeonWriter`.
"""
