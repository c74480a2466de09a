"""The interview in the page: the loop of the terminal, with a browser for keys and screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mock_interviewer.app.interrupting import speak_up
from mock_interviewer.app.listening import AnswerUnderWay, Attention
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.moves import (
    Event,
    Outcome,
    ProbeOutcome,
    RepeatWanted,
    RetakeWanted,
    SkipWanted,
    StopWanted,
    Turn,
)
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Verdict
from mock_interviewer.core.wording import Wording
from mock_interviewer.errors import InterviewError
from mock_interviewer.ports import (
    Cues,
    Following,
    OpenMicrophone,
    PlaySound,
    Progress,
    RecordedAnswer,
    TypedAnswer,
)
from mock_interviewer.web.screen import TICK_S, Screen
from mock_interviewer.web.site import path_of
from mock_interviewer.wiring.filing import folder_name

WISHES: dict[str, type[RetakeWanted | SkipWanted | RepeatWanted | StopWanted]] = {
    "retake": RetakeWanted,
    "skip": SkipWanted,
    "ask": RepeatWanted,
    "stop": StopWanted,
}


class Room(Screen):
    """View of an interview, and where its answers come from."""

    def __init__(
        self,
        open_microphone: OpenMicrophone,
        play: PlaySound | None,
        after_question_s: float,
        attention: Attention,
        said: Wording,
        *,
        is_typed: bool,
        questions: Sequence[Question],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Play None shows the questions without a sound; is_typed leaves the microphone off."""
        super().__init__("interview", open_microphone)
        self._play, self._after_question_s, self._now = play, after_question_s, now
        self._session, self._said, self._is_typed = "", said, is_typed
        self._attention, self._questions = attention, questions
        self._following: Following | None = None
        self._tones: Cues | None = None
        self._interruption: Path | None = None
        self._asked_until_s: float | None = None
        self._is_mute_told = False
        self.show(
            is_typed=is_typed,
            questions=len(questions),
            session="",
            is_coached=attention.is_coached and not is_typed,
            is_auto=attention.rules.is_auto and not is_typed,
        )

    def keep_in(self, session: str) -> None:
        """Where the answers are kept."""
        self._session = session
        self.show(session=session)

    def prepare(
        self, following: Following, tones: Cues | None, interruption: Path | None = None
    ) -> None:
        """Who writes along, what sounds in a countdown, and the spoken interruption."""
        self._following, self._tones = following, tones
        self._interruption = interruption

    # ---- InterviewView

    def show_question(self, turn: Turn, text: str, spoken: Path | None) -> None:
        """Show the question and, where there is a voice, speak it."""
        self.show(
            phase="asking",
            question=turn.question_index + 1,
            probe=0 if turn.is_opening else (turn.probe_index or 0) + 1,
            asked=text,
            reply=None if turn.is_opening else self.shown["reply"],
        )
        if not self._is_typed:
            self.microphone()  # opening takes a second or more
        if spoken is not None and self._play is not None:
            try:
                self._hear_out(spoken, self._play)
            except InterviewError as error:
                if not self._is_mute_told:
                    self._is_mute_told = True
                    self.explain(f"The question is shown, not spoken: {error}")
        self._asked_until_s = self._now() + self._after_question_s

    def _hear_out(self, spoken: Path, play: PlaySound) -> None:
        """Until the question has been spoken, or the person has read it."""
        self.forget_wishes()
        with play(spoken) as playing:
            while not playing.wait(0):
                wished = self.next_wish(TICK_S)
                if wished is None:
                    continue
                playing.stop()
                playing.wait(1.0)
                return

    def show_progress(self, turn: Turn) -> Progress:
        """Something to call while the answer is written down."""
        self.show(phase="writing", progress=0.0)
        return lambda share: self.show(phase="writing", progress=round(share, 2))

    def show_answer(self, turn: Turn, analysis: Analysis) -> None:
        """What was made of the opening answer, in a line; the report has the rest."""
        line = analysis.next_change.text if analysis.next_change else ""
        if analysis.gate:
            line = self._said.gate(analysis.gate)
        self.show(
            reply={
                "verdict": analysis.verdict and analysis.verdict.value,
                "words": self._said.verdict_or_none(analysis.verdict),
                "line": line,
            }
        )

    def show_reply(self, turn: Turn, outcome: ProbeOutcome, *, rescored: bool) -> None:
        """What was made of a reply."""
        judgement = outcome.judgement
        if judgement is None:
            return
        line = f"Your reply was {judgement.quality.value}: {self._said.why(judgement.why)}."
        if rescored:
            line += " It rescores your opening answer to no hire."
        self.show(reply={"verdict": None, "words": "", "line": line})

    def show_outcome(self, question_index: int, outcome: Outcome) -> None:
        """The whole of one question, in the list of results."""
        name = outcome.question.id or outcome.question.text
        result = {
            "question": outcome.question.text,
            "verdict": outcome.verdict and outcome.verdict.value,
            "words": self._said.verdict_or_none(outcome.verdict),
            "link": self.link_of(question_index, name) if outcome.analysis else None,
            "fell": outcome.is_rescored and outcome.verdict_at_first is not Verdict.NO_HIRE,
        }
        self.show(results=[*self.shown["results"], result])

    def link_of(self, question_index: int, name: str) -> str:
        """Where the report of an answer is."""
        return path_of("answers", self._session, folder_name(question_index, name))

    def explain(self, line: str) -> None:
        """One plain line."""
        self.tell(" ".join(line.split()))

    def show_end(self, outcomes: Sequence[Outcome], folder: Path, *, was_stopped: bool) -> None:
        """The interview is over."""
        asked = "Stopped here" if was_stopped else "That was all"
        self.show(phase="over", asked=asked, question=0, folder=str(folder))

    # ---- Answers

    def listen(
        self, turn: Turn, asked: str, recording: Path
    ) -> RecordedAnswer | TypedAnswer | Event:
        """Record, or wait for typed words, until the person says what next."""
        if self.is_stopping:
            return StopWanted()
        if self._is_typed:
            return self._wait_for_words()
        answer = AnswerUnderWay(
            self.microphone(),
            self._attention,
            self._following,
            self._questions[turn.question_index].budgets,
            is_story=turn.is_opening,
        )
        taken = self.record(answer, recording, self._asked_until_s, self._tones, self._cut_in)
        self._asked_until_s = None
        if taken.wish != "retake":
            self.close_microphone()
        if taken.wish == "done":
            self.show(phase="writing", progress=0.0)
            return taken.answer
        if taken.wish == "typed":
            return TypedAnswer(" ".join(taken.text.split()))
        if taken.duration_s > 0:
            self.explain(f"What you said is kept: {recording}")
        return WISHES[taken.wish]()

    def _cut_in(self) -> None:
        """The interviewer interrupts: shown, and aloud where that is possible."""
        line = self._attention.language.sentence("live", "interrupt")
        self.show(phase="interrupted", interruption=line)
        speak_up(self._interruption, self._play)

    def _wait_for_words(self) -> TypedAnswer | Event:
        self.forget_wishes()
        self.show(phase="typing", lines=[])
        while True:
            wished = self.next_wish(3600.0)
            if wished is None:
                continue
            name, text = wished
            if name == "typed" and text.split():
                self.show(phase="writing", progress=0.0)
                return TypedAnswer(" ".join(text.split()))
            if name in WISHES and name != "retake":
                return WISHES[name]()
