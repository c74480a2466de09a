"""Starting and ending a sound_child; whatever state PortAudio is in, ending takes no time."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from typing import IO, Any

from mock_interviewer.errors import DeviceFault, InterviewError, UnknownName

OPEN_DEADLINE_S = 10.0
_KILL_DEADLINE_S = 2.0


class SoundProcess:
    """A running sound_child. stdout is read by the caller after `opened`."""

    def __init__(self, task: str, device: str | None) -> None:
        self._process = _spawn(task, device)

    @property
    def stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    @property
    def pid(self) -> int:
        return self._process.pid

    def opened(self, deadline_s: float = OPEN_DEADLINE_S) -> dict[str, Any]:
        """What was opened. Raises DeviceFault or UnknownName, having ended the process."""
        lines: queue.Queue[bytes] = queue.Queue()
        reader = threading.Thread(target=lambda: lines.put(self.stdout.readline()), daemon=True)
        reader.start()
        try:
            told = json.loads(lines.get(timeout=deadline_s))
        except queue.Empty:
            told = {"fault": "The sound system does not answer; restart it, or the computer."}
        except ValueError:
            told = {"fault": "The sound system broke down; restart it, or the computer."}
        if "fault" in told:
            self.end()
            reader.join(_KILL_DEADLINE_S)
            self.close_pipes()
            kinds: dict[str, type[InterviewError]] = {"UnknownName": UnknownName}
            raise kinds.get(told.get("error", ""), DeviceFault)(told["fault"])
        return dict(told)

    def end(self) -> None:
        """End it at once; a second time does nothing."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_KILL_DEADLINE_S)
        with contextlib.suppress(OSError):
            self.stdin.close()

    def close_pipes(self) -> None:
        """After whoever reads stdout is done."""
        with contextlib.suppress(OSError):
            self.stdout.close()


def _spawn(task: str, device: str | None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "mock_interviewer.adapters.sound_child", task]
    return subprocess.Popen(
        command if device is None else [*command, device],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal does not reach it
    )
