"""Whose program is at the other end of a connection within this machine.

The key in the page's address is enough against every other computer, but not against another
person on this one: the address is handed to the browser on its command line, which everybody on the
machine can list. Linux says for every connection whose it is, in /proc/net/tcp; macOS and Windows
hand over the address where others cannot see it, and there the key alone decides.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_ESTABLISHED, _LISTENING = "01", "0A"
_LOOPBACK = "0100007F"
"""127.0.0.1 as the tables write it, also at the end of the same address in IPv6."""


@dataclass(frozen=True)
class Connection:
    """One row of a table."""

    address: str
    port: int
    far_port: int
    state: str
    uid: int
    is_open: bool
    """False once its program has closed it: then nobody says any more whose it was."""


def connections(tables: tuple[Path, ...] = TABLES) -> Iterator[Connection]:
    """Every connection of this machine; none where the system does not tell."""
    for table in tables:
        try:
            lines = table.read_text(encoding="ascii").splitlines()[1:]
        except (OSError, UnicodeError):
            continue
        for fields in map(str.split, lines):
            address, port = fields[1].rsplit(":", 1)
            far_port = fields[2].rsplit(":", 1)[1]
            yield Connection(
                address, int(port, 16), int(far_port, 16), fields[3], int(fields[7]),
                fields[9] != "0",
            )  # fmt: skip


def is_anothers(port: int, served: int, known: tuple[Connection, ...], own: frozenset[int]) -> bool:
    """True if the connection from `port` to the served port is not known to be one's own.

    False where the system does not tell: then not even the served port itself is listed.
    """
    if not any(each.port == served and each.state == _LISTENING for each in known):
        return False
    return not any(
        (each.port, each.far_port, each.state) == (port, served, _ESTABLISHED)
        and each.address.endswith(_LOOPBACK)
        and each.is_open
        and each.uid in own
        for each in known
    )


def own_uids() -> frozenset[int]:
    """One's own, the system's (which can read everything), and that of who called sudo."""
    if not hasattr(os, "getuid"):
        return frozenset()
    called_by = os.environ.get("SUDO_UID", "")
    return frozenset({0, os.getuid()} | ({int(called_by)} if called_by.isdecimal() else set()))


def is_stranger(client: tuple[str, int] | None, served: int) -> bool:
    """True if a request comes from another person's program on this machine."""
    if client is None:
        return False
    return is_anothers(client[1], served, tuple(connections()), own_uids())
