"""What a browser shows of something that goes on here: a recording, an interview, a job.

A thread of its own does the work and says how things stand; the browser looks on through a stream
of events and sends wishes. One thing goes on at a time, because there is one microphone.
"""

from __future__ import annotations

import asyncio
import json
import queue
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse

from mock_interviewer.app.listening import AnswerUnderWay
from mock_interviewer.core.endpointing import EndPhase
from mock_interviewer.core.live import LiveState, StageNow, tone_of
from mock_interviewer.errors import InterviewError
from mock_interviewer.ports import Cues, Listening, OpenMicrophone, RecordedAnswer

TICK_S = 0.1
QUIETEST_DBFS = -60.0
Wish = str
ENDINGS = frozenset({"done", "retake", "ask", "skip", "stop", "typed"})
"""What ends a recording; 'typed' comes with the words."""
OVER = frozenset({"over", "failed"})


@dataclass(frozen=True)
class Taken:
    """What was recorded, and what the person wants with it."""

    wish: Wish
    """One of ENDINGS; an answer that ended by itself is 'done'."""
    text: str
    """The words of 'typed'."""
    answer: RecordedAnswer
    duration_s: float


class Screen:
    """How things stand, and what the person wants next."""

    def __init__(self, kind: str, open_microphone: OpenMicrophone) -> None:
        self.kind = kind
        self._open_microphone = open_microphone
        self._shown: dict[str, Any] = {
            "kind": kind,
            "phase": "opening",
            "lines": [],
            "asked": "",
            "back": "/interview",
            "by_typing": "/interview?how=typed",
            "results": [],
            "reply": None,
            "question": 0,
            "questions": 0,
            "probe": 0,
            "is_coached": False,
            "is_auto": False,
            "interruption": None,
        }
        self._lock = threading.Lock()
        self._wishes: queue.Queue[tuple[Wish, str]] = queue.Queue()
        self.is_stopping = False
        """The person wants no more of it, whatever it is just doing."""
        self._open = ExitStack()
        self._microphone: Listening | None = None
        self._thread: threading.Thread | None = None

    # ---- what the browser sees and wants

    def show(self, **changes: Any) -> None:
        """Say how things stand."""
        with self._lock:
            self._shown = self._shown | changes

    @property
    def shown(self) -> dict[str, Any]:
        """How things stand; a copy."""
        with self._lock:
            return dict(self._shown)

    @property
    def is_over(self) -> bool:
        return self.shown["phase"] in OVER

    def tell(self, line: str) -> None:
        """One plain line more; the last three that differ are shown."""
        with self._lock:
            lines = [*(other for other in self._shown["lines"] if other != line), line]
            self._shown = self._shown | {"lines": lines[-3:]}

    def wish(self, name: Wish, text: str = "") -> None:
        """The person wants something."""
        if name == "stop":
            self.is_stopping = True
        self._wishes.put((name, text))

    def next_wish(self, timeout_s: float) -> tuple[Wish, str] | None:
        """What the person wants, None if nothing within the time."""
        try:
            return self._wishes.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def forget_wishes(self) -> None:
        """What was pressed before does not count for what comes now; only a stop always does."""
        with suppress(queue.Empty):
            while True:
                self._wishes.get_nowait()
        if self.is_stopping:
            self._wishes.put(("stop", ""))

    # ---- work

    def start(self, work: Callable[[], None]) -> None:
        """Do the work in a thread of its own; what goes wrong is shown."""

        def run() -> None:
            try:
                work()
            except InterviewError as error:
                self.show(phase="failed", fault=" ".join(str(error).split()))
            except Exception as error:
                what = f"Something went wrong inside the program ({type(error).__name__})."
                self.show(phase="failed", fault=f"{what} What was recorded is kept.")
            finally:
                self.close_microphone()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End what goes on; a recording is closed properly."""
        self.wish("stop")
        if self._thread is not None:
            self._thread.join(timeout_s)

    # ---- the microphone

    def microphone(self) -> Listening:
        """The open microphone. Raises DeviceFault."""
        if self._microphone is None:
            self._microphone = self._open.enter_context(self._open_microphone(self.tell))
        return self._microphone

    def close_microphone(self) -> None:
        """Switch the microphone off."""
        self._microphone = None
        self._open.close()
        self._open = ExitStack()

    def record(
        self,
        answer: AnswerUnderWay,
        path: Path,
        not_before: float | None = None,
        tones: Cues | None = None,
        cut_in: Callable[[], None] | None = None,
    ) -> Taken:
        """Record an answer until it ends or the person wants something else.

        cut_in: called, while the recording is held, when the interviewer interrupts.
        """
        self.forget_wishes()
        self.show(lines=[], interruption=None)
        answer.begin(path, not_before)
        try:
            wish, text = self._watch(answer, tones, cut_in)
        finally:
            recorded, duration_s = answer.end(path)
        return Taken(wish, text, recorded, duration_s)

    def _watch(
        self, answer: AnswerUnderWay, tones: Cues | None, cut_in: Callable[[], None] | None
    ) -> tuple[Wish, str]:
        """Show how the answer stands; the wish that ends it, and its text."""
        ticked, text_fault = 0, None
        while True:
            state = answer.look()
            self.show(**live_values(state))
            tone, ticked = tone_of(state, ticked)
            if tone is not None and tones is not None:
                tones.play(tone)
            if state.text_fault and state.text_fault != text_fault:
                text_fault = state.text_fault
                self.tell(text_fault)
            if state.phase is EndPhase.OVER:
                return "done", ""
            if state.is_interrupting and cut_in is not None:
                answer.pause()
                cut_in()
                answer.pause()
            match self.next_wish(TICK_S):
                case ("pause", _):
                    answer.pause()
                case ("undo", _):
                    answer.take_back()
                case ("microphone", _):
                    answer.change_microphone()
                case (name, text) if name in ENDINGS and (name != "typed" or text.split()):
                    return name, text


def live_values(state: LiveState) -> dict[str, Any]:
    """An answer under way as plain values for the page."""
    return {
        "phase": "paused" if state.is_paused else "listening",
        "is_live": state.is_live,
        "recorded_s": round(state.recorded_s, 1),
        "level": round(level_share(state.level_dbfs), 2),
        "ending": state.phase.value,
        "countdown": state.countdown,
        "stage": None if state.stage is None else stage_values(state.stage),
    }


def stage_values(now: StageNow) -> dict[str, Any]:
    """The stage ruler: whole seconds, and shares of its limit."""
    budget = now.budget
    return {
        "name": now.stage.value,
        "told_s": round(now.told_s),
        "target_s": round(budget.target_s),
        "age_s": round(now.age_s),
        "share": round(min(1.0, now.told_s / budget.limit_s), 3),
        "target_share": round(budget.target_s / budget.limit_s, 3),
        "status": now.status and now.status.value,
        "cue": now.cue,
    }


def level_share(level_dbfs: float) -> float:
    """How far a level meter is filled: empty at -60 dBFS, full at 0.

    >>> level_share(-30.0)
    0.5
    """
    return min(1.0, max(0.0, 1 - level_dbfs / QUIETEST_DBFS))


def events(request: Request, screen: Screen) -> StreamingResponse:
    """How things stand, sent whenever it changes, until it is over or nobody looks on."""

    async def stream() -> AsyncIterator[str]:
        last, sent_at = "", time.monotonic()
        while not await request.is_disconnected():
            shown = json.dumps(screen.shown)
            if shown != last:
                last, sent_at = shown, time.monotonic()
                yield f"data: {shown}\n\n"
                if screen.is_over:
                    return
            elif time.monotonic() - sent_at > 10:  # so that a browser that is gone is noticed
                sent_at = time.monotonic()
                yield ": still here\n\n"
            await asyncio.sleep(TICK_S)

    return StreamingResponse(stream(), media_type="text/event-stream")
