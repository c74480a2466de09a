"""Short tones, at once: a loudspeaker stream that stays open in a process of its own.

Opening a loudspeaker takes up to a second and a half, too long for 'three, two, one'. Here the
stream runs all the time and plays silence; each line on stdin is the name of a tone that begins
with the next block. The first line on stdout is JSON as in sound_child.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from mock_interviewer.adapters.sound_child import LATENCY_S, accepted
from mock_interviewer.adapters.sound_devices import devices, index_of, plain, port_audio
from mock_interviewer.errors import InterviewError

RATE_HZ = 48_000
LOUDNESS = 0.25
TONES: dict[str, tuple[tuple[float, float], ...]] = {
    "tick": ((880.0, 0.09),),
    "ended": ((660.0, 0.2),),
    "target": ((660.0, 0.18),),
    "limit": ((523.0, 0.15), (0.0, 0.08), (523.0, 0.15)),
    "go": ((988.0, 0.25),),
}
"""For each tone its parts: hertz (0 is silence) and seconds."""
_EDGE_S = 0.01


def tone(name: str, rate_hz: int = RATE_HZ) -> npt.NDArray[np.int16]:
    """A tone by its name, with soft edges, shape (n,)."""
    parts = []
    for hertz, seconds in TONES[name]:
        at_s = np.arange(round(seconds * rate_hz)) / rate_hz
        edges = np.minimum(1.0, np.minimum(at_s, seconds - at_s) / _EDGE_S)
        parts.append(np.sin(2 * np.pi * hertz * at_s) * edges * LOUDNESS)
    return (np.concatenate(parts) * 32_767).astype(np.int16)


def main() -> None:
    """Play what stdin names until it ends."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        _play(out, sys.argv[2] if len(sys.argv) > 2 else None)
    except InterviewError as error:
        with contextlib.suppress(OSError):
            out.write(json.dumps({"fault": str(error)}).encode() + b"\n")
            out.flush()
    except (OSError, KeyboardInterrupt):
        pass
    finally:
        os._exit(0)  # PortAudio's own clean-up may hang


def _play(out: Any, name: str | None) -> None:
    os.environ.setdefault("PULSE_LATENCY_MSEC", str(round(LATENCY_S * 500)))
    sounddevice = port_audio()
    found = devices()
    index = index_of(found, name, is_input=False)
    lock = threading.Lock()
    waiting: list[npt.NDArray[np.int16]] = []

    try:
        rate_hz, channels = accepted(
            sounddevice.check_output_settings,
            index, RATE_HZ, found[index].rate_hz, found[index].outputs,
        )  # fmt: skip

        def fill(data: Any, frames: int, times: Any, status: Any) -> None:
            block = np.zeros(frames, np.int16)
            with lock:
                if waiting:
                    piece = waiting[0][:frames]
                    block[: len(piece)] = piece
                    waiting[0] = waiting[0][frames:]
                    if not len(waiting[0]):
                        waiting.pop(0)
            data[:] = np.repeat(block, channels).tobytes()

        stream = sounddevice.RawOutputStream(
            device=index, samplerate=rate_hz, channels=channels, dtype="int16",
            latency=LATENCY_S / 2, blocksize=0, callback=fill,
        )  # fmt: skip
        stream.start()
    except sounddevice.PortAudioError as error:
        from mock_interviewer.errors import DeviceFault

        raise DeviceFault(
            f"The loudspeaker '{found[index].name}' cannot be opened ({plain(error)})."
        ) from None
    out.write(json.dumps({"device": found[index].name}).encode() + b"\n")
    out.flush()
    for line in sys.stdin:
        wanted = line.strip()
        with lock:
            if wanted in TONES:
                waiting[:] = [tone(wanted, rate_hz)]


if __name__ == "__main__":
    main()
