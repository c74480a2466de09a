"""The microphone: loses nothing that was said, and says in plain words what is wrong.

    sound card -> sound_child -> pipe -> reader thread -> 16 kHz -> ring of the last second
                                                                 -> WAV, voice detector, level

The stream is open before the question is asked, because opening takes over a second; its frames
count only from `begin` on, and never those from before the question's end. The child may die or
hang; the file is this process's own and readable at every moment. When nothing arrives the person
is told, and the device is opened again, or the system's choice, until sound comes: the answer goes
on in the same recording (see kept_stream).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from mock_interviewer.adapters.audio_files import RATE_HZ
from mock_interviewer.adapters.kept_stream import KeptStream
from mock_interviewer.adapters.sound_process import SoundProcess
from mock_interviewer.adapters.sound_stream import Block, Int16, SoundStream
from mock_interviewer.adapters.take import Recording, Take
from mock_interviewer.adapters.vad import VadStream
from mock_interviewer.core.sound_heard import (
    FIRST_BLOCK_S,
    SILENCE_DBFS,
    Fault,
    FaultKind,
    Gap,
    fault,
)
from mock_interviewer.core.voice_heard import VoiceHeard, hear, thinking_s
from mock_interviewer.errors import HomeFault

PREROLL_S = 1.0


class Microphone:
    """A microphone by name or part of it (None: the system's choice), open within a `with` block.

    on_fault is called from another thread, once for each fault as it comes.
    """

    def __init__(
        self, device: str | None = None, on_fault: Callable[[Fault], None] | None = None
    ) -> None:
        self._kept = KeptStream(device, self._take, self._tell, self._note_gap)
        self._on_fault, self._lock = on_fault, self._kept.lock
        self._ring: deque[tuple[float, Int16]] = deque()
        """Blocks of the last second, each with the time of its first sample."""
        self._ring_frames = 0
        self._recording: Recording | None = None

    def __enter__(self) -> Microphone:
        """Open the stream. Raises DeviceFault, UnknownName, BadModel (the voice detector)."""
        VadStream()  # loaded now, not while somebody speaks
        self._kept.open()
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
        self._kept.close()
        with self._lock:
            if self._recording is not None:
                self._recording.is_writable = False
                self._recording.writer.close()

    @property
    def name(self) -> str:
        """Of the device that is open."""
        return self._kept.stream.name

    @property
    def is_live(self) -> bool:
        """True from the first block on, until the microphone stops: the lamp."""
        return self._kept.is_live

    def wait_until_live(self, timeout_s: float = FIRST_BLOCK_S) -> bool:
        """Until sound arrives; False if none has after timeout_s."""
        self._kept.stream.first_block.wait(timeout_s)
        return self.is_live

    @property
    def level_dbfs(self) -> float:
        """The level of the last block."""
        return self._kept.stream.sound.level_dbfs if self.is_live else SILENCE_DBFS

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
            self._kept.expect(is_expected=True)
            faults = [
                found
                for started_at, samples in self._ring
                for found in self._count(recording, samples, started_at)
            ]
            if self.is_live and FaultKind.ZEROS in self._kept.stream.sound.present:
                faults.append(fault(FaultKind.ZEROS, 0.0))  # said once already, and overheard
            if self._kept.is_stopped:
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
        self._kept.change()

    def end(self) -> Take:
        """Finish the answer under way; also after a fault, and after `close`."""
        with self._lock:
            recording, self._recording = self._recording, None
            if recording is None:
                raise RuntimeError("no answer is being recorded")
            self._kept.expect(is_expected=False)
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
        return self._kept.stream.process

    def _take(self, stream: SoundStream, block: Block) -> None:
        with self._lock:
            if stream is not self._kept.stream:
                return  # another one has taken its place
            recording = self._recording
            is_speech = (
                recording is not None and not recording.is_paused and recording.voice.is_speaking
            )
            faults = stream.hear(block, self.recorded_s, is_speech=is_speech)
            if self._kept.has_just_stood_still:  # told already
                faults = [found for found in faults if found.kind is not FaultKind.GAPS]
            missing_s = stream.missing_s(block)
            if missing_s > 0:
                self._note_gap(missing_s)
            started_at = stream.started_at(block)
            if recording is not None:
                faults += self._count(recording, block.samples, started_at)
            self._remember(block.samples, started_at)
            if not stream.first_block.is_set():
                silent_s = self._kept.hear_first()
                if silent_s is not None:  # it had stopped
                    self._note_gap(silent_s)
                    faults.append(fault(FaultKind.RESUMED, self.recorded_s))
        self._say(faults)

    def _remember(self, samples: Int16, started_at: float) -> None:
        self._ring.append((started_at, samples))
        self._ring_frames += len(samples)
        while self._ring_frames - len(self._ring[0][1]) >= PREROLL_S * RATE_HZ:
            self._ring_frames -= len(self._ring.popleft()[1])

    def _note_gap(self, missing_s: float) -> None:
        with self._lock:
            if self._recording is not None:
                self._recording.gaps.append(Gap(self.recorded_s, round(missing_s, 3)))

    def _count(self, recording: Recording, samples: Int16, started_at: float) -> list[Fault]:
        try:
            recording.count(samples, started_at)
        except HomeFault:
            return [fault(FaultKind.DISK, self.recorded_s)]
        return []

    def _tell(self, kind: FaultKind, line: str | None) -> None:
        usual = fault(kind, self.recorded_s)
        self._say([usual if line is None else replace(usual, line=line)])

    def _say(self, faults: list[Fault]) -> None:
        for found in faults:
            with self._lock:
                if self._recording is not None:
                    self._recording.faults.append(found)
            if self._on_fault is not None:
                self._on_fault(found)
