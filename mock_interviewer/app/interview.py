"""The interview's loop: carries out what the dialogue commands, and stores it as it happens.

What was said reaches the disk before anything is made of it: the recording is copied in, or the
typed words are written, before they are transcribed or judged. If writing down or speaking fails
the answer stays, and the person gets one plain line. An interview in which nothing was said leaves
nothing behind.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from mock_interviewer import __version__
from mock_interviewer.app.kept_outcomes import judgement_json, question_state
from mock_interviewer.app.typed_words import forget
from mock_interviewer.app.unanswered import remove_unanswered
from mock_interviewer.core import moves
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.dialogue import Dialogue, step
from mock_interviewer.core.judging import Judgement
from mock_interviewer.core.moves import Command, Event, Turn
from mock_interviewer.core.probing import ChosenProbe
from mock_interviewer.core.question import Question
from mock_interviewer.core.report import analysis_json, question_json
from mock_interviewer.core.rubric import RUBRIC_VERSION
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.errors import InterviewError, NoVoice
from mock_interviewer.ports import (
    Answers,
    Audio,
    Clock,
    InterviewView,
    RecordedAnswer,
    Speaker,
    Transcriber,
    TypedAnswer,
    WrittenAlong,
)

Regions = tuple[tuple[float, float], ...]


class SessionStore(Protocol):
    """One session on disk, as the loop needs it."""

    @property
    def path(self) -> Path:
        """The session's folder."""

    def file_of(self, turn: Turn, question: str, suffix: str) -> Path:
        """Where a turn's file belongs."""

    def write_state(self, state: dict[str, Any]) -> None:
        """Replace session.json, whole."""

    def log(self, turn: Turn, question: str, entry: dict[str, Any]) -> None:
        """Append one line to the turn's events."""


@dataclass(frozen=True)
class Desk:
    """What an interview is held with; every function may raise an InterviewError."""

    answers: Answers
    view: InterviewView
    clock: Clock
    transcriber: Transcriber
    speaker: Speaker | None
    """None where the questions are only shown."""
    read_audio: Callable[[Path], Audio]
    write_audio: Callable[[Path, Audio], None]
    speech_regions: Callable[[Audio], Regions]
    transcript_of_text: Callable[[str], Transcript]
    write_transcript: Callable[[Path, Transcript, Question], None]
    write_json: Callable[[Path, dict[str, Any]], None]
    find_hums: Callable[[Audio, Transcript], Regions]
    analyse: Callable[[Transcript, Question, Regions | None, Regions | None], Analysis]
    judge_reply: Callable[[Question, Transcript | None, ChosenProbe, Transcript], Judgement]
    language: str
    """The code of the one that is spoken."""


