"""What moved the wearer, and why: an estimate from pupils, eyelids and words, after EMOShip.

Entry point: :class:`perception.emotion.feelings.Feelings`.
"""
