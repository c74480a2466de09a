"""Answers to a mentor and back: exporting, opening, taking in, and comparing two of anything."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mock_interviewer import __version__, wiring
from mock_interviewer.adapters import mentor_folder
from mock_interviewer.adapters.coach_notes import CoachWord, read_coach_word
from mock_interviewer.adapters.mentor_folder import KIND_NOTES, Contents, is_folder_file
from mock_interviewer.adapters.session_folders import as_text, plain_disk_errors, write_whole
from mock_interviewer.app.history import TAKEN_IN
from mock_interviewer.app.replay import Replayed, Replayer, Wanted, takes_that_count
from mock_interviewer.core.comparing import Comparison, compare
from mock_interviewer.core.json_text import json_value
from mock_interviewer.core.rubric import Verdict
from mock_interviewer.errors import BadInput
from mock_interviewer.ports import Transcriber
from mock_interviewer.settings import Home

MOST_NOTE_LETTERS = 20_000

__all__ = ["is_folder_file"]


# ---- out


def export(
    home: Home, path: Path, names: Sequence[str], transcriber: Callable[[], Transcriber]
) -> tuple[str, ...]:
    """Sessions with sound, words and report as one zip; their names. Raises InterviewError."""
    from mock_interviewer.wiring import answers

    wiring.keep_private()
    folders = wiring.sessions(home)
    chosen = list(dict.fromkeys(folders.find(name).path for name in names))
    for folder in chosen:
        if not takes_that_count(folder):
            raise BadInput(f"{folder.name} holds no answer; there is nothing to send.")
    replayer = wiring.replayer(home, transcriber)
    replayed = [each for folder in chosen for each in replayer.replay(str(folder), Wanted())]
    report = answers.as_file([r for r in replayed if r.analysis is not None], with_sound=False)
    mentor_folder.write_answers(path, chosen, report, __version__)
    return tuple(folder.name for folder in chosen)


def export_notes(home: Home, path: Path, names: Sequence[str]) -> tuple[str, ...]:
    """A mentor's notes on sessions as one zip; on all if none is named. Raises InterviewError."""
    wiring.keep_private()
    folders = wiring.sessions(home)
    chosen = [folders.find(name).path for name in names or folders.names()]
    return mentor_folder.write_notes(path, chosen, __version__)


# ---- in


@dataclass(frozen=True)
class TakenIn:
    """What an import did."""

    sessions: tuple[str, ...] = ()
    """Sessions that are here now."""
    there: tuple[str, ...] = ()
    """Sessions that were here already; they were left as they are."""
    notes: tuple[str, ...] = ()
    """Answers that got a note."""
    kept: tuple[str, ...] = ()
    """Answers that have another note already, which was left."""
    unknown: tuple[str, ...] = ()
    """Notes on answers that are not here."""


def take_in(home: Home, path: Path) -> TakenIn:
    """Take in a zip: a mentor gets sessions, a candidate notes. Raises BadInput, HomeFault."""
    wiring.keep_private()
    contents = mentor_folder.look_through(path)
    if contents.kind == KIND_NOTES:
        return _take_in_notes(home, contents)
    return _take_in_sessions(home, contents)


