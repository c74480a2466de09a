from __future__ import annotations

import errno
import json
import os
import sys
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from answers import labelled, whisper_json
from rich.console import Console

from mock_interviewer import wiring
from mock_interviewer.adapters.session_folders import SessionFolder, SessionFolders
from mock_interviewer.app.interview import Interview
from mock_interviewer.app.resuming import ResumedAnswers, waits_to_be_heard
from mock_interviewer.app.unanswered import holds_an_answer
from mock_interviewer.cli.typed_answers import TypedAnswers
from mock_interviewer.core.dialogue import Dialogue, Phase
from mock_interviewer.core.moves import SkipWanted, StopWanted, Turn
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Quality, Verdict
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.errors import BadInput, BadModel, HomeFault, NoVoice
from mock_interviewer.ports import RecordedAnswer, TypedAnswer
from mock_interviewer.settings import Home
from mock_interviewer.wiring import judging
from mock_interviewer.wiring.typed import keep_lines

AT = datetime(2026, 11, 23, 16, 30, 5, tzinfo=UTC)
QUESTION = Question("Tell me about a time you fixed something unasked.", id="fixed-unasked")
STRONG = labelled(["dev"])[0]


class ScriptedAnswers:
    def __init__(self, *answers: object) -> None:
        self.left = deque(answers)

    def listen(self, turn: object, asked: str, recording: Path) -> object:
        return self.left.popleft()


class ScriptedTranscriber:
    name = "scripted"

    def __init__(self, *results: object) -> None:
        self.left = deque(results)

    def transcribe(self, audio: object, progress: object = None) -> Transcript:
        result = self.left.popleft()
        if isinstance(result, Exception):
            raise result
        return result


class SilentSpeaker:
    def speak_to_file(self, text: str, path: Path) -> None:
        raise NoVoice("The question is shown, not spoken: no voice here.")


class WritingSpeaker:
    def speak_to_file(self, text: str, path: Path) -> None:
        soundfile.write(path, np.zeros(1600), 16000)


