"""Runs ``attune`` where no socket but loopback can be opened; arguments are attune's own.

An audit hook forbids it to everything written in Python, and names what was tried. Where this
machine allows a network namespace, libraries in other languages are cut off as well.
"""

from __future__ import annotations

import ipaddress
import shutil
import socket
import subprocess
import sys
from typing import Any

LOOPBACK_ONLY = (
    "unshare",
    "--net",
    "--map-root-user",
    "sh",
    "-c",
    'ip link set lo up; exec "$@"',
    "-",
)


def namespace() -> tuple[str, ...]:
    """The command prefix that leaves a program nothing but loopback; empty where not allowed."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return ()
    tried = subprocess.run([*LOOPBACK_ONLY, "true"], capture_output=True, check=False)
    return LOOPBACK_ONLY if tried.returncode == 0 else ()


def command(*arguments: str) -> list[str]:
    """The command line of an ``attune`` that is cut off from every network."""
    return [*namespace(), sys.executable, "-m", "tests.system.offline", *arguments]


def is_loopback(address: object) -> bool:
    """Tell whether a socket address stays on this machine."""
    if not isinstance(address, tuple):
        return True  # a Unix socket's path
    host = address[0]
    return host in ("localhost", "") or ipaddress.ip_address(host).is_loopback


def forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: end the attempt, loudly, to reach beyond loopback."""
    if event in ("socket.connect", "socket.sendto") and not is_loopback(arguments[1]):
        raise PermissionError(f"OFFLINE PROMISE BROKEN: {event} {arguments[1]}")
    if event == "socket.getaddrinfo" and not is_loopback((_numeric(arguments[0]), 0)):
        raise PermissionError(f"OFFLINE PROMISE BROKEN: {event} {arguments[0]}")


def _numeric(host: object) -> str:
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in name else socket.AF_INET, name)
    except OSError:
        return name if name == "localhost" else "192.0.2.1"
    return name


if __name__ == "__main__":
    sys.addaudithook(forbid)
    from app.cli import main

    main()
