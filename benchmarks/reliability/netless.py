"""Running the program where there is no network, and counting every time it looks for one.

`unshare` gives a command a network of its own that holds nothing but the loopback address, and
strace writes down every call that names an address. Sockets of the machine itself (PulseAudio, the
kernel) are no network. A name server counts wherever it is: asking it is asking the network.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from reliability.frame import NotHere

_INTERNET = re.compile(r"sa_family=AF_INET6?\b")
_LOOPBACK = re.compile(
    r'inet_addr\("127\.|inet_pton\(AF_INET6, "(?:::1|::ffff:127\.)|AF_INET6?, sin6?_port=htons\(0\)'
)
_NAMES = re.compile(r"sin6?_port=htons\((?:53|5353|853)\)")
NO_NETWORK = 'ip link set lo up && exec "$@"'


def missing() -> str | None:
    """Why this cannot be tried here."""
    for program, package in (("unshare", "util-linux"), ("ip", "iproute2"), ("strace", "strace")):
        if shutil.which(program) is None:
            return f"{program} is not installed (apt install {package})"
    tried = subprocess.run([*_apart(), "true"], capture_output=True, check=False)
    return None if tried.returncode == 0 else "no network can be made here (unshare is refused)"


def _apart() -> list[str]:
    as_root = [] if os.getuid() == 0 else ["--map-root-user"]
    return ["unshare", "--net", *as_root, "--", "sh", "-c", NO_NETWORK, "sh"]


def watched(log: Path) -> list[str]:
    """What to put before a command."""
    return [*_apart(), "strace", "-f", "-qq", "-e", "trace=network", "-o", str(log)]


def attempts(log: Path) -> list[str]:
    """The calls that would have left this machine."""
    found = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        is_out = _INTERNET.search(line) and (not _LOOPBACK.search(line) or _NAMES.search(line))
        if is_out and "getsockname" not in line and "getpeername" not in line:
            found.append(line)
    return found


def ran(
    command: Sequence[str], log: Path, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """A command run to its end without a network. Raises NotHere."""
    reason = missing()
    if reason is not None:
        raise NotHere(reason)
    return subprocess.run(
        [*watched(log), *command],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )
