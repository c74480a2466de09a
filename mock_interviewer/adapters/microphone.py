"""The microphone: loses nothing that was said, and says in plain words what is wrong.

    sound card -> sound_child -> pipe -> reader thread -> 16 kHz -> ring of the last second
                                                                 -> WAV, voice detector, level

The stream is open before the question is asked, because opening takes over a second; its frames
count only from `begin` on, and never those from before the question's end. The child may die or
hang; the file is this process's own and readable at every moment. A second thread sees when nothing
arrives, says so, and opens the device again, or the system's choice, until sound comes: the answer
goes on in the same recording. `change` goes on with the next device there is.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from mock_interviewer.adapters.audio_files import RATE_HZ
from mock_interviewer.adapters.sound_process import SoundProcess
from mock_interviewer.adapters.sound_stream import Block, Int16, SoundStream
from mock_interviewer.adapters.take import Recording, Take
from mock_interviewer.adapters.vad import VadStream
from mock_interviewer.core.sound_heard import (
    FIRST_BLOCK_S,
    NO_BLOCK_S,
    NOTHING_YET_S,
    SILENCE_DBFS,
    Fault,
    FaultKind,
    Gap,
    fault,
)
from mock_interviewer.core.voice_heard import VoiceHeard, hear, thinking_s
from mock_interviewer.errors import HomeFault, InterviewError

PREROLL_S = 1.0
REOPEN_S = 1.0
"""So long after the sound stopped, and between one try and the next."""
_WATCH_S = 0.1
_STALLED_S = 0.5
"""A watch that comes so late was held up itself: the whole machine slept."""
_JOIN_S = 2.0


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
        self._recording: Recording | None = None
        self._closing = threading.Event()
        self._stopped_at: float | None = None
        self._is_silence_told = False
        self._opening: SoundStream | None = None
        self._began_at = 0.0
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Microphone:
        """Open the stream. Raises DeviceFault, UnknownName, BadModel (the voice detector)."""
        VadStream()  # loaded now, not while somebody speaks
        self._stream = SoundStream("record", self._device)
        self._stream.open()
        self._start(self._read, self._stream)
        self._start(self._watch)
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
        with self._lock:
            streams = [self._stream] + ([self._opening] if self._opening else [])
        for stream in streams:
            stream.end()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(_JOIN_S)
        with self._lock:
            if self._recording is not None:
                self._recording.is_writable = False
                self._recording.writer.close()

    @property
    def name(self) -> str:
        """Of the device that is open."""
        return self._stream.name

    @property
    def is_live(self) -> bool:
        """True from the first block on, until the microphone stops: the lamp."""
        is_heard = self._stream.first_block.is_set() and self._stopped_at is None
        return is_heard and not self._closing.is_set()

    def wait_until_live(self, timeout_s: float = FIRST_BLOCK_S) -> bool:
        """Until sound arrives; False if none has after timeout_s."""
        self._stream.first_block.wait(timeout_s)
        return self.is_live

    @property
    def level_dbfs(self) -> float:
        """The level of the last block."""
        return self._stream.sound.level_dbfs if self.is_live else SILENCE_DBFS

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
            self._began_at = time.monotonic()
            self._is_silence_told = False
            faults = [
                found
                for started_at, samples in self._ring
                for found in self._count(recording, samples, started_at)
            ]
            if self._stopped_at is not None:
                faults.append(fault(FaultKind.STOPPED, 0.0))
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

    def change(self) -> None:
        """Go on with the next microphone there is, in the same answer; returns at once."""
        self._start(self._go_on_with, "record-after", self._stream.name)

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

    @property
    def _process(self) -> SoundProcess:
        return self._stream.process

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()

    def _read(self, stream: SoundStream) -> None:
        """The reader thread of one stream: blocks until its pipe ends."""
        for block in stream.blocks():
            self._take(stream, block)
        self._stop(stream)

    def _take(self, stream: SoundStream, block: Block) -> None:
        with self._lock:
            if stream is not self._stream:
                return  # another one has taken its place
            recording = self._recording
            is_speech = recording is not None and recording.voice.is_speaking
            faults = stream.hear(block, self.recorded_s, is_speech=is_speech)
            missing_s = stream.missing_s(block)
            if missing_s > 0:
                self._note_gap(missing_s)
            started_at = stream.started_at(block)
            if recording is not None:
                faults += self._count(recording, block.samples, started_at)
            self._remember(block.samples, started_at)
            if not stream.first_block.is_set():
                stream.first_block.set()
                faults += self._resumed()
        self._say(faults)

    def _resumed(self) -> list[Fault]:
        """Sound comes again after it had stopped."""
        if self._stopped_at is None:
            return []
        self._note_gap(time.monotonic() - self._stopped_at)
        self._stopped_at = None
        return [fault(FaultKind.RESUMED, self.recorded_s)]

    def _remember(self, samples: Int16, started_at: float) -> None:
        self._ring.append((started_at, samples))
        self._ring_frames += len(samples)
        while self._ring_frames - len(self._ring[0][1]) >= PREROLL_S * RATE_HZ:
            self._ring_frames -= len(self._ring.popleft()[1])

    def _note_gap(self, missing_s: float) -> None:
        if self._recording is not None:
            self._recording.gaps.append(Gap(self.recorded_s, round(missing_s, 3)))

    def _count(self, recording: Recording, samples: Int16, started_at: float) -> list[Fault]:
        try:
            recording.count(samples, started_at)
        except HomeFault:
            return [fault(FaultKind.DISK, self.recorded_s)]
        return []

    # ---- when nothing arrives

    def _watch(self) -> None:
        """The watchdog thread: sees when nothing arrives, and tries again until something does."""
        looked_at = time.monotonic()
        while not self._closing.wait(_WATCH_S):
            now, stream = time.monotonic(), self._stream
            if now - looked_at > _STALLED_S:
                stream.last_block_at = now
            looked_at = now
            if self._stopped_at is not None:
                is_waiting = not stream.is_ended and now - stream.opened_at < FIRST_BLOCK_S
                if now - self._stopped_at > REOPEN_S and not is_waiting:
                    self._reopen()
                    looked_at = time.monotonic()
                continue
            is_heard = stream.first_block.is_set()
            if now - stream.last_block_at > (NO_BLOCK_S if is_heard else FIRST_BLOCK_S):
                self._stop(stream)
            elif not is_heard and now - max(stream.opened_at, self._began_at) > NOTHING_YET_S:
                self._tell_of_silence()

    def _tell_of_silence(self) -> None:
        if self._recording is not None and not self._is_silence_told:
            self._is_silence_told = True
            self._say([fault(FaultKind.NO_SOUND, self.recorded_s)])

    def _stop(self, stream: SoundStream) -> None:
        with self._lock:
            is_known = self._stopped_at is not None or self._closing.is_set()
            if is_known or stream is not self._stream:
                return
            self._stopped_at = time.monotonic()
            kind = FaultKind.STOPPED if stream.first_block.is_set() else FaultKind.NO_SOUND
            is_told = kind is FaultKind.NO_SOUND and self._is_silence_told
            faults = [] if is_told else [fault(kind, self.recorded_s)]
        stream.end()
        self._say(faults)

    def _reopen(self) -> None:
        """One try for the device that was asked for, one for the system's choice."""
        for device in dict.fromkeys((self._device, None)):
            if not self._closing.is_set() and self._switched("record", device) is None:
                return
        self._closing.wait(REOPEN_S)

    def _go_on_with(self, task: str, device: str) -> None:
        error = self._switched(task, device)
        if error is not None and not self._closing.is_set():
            self._say([Fault(FaultKind.NO_OTHER, str(error), self.recorded_s)])

    def _switched(self, task: str, device: str | None) -> InterviewError | None:
        """Open a stream and let it take the place of the one there is; why not if it cannot."""
        stream = SoundStream(task, device)
        with self._lock:
            if self._opening is not None or self._closing.is_set():
                stream.end()
                return None
            self._opening = stream
        try:
            stream.open()
        except InterviewError as error:
            return error
        finally:
            with self._lock:
                self._opening = None
        with self._lock:
            before, self._stream = self._stream, stream
            if self._stopped_at is None:
                self._stopped_at = time.monotonic()  # until sound comes from the new one
            self._is_silence_told = False
        before.end()
        if self._closing.is_set():
            stream.end()
        self._start(self._read, stream)
        return None

    def _say(self, faults: list[Fault]) -> None:
        for found in faults:
            with self._lock:
                if self._recording is not None:
                    self._recording.faults.append(found)
            if self._on_fault is not None:
                self._on_fault(found)
