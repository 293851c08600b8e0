"""Glasses and recordings in, typed packets out, commands back.

Entry points: :func:`firmware_bridge.connect.connect`, :class:`firmware_bridge.device.Device`.
"""
