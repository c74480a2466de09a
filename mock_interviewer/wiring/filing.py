"""Where an answer that comes in from outside, or a stage told again, is filed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from mock_interviewer import wiring
from mock_interviewer.adapters import under_way
from mock_interviewer.adapters.session_folders import slug
from mock_interviewer.app.filing import Shelf
from mock_interviewer.core.question import Question
from mock_interviewer.ports import Progress, Transcriber
from mock_interviewer.settings import Home
from mock_interviewer.wiring.answers import KeptAnswer


def shelf(home: Home, transcriber: Callable[[], Transcriber]) -> Shelf:
    """Where uploads and retold stages are filed."""
    return Shelf(
        write_audio=wiring.write_audio,
        speech_regions=wiring.speech_regions,
        transcribe=lambda audio, progress: transcriber().transcribe(audio, progress),
        write_transcript=wiring.write_transcript,
        write_json=wiring.write_json,
        analyse=partial(wiring.analyse, home=home),
    )


def keep_upload(
    home: Home,
    path: Path,
    name: str,
    question: Question,
    transcriber: Callable[[], Transcriber],
    progress: Progress | None = None,
) -> tuple[str, str]:
    """File a recording or a transcript; its session and folder. Raises InterviewError.

    What the transcript itself says it was an answer to is left aside: the person says it.
    """
    sound = words = None
    if wiring.is_text(path):
        words, _ = wiring.read_transcript(path)
    else:
        sound = wiring.read_audio(path)
    session = wiring.new_session(home)
    folder = folder_name(0, question.id or question.text)
    shelf(home, transcriber).file_upload(session, folder, name, question, sound, words, progress)
    under_way.unmark(session.path)
    return session.name, folder


def folder_name(question_index: int, name: str) -> str:
    """How a session calls the folder of an answer; name is the question's id, or its text."""
    return f"q{question_index + 1}-{slug(name)}"


def next_stem(kept: KeptAnswer) -> Path:
    """Where the next take of an answer belongs, behind all that is there, be it half of one.

    Asked while the home is held: another one may just be made.
    """
    there = (re.match(r"take(\d+)", path.name) for path in kept.folder.glob("take*"))
    last = max((int(found[1]) for found in there if found), default=0)
    return kept.folder / f"take{max(last, *kept.takes) + 1}"
