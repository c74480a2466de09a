"""Lies on the recorder's path while `stderr_storm` is tried: PortAudio's worst, from a thread.

STORM: bytes to write to stderr, and a folder: PID.go there lets it begin, PID says that it is done.
"""

from __future__ import annotations

import os
import sys
import threading
import time

_LINE = b"Expression 'err' failed in 'src/hostapi/alsa/pa_linux_alsa.c', line: 3355\n"


def _storm(wanted: int, folder: str) -> None:
    while not os.path.exists(os.path.join(folder, f"{os.getpid()}.go")):
        time.sleep(0.02)
    block, written = _LINE * 56, 0
    while written < wanted:
        written += os.write(2, block)
    with open(os.path.join(folder, str(os.getpid())), "w") as told:
        told.write(str(written))


if "mock_interviewer.adapters.sound_child" in sys.orig_argv:
    _wanted, _folder = os.environ["STORM"].split(":", 1)
    threading.Thread(target=_storm, args=(int(_wanted), _folder), daemon=True).start()
