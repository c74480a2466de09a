"""Keeping pace: an answer is written down by a child process while it is recorded.

    voice heard so far -> pieces (core.pieces) -> follow_child -> words that stand

At the end of the answer only the tail is left. The child may be slow, hang or die: pieces get
longer when it cannot keep pace; when the text falls FAR_BEHIND_S behind, this says so and goes on
in the background, while timers and recording are not touched by any of it. A child that dies or
goes past its deadline is ended and what it owes is asked of a second one, from the recording; if
that fails too the error says so, and the recording is still there.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from mock_interviewer.core.pieces import Piece, Rhythm, next_piece, rest_of
from mock_interviewer.core.speech_regions import Regions
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.voice_heard import VoiceHeard
from mock_interviewer.errors import BadModel
from mock_interviewer.ports import Progress

CHILD = (sys.executable, "-m", "mock_interviewer.adapters.follow_child")
FAR_BEHIND_S = 30.0
"""Text that is so far behind the speaker is of no use on a screen."""
SLOW_SHARE = 0.6
"""A piece that takes more than this share of its length to write down is too short to pay."""
LONGEST_TAIL_S = 14.0
LOAD_DEADLINE_S = 60.0
_DEADLINE_S, _DEADLINE_TIMES = 20.0, 4.0
"""A piece may take the first, plus so many times its length."""
_TICK_S = 0.02
MOST_RESTARTS = 1
"""An answer."""
BROKE_DOWN = "The recogniser broke down; the text comes after the answer."
TOO_SLOW = (
    "This computer is too slow to write along while you speak; the text comes after the answer."
)


class Follower:
    """Fulfils ports.Following for any number of answers, one after the other.

    order: which recogniser, as follow_child reads it; name: what is stored as `engine`; meanwhile:
    called once with the words so far while the tail of an answer is being written down.
    """

    def __init__(
        self,
        order: Mapping[str, Any],
        name: str,
        child: Sequence[str] = CHILD,
        *,
        meanwhile: Callable[[tuple[Word, ...]], object] | None = None,
    ) -> None:
        self.name = name
        self._meanwhile = meanwhile
        self._order, self._command = dict(order), list(child)
        self._path = Path()
        self._rhythm = Rhythm()
        self._next_id = 0
        self._reset()
        self._start()

    def _reset(self) -> None:
        self._words: tuple[Word, ...] = ()
        self._restarts = 0
        self._cut_s = self._until_s = 0.0
        self._owed: dict[int, Piece] = {}
        self._fault: str | None = None

    def _start(self) -> None:
        self._is_ready = self._is_dead = False
        self._why_dead: str | None = None
        self._told: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._asked_at = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal does not reach it
        )
        assert self._process.stdout is not None
        threading.Thread(target=_read, args=(self._process.stdout, self._told), daemon=True).start()
        self._send(self._order)

    # ---- ports.Following

    @property
    def words(self) -> tuple[Word, ...]:
        return self._words

    @property
    def until_s(self) -> float:
        return self._until_s

    @property
    def fault(self) -> str | None:
        return self._fault

    @property
    def pid(self) -> int:
        """Of the child."""
        return self._process.pid

    def begin(self, recording: Path) -> None:
        """Follow this file from its start; what was followed before is dropped."""
        self._reset()
        self._path = recording

    def hear(self, voice: VoiceHeard) -> None:
        """Take in what is written, hand over what is ready to be; never waits."""
        self._collect()
        if (self._is_dead or self._is_late()) and not self._restart():
            self._fault = self._fault or BROKE_DOWN
            return
        # one at a time: what waits when the answer ends is then written down with the tail
        if not self._owed and (piece := next_piece(voice, self._cut_s, self._rhythm)):
            self._hand_over(piece)
        since_s = voice.heard_s if voice.onset_s is None else voice.onset_s
        behind_s = voice.heard_s - voice.silence_s - max(self._until_s, since_s)
        if self._fault is None and behind_s > FAR_BEHIND_S:
            self._fault = TOO_SLOW

    def finish(self, regions: Regions, duration_s: float, progress: Progress | None) -> Transcript:
        """The text of the whole recording; waits for what is left. Raises BadModel."""
        for piece in rest_of(regions, self._cut_s, duration_s, LONGEST_TAIL_S):
            self._hand_over(piece)
        begun = len(self._owed)
        if begun and self._words and self._meanwhile is not None:
            self._meanwhile(self._words)
        while self._owed:
            self._collect(_TICK_S)
            if progress and begun:
                progress(1 - len(self._owed) / (begun + 1))
            is_stuck = self._is_dead or self._is_late()
            if self._owed and is_stuck and not self._restart():
                raise BadModel(
                    self._why_dead or "The recogniser stopped before the answer was written."
                )
        if progress:
            progress(1.0)
        language = self._order.get("language", "en")
        return Transcript(self._words, duration_s, self.name, language)

    def close(self) -> None:
        """End the child."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2.0)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError, AttributeError):
                pipe.close()  # type: ignore[union-attr]

    # ---- the child

    def _hand_over(self, piece: Piece) -> None:
        if not self._owed:
            self._asked_at = time.monotonic()
        self._owed[self._next_id] = piece
        self._ask(self._next_id, piece)
        self._next_id += 1
        self._cut_s = piece.regions[-1][1] if piece.regions else piece.end_s

    def _ask(self, number: int, piece: Piece) -> None:
        self._send(
            {
                "id": number,
                "path": str(self._path),
                "start_s": piece.start_s,
                "end_s": piece.end_s,
                "regions": piece.regions,
            }
        )

    def _send(self, what: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError):
            self._is_dead = True

    def _collect(self, wait_s: float = 0.0) -> None:
        """Take in what the child has told; waits for at most one line."""
        while True:
            try:
                told = self._told.get(timeout=wait_s) if wait_s else self._told.get_nowait()
            except queue.Empty:
                return
            wait_s = 0.0
            if told is None or "fault" in told:
                self._is_dead = True
                self._why_dead = told["fault"] if told else self._why_dead
            elif "ready" in told:
                self._is_ready = True
                self._asked_at = time.monotonic()
            elif (piece := self._owed.pop(told["id"], None)) is not None:
                self._take(piece, told)

    def _take(self, piece: Piece, told: Mapping[str, Any]) -> None:
        self._asked_at = time.monotonic()
        latest_s = self._words[-1].start_s or 0.0 if self._words else 0.0
        self._words += tuple(
            Word(text, max(start_s, latest_s), max(end_s, latest_s), probability)
            for text, start_s, end_s, probability in told["words"]
        )
        self._until_s = piece.end_s
        if told["spent_s"] > SLOW_SHARE * (piece.end_s - piece.start_s):
            is_short = piece.end_s - piece.start_s < self._rhythm.shortest_s
            self._rhythm = self._rhythm if is_short else self._rhythm.slower()

    def _is_late(self) -> bool:
        if not self._owed:
            return False
        longest_s = max(piece.end_s - piece.start_s for piece in self._owed.values())
        deadline_s = _DEADLINE_S + _DEADLINE_TIMES * longest_s
        if not self._is_ready:
            deadline_s += LOAD_DEADLINE_S
        return time.monotonic() - self._asked_at > deadline_s

    def _restart(self) -> bool:
        """A fresh child for what the last one owes; False if that has been tried enough."""
        if self._restarts == MOST_RESTARTS:
            return False
        self._restarts += 1
        why = self._why_dead
        self.close()
        self._start()
        self._why_dead = why
        for number, piece in self._owed.items():
            self._ask(number, piece)
        return True


def _read(pipe: IO[bytes], told: queue.Queue[dict[str, Any] | None]) -> None:
    """The reader thread: one object a line, None at the end."""
    with contextlib.suppress(OSError, ValueError):
        for line in pipe:
            told.put(json.loads(line))
    told.put(None)
