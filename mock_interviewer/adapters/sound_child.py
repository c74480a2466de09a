"""A stream of sound in a process of its own.

When the sound system goes away PortAudio may fall silent, hang, or write gigabytes to stderr; here
nobody hears it, and whoever started this process ends it. The first line on stdout is JSON: what
was opened, or {"fault": ..., "error": ...}. `record NAME` then writes blocks (HEAD, then int16
samples), and so does `record-after NAME` from the device that follows in the list; `play NAME`
reads {"rate_hz", "frames"} and int16 samples from stdin, and then writes JSON lines: seconds
played, when the first sample is heard and, once known, when the last one. The clock is the
machine's steady one, which all processes share.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import struct
import sys
import threading
import time
from typing import IO, Any

from mock_interviewer.adapters.sound_devices import (
    devices,
    index_of,
    input_after,
    plain,
    port_audio,
)
from mock_interviewer.errors import DeviceFault, InterviewError

HEAD = struct.Struct("<dII")
"""When the block arrived, frames dropped so far, bytes that follow.

PortAudio's own time of capture is not sent: through PulseAudio it is up to 0.7 s off at first.
"""
RECORDED_HZ = 16_000
LATENCY_S = 0.2
"""PortAudio's 'low' gives gaps on ALSA."""
LEAD_S = 0.2
"""Silence before the sound: some cards swallow the first moments."""
LINGER_S = 0.3
"""Silence after it: a stream that is closed at once takes the last syllable with it."""
_QUEUE_BLOCKS = 2_000
_TICK_S = 0.1
_LONGEST_LAG_S = 1.0


def main() -> None:
    """Record or play until the end or until nobody listens."""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    name = sys.argv[2] if len(sys.argv) > 2 else None
    try:
        (_play if sys.argv[1] == "play" else _record)(out, name)
    except InterviewError as error:
        with contextlib.suppress(OSError):
            _tell(out, {"fault": str(error), "error": type(error).__name__})
    except OSError:
        pass  # nobody listens any more
    finally:
        sys.stderr.flush()
        os._exit(0)  # PortAudio's own clean-up may hang


def _tell(out: IO[bytes], what: dict[str, Any]) -> None:
    out.write(json.dumps(what).encode() + b"\n")
    out.flush()


def _record(out: IO[bytes], name: str | None) -> None:
    sounddevice = port_audio()
    found = devices()
    if sys.argv[1] == "record-after":
        index = input_after(found, name)
    else:
        index = index_of(found, name, is_input=True)
    blocks: queue.Queue[tuple[float, bytes]] = queue.Queue(_QUEUE_BLOCKS)
    dropped = 0

    def keep(data: Any, frames: int, times: Any, status: Any) -> None:
        nonlocal dropped
        arrived_at = time.monotonic()
        try:
            blocks.put_nowait((arrived_at, bytes(data)))
        except queue.Full:
            dropped += frames

    try:
        rate_hz, channels = accepted(
            sounddevice.check_input_settings,
            index, RECORDED_HZ, found[index].rate_hz, found[index].inputs,
        )  # fmt: skip
        stream = sounddevice.RawInputStream(
            device=index, samplerate=rate_hz, channels=channels, dtype="int16",
            latency=LATENCY_S, blocksize=0, callback=keep,
        )  # fmt: skip
        stream.start()
    except sounddevice.PortAudioError as error:
        raise DeviceFault(
            f"The microphone '{found[index].name}' cannot be opened ({plain(error)}); "
            "close other programs that use it, or choose another with --device."
        ) from None
    _tell(out, {"device": found[index].name, "rate_hz": rate_hz, "channels": channels})
    while True:
        try:
            arrived_at, pcm = blocks.get(timeout=_TICK_S)
        except queue.Empty:
            out.write(HEAD.pack(time.monotonic(), dropped, 0))  # is anybody there?
        else:
            out.write(HEAD.pack(arrived_at, dropped, len(pcm)))
            out.write(pcm)
        out.flush()