class Seen:
    """A view that remembers what it was shown."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.shown: list[str] = []
        self.ended = False

    def show_question(self, turn: object, text: str, spoken: Path | None) -> None:
        self.shown.append(text)

    def show_progress(self, turn: object) -> object:
        return lambda share: None

    def show_answer(self, turn: object, analysis: object) -> None:
        self.shown.append("answer")

    def show_reply(self, turn: object, outcome: object, *, rescored: bool) -> None:
        self.shown.append("rescored" if rescored else "reply")

    def show_outcome(self, index: int, outcome: object) -> None:
        self.shown.append("outcome")

    def explain(self, line: str) -> None:
        self.lines.append(line)

    def show_end(self, outcomes: object, folder: Path, *, was_stopped: bool) -> None:
        self.ended = True


class FixedClock:
    def now_at(self) -> datetime:
        return AT


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "mine.flac"
    soundfile.write(path, np.zeros(16000), 16000)
    return path


def spoken_transcript(tmp_path: Path, path: Path) -> Transcript:
    written = tmp_path / "heard.json"
    written.write_text(json.dumps(whisper_json(path)))
    return wiring.read_transcript(written)[0]


def hold(
    tmp_path: Path,
    answers: ScriptedAnswers,
    *,
    transcriber: object = None,
    speaker: object = None,
    probes: int = 0,
    questions: tuple[Question, ...] = (QUESTION,),
) -> tuple[Interview, Seen, Path]:
    seen = Seen()
    session = SessionFolders(tmp_path / "sessions").begin(AT, 1)
    desk = wiring.desk(answers=answers, view=seen, transcriber=transcriber, speaker=speaker)
    desk = replace(desk, clock=FixedClock(), speech_regions=lambda audio: ())
    interview = Interview(Dialogue(questions, probes_wanted=probes), desk, session)
    interview.run()
    return interview, seen, session.path


def test_a_recorded_answer_is_kept_written_down_judged_and_shown(
    tmp_path: Path, recording: Path
) -> None:
    heard = ScriptedTranscriber(spoken_transcript(tmp_path, STRONG))
    interview, seen, folder = hold(
        tmp_path,
        ScriptedAnswers(RecordedAnswer(recording)),
        transcriber=heard,
        speaker=WritingSpeaker(),
    )
    assert interview.dialogue.phase is Phase.OVER
    assert interview.dialogue.outcomes[0].verdict is Verdict.STRONG_HIRE
    answer = folder / "q1-fixed-unasked"
    assert sorted(path.name for path in answer.iterdir()) == [
        "question.wav",
        "take1.analysis.json",
        "take1.events.jsonl",
        "take1.json",
        "take1.wav",
    ]
    assert soundfile.info(answer / "take1.wav").duration == 1.0
    analysis = json.loads((answer / "take1.analysis.json").read_text())
    assert (analysis["verdict"], analysis["rubric_version"]) == ("strong_hire", 1)
    state = json.loads((folder / "session.json").read_text())
    assert (state["state"], state["questions"][0]["verdict"]) == ("over", "strong_hire")
    assert seen.shown == [QUESTION.text, "answer", "outcome"]


def test_a_hand_off_in_a_reply_rescores_the_opening_answer(tmp_path: Path) -> None:
    words = spoken_transcript(tmp_path, STRONG).text
    interview, seen, folder = hold(
        tmp_path,
        ScriptedAnswers(
            TypedAnswer(words),
            TypedAnswer("I just sent them a message and they handled all of it themselves."),
        ),
        probes=1,
    )
    outcome = interview.dialogue.outcomes[0]
    assert outcome.verdict_at_first is Verdict.STRONG_HIRE
    assert outcome.verdict is Verdict.NO_HIRE
    assert "rescored" in seen.shown
    stored = json.loads((folder / "q1-fixed-unasked" / "probe1.judgement.json").read_text())
    assert stored["judgement"]["rescores"] == "no_hire"
    assert stored["judgement"]["evidence"] in stored["reply"]
    state = json.loads((folder / "session.json").read_text())
    assert state["questions"][0]["rescored"] is True


def test_a_solid_reply_leaves_the_verdict(tmp_path: Path) -> None:
    words = spoken_transcript(tmp_path, STRONG).text
    reply = "I printed forty labels on each printer myself and measured every bar with a loupe."
    interview, _, _ = hold(
        tmp_path, ScriptedAnswers(TypedAnswer(words), TypedAnswer(reply)), probes=1
    )
    (probed,) = interview.dialogue.outcomes[0].probes
    assert probed.judgement is not None
    assert probed.judgement.quality is Quality.STRONG
    assert interview.dialogue.outcomes[0].verdict is Verdict.STRONG_HIRE


def test_a_recording_outlives_a_recogniser_that_fails(tmp_path: Path, recording: Path) -> None:
    _, seen, folder = hold(
        tmp_path,
        ScriptedAnswers(RecordedAnswer(recording)),
        transcriber=ScriptedTranscriber(BadModel("The model folder is empty.")),
    )
    assert (folder / "q1-fixed-unasked" / "take1.wav").is_file()
    assert any("model folder is empty" in line and "take1.wav" in line for line in seen.lines)
    assert seen.ended


def test_a_recording_that_cannot_be_read_leaves_the_question(tmp_path: Path) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"not sound at all" * 40)
    _, seen, _ = hold(
        tmp_path, ScriptedAnswers(RecordedAnswer(bad)), transcriber=ScriptedTranscriber()
    )
    assert any("bad.wav" in line for line in seen.lines)
    assert seen.ended


def test_without_a_voice_the_question_is_shown_and_it_is_said_once(tmp_path: Path) -> None:
    _, seen, folder = hold(
        tmp_path,
        ScriptedAnswers(SkipWanted(), SkipWanted()),
        speaker=SilentSpeaker(),
        questions=(QUESTION, replace(QUESTION, id="other", text="What else?")),
    )
    assert [line for line in seen.lines if "no voice" in line] == [
        "The question is shown, not spoken: no voice here."
    ]
    assert not list(folder.rglob("question.wav"))


def test_stopping_keeps_what_was_done(tmp_path: Path) -> None:
    words = spoken_transcript(tmp_path, STRONG).text
    interview, seen, folder = hold(
        tmp_path,
        ScriptedAnswers(TypedAnswer(words), StopWanted()),
        questions=(QUESTION, replace(QUESTION, id="other", text="What else?")),
    )
    assert interview.dialogue.phase is Phase.OVER
    assert seen.ended
    state = json.loads((folder / "session.json").read_text())
    assert [question["state"] for question in state["questions"]] == ["judged", "asked"]


def test_typed_words_are_on_disk_before_they_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the analysis broke")

    monkeypatch.setattr(judging, "analyse", fail)
    with pytest.raises(RuntimeError):
        hold(tmp_path, ScriptedAnswers(TypedAnswer("I wrote it down")))
    (written,) = (tmp_path / "sessions").rglob("take1.json")
    assert "I wrote it down" in written.read_text()


def test_a_recording_left_behind_is_the_answer_of_its_question(
    tmp_path: Path, recording: Path
) -> None:
    _, _, folder = hold(
        tmp_path,
        ScriptedAnswers(RecordedAnswer(recording)),
        transcriber=ScriptedTranscriber(BadModel("The engine died.")),
    )
    heard = ScriptedTranscriber(spoken_transcript(tmp_path, STRONG))
    seen = Seen()
    session = SessionFolders(tmp_path / "sessions").find(folder.name)
    left = ResumedAnswers(folder, [0], ScriptedAnswers())
    assert left.has_recording
    desk = wiring.desk(answers=left, view=seen, transcriber=heard, speaker=None)
    desk = replace(desk, clock=FixedClock(), speech_regions=lambda audio: ())
    dialogue = wiring.dialogue_of(Home(tmp_path), session)
    interview = Interview(replace(dialogue, probes_wanted=0), desk, session)
    interview.run()
    assert interview.dialogue.outcomes[0].verdict is Verdict.STRONG_HIRE


def test_a_session_whose_questions_are_damaged_is_one_plain_line(tmp_path: Path) -> None:
    session = SessionFolders(tmp_path / "sessions").begin(AT, 1)
    session.write_state({"questions": [{"text": "Why?", "state": "asked"}]})
    with pytest.raises(BadInput, match="damaged"):
        wiring.dialogue_of(Home(tmp_path), session)


# ---- answers that are typed


class Keyboard(StringIO):
    """Lines from a person."""

    def isatty(self) -> bool:
        return True


class FullDisk:
    """Takes lines only after it was tried so many times."""

    def __init__(self, tries: int) -> None:
        self.tries = tries

    def write(self, descriptor: int, raw: bytes) -> int:
        if self.tries:
            self.tries -= 1
            REAL_WRITE(descriptor, raw[:3])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return REAL_WRITE(descriptor, raw)


REAL_WRITE = os.write


def listen_to_typed(folder: Path, take: int = 1) -> object:
    answers = TypedAnswers(Console(file=StringIO()), keep_lines)
    return answers.listen(Turn(0, take=take), "Why?", folder / f"take{take}.wav")


def test_on_a_full_disk_a_person_frees_space_and_no_typed_line_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard("One.\n\nTwo.\nThree.\n\n"))
    monkeypatch.setattr(os, "write", FullDisk(2).write)
    answer = listen_to_typed(tmp_path)
    assert answer == TypedAnswer("One. Two. Three.")
    assert (tmp_path / "take1.typed.txt").read_text() == "One.\nTwo.\nThree.\n"
    told = capsys.readouterr().err
    assert told.count("The disk is full.") == 2
    assert "press Enter to try again" in " ".join(told.split())


@pytest.mark.parametrize("kind", [StringIO, Keyboard])
def test_words_that_no_disk_takes_are_shown_before_the_interview_ends(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: type[StringIO],
) -> None:
    lines = "One.\n" if kind is Keyboard else "One.\nTwo.\n\nThe next answer.\n\n"
    monkeypatch.setattr(sys, "stdin", kind(lines))
    monkeypatch.setattr(os, "write", FullDisk(9).write)
    with pytest.raises(HomeFault):
        listen_to_typed(tmp_path)
    told = capsys.readouterr().err.split("Your words:\n")[1]
    assert told == ("One.\n" if kind is Keyboard else "One.\nTwo.\n")


def test_an_answer_that_was_begun_by_typing_goes_on_in_its_next_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_lines(tmp_path / "take1.typed.txt", ["I began."])
    monkeypatch.setattr(sys, "stdin", StringIO("stop\n"))
    assert listen_to_typed(tmp_path, take=2) == StopWanted()
    monkeypatch.setattr(sys, "stdin", StringIO("repeat\nthe run.\n\n"))
    assert listen_to_typed(tmp_path, take=3) == TypedAnswer("I began. repeat the run.")
    assert [path.name for path in tmp_path.iterdir()] == ["take3.typed.txt"]


def test_at_the_microphone_what_was_typed_before_stays_beside_the_next_take(
    tmp_path: Path, recording: Path
) -> None:
    session = SessionFolders(tmp_path / "sessions").begin(AT, 1)
    desk = wiring.desk(answers=ScriptedAnswers(), view=Seen(), transcriber=None, speaker=None)
    begun = Interview(Dialogue((QUESTION,)), desk, session)
    keep_lines(session.file_of(Turn(0), "fixed-unasked", ".typed.txt"), ["I began."])
    with pytest.raises(IndexError):
        begun.run()
    assert wiring.dialogue_of(Home(tmp_path), session).takes_before == {0: 1}
    assert not waits_to_be_heard(session.path, session.read_state())
    wiring.write_audio(
        session.file_of(Turn(0), "fixed-unasked", ".wav"), wiring.read_audio(recording)
    )
    assert waits_to_be_heard(session.path, session.read_state())


def test_only_what_was_said_makes_an_interview_worth_keeping(tmp_path: Path) -> None:
    session = SessionFolders(tmp_path / "sessions").begin(AT, 1)
    session.write_state({"questions": []})
    session.log(Turn(0), "fixed-unasked", {"event": "Asked"})
    recording = session.file_of(Turn(0), "fixed-unasked", ".wav")
    recording.write_bytes(b"R" * 44)  # a header
    recording.with_name("take1.typed.txt").touch()
    for name in ("question.wav", "probe1.question.wav"):
        recording.with_name(name).write_bytes(b"R" * 99)
    assert not holds_an_answer(session.path)
    for name in ("take1.wav", "take1.typed.txt", "notes.txt"):
        before = recording.with_name(name).read_bytes() if name != "notes.txt" else b""
        recording.with_name(name).write_bytes(b"R" * 46)
        assert holds_an_answer(session.path)
        recording.with_name(name).write_bytes(before)


THREE = tuple(Question(f"Tell me about the number {n}.", id=f"number-{n}") for n in (1, 2, 3))


def told_again(tmp_path: Path, folder: Path, *answers: object) -> Interview:
    """The interview, gone on with."""
    session, seen = SessionFolder(folder), Seen()
    desk = wiring.desk(answers=ScriptedAnswers(*answers), view=seen, transcriber=None, speaker=None)
    interview = Interview(wiring.dialogue_of(Home(tmp_path), session), desk, session)
    interview.run()
    assert seen.ended
    return interview


def test_a_question_that_was_skipped_is_done(tmp_path: Path) -> None:
    words = TypedAnswer(spoken_transcript(tmp_path, STRONG).text)
    _, _, folder = hold(tmp_path, ScriptedAnswers(words, SkipWanted(), words), questions=THREE)
    state = SessionFolder(folder).read_state()
    assert [told["state"] for told in state["questions"]] == ["judged", "skipped", "judged"]
    assert not wiring.did_last_break_off(Home(tmp_path))
    assert wiring.unfinished_session(Home(tmp_path)) is None


def test_stopping_leaves_what_was_not_answered_for_another_time(tmp_path: Path) -> None:
    words = TypedAnswer(spoken_transcript(tmp_path, STRONG).text)
    _, _, folder = hold(
        tmp_path, ScriptedAnswers(SkipWanted(), words, StopWanted()), questions=THREE
    )
    kept = kept_of(folder, "q2-number-2")
    interview = told_again(tmp_path, folder, words)
    assert [outcome.is_skipped for outcome in interview.dialogue.outcomes] == [True, False, False]
    assert kept_of(folder, "q2-number-2") == kept
    state = SessionFolder(folder).read_state()
    assert [told["state"] for told in state["questions"]] == ["skipped", "judged", "judged"]


def kept_of(folder: Path, answer: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / answer).iterdir()}


@pytest.mark.parametrize("is_left_behind", [False, True])
def test_what_was_judged_behind_the_question_that_is_left_is_neither_asked_nor_written_over(
    tmp_path: Path, recording: Path, is_left_behind: bool
) -> None:
    """So it stands where an answer could not be written down, or was told in an older version."""
    words = TypedAnswer(spoken_transcript(tmp_path, STRONG).text)
    answers = ScriptedAnswers(words, RecordedAnswer(recording), words)
    broken = ScriptedTranscriber(BadModel("The model is damaged."))
    _, _, folder = hold(tmp_path, answers, transcriber=broken, questions=THREE)
    if not is_left_behind:
        (folder / "q2-number-2" / "take1.wav").unlink()
    kept = kept_of(folder, "q3-number-3")
    dialogue = wiring.dialogue_of(Home(tmp_path), SessionFolder(folder))
    assert (len(dialogue.outcomes), list(dialogue.done_before)) == (1, [2])
    interview = told_again(tmp_path, folder, TypedAnswer("I told it once more, by hand."))
    assert len(interview.dialogue.outcomes) == 3
    assert kept_of(folder, "q3-number-3") == kept
    state = SessionFolder(folder).read_state()
    assert [told["state"] for told in state["questions"]] == ["judged"] * 3
