"""Sessions for tests, judged and stored as an interview does it: typed, and from recordings."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mock_interviewer import wiring
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.adapters.session_folders import SessionFolder, as_text
from mock_interviewer.core.question import Question
from mock_interviewer.core.report import analysis_json, question_json
from mock_interviewer.core.rubric import Level
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.settings import Home

WEAK = (
    "Last summer at the hotel the sinks kept blocking. We were a team of six and it was annoying. "
    "I told the cleaning team about it and I sent them a message. They took it from there and they "
    "fixed the problem. After that things got better and everybody was happy. "
    "I learned that communication is very important."
)
STRONG = (
    "Last spring at the clinic I noticed that every third referral letter came back unread, and "
    "patients waited weeks for a scan. Nobody had asked me to look, it was not my job and no "
    "ticket existed. I set out to halve that before the summer. I pulled two hundred letters and "
    "sorted the reasons myself. I wrote a one page form with only the six fields the scanner desk "
    "needs. I sat with each of the four doctors and watched them fill it in, and I changed it "
    "twice. I built a check that refuses a form with an empty field. Returned letters fell from "
    "thirty one percent to four percent within six weeks, and ninety patients got their scan in "
    "time. The form became the standard for all three clinics and it is still in use. What I took "
    "from it is that nobody owned the step between two desks, so the gap belonged to no one; now "
    "every hand-over has a named owner in our process."
)
QUESTION = Question(
    "Tell me about a time you fixed something that nobody had asked you to fix.", "fixed-unasked"
)


def make_session(
    home: Home, text: str = STRONG, *, at: datetime | None = None, question: Question = QUESTION
) -> Path:
    """One session with one typed answer."""
    begun = wiring.sessions(home).begin(at or datetime(2026, 11, 1, 9, tzinfo=UTC), 7)
    folder = begun.path / f"q1-{question.id}"
    folder.mkdir()
    transcript = wiring.transcript_of_text(text)
    analysis = wiring.analyse(transcript, question, None)
    wiring.write_transcript(folder / "take1.json", transcript, question)
    wiring.write_json(folder / "take1.analysis.json", analysis_json(analysis, begun.name))
    _write_state(begun, folder, question, analysis.verdict and analysis.verdict.value)
    return folder


def make_spoken_session(home: Home, name: str = "strong", at: datetime | None = None) -> Path:
    """One session with a recorded answer of the demo; its words as the script has them."""
    begun = wiring.sessions(home).begin(at or datetime(2026, 11, 2, 9, tzinfo=UTC), 9)
    folder = begun.path / f"q1-{QUESTION.id}"
    folder.mkdir()
    audio = wiring.read_audio(fixtures_dir() / f"{name}.flac")
    wiring.write_audio(folder / "take1.wav", audio)
    transcript = words_of_fixture(name)
    question = replace(QUESTION, level=Level.SDE2)
    wiring.write_transcript(folder / "take1.json", transcript, question)
    analysis = wiring.analyse(transcript, question, wiring.speech_regions(audio))
    wiring.write_json(folder / "take1.analysis.json", analysis_json(analysis, begun.name))
    _write_state(begun, folder, question, analysis.verdict and analysis.verdict.value)
    return folder


def words_of_fixture(name: str) -> Transcript:
    """What a recorded answer of the demo says, each word with its time."""
    told = json.loads((fixtures_dir() / f"{name}.json").read_text())
    words = [word for unit in told["units"] for word in unit["words"]]
    return Transcript(
        tuple(Word(w["word"], w["start_s"], w["end_s"], 0.95) for w in words),
        told["duration_s"],
    )


def _write_state(
    session: SessionFolder, folder: Path, question: Question, verdict: str | None
) -> None:
    told = question_json(question) | {
        "folder": folder.name,
        "state": "judged",
        "verdict_at_first": verdict,
        "verdict": verdict,
        "rescored": False,
        "probes": [],
    }
    session.write_state({"state": "over", "questions": [told]})


def make_many(home: Home, count: int) -> None:
    """A history of so many sessions, two a day, of a weak and of a strong answer in turn."""
    first_at = datetime(2024, 1, 1, 8, tzinfo=UTC)
    models = [make_session(home, WEAK, at=first_at), make_session(home, STRONG, at=first_at)]
    states = [json.loads((model.parent / "session.json").read_text()) for model in models]
    for number in range(count - 2):
        at = first_at + timedelta(hours=12 * (number + 1))
        session = wiring.sessions(home).begin(at, number)
        model = models[number % 2]
        shutil.copytree(model, session.path / model.name)
        (session.path / "session.json").write_text(as_text(states[number % 2]))