def _play(out: IO[bytes], name: str | None) -> None:
    source = sys.stdin.buffer
    order = json.loads(source.readline())
    rate_hz, pcm = order["rate_hz"], source.read(2 * order["frames"])
    # PulseAudio may else take two seconds at once and starve the stream from then on
    os.environ.setdefault("PULSE_LATENCY_MSEC", str(round(LATENCY_S * 1000)))
    sounddevice = port_audio()
    found = devices()
    index = index_of(found, name, is_input=False)
    try:
        played_hz, channels = accepted(
            sounddevice.check_output_settings,
            index, rate_hz, found[index].rate_hz, found[index].outputs,
        )  # fmt: skip
        if played_hz != rate_hz:
            pcm = _at_rate(pcm, rate_hz, played_hz)
        if channels > 1:
            pcm = b"".join(pcm[at : at + 2] * channels for at in range(0, len(pcm), 2))
        _play_out(out, sounddevice, index, found[index].name, pcm, played_hz, channels)
    except sounddevice.PortAudioError as error:
        raise DeviceFault(
            f"The loudspeaker '{found[index].name}' cannot be opened ({plain(error)}); "
            "close other programs that use it, or choose another."
        ) from None


def _play_out(
    out: IO[bytes],
    sounddevice: Any,
    index: int,
    name: str,
    pcm: bytes,
    rate_hz: int,
    channels: int,
) -> None:
    """Play interleaved samples and tell how far it is; the end is that of the last sample."""
    bytes_a_second = 2 * channels * rate_hz
    sound = bytes(round(LEAD_S * rate_hz) * 2 * channels) + pcm
    died = threading.Event()
    played = 0
    started_at: float | None = None
    ended_at: float | None = None

    def fill(data: Any, frames: int, times: Any, status: Any) -> None:
        nonlocal played, started_at, ended_at
        lag_s = times.outputBufferDacTime - times.currentTime
        sounds_at = time.monotonic() + (lag_s if 0 <= lag_s <= _LONGEST_LAG_S else LATENCY_S)
        piece = sound[played : played + len(data)]
        data[: len(piece)] = piece
        data[len(piece) :] = bytes(len(data) - len(piece))
        if piece:  # the first guesses come before the sound: the last one counts
            started_at = sounds_at + LEAD_S - played / bytes_a_second
        played += len(piece)
        if played == len(sound) and ended_at is None:
            ended_at = sounds_at + len(piece) / bytes_a_second

    stream = sounddevice.RawOutputStream(
        device=index, samplerate=rate_hz, channels=channels, dtype="int16",
        latency=LATENCY_S, blocksize=0, callback=fill, finished_callback=died.set,
    )  # fmt: skip
    stream.start()
    _tell(out, {"device": name})
    while not died.wait(_TICK_S):
        played_s = max(0.0, played / bytes_a_second - LEAD_S)
        _tell(out, {"played_s": played_s, "started_at": started_at, "ended_at": ended_at})
        if ended_at is not None and time.monotonic() > ended_at + LINGER_S:
            return


def accepted(
    check: Any, index: int, wanted_hz: int, native_hz: int, most_channels: int
) -> tuple[int, int]:
    """The first rate and number of channels that the device takes; its own if it says no to all."""
    for rate_hz in (wanted_hz, native_hz):
        for channels in (1, min(2, most_channels)):
            with contextlib.suppress(Exception):  # PortAudioError or ValueError: it says no
                check(device=index, channels=channels, dtype="int16", samplerate=rate_hz)
                return rate_hz, channels
    return native_hz, most_channels


def _at_rate(pcm: bytes, from_hz: int, to_hz: int) -> bytes:
    import numpy as np

    from mock_interviewer.adapters.audio_files import resample
    from mock_interviewer.ports import Audio

    samples = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32_768)
    there = resample(Audio(samples, from_hz), to_hz).samples
    return np.clip(there * 32_768, -32_768, 32_767).astype("<i2").tobytes()


if __name__ == "__main__":
    main()
