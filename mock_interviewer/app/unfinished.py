"""Answers that were given and never judged, because the program ended before it came to that.

Such an answer is a recording (or typed words, be it only the first lines) without a judgement
beside it, unless the person left it on purpose: retook it, skipped it, stopped, or said later that
it stays as it is. To finish one is what the interview would have done next: write it down, judge
it, and tell session.json. A stage that was told again is unfinished as long as no take has it in
it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_interviewer.app.interview import Desk, SessionStore
from mock_interviewer.app.kept_outcomes import judgement_json, question_state
from mock_interviewer.app.replay import EMPTY_WAV_BYTES
from mock_interviewer.app.resuming import probes_of
from mock_interviewer.app.typed_words import TYPED_SUFFIX, forget, lines_in, typed_beside
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.moves import Outcome, Turn
from mock_interviewer.core.probing import ChosenProbe
from mock_interviewer.core.question import Question
from mock_interviewer.core.report import analysis_json
from mock_interviewer.core.rubric import Stage, Tests
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.errors import BadInput
from mock_interviewer.ports import Progress

LEFT_ON_PURPOSE = frozenset({"KeepAside", "KeptUnjudged"})
_RETOLD = re.compile(r"take(?P<take>\d+)-(?P<stage>[a-z]+)(-\d+)?\.wav")
_STEM = re.compile(
    r"(?P<stem>take(?P<take>\d+)|probe(?P<probe>\d+)(-take(?P<again>\d+))?)"
    r"\.(wav|json|typed\.txt)"
)
State = Mapping[str, Any]


@dataclass(frozen=True)
class UnfinishedAnswer:
    """One answer without a judgement."""

    stem: Path
    """Its files' path without suffix."""
    turn: Turn
    """Of a stage told again: the take that it is to become part of."""
    asked: str
    stage: Stage | None = None
    """What was told again; None for a whole answer or a reply."""
    of_take: int | None = None
    """The take whose stage it was, where that is known."""

    @property
    def recording(self) -> Path | None:
        """None where it was typed."""
        path = self.wav
        return path if path.is_file() and not _is_empty(path) else None

    @property
    def typed_lines(self) -> list[str]:
        """What was typed and is no transcript yet."""
        return lines_in(typed_beside(self.wav))

    @property
    def wav(self) -> Path:
        """Where its recording would be."""
        return self.stem.with_name(self.stem.name + ".wav")

    @property
    def what(self) -> str:
        """What it is, in words."""
        if self.stage is not None:
            return f"{self.stage}, told again,"
        return "answer" if self.turn.is_opening else "reply"

    @property
    def session(self) -> Path:
        return self.stem.parent.parent

    @property
    def name(self) -> str:
        """Its place in the sessions: '2026-11-23T163005-7f3a/q1-missed-deadline/take1'."""
        return "/".join(self.stem.parts[-3:])


def unfinished_in(session: Path, state: State) -> list[UnfinishedAnswer]:
    """Every answer of a session that waits for its judgement, in the order of asking."""
    found = []
    for index, told in enumerate(state["questions"]):
        for folder in sorted(session.glob(f"q{index + 1}-*")):
            turns = _answers_in(folder, index)
            done = [turn for name, turn in turns.items() if _is_done(folder / name, turn)]
            for name, turn in sorted(turns.items(), key=_order):
                stem = folder / name
                if not any(_replaces(later, turn) for later in done) and not _was_left(stem):
                    asked = _events(stem).asked or str(told.get("text") or "")
                    found.append(UnfinishedAnswer(stem, turn, asked))
            found += _retold_in(folder, index, turns.values(), done)
    return found


def _retold_in(
    folder: Path, index: int, turns: Collection[Turn], done: Collection[Turn]
) -> list[UnfinishedAnswer]:
    """Stages that were told again and are in no take yet."""
    found = []
    for path in sorted(folder.glob("take*-*.wav")):
        named = _RETOLD.fullmatch(path.name)
        if named is None or named["stage"] not in set(Stage):
            continue
        turn, stem = Turn(index, take=int(named["take"])), path.with_suffix("")
        is_in = turn in turns or any(_replaces(later, turn) for later in done)
        if is_in or _is_empty(path) or _was_left(stem):
            continue
        events, stage = _events(stem), Stage(named["stage"])
        asked = events.asked or f"Tell the {stage} again"
        found.append(UnfinishedAnswer(stem, turn, asked, stage, events.of_take))
    return found


def _replaces(later: Turn, turn: Turn) -> bool:
    """True if a judged take stands for this one too: it is this one, or came after it."""
    return later.probe_index == turn.probe_index and later.take >= turn.take


def _order(answer: tuple[str, Turn]) -> tuple[int, int]:
    turn = answer[1]
    return (-1 if turn.probe_index is None else turn.probe_index), turn.take


def _answers_in(folder: Path, index: int) -> dict[str, Turn]:
    """The turns of which something is there, by the stems of their files."""
    turns = {}
    for path in folder.iterdir():
        named = _STEM.fullmatch(path.name)
        if named is None or _is_empty(path):
            continue
        if named["probe"]:
            turn = Turn(index, int(named["probe"]) - 1, int(named["again"] or 1))
        else:
            turn = Turn(index, take=int(named["take"]))
        turns[named["stem"]] = turn
    return turns