def _take_in_sessions(home: Home, contents: Contents) -> TakenIn:
    there = tuple(name for name in contents.sessions if (home.sessions / name).exists())
    new = tuple(name for name in contents.sessions if name not in there)
    members = [m for m in contents.members if m.split("/")[1] in new]
    with plain_disk_errors(home.path):
        home.sessions.mkdir(parents=True, mode=0o700, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".import-", dir=home.path))
    try:
        mentor_folder.unpack(contents, beside, members)
        with plain_disk_errors(home.sessions):
            for name in new:
                _mark_as_sent(beside / "sessions" / name / "session.json")
            for name in new:
                os.rename(beside / "sessions" / name, home.sessions / name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return TakenIn(sessions=new, there=there)


def _mark_as_sent(state_file: Path) -> None:
    """So that another person's answers are no part of one's own history of practice."""
    try:
        state = json_value(state_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return  # damaged as it was sent: it is no part of any history
    if isinstance(state, dict):
        write_whole(state_file, as_text({**state, TAKEN_IN: True}))


def _take_in_notes(home: Home, contents: Contents) -> TakenIn:
    words = {name: _note(contents, name) for name in contents.members}  # all are read first
    taken: list[str] = []
    kept: list[str] = []
    unknown: list[str] = []
    for name in words:
        _, session, answer, file = name.split("/")
        take = home.sessions / session / answer / file.removesuffix(".coach.json")
        called = f"{session}/{answer}"
        if not take.with_name(take.name + ".json").is_file():
            unknown.append(called)
        elif (there := read_coach_word(take)) is not None:
            (taken if there == words[name] else kept).append(called)
        else:
            mentor_folder.unpack(contents, home.path, [name])
            taken.append(called)
    return TakenIn(notes=tuple(taken), kept=tuple(kept), unknown=tuple(unknown))


def _note(contents: Contents, name: str) -> CoachWord:
    """A note as it is stored. Raises BadInput for one that is none."""
    try:
        told = json.loads(mentor_folder.read_member(contents, name))
        verdict = Verdict(told["verdict"]) if told["verdict"] else None
        word = CoachWord(str(told["note"]), verdict, str(told["at"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _bad_note(contents, name, "is damaged") from None
    if len(word.note) > MOST_NOTE_LETTERS:
        raise _bad_note(contents, name, f"is longer than {MOST_NOTE_LETTERS} letters")
    return word


def _bad_note(contents: Contents, name: str, what: str) -> BadInput:
    return BadInput(f"{contents.path}: the note '{name}' {what}; nothing was taken in.")


@contextmanager
def opened(sources: Sequence[str]) -> Iterator[list[tuple[str, str]]]:
    """Sources as a person calls them, and where they are: a zip's sessions, unpacked for a while.

    Raises BadInput.
    """
    with tempfile.TemporaryDirectory(prefix="mock-interviewer-") as place:
        found: list[tuple[str, str]] = []
        for number, source in enumerate(sources):
            if not is_folder_file(source):
                found.append((source, source))
                continue
            contents = mentor_folder.look_through(Path(source))
            if contents.kind == KIND_NOTES:
                line = f"{source} holds notes; take them in with: mock-interviewer import {source}"
                raise BadInput(line)
            into = Path(place, str(number))
            mentor_folder.unpack(contents, into)
            for name in contents.sessions:
                found.append((f"{source}/{name}", str(into / "sessions" / name)))
        yield found


def note_on(replayed: Replayed) -> CoachWord | None:
    """What a mentor says of a session's answer; None where nobody said anything."""
    written = replayed.saying.written_down_at if replayed.saying else None
    return read_coach_word(written.with_suffix("")) if written else None


# ---- two of anything


@dataclass(frozen=True)
class Compared:
    """Two answers side by side."""

    before: Replayed
    after: Replayed
    found: Comparison


def compared(replayer: Replayer, before: str, after: str, wanted: Wanted) -> Compared:
    """Two files, sessions, or takes (SESSION/ANSWER/N) side by side. Raises InterviewError."""
    first, second = (_one(replayer, source, wanted) for source in (before, after))
    assert first.analysis is not None
    assert second.analysis is not None
    now = second.analysis
    return Compared(first, second, compare(first.analysis, now, now.language))


def _one(replayer: Replayer, source: str, wanted: Wanted) -> Replayed:
    sayings = list(replayer.sayings(source))
    if len(sayings) != 1:
        named = ", ".join(saying.source for saying in sayings[:5])
        raise BadInput(f"{source} holds {len(sayings)} answers; name one of them: {named}")
    return replayer.analysed(sayings[0], wanted)