@dataclass
class Interview:
    """One interview under way."""

    dialogue: Dialogue
    desk: Desk
    session: SessionStore
    _heard: dict[Turn, Audio | TypedAnswer] = field(default_factory=dict)
    _along: dict[Turn, WrittenAlong] = field(default_factory=dict)
    _regions: dict[Turn, Regions] = field(default_factory=dict)
    _hums: dict[Turn, Regions] = field(default_factory=dict)
    _is_voice_told: bool = False

    def run(self) -> Dialogue:
        """Hold the interview to its end; the dialogue says what came of it."""
        try:
            return self._run()
        finally:
            remove_unanswered(self.session.path)

    def _run(self) -> Dialogue:
        self._store_state()
        pending: deque[Event] = deque([moves.Begin()])
        while pending:
            self.dialogue, commands = step(self.dialogue, pending.popleft())
            for command in commands:
                event = self._carry_out(command)
                if event is not None:
                    pending.append(event)
            self._store_state()
        return self.dialogue

    # ---- commands

    def _carry_out(self, command: Command) -> Event | None:
        view = self.desk.view
        match command:
            case moves.Ask():
                return self._ask(command.turn, command.text)
            case moves.Listen():
                return self._listen(command.turn)
            case moves.WriteDown():
                return self._write_down(command.turn)
            case moves.JudgeAnswer():
                return self._judge_answer(command.turn, command.transcript)
            case moves.JudgeReply():
                return self._judge_reply(command.turn, command.probe, command.transcript)
            case moves.ShowAnswer():
                view.show_answer(command.turn, command.analysis)
            case moves.ShowReply():
                view.show_reply(command.turn, command.outcome, rescored=command.rescored)
            case moves.ShowOutcome():
                view.show_outcome(command.question_index, command.outcome)
            case moves.Explain():
                view.explain(command.line)
            case moves.Close():
                view.show_end(command.outcomes, self.session.path, was_stopped=command.was_stopped)
            case moves.Pause() | moves.KeepAside():
                self._log(command.turn, type(command).__name__)
        return None

    def _ask(self, turn: Turn, text: str) -> Event:
        about: dict[str, str] = {}
        if turn.probe_index is not None:  # so that a reply can be judged another day
            probe = self.dialogue.probes[turn.probe_index]
            about = {"tests": probe.tests.value, "because": probe.because}
        self._log(turn, "Asked", text=text, **about)
        spoken: Path | None = None
        if self.desk.speaker is not None:
            # the opening question is spoken once; take numbers are for answers
            spoken = self._question_file(turn)
            try:
                self.desk.speaker.speak_to_file(text, spoken)
            except NoVoice as error:
                spoken = None
                if not self._is_voice_told:
                    self._is_voice_told = True
                    self.desk.view.explain(str(error))
        self.desk.view.show_question(turn, text, spoken)
        return moves.Asked()

    def _listen(self, turn: Turn) -> Event:
        recording = self._file(turn, ".wav")
        answer = self.desk.answers.listen(turn, self.dialogue.asked, recording)
        if isinstance(answer, RecordedAnswer):
            try:
                audio = self.desk.read_audio(answer.path)
            except InterviewError as error:
                return moves.NotWrittenDown(str(error))
            if answer.path != recording:
                self.desk.write_audio(recording, audio)
            self._heard[turn] = audio
            if answer.along is not None:
                self._along[turn] = answer.along
            self._log(turn, "Answered", recording=str(answer.path), duration_s=audio.duration_s)
            return moves.Answered()
        if isinstance(answer, TypedAnswer):
            self._store_transcript(turn, self.desk.transcript_of_text(answer.text))
            forget(recording)
            self._heard[turn] = answer
            self._log(turn, "Answered", typed_words=len(answer.text.split()))
            return moves.Answered()
        self._log(turn, type(answer).__name__)
        return answer

    def _write_down(self, turn: Turn) -> Event:
        heard = self._heard.pop(turn)
        if isinstance(heard, TypedAnswer):
            return moves.WrittenDown(self.desk.transcript_of_text(heard.text))
        along, progress = self._along.pop(turn, None), self.desk.view.show_progress(turn)
        try:
            self._regions[turn] = along.regions if along else self.desk.speech_regions(heard)
            if along is not None and along.finish is not None:
                transcript = along.finish(progress)
            else:
                transcript = self.desk.transcriber.transcribe(heard, progress)
        except InterviewError as error:
            return moves.NotWrittenDown(
                f"{error} The recording is kept: {self._file(turn, '.wav')}"
            )
        self._store_transcript(turn, transcript)
        if transcript.engine not in (None, self.desk.transcriber.name):
            self.desk.view.explain(
                f"{self.desk.transcriber.name} gave up on this answer; {transcript.engine} wrote "
                "it down instead. The recording is kept: replay it later, or correct the text."
            )
        if turn.is_opening:
            self._hums[turn] = self.desk.find_hums(heard, transcript)
        return moves.WrittenDown(transcript)

    def _judge_answer(self, turn: Turn, transcript: Transcript) -> Event:
        analysis = self.desk.analyse(
            transcript, self.dialogue.question, self._regions.get(turn), self._hums.get(turn)
        )
        source = f"{self.session.path.name}/{self._file(turn, '').parent.name}"
        self.desk.write_json(self._file(turn, ".analysis.json"), analysis_json(analysis, source))
        return moves.AnswerJudged(analysis)

    def _judge_reply(self, turn: Turn, probe: ChosenProbe, transcript: Transcript) -> Event:
        opening = self.dialogue.outcomes[-1].analysis
        story = opening.transcript if opening else None
        judgement = self.desk.judge_reply(self.dialogue.question, story, probe, transcript)
        stored = judgement_json(probe, transcript.text, judgement)
        self.desk.write_json(self._file(turn, ".judgement.json"), stored)
        return moves.ReplyJudged(judgement)

    # ---- storing

    def _name(self, turn: Turn) -> str:
        question = self.dialogue.questions[turn.question_index]
        return question.id or question.text

    def _file(self, turn: Turn, suffix: str) -> Path:
        return self.session.file_of(turn, self._name(turn), suffix)

    def _question_file(self, turn: Turn) -> Path:
        if turn.is_opening:
            return self._file(turn, "").with_name("question.wav")
        return self._file(dataclasses.replace(turn, take=1), ".question.wav")

    def _store_transcript(self, turn: Turn, transcript: Transcript) -> None:
        question = self.dialogue.questions[turn.question_index]
        self.desk.write_transcript(self._file(turn, ".json"), transcript, question)

    def _log(self, turn: Turn, event: str, **details: object) -> None:
        at = self.desk.clock.now_at().isoformat(timespec="milliseconds")
        self.session.log(turn, self._name(turn), {"at": at, "event": event, **details})

    def _store_state(self) -> None:
        dialogue = self.dialogue
        known = {**dialogue.done_before, **dict(enumerate(dialogue.outcomes))}
        questions = []
        for index, question in enumerate(dialogue.questions):
            told: dict[str, Any] = question_json(question) | {"state": "not_asked"}
            if index in known:
                is_under_way = index == dialogue.turn.question_index
                told = question_state(
                    known[index],
                    self._file(Turn(index), "").parent.name,
                    dialogue.phase.value if is_under_way else "over",
                )
            questions.append(told)
        self.session.write_state(
            {
                "mock_interviewer": __version__,
                "rubric_version": RUBRIC_VERSION,
                "engine": self.desk.transcriber.name,
                "language": self.desk.language,
                "probes_wanted": dialogue.probes_wanted,
                "state": dialogue.phase.value,
                "questions": questions,
            }
        )
