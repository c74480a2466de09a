"""The interview at the desk: the question aloud, the microphone, a nearly empty screen, keys.

While the person speaks there is only the question, the time, the lamp and the level: live gauges
distract. Nothing ends the answer but the person's key. What is said is on disk while it is said;
Ctrl-C at any moment ends the recording properly and says where it lies.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from mock_interviewer.cli.interview_view import TerminalView
from mock_interviewer.cli.keys import ENTER, forget_keys, key_within, single_keys
from mock_interviewer.core.language import Language
from mock_interviewer.core.moves import (
    Event,
    RepeatWanted,
    RetakeWanted,
    SkipWanted,
    StopWanted,
    Turn,
)
from mock_interviewer.core.wording import clock
from mock_interviewer.errors import InterviewError
from mock_interviewer.ports import (
    Listening,
    OpenMicrophone,
    PlaySound,
    RecordedAnswer,
    SoundPlaying,
    TypedAnswer,
)

LEVEL_WIDTH = 24
QUIETEST_DBFS = -60.0
TICK_S = 0.1
WISHES: dict[str, type[RetakeWanted | SkipWanted | RepeatWanted | StopWanted]] = {
    "r": RetakeWanted,
    "s": SkipWanted,
    "a": RepeatWanted,
    "q": StopWanted,
}
HINT = "Enter done · p pause · r retake · a ask again · s skip · q stop"


class LiveTerminal(TerminalView):
    """Asks aloud and listens: the view of a live interview, and where its answers come from."""

    def __init__(
        self,
        console: Console,
        open_microphone: OpenMicrophone,
        play: PlaySound | None,
        after_question_s: float,
        language: Language,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Play None shows the questions without a sound.

        after_question_s: the room's echo of the question, which is not counted.
        """
        super().__init__(console, language)
        self._open_microphone, self._play, self._now = open_microphone, play, now
        self._after_question_s = after_question_s
        self._open = ExitStack()
        self._microphone: Listening | None = None
        self._asked_until_s: float | None = None
        self._faults: list[str] = []
        self._is_mute_told = False

    # ---- asking

    def show_question(self, turn: Turn, text: str, spoken: Path | None) -> None:
        super().show_question(turn, text, spoken)
        # opening takes a second or more, so the device is open before the question has ended
        self._make_ready()
        if spoken is not None and self._play is not None:
            try:
                with single_keys(), self._play(spoken) as playing:
                    self._hear_out(playing)
            except InterviewError as error:
                if not self._is_mute_told:
                    self._is_mute_told = True
                    self.explain(f"The question is shown, not spoken: {error}")
        self._asked_until_s = self._now() + self._after_question_s

    def _hear_out(self, playing: SoundPlaying) -> None:
        """Until the question has been spoken, or a key says that it has been read."""
        forget_keys()
        while not playing.wait(0):
            if key_within(TICK_S):
                playing.stop()
                playing.wait(1.0)
                return

    def _make_ready(self) -> None:
        if self._microphone is None:
            self._microphone = self._open.enter_context(
                self._open_microphone(lambda line: self._faults.append(line))
            )

    def close(self) -> None:
        """Switch the microphone off."""
        self._microphone = None
        self._open.close()
        self._open = ExitStack()

    # ---- listening

    def listen(
        self, turn: Turn, asked: str, recording: Path
    ) -> RecordedAnswer | TypedAnswer | Event:
        """Record until a key says what next. Raises DeviceFault where no sound comes at all."""
        self._make_ready()
        assert self._microphone is not None
        microphone = self._microphone
        self._faults.clear()
        microphone.begin(recording, self._asked_until_s)
        self._asked_until_s = None
        try:
            wish = self._watch(microphone)
        except KeyboardInterrupt:
            wish = StopWanted()
        take = microphone.end()
        if not isinstance(wish, RetakeWanted):
            self.close()
        if wish is None:
            return RecordedAnswer(recording)
        if take.duration_s > 0:
            self.explain(f"What you said is kept: {recording}")
        return wish

    def _watch(self, microphone: Listening) -> Event | None:
        """The screen while somebody speaks; None when they are done, else what they want."""
        is_paused = False
        forget_keys()
        with (
            single_keys(),
            Live(console=self._console, refresh_per_second=8, transient=True) as screen,
        ):
            while True:
                screen.update(self._screen(microphone, is_paused=is_paused))
                key = key_within(TICK_S)
                if key == ENTER:
                    return None
                if key == "p":
                    is_paused = not is_paused
                    (microphone.pause if is_paused else microphone.resume)()
                elif key in WISHES:
                    return WISHES[key]()

    def _screen(self, microphone: Listening, *, is_paused: bool) -> Group:
        if is_paused:
            lamp = Text("❚❚ paused     ", style="yellow")
        elif microphone.is_live:
            lamp = Text("●  listening  ", style="green")
        else:
            lamp = Text("○  opening    ", style="bright_black")
        lamp.append(f"{clock(microphone.recorded_s)}  ", style="bold")
        lamp.append(level_bar(microphone.level_dbfs))
        lines = [lamp, *(Text(line, style="yellow") for line in self._faults[-2:])]
        return Group(*lines, Text(HINT, style="bright_black"))


def level_bar(level_dbfs: float) -> str:
    """A level as a bar: empty at -60 dBFS, full at 0.

    >>> level_bar(-30.0).count("▮")
    12
    """
    share = min(1.0, max(0.0, 1 - level_dbfs / QUIETEST_DBFS))
    full = round(share * LEVEL_WIDTH)
    return "▮" * full + "▯" * (LEVEL_WIDTH - full)
