"""The safety net of a builder's process: no network, bounded memory and time, silent streams."""

from __future__ import annotations

import os
import sys

_NETWORK = frozenset(
    {
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    }
)
_LARGEST_FILE = 256 * 1_000_000

_refused: list[str] = []


def block_network() -> None:
    """Refuse every way out that Python offers; a process started by the builder is not reached."""
    sys.addaudithook(_refuse)


def network_was_tried() -> bool:
    """Say whether the builder asked for the network since the last time, and forget it."""
    tried = bool(_refused)
    _refused.clear()
    return tried


def _refuse(event: str, _arguments: object) -> None:
    if event in _NETWORK:
        _refused.append(event)
        message = "a prompt builder has no network"
        raise PermissionError(message)


def set_limits(memory: int, seconds: float) -> None:
    """Bound memory (bytes), processor seconds and the size of files, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    for kind, limit in (
        (resource.RLIMIT_DATA, memory),  # the address space counts libraries, which can be huge
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(kind)
        allowed = limit if most == resource.RLIM_INFINITY else min(limit, most)
        try:
            resource.setrlimit(kind, (allowed, most))
        except (ValueError, OSError):  # macOS knows some limits by name only
            continue


def take_stdout() -> int:
    """Return the real stdout and leave the builder streams that lead nowhere."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)
    return kept
