"""A microphone's stream that is kept going, whatever happens to the microphone.

A thread reads the stream. A second one, the watch, sees when nothing arrives, says so, and opens
the device again, or the system's choice, until sound comes. `change` goes on with the next device
there is. The watch also notices when the whole program stood still, which is no fault of a device.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from mock_interviewer.adapters.sound_stream import Block, SoundStream
from mock_interviewer.adapters.standstill import Standstill
from mock_interviewer.core.sound_heard import (
    FIRST_BLOCK_S,
    NO_BLOCK_S,
    NOTHING_YET_S,
    STOOD_STILL_S,
    FaultKind,
)
from mock_interviewer.errors import InterviewError

REOPEN_S = 1.0
"""So long after the sound stopped, and between one try and the next."""
_WATCH_S = 0.1
_STALLED_S = 0.5
"""A watch that comes so late was held up itself: the whole machine slept."""
_AFTER_STANDSTILL_S = 5.0
_JOIN_S = 2.0


class KeptStream:
    """By a microphone's name or part of it (None: the system's choice).

    From other threads come take(stream, block) for what was heard, tell(kind, line) for what is
    wrong (line None: the usual one), and missing(seconds) for a sleep, in which nothing was heard.
    """

    def __init__(
        self,
        device: str | None,
        take: Callable[[SoundStream, Block], None],
        tell: Callable[[FaultKind, str | None], None],
        missing: Callable[[float], None],
    ) -> None:
        self._device, self._take, self._tell, self._missing = device, take, tell, missing
        self.lock = threading.RLock()
        """Held by whoever uses `stream` while another might take its place."""
        self.closing = threading.Event()
        self._stopped_at: float | None = None
        self._stood_still_at = -_AFTER_STANDSTILL_S
        self._expected_at: float | None = None
        self._is_silence_told = False
        self._opening: SoundStream | None = None
        self._threads: list[threading.Thread] = []

    def open(self) -> None:
        """Raises DeviceFault, UnknownName."""
        self.stream = SoundStream("record", self._device)
        self.stream.open()
        self._start(self._read, self.stream)
        self._start(self._watch)

    def close(self) -> None:
        """End it, and its threads."""
        self.closing.set()
        with self.lock:
            streams = [self.stream] + ([self._opening] if self._opening else [])
        for stream in streams:
            stream.end()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(_JOIN_S)

    @property
    def is_stopped(self) -> bool:
        """True from when the sound stops until it comes again."""
        return self._stopped_at is not None

    @property
    def is_live(self) -> bool:
        """True while sound comes."""
        is_heard = self.stream.first_block.is_set() and not self.is_stopped
        return is_heard and not self.closing.is_set()

    @property
    def has_just_stood_still(self) -> bool:
        """True for some seconds after it was told: sound that is missing then is no news."""
        return time.monotonic() - self._stood_still_at < _AFTER_STANDSTILL_S

    def expect(self, *, is_expected: bool) -> None:
        """An answer begins or is over: from now on somebody waits for sound, or nobody does."""
        self._expected_at = time.monotonic() if is_expected else None
        self._is_silence_told = False

    def hear_first(self) -> float | None:
        """The first block of a stream: how long there was no sound before it, None if not so."""
        self.stream.first_block.set()
        stopped_at, self._stopped_at = self._stopped_at, None
        return None if stopped_at is None else time.monotonic() - stopped_at

    def change(self) -> None:
        """Go on with the next microphone there is; returns at once."""
        self._start(self._go_on_with, "record-after", self.stream.name)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()

    def _read(self, stream: SoundStream) -> None:
        """The reader thread of one stream: blocks until its pipe ends."""
        for block in stream.blocks():
            self._take(stream, block)
        self._stop(stream)

    def _watch(self) -> None:
        """The watchdog thread: sees when nothing arrives, and tries again until something does."""
        standstill = Standstill()
        while not self.closing.wait(_WATCH_S):
            now, stream = time.monotonic(), self.stream
            still_s, asleep_s = standstill.look()
            if still_s > _STALLED_S:
                stream.last_block_at = now
            if still_s > STOOD_STILL_S:
                self._tell_of_standstill(asleep_s)
            if self._stopped_at is not None:
                is_waiting = not stream.is_ended and now - stream.opened_at < FIRST_BLOCK_S
                if now - self._stopped_at > REOPEN_S and not is_waiting:
                    self._reopen()
                    standstill.look()
                continue
            is_heard = stream.first_block.is_set()
            if now - stream.last_block_at > (NO_BLOCK_S if is_heard else FIRST_BLOCK_S):
                self._stop(stream)
            elif not is_heard and now - max(stream.opened_at, self._expected_at or 0.0) > (
                NOTHING_YET_S
            ):
                self._tell_of_silence()

    def _tell_of_silence(self) -> None:
        if self._expected_at is not None and not self._is_silence_told:
            self._is_silence_told = True
            self._tell(FaultKind.NO_SOUND, None)

    def _tell_of_standstill(self, asleep_s: float) -> None:
        """Sound that is missing by the steady clock shows by itself; that of a sleep does not."""
        if self._expected_at is None:
            return
        self._stood_still_at = time.monotonic()
        if asleep_s > _STALLED_S:
            self._missing(asleep_s)
        self._tell(FaultKind.STOOD_STILL, None)

    def _stop(self, stream: SoundStream) -> None:
        with self.lock:
            if self.is_stopped or self.closing.is_set() or stream is not self.stream:
                return
            self._stopped_at = time.monotonic()
            kind = FaultKind.STOPPED if stream.first_block.is_set() else FaultKind.NO_SOUND
            is_told = kind is FaultKind.NO_SOUND and self._is_silence_told
        stream.end()
        if not is_told:
            self._tell(kind, None)

    def _reopen(self) -> None:
        """One try for the device that was asked for, one for the system's choice."""
        for device in dict.fromkeys((self._device, None)):
            if not self.closing.is_set() and self._switched("record", device) is None:
                return
        self.closing.wait(REOPEN_S)

    def _go_on_with(self, task: str, device: str) -> None:
        error = self._switched(task, device)
        if error is not None and not self.closing.is_set():
            self._tell(FaultKind.NO_OTHER, str(error))

    def _switched(self, task: str, device: str | None) -> InterviewError | None:
        """Open a stream and let it take the place of the one there is; why not if it cannot."""
        stream = SoundStream(task, device)
        with self.lock:
            if self._opening is not None or self.closing.is_set():
                stream.end()
                return None
            self._opening = stream
        try:
            stream.open()
        except InterviewError as error:
            return error
        finally:
            with self.lock:
                self._opening = None
        with self.lock:
            before, self.stream = self.stream, stream
            if self._stopped_at is None:
                self._stopped_at = time.monotonic()  # until sound comes from the new one
            self._is_silence_told = False
        before.end()
        if self.closing.is_set():
            stream.end()
        self._start(self._read, stream)
        return None