def _is_empty(path: Path) -> bool:
    """True where nothing was said into a recording, or nothing typed yet."""
    if path.name.endswith(TYPED_SUFFIX):
        return not lines_in(path)
    return path.suffix == ".wav" and path.stat().st_size <= EMPTY_WAV_BYTES


def _is_done(stem: Path, turn: Turn) -> bool:
    suffix = ".analysis.json" if turn.is_opening else ".judgement.json"
    return stem.with_name(stem.name + suffix).is_file()


@dataclass(frozen=True)
class _Events:
    """What the events of a turn say."""

    names: frozenset[str] = frozenset()
    asked: str | None = None
    tests: str | None = None
    because: str | None = None
    of_take: int | None = None


def _events(stem: Path) -> _Events:
    """Of a turn; what was asked stands with its first take. A line that was cut off is left out."""
    names: set[str] = set()
    asked: State = {}
    first = stem.with_name(re.sub(r"^(probe\d+)-take\d+$", r"\1", stem.name))
    for path in dict.fromkeys((first, stem)):
        for entry in _lines(path.with_name(path.name + ".events.jsonl")):
            if entry.get("event") == "Asked":
                asked = entry
                names.clear()  # who had left it went on with it
            elif path == stem:
                names.add(str(entry.get("event")))
    take = asked.get("of_take")
    return _Events(
        frozenset(names),
        asked.get("text"),
        asked.get("tests"),
        asked.get("because"),
        take if isinstance(take, int) else None,
    )


def _lines(path: Path) -> list[State]:
    found: list[State] = []
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found


def _was_left(stem: Path) -> bool:
    return bool(_events(stem).names & LEFT_ON_PURPOSE)


@dataclass(frozen=True)
class Finisher:
    """What finishing needs besides an interview's desk; answers and view are not asked."""

    desk: Desk
    read_state: Callable[[Path], dict[str, Any]]
    session_at: Callable[[Path], SessionStore]
    question_of: Callable[[State], Question]
    analysis_of: Callable[[Path], Analysis]
    """Of a judged answer, by its folder."""
    read_transcript: Callable[[Path], Transcript]

    def finish(self, answer: UnfinishedAnswer, progress: Progress | None = None) -> Outcome:
        """Write it down and judge it; what the question came to. Raises InterviewError."""
        state = self.read_state(answer.session)
        told = state["questions"][answer.turn.question_index]
        question = self.question_of(told)
        transcript, regions = self._written(answer, question, progress)
        folder = answer.stem.parent
        if answer.turn.is_opening:
            analysis = self.desk.analyse(transcript, question, regions, None)
            source = f"{answer.session.name}/{folder.name}"
            self._write(answer, ".analysis.json", analysis_json(analysis, source))
        else:
            analysis = self.analysis_of(folder)
            probe = self._probe(answer, analysis)
            judgement = self.desk.judge_reply(question, analysis.transcript, probe, transcript)
            told_reply = judgement_json(probe, transcript.text, judgement)
            self._write(answer, ".judgement.json", told_reply)
        outcome = Outcome(question, analysis, probes_of(folder))
        state["questions"][answer.turn.question_index] = question_state(
            outcome, folder.name, "over"
        )
        self.session_at(answer.session).write_state(state)
        return outcome

    def _written(
        self, answer: UnfinishedAnswer, question: Question, progress: Progress | None
    ) -> tuple[Transcript, tuple[tuple[float, float], ...] | None]:
        """Its words and, of a recording, where somebody spoke."""
        written = answer.stem.with_name(answer.stem.name + ".json")
        audio = self.desk.read_audio(answer.recording) if answer.recording else None
        regions = self.desk.speech_regions(audio) if audio is not None else None
        if written.is_file():
            return self.read_transcript(written), regions
        if audio is not None:
            transcript = self.desk.transcriber.transcribe(audio, progress)
        elif typed := answer.typed_lines:
            transcript = self.desk.transcript_of_text(" ".join(typed))
        else:
            raise BadInput(f"{answer.stem}: there is neither a recording nor a text of it.")
        self.desk.write_transcript(written, transcript, question)
        if audio is None:
            forget(answer.wav)
        return transcript, regions

    def _probe(self, answer: UnfinishedAnswer, analysis: Analysis) -> ChosenProbe:
        """The probe that was answered, by its words. Raises BadInput where nobody knows it."""
        for probe in analysis.probes:
            if probe.text == answer.asked:
                return probe
        told = _events(answer.stem)
        if told.asked is None or told.tests not in set(Tests):
            raise BadInput(f"{answer.stem}: it is not known what was asked; the reply is kept.")
        return ChosenProbe(told.asked, Tests(told.tests), told.because or "")

    def _write(self, answer: UnfinishedAnswer, suffix: str, value: dict[str, Any]) -> None:
        self.desk.write_json(answer.stem.with_name(answer.stem.name + suffix), value)


def keep(answer: UnfinishedAnswer, session: SessionStore, question: str, at: str) -> None:
    """Leave it as it is, for good. Raises HomeFault."""
    session.log(answer.turn, question, {"at": at, "event": "KeptUnjudged"})


def all_unfinished(
    sessions: Sequence[Path], read_state: Callable[[Path], State]
) -> list[UnfinishedAnswer]:
    """Those of all these sessions; a session that cannot be read has none."""
    found = []
    for session in sessions:
        try:
            found += unfinished_in(session, read_state(session))
        except (BadInput, OSError):
            continue
    return found
