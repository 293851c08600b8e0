"""Naming a person, which also lets the wearer's companion know the face again."""

from __future__ import annotations

import cv2
import numpy as np

from memory.store import Memory
from perception.people.embedding import embed_face


def name_person(memory: Memory, person_id: int, name: str) -> str:
    """Give a person a name and learn their face from the stored picture; return the old name.

    Faces are learnt only here: people without a name given by the wearer have no template.

    Raises:
        MemoryStoreError: There is no such person.
        AssetError: The face weights have not been fetched.
    """
    before = memory.rename_person(person_id, name)
    picture = memory.person(person_id).thumbnail
    face = cv2.imread(str(picture)) if name and picture is not None else None
    embedding = None if face is None else embed_face(face.astype(np.uint8, copy=False))
    if embedding is not None:
        memory.add_template(person_id, "face", embedding)
    return before
