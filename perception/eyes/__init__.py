"""From near-eye pictures to pupils, blinks and, once calibrated, gaze.

Entry points: :class:`perception.eyes.gaze.EyeGaze` and :func:`perception.eyes.calibration.fit`.
"""
