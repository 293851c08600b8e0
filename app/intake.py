"""From an asynchronous device to the one thread that orders everything."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from enum import StrEnum

from firmware_bridge.device import Device, DeviceInfo
from firmware_bridge.packets import Packet, SceneFrame

_WAITING_PACKETS_MAX = 4_096  # bounds a recording without scene frames: 20 s of gaze at 200 Hz


class Pace(StrEnum):
    """How fast a recording is played."""

    REAL = "real"
    FAST = "fast"


class Intake:
    """Reads a device on its own thread and hands its packets on in order.

    A recording waits while the loop is behind. A live device cannot wait: its oldest scene frame
    is dropped, gaze and sound never are.

    Attributes:
        read: Packets read from the device so far, by type.
        is_live: The device cannot be asked to wait; known once open.
        has_gaze: The device sends gaze itself; known once open.
        lateness_ms: The furthest that a recording at real pace has fallen behind its own time.

    Args:
        device: Where packets come from; entered and left here.
        pace: Whether a recording keeps to its own time.
        capacity: Scene frames that may wait.
    """

    def __init__(self, device: Device, pace: Pace, capacity: int = 16) -> None:
        self.read: Counter[str] = Counter()
        self.lateness_ms = 0.0
        self.is_live = False
        self.has_gaze = True
        self._device = device
        self._pace = pace
        self._capacity = capacity
        self._packets: deque[Packet] = deque()
        self._frames = 0
        self._changed = threading.Condition()
        self._ended = False
        self._stopped = False
        self._error: BaseException | None = None
        self._info: DeviceInfo | None = None
        self._thread = threading.Thread(target=self._read, name="intake", daemon=True)

    def open(self) -> DeviceInfo:
        """Start reading and wait until the device has introduced itself.

        Raises:
            DeviceError: The device could not be opened.
        """
        self._thread.start()
        with self._changed:
            while self._info is None and self._error is None:
                self._changed.wait()
        if self._error is not None:
            raise self._error
        assert self._info is not None  # noqa: S101 - set before the wait above ends
        return self._info

    def packets(self) -> Iterator[Packet]:
        """Yield packets in time order until the device ends.

        Raises:
            DeviceError: The device broke off; everything before it has been yielded.
        """
        while True:
            with self._changed:
                while not self._packets and not self._ended:
                    self._changed.wait()
                if not self._packets:
                    break
                packet = self._packets.popleft()
                self._frames -= isinstance(packet, SceneFrame)
                self._changed.notify_all()
            yield packet
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """End after what has been read so far."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _read(self) -> None:
        try:
            asyncio.run(self._pump())
        except BaseException as error:
            self._error = error
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    async def _pump(self) -> None:
        async with self._device as device:
            with self._changed:
                self._info = device.info
                self.is_live = device.capabilities.is_live
                self.has_gaze = device.capabilities.has_gaze
                self._changed.notify_all()
            is_paced = self._pace is Pace.REAL and not self.is_live
            clock_ns: int | None = None
            async for packet in device.packets():
                if is_paced:
                    clock_ns = clock_ns or time.monotonic_ns() - packet.t_ns
                    await self._keep_pace(packet.t_ns + clock_ns)
                if not self._put(packet):
                    return
                self.read[type(packet).__name__] += 1

    async def _keep_pace(self, due_ns: int) -> None:
        ahead_s = (due_ns - time.monotonic_ns()) / 1e9
        self.lateness_ms = max(self.lateness_ms, -ahead_s * 1_000)
        if ahead_s > 0:
            await asyncio.sleep(ahead_s)

    def _put(self, packet: Packet) -> bool:
        with self._changed:
            if self.is_live:
                if isinstance(packet, SceneFrame):
                    self._make_room()
            else:
                while self._is_full() and not self._stopped:
                    self._changed.wait()
            if self._stopped:
                return False
            self._packets.append(packet)
            self._frames += isinstance(packet, SceneFrame)
            self._changed.notify_all()
            return True

    def _is_full(self) -> bool:
        return self._frames >= self._capacity or len(self._packets) >= _WAITING_PACKETS_MAX

    def _make_room(self) -> None:
        if self._frames < self._capacity:
            return
        for index, waiting in enumerate(self._packets):
            if isinstance(waiting, SceneFrame):
                del self._packets[index]
                self._frames -= 1
                return
