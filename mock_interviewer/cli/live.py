"""The interview at the desk: the question aloud, the microphone, a nearly empty screen, keys.

The answer ends with the person's key, with 'that's my answer', or, if that was asked for, after a
silence that the words bear out; the last two count down first, and a voice or a key goes on with
the same recording. What is said is on disk while it is said; Ctrl-C at any moment ends the
recording properly and says where it lies.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.text import Text

from mock_interviewer.app.interrupting import speak_up
from mock_interviewer.app.listening import AnswerUnderWay, Attention
from mock_interviewer.cli.interview_view import TerminalView
from mock_interviewer.cli.keys import ENTER, forget_keys, key_within, single_keys
from mock_interviewer.cli.live_view import screen
from mock_interviewer.core.endpointing import EndPhase
from mock_interviewer.core.live import LiveState, tone_of
from mock_interviewer.core.moves import (
    Event,
    RepeatWanted,
    RetakeWanted,
    SkipWanted,
    StopWanted,
    Turn,
)
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import BUDGETS, Budget, Stage
from mock_interviewer.errors import InterviewError
from mock_interviewer.ports import (
    Cues,
    Following,
    Listening,
    OpenMicrophone,
    PlaySound,
    RecordedAnswer,
    SoundPlaying,
    TypedAnswer,
)

TICK_S = 0.03
WISHES: dict[str, type[RetakeWanted | SkipWanted | RepeatWanted | StopWanted]] = {
    "r": RetakeWanted,
    "s": SkipWanted,
    "a": RepeatWanted,
    "q": StopWanted,
}


class LiveTerminal(TerminalView):
    """Asks aloud and listens: the view of a live interview, and where its answers come from."""

    def __init__(
        self,
        console: Console,
        open_microphone: OpenMicrophone,
        play: PlaySound | None,
        after_question_s: float,
        attention: Attention,
        tones: Cues | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Play None shows the questions without a sound.

        after_question_s: the room's echo of the question, which is not counted.
        """
        super().__init__(console, attention.language)
        self._attention, self._tones = attention, tones
        self._following: Following | None = None
        self._questions: Sequence[Question] = ()
        self._interruption: Path | None = None
        self._open_microphone, self._play, self._now = open_microphone, play, now
        self._after_question_s = after_question_s
        self._open = ExitStack()
        self._microphone: Listening | None = None
        self._asked_until_s: float | None = None
        self._faults: list[str] = []
        self._is_mute_told = False

    @property
    def interrupts(self) -> bool:
        """True if the interviewer may cut in."""
        return self._attention.interrupts

    def prepare(
        self,
        questions: Sequence[Question],
        following: Following | None,
        interruption: Path | None = None,
    ) -> None:
        """What is going to be asked, who writes along, and the spoken interruption."""
        self._questions, self._following = questions, following
        self._interruption = interruption

    def _budgets_of(self, turn: Turn) -> Mapping[Stage, Budget]:
        if turn.question_index < len(self._questions):
            return self._questions[turn.question_index].budgets
        return BUDGETS

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
        """Record until a key, the words or a silence end it. Raises DeviceFault without sound."""
        self._make_ready()
        assert self._microphone is not None
        answer = AnswerUnderWay(
            self._microphone,
            self._attention,
            self._following,
            self._budgets_of(turn),
            is_story=turn.is_opening,
        )
        self._faults.clear()
        answer.begin(recording, self._asked_until_s)
        self._asked_until_s = None
        wish: Event | None
        try:
            wish = self._watch(answer)
        except KeyboardInterrupt:
            wish = StopWanted()
        recorded, duration_s = answer.end(recording)
        if not isinstance(wish, RetakeWanted):
            self.close()
        if wish is None:
            return recorded
        if duration_s > 0:
            self.explain(f"What you said is kept: {recording}")
        return wish

    def _watch(self, answer: AnswerUnderWay) -> Event | None:
        """The screen while somebody speaks; None when they are done, else what they want."""
        forget_keys()
        with (
            single_keys(),
            Live(console=self._console, refresh_per_second=8, transient=True) as shown,
        ):
            ticks = 0
            while True:
                state = answer.look()
                ticks = self._sound(state, ticks)
                shown.update(screen(state, self._faults, self._said))
                if state.phase is EndPhase.OVER:
                    return None
                if state.is_interrupting:
                    self._cut_in(answer)
                key = key_within(TICK_S)
                if key == ENTER:
                    return None
                if key == "p":
                    answer.pause()
                elif key == "u":
                    answer.take_back()
                elif key == "m":
                    answer.change_microphone()
                elif key in WISHES:
                    return WISHES[key]()

    def _sound(self, state: LiveState, ticks: int) -> int:
        """The countdown aloud."""
        name, ticks = tone_of(state, ticks)
        if name is not None and self._tones is not None:
            self._tones.play(name)
        return ticks

    def _cut_in(self, answer: AnswerUnderWay) -> None:
        """The interviewer interrupts, aloud where that is possible; it is not recorded."""
        answer.pause()
        line = self._attention.language.sentence("live", "interrupt")
        self._console.print(Text("Interviewer: ", style="bright_black").append(line, style="bold"))
        speak_up(self._interruption, self._play)
        answer.pause()
