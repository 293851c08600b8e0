"""What every recording shares: streams merged by time and handed out without blocking the loop."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from types import TracebackType
from typing import Self

from firmware_bridge.device import Capabilities, CommandName, DeviceError, DeviceInfo
from firmware_bridge.packets import DeviceStatus, Packet, StatusKind

Stream = Callable[[], Iterator[Packet]]

# Large enough to hide the hop between threads, small enough to hold few pictures.
_PACKETS_PER_HOP = 32


@dataclass(frozen=True, slots=True)
class Contents:
    """An opened recording.

    Attributes:
        end_ns: Time of the last sample; sound may go on a little longer.
        notices: What was found wrong while opening, told before the first packet.
        streams: Each call of one starts it anew; each is in time order by itself. Where times are
            equal, an earlier stream goes first.
    """

    info: DeviceInfo
    capabilities: Capabilities
    end_ns: int
    notices: tuple[DeviceStatus, ...]
    streams: tuple[Stream, ...]

    def packets(self) -> Iterator[Packet]:
        """Yield every packet in time order, news of the device included."""
        yield DeviceStatus(self.info.started_ns, StatusKind.CONNECTED, "The recording is open.")
        yield from self.notices
        last_ns = self.end_ns
        for packet in heapq.merge(*(stream() for stream in self.streams), key=lambda p: p.t_ns):
            last_ns = max(last_ns, packet.t_ns)
            yield packet
        yield DeviceStatus(last_ns, StatusKind.ENDED, "The recording has ended.")


class RecordingDevice:
    """A recording as a :class:`~firmware_bridge.device.Device`.

    Reading and decoding happen on a worker thread, a few packets at a time, so that a recording of
    any length needs little memory and the event loop stays free.

    Args:
        load: Opens the recording.
    """

    def __init__(self, load: Callable[[], Contents]) -> None:
        self._load = load
        self._opened: Contents | None = None

    @property
    def info(self) -> DeviceInfo:
        """Who is speaking; complete once entered."""
        return self._contents.info

    @property
    def capabilities(self) -> Capabilities:
        """What is sent; complete once entered."""
        return self._contents.capabilities

    async def __aenter__(self) -> Self:
        self._opened = await asyncio.to_thread(self._load)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._opened = None

    async def packets(self) -> AsyncIterator[Packet]:
        """Yield packets in time order across all streams, from the beginning at each call."""
        packets = self._contents.packets()
        while batch := await asyncio.to_thread(lambda: list(islice(packets, _PACKETS_PER_HOP))):
            for packet in batch:
                yield packet

    async def command(self, name: CommandName, **values: float) -> None:
        """Refuse: a recording cannot be asked to do anything."""
        raise DeviceError(
            "command-not-supported",
            f"a recording cannot {name.value}; only live glasses take commands",
        )

    @property
    def _contents(self) -> Contents:
        if self._opened is None:
            raise DeviceError(
                "not-open", "the recording is not open; use it as `async with connect(...)`"
            )
        return self._opened
