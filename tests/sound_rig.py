"""A sound card of the test's own: PulseAudio with two null sinks on a private socket.

`loudspeaker` is what the program plays into, heard back as `loudspeaker.monitor`; what `say` plays
into `room` is heard by the microphone `virtmic`. Skipped with a reason where something is missing.
"""

from __future__ import annotations

import ctypes.util
import io
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

START_DEADLINE_S = 20.0
RECORDED_HZ = 16_000
FIRST_SOUND = 100
"""Of 32,768: louder than the noise of a voice's silence."""
PROGRAMS = ("pulseaudio", "paplay", "parec", "pactl")


@dataclass
class SoundRig:
    server: subprocess.Popen[bytes]
    environment: dict[str, str]

    def say(self, path: Path, sink: str = "room") -> None:
        """Play a file to its end."""
        with self.saying(path, sink) as player:
            assert player.wait(60) == 0

    @contextmanager
    def saying(self, path: Path, sink: str = "room") -> Iterator[subprocess.Popen[bytes]]:
        player = subprocess.Popen(
            ["paplay", f"--device={sink}", str(path)],
            env=self.environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield player
        finally:
            player.kill()
            player.wait()

    @contextmanager
    def recording(self, path: Path, source: str = "loudspeaker.monitor") -> Iterator[bytearray]:
        """What is played while the block lasts, as a WAV of 16 kHz; within it, what is so far."""
        recorder = subprocess.Popen(
            ["parec", f"--device={source}", f"--rate={RECORDED_HZ}", "--channels=1", "--raw"],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        sound = recorder.stdout
        assert isinstance(sound, io.BufferedReader)
        heard = bytearray(sound.read(2))  # from here on it listens

        def read_on() -> None:
            while chunk := sound.read1():
                heard.extend(chunk)

        reader = threading.Thread(target=read_on)
        reader.start()
        try:
            yield heard
        finally:
            recorder.terminate()
            recorder.wait()
            reader.join()
            sound.close()
        soundfile.write(path, _samples(heard), RECORDED_HZ)

    def kill(self) -> None:
        """What pulling out the sound card looks like from outside."""
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()


def _samples(heard: bytearray) -> np.ndarray:
    return np.frombuffer(bytes(heard[: len(heard) // 2 * 2]), "<i2")


def until_played(heard: bytearray, seconds: float) -> None:
    """Wait until so much has come out of the loudspeaker since the first sound.

    A busy machine begins to play late; to wait by the clock would be to hear what is not yet said.
    """
    played_s, give_up_at = 0.0, time.monotonic() + seconds + START_DEADLINE_S
    while played_s < seconds:
        assert time.monotonic() < give_up_at, "the loudspeaker stays silent"
        time.sleep(0.02)
        samples = _samples(heard)
        loud = np.flatnonzero(np.abs(samples.astype(int)) > FIRST_SOUND)
        played_s = (len(samples) - loud[0]) / RECORDED_HZ if len(loud) else 0.0


def best_match(recorded: np.ndarray, played: np.ndarray) -> tuple[int, float]:
    """Where what was played lies in what was recorded, and how alike they are (1: the same)."""
    size = 1 << (len(recorded) + len(played)).bit_length()
    spectrum = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(played, size))
    at = int(np.argmax(np.fft.irfft(spectrum, size)[: len(recorded)]))
    part = recorded[at : at + len(played)]
    there = played[: len(part)]
    return at, float(np.dot(part, there) / np.sqrt(np.dot(part, part) * np.dot(played, played)))


def missing() -> str | None:
    """Why there can be no rig here."""
    for program in PROGRAMS:
        if shutil.which(program) is None:
            return f"{program} is not installed (apt install pulseaudio pulseaudio-utils)"
    if ctypes.util.find_library("portaudio") is None:
        return "PortAudio is not installed (apt install libportaudio2)"
    if not any(Path("/usr/lib").glob("**/alsa-lib/libasound_module_pcm_pulse.so")):
        return "ALSA cannot reach PulseAudio (apt install libasound2-plugins)"
    return None


@contextmanager
def sound_rig(folder: Path, source: str = "virtmic") -> Iterator[SoundRig]:
    """A server of its own, ended with the block; the environment leads this process to it."""
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    socket = folder / "s"
    environment = {
        "XDG_RUNTIME_DIR": str(folder),
        "HOME": str(folder),
        "PULSE_SERVER": f"unix:{socket}",
        "PULSE_SOURCE": source,
        "PULSE_SINK": "loudspeaker",
        "PULSE_COOKIE": str(folder / "cookie"),
    }
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    server = subprocess.Popen(
        [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
            "--disable-shm=yes",
            "-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1",
            "-L", "module-null-sink sink_name=room rate=48000",
            "-L", "module-null-sink sink_name=loudspeaker rate=48000",
            "-L", "module-remap-source master=room.monitor source_name=virtmic",
            "-L", "module-remap-source master=loudspeaker.monitor source_name=echo",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ},
    )  # fmt: skip
    try:
        _wait_for(server, environment)
        yield SoundRig(server, dict(os.environ))
    finally:
        if server.poll() is None:
            server.kill()
        server.wait()
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _wait_for(server: subprocess.Popen[bytes], environment: dict[str, str]) -> None:
    deadline = time.monotonic() + START_DEADLINE_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.skip(f"pulseaudio does not run here (exit {server.returncode})")
        asked = subprocess.run(
            ["pactl", "list", "short", "sources"], capture_output=True, env={**os.environ}
        )
        if b"virtmic" in asked.stdout and b"echo" in asked.stdout:
            return
        time.sleep(0.05)
    pytest.skip("pulseaudio did not come up")
