"""Lies on the recorder's path while `stderr_storm` is tried: PortAudio's worst, from a thread.

STORM: bytes to write to stderr, seconds to wait before, the folder to tell in when it is done.
"""

from __future__ import annotations

import os
import sys
import threading
import time

_LINE = b"Expression 'err' failed in 'src/hostapi/alsa/pa_linux_alsa.c', line: 3355\n"


def _storm(wanted: int, after_s: float, folder: str) -> None:
    time.sleep(after_s)
    block, written = _LINE * 56, 0
    while written < wanted:
        written += os.write(2, block)
    with open(os.path.join(folder, str(os.getpid())), "w") as told:
        told.write(str(written))


if "mock_interviewer.adapters.sound_child" in sys.orig_argv:
    _wanted, _after_s, _folder = os.environ["STORM"].split(":", 2)
    threading.Thread(
        target=_storm, args=(int(_wanted), float(_after_s), _folder), daemon=True
    ).start()
