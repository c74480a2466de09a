"""The microphone: loses nothing that was said, and says in plain words what is wrong.

    sound card -> sound_child -> pipe -> reader thread -> 16 kHz -> ring of the last second
                                                                 -> WAV, voice detector, level

The stream is open before the question is asked, because opening takes over a second; its frames
count only from `begin` on, and never those from before the question's end. A sample's time is the
earliest that the arrivals of the last seconds allow: blocks come late, never early. The child may
die or hang; the file is this process's own and readable at every moment. A second thread sees when
nothing arrives.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt

from mock_interviewer.adapters.audio_files import RATE_HZ
from mock_interviewer.adapters.resampling import Resampler
from mock_interviewer.adapters.sound_child import HEAD
from mock_interviewer.adapters.sound_process import SoundProcess
from mock_interviewer.adapters.take import Recording, Take
from mock_interviewer.adapters.vad import VadStream
from mock_interviewer.core.sound_heard import (
    FIRST_BLOCK_S,
    NO_BLOCK_S,
    SILENCE_DBFS,
    Fault,
    FaultKind,
    Gap,
    SoundHeard,
    fault,
    hear_block,
    new_faults,
)
from mock_interviewer.core.voice_heard import VoiceHeard, hear, thinking_s
from mock_interviewer.errors import HomeFault

Int16 = npt.NDArray[np.int16]

PREROLL_S = 1.0
_WATCH_S = 0.1
_JOIN_S = 2.0
_ARRIVALS = 64


class Microphone:
    """A microphone by name or part of it (None: the system's choice), open within a `with` block.

    on_fault is called from another thread, once for each fault as it comes.
    """

    def __init__(
        self, device: str | None = None, on_fault: Callable[[Fault], None] | None = None
    ) -> None:
        self._device, self._on_fault = device, on_fault
        self._lock = threading.RLock()
        self._ring: deque[tuple[float, Int16]] = deque()
        """Blocks of the last second, each with the time of its first sample."""
        self._ring_frames = 0
        self._arrivals: deque[float] = deque(maxlen=_ARRIVALS)
        self._frames = self._dropped = 0
        self._sound = SoundHeard(RATE_HZ)
        self._recording: Recording | None = None
        self._first_block = threading.Event()
        self._closing = threading.Event()
        self._stopped = False

    def __enter__(self) -> Microphone:
        """Open the stream. Raises DeviceFault, UnknownName, BadModel (the voice detector)."""
        VadStream()  # loaded now, not while somebody speaks
        self._process = SoundProcess("record", self._device)
        told = self._process.opened()
        self.name = str(told["device"])
        self._channels = int(told["channels"])
        self._resampler = Resampler(int(told["rate_hz"]), RATE_HZ)
        self._last_block_at = time.monotonic()
        self._threads = [
            threading.Thread(target=work, daemon=True) for work in (self._read, self._watch)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the stream and keep what was said; takes a few seconds at the very most."""
        self._closing.set()
        self._process.end()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(_JOIN_S)
        with self._lock:
            if self._recording is not None:
                self._recording.is_writable = False
                self._recording.writer.close()

    @property
    def is_live(self) -> bool:
        """True from the first block on, until the microphone stops: the lamp."""
        return self._first_block.is_set() and not self._stopped and not self._closing.is_set()

    def wait_until_live(self, timeout_s: float = FIRST_BLOCK_S) -> bool:
        """Until sound arrives; False if none has after timeout_s."""
        self._first_block.wait(timeout_s)
        return self.is_live

    @property
    def level_dbfs(self) -> float:
        """The level of the last block."""
        return self._sound.level_dbfs if self.is_live else SILENCE_DBFS

    @property
    def recorded_s(self) -> float:
        """Seconds of the answer under way that are in its file."""
        recording = self._recording
        return 0.0 if recording is None else recording.writer.duration_s

    @property
    def voice(self) -> VoiceHeard | None:
        """Where somebody spoke in the answer under way; None between answers."""
        recording = self._recording
        return None if recording is None else recording.voice

    def begin(self, path: Path, not_before: float | None = None) -> None:
        """Count frames from now on, and up to a second back, into a WAV at path.

        not_before: a time.monotonic() before which nothing counts, the question's end plus
        QUESTION_GUARD_S; it may lie ahead. Raises HomeFault if the file cannot be made.
        """
        with self._lock:
            if self._recording is not None:
                raise RuntimeError("an answer is already being recorded")
            recording = self._recording = Recording(path, not_before)
            faults = [
                found
                for started_at, samples in self._ring
                for found in self._count(recording, samples, started_at)
            ]
        self._say(faults)

    def pause(self) -> None:
        """Count nothing until `resume`."""
        with self._lock:
            if self._recording is not None:
                self._recording.is_paused = True

    def resume(self) -> None:
        """Go on with the same answer."""
        with self._lock:
            if self._recording is not None:
                self._recording.is_paused = False

    def end(self) -> Take:
        """Finish the answer under way; also after a fault, and after `close`."""
        with self._lock:
            recording, self._recording = self._recording, None
            if recording is None:
                raise RuntimeError("no answer is being recorded")
            self._ring.clear()  # a second time it would be part of the next answer
            self._ring_frames = 0
            recording.writer.close()
            voice = hear(recording.voice, recording.vad.finish().tolist())
        duration_s = recording.writer.duration_s
        regions = voice.regions(duration_s)
        return Take(
            path=recording.writer.path,
            duration_s=duration_s,
            regions=regions,
            thinking_s=thinking_s(regions[0][0] if regions else None, recording.lead_s()),
            gaps=tuple(recording.gaps),
            faults=tuple(recording.faults),
        )

    def _read(self) -> None:
        """The reader thread: blocks until the pipe ends."""
        pipe = self._process.stdout
        with contextlib.suppress(OSError, ValueError):
            while len(head := pipe.read(HEAD.size)) == HEAD.size:
                arrived_at, dropped, size = HEAD.unpack(head)
                pcm = pipe.read(size)
                if len(pcm) < size:
                    break
                if size:
                    self._take(pcm, arrived_at, dropped)
        self._process.close_pipes()
        self._stop()

    def _take(self, pcm: bytes, arrived_at: float, dropped: int) -> None:
        """One block as it came from the sound card."""
        samples = np.frombuffer(pcm, "<i2")
        if self._channels > 1:
            samples = samples.reshape(-1, self._channels).mean(axis=1).astype(np.int16)
        samples = self._resampler.push(samples)
        if not len(samples):
            return
        with self._lock:
            self._last_block_at = time.monotonic()
            before, recording = self._sound, self._recording
            is_speech = recording is not None and recording.voice.is_speaking
            self._sound = hear_block(before, samples, arrived_at, is_speech=is_speech)
            faults = list(new_faults(before, self._sound, self.recorded_s))
            self._note_gap(dropped)
            started_at = self._started_at(len(samples), arrived_at)
            if recording is not None:
                faults += self._count(recording, samples, started_at)
            self._remember(samples, started_at)
            self._first_block.set()
        self._say(faults)

    def _started_at(self, frames: int, arrived_at: float) -> float:
        """When the first sample of a block was spoken: as early as the last arrivals allow."""
        self._frames += frames
        self._arrivals.append(arrived_at - self._frames / RATE_HZ)
        return min(self._arrivals) + (self._frames - frames) / RATE_HZ

    def _remember(self, samples: Int16, started_at: float) -> None:
        self._ring.append((started_at, samples))
        self._ring_frames += len(samples)
        while self._ring_frames - len(self._ring[0][1]) >= PREROLL_S * RATE_HZ:
            self._ring_frames -= len(self._ring.popleft()[1])

    def _note_gap(self, dropped: int) -> None:
        missing_s = max(self._sound.missing_s, (dropped - self._dropped) / self._resampler.from_hz)
        self._dropped = dropped
        if missing_s > 0:
            self._arrivals.clear()  # the frames before no longer tell the time
            if self._recording is not None:
                self._recording.gaps.append(Gap(self.recorded_s, round(missing_s, 3)))

    def _count(self, recording: Recording, samples: Int16, started_at: float) -> list[Fault]:
        try:
            recording.count(samples, started_at)
        except HomeFault:
            return [fault(FaultKind.DISK, self.recorded_s)]
        return []

    def _watch(self) -> None:
        """The watchdog thread: sees when nothing arrives."""
        while not self._closing.wait(_WATCH_S):
            patience_s = NO_BLOCK_S if self._first_block.is_set() else FIRST_BLOCK_S
            if time.monotonic() - self._last_block_at > patience_s:
                self._stop()
                return

    def _stop(self) -> None:
        with self._lock:
            if self._stopped or self._closing.is_set():
                return
            self._stopped = True
            was_live = self._first_block.is_set()
            kind = FaultKind.STOPPED if was_live else FaultKind.NO_SOUND
            faults = [fault(kind, self.recorded_s)]
        self._process.end()
        self._say(faults)

    def _say(self, faults: list[Fault]) -> None:
        for found in faults:
            with self._lock:
                if self._recording is not None:
                    self._recording.faults.append(found)
            if self._on_fault is not None:
                self._on_fault(found)
