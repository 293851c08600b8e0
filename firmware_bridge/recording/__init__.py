"""Folders on disk as devices, and the writer of the Neon layout.

Entry points: :class:`.neon.NeonRecording`, :class:`.folder.FolderRecording`,
:class:`.writer.NeonWriter`.
"""
