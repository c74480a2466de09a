"""Interviews that are killed at random moments, and what is found in the home afterwards.

A lane is a process with a home of its own and everything loaded. For each try it forks, lets the
child hold one interview after the other (a timed microphone, real recordings, a text that is known
beforehand, real analysis, real files, history after each) and kills it with SIGKILL at a random
moment. Then it looks at everything that a person may rely on.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import soundfile
from many_sessions import QUESTION, words_of_fixture

from mock_interviewer import wiring
from mock_interviewer.adapters import sound_stream
from mock_interviewer.adapters.microphone import Microphone
from mock_interviewer.app.interview import Interview
from mock_interviewer.app.listening import AnswerUnderWay, Attention
from mock_interviewer.core.dialogue import Dialogue
from mock_interviewer.core.moves import Turn
from mock_interviewer.core.rubric import BUDGETS
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.ports import Audio, Progress, RecordedAnswer
from mock_interviewer.settings import Home
from mock_interviewer.wiring import past, unfinished
from reliability.timed import Said, TimedProcess, is_unbroken

MOST_MISSING_S = 1.0
LONGEST_LIFE_S = 2.5
FRESH_EVERY = 15
"""So often history is also read without its index, and must say the same."""


class KnownWords:
    """A recogniser that writes the demo's answer whatever it hears: its words are not the point."""

    name = "known words"

    def transcribe(self, audio: Audio, progress: Progress | None = None) -> Transcript:
        return words_of_fixture("strong")


class Nobody:
    """A view that nobody looks at."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *arguments, **options: None


class BriefAnswers:
    """Answers of a moment, at the timed microphone."""

    def __init__(self, home: Home, said: Said, dice: Random) -> None:
        self._attention = Attention(wiring.language_of(home))
        self._said, self._dice = said, dice

    def listen(self, turn: Turn, asked: str, recording: Path) -> RecordedAnswer:
        with Microphone() as microphone:
            answer = AnswerUnderWay(
                microphone, self._attention, None, BUDGETS, is_story=turn.is_opening
            )
            answer.begin(recording, time.monotonic())
            self._said.begin(str(recording))
            until = time.monotonic() + self._dice.uniform(0.2, 1.5)
            while time.monotonic() < until:
                answer.look()
                time.sleep(0.02)
            recorded, _ = answer.end(recording)
            self._said.begin("")
        return recorded


def live(home: Home, said: Said, seed: int) -> None:
    """One interview after the other until the end comes from outside."""
    dice = Random(seed)
    for left in unfinished.unfinished(home):
        if dice.random() < 0.7:
            unfinished.finish(home, left, KnownWords)
        else:
            unfinished.keep(home, left)
    lane_pid = os.getppid()
    while os.getppid() == lane_pid:  # a lane that is ended takes its child along
        one_interview(home, said, dice)


def one_interview(home: Home, said: Said, dice: Random) -> None:
    """A question, a probe, and a look at the history."""
    with unfinished.sole_use(home):
        session = wiring.new_session(home)
        desk = wiring.desk(
            answers=BriefAnswers(home, said, dice),
            view=Nobody(),
            transcriber=KnownWords(),
            speaker=None,
            home=home,
        )
        Interview(Dialogue((QUESTION,), probes_wanted=1), desk, session).run()
    past.history(home)


def lane(home: Home, tries: int, seed: int, tell: Any) -> None:
    """So many kills; (while recording?, faults) is told of each. Runs in a process of its own."""
    said, dice = Said(), Random(seed)
    vars(sound_stream)["SoundProcess"] = partial(TimedProcess, said=said)
    one_interview(home, said, dice)  # everything is loaded before the first try
    for number in range(tries):
        before = stamps(home)
        said.begin("")
        child = os.fork()
        if child == 0:
            try:
                live(home, said, dice.randrange(1 << 30) + number)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(3)
        time.sleep(dice.uniform(0.02, LONGEST_LIFE_S))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        faults = [] if os.WIFSIGNALED(status) else ["the interview ended by itself"]
        try:
            faults += found_wrong(home, said, before)
            if number % FRESH_EVERY == FRESH_EVERY - 1 or number == tries - 1:
                faults += history_differs(home)
        except Exception as error:  # a look that breaks down is a fault too
            faults.append(f"{type(error).__name__}: {error}")
        tell.put((bool(said.path), faults))


Stamps = dict[str, tuple[int, int]]


def stamps(home: Home) -> Stamps:
    """Size and time of every file of every session that waits for nothing."""
    found = {}
    for folder in home.sessions.iterdir() if home.sessions.is_dir() else ():
        if not (folder / ".under-way").exists():
            for path in folder.rglob("*"):
                about = path.stat()
                found[str(path)] = (about.st_size, about.st_mtime_ns)
    return found


def found_wrong(home: Home, said: Said, before: Stamps) -> list[str]:
    """What a person would miss after a kill."""
    faults: list[str] = []
    recording = said.path
    if recording:
        faults += recording_faults(Path(recording), said.seconds)
    left = unfinished.unfinished(home)
    if recording and Path(recording).stat().st_size > 44 and not _is_known(Path(recording), left):
        faults.append(f"{recording} was not offered")
    faults += found_wrong_files(home, before)
    past.history(home)
    return faults


def found_wrong_files(home: Home, before: Stamps) -> list[str]:
    """Files that were touched, and files that cannot be read."""
    touched = [f"{path} was touched" for path, at in before.items() if _stamp(path) != at]
    return touched + unreadable(home, set(before))


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        about = os.stat(path)
    except OSError:
        return None
    return about.st_size, about.st_mtime_ns


def recording_faults(path: Path, said_s: float) -> list[str]:
    """Of a recording that was under way when the end came."""
    if not path.exists():
        return [f"{path} is not there"] if said_s > MOST_MISSING_S else []
    if path.stat().st_size == 0:  # killed between its name and its header
        return [f"{path} is empty after {said_s:.2f} s"] if said_s > MOST_MISSING_S else []
    samples, rate_hz = soundfile.read(path, dtype="int16")
    missing_s = said_s - len(samples) / rate_hz
    faults = []
    if missing_s > MOST_MISSING_S:
        faults.append(f"{path}: {missing_s:.2f} s are missing")
    if len(samples) > 1 and not is_unbroken(np.asarray(samples)):
        faults.append(f"{path}: samples are missing inside")
    return faults


def _is_known(recording: Path, left: list[Any]) -> bool:
    stem = recording.with_suffix("")
    judged = (
        stem.with_name(stem.name + ".analysis.json"),
        stem.with_name(stem.name + ".judgement.json"),
    )
    return any(answer.stem == stem for answer in left) or any(path.is_file() for path in judged)


def unreadable(home: Home, known: set[str]) -> list[str]:
    """Files of sessions that cannot be read; those known to be untouched need no second look."""
    faults: list[str] = []
    if not home.sessions.is_dir():
        return faults
    for path in (home.path, *home.path.rglob("*")):
        about = path.stat()
        if about.st_mode & 0o077:
            faults.append(f"{path} is open to others ({about.st_mode & 0o777:o})")
        if str(path) in known or not path.is_relative_to(home.sessions) or path.is_dir():
            continue
        try:
            if path.suffix == ".json":
                json.loads(path.read_text(encoding="utf-8"))
            elif path.suffix == ".wav":
                soundfile.info(path)
        except Exception as error:
            faults.append(f"{path}: {error}")
    for session in home.sessions.iterdir():
        if not (session / "session.json").is_file():
            faults.append(f"{session} has no session.json")
    return faults


def history_differs(home: Home) -> list[str]:
    """History by its index against history read anew."""
    with_index = past.history(home)
    (home.path / "index.sqlite").unlink(missing_ok=True)
    return [] if past.history(home) == with_index else ["the index says something else"]


def killed(folder: Path, tries: int, seed: int, lanes: int) -> tuple[int, list[str]]:
    """How many of the kills fell into a recording, and every fault found after one."""
    context = multiprocessing.get_context("fork")
    told: Any = context.Queue()
    shares = [tries // lanes + (number < tries % lanes) for number in range(lanes)]
    processes = [
        context.Process(
            target=lane, args=(Home(folder / f"home{number}"), share, seed + number, told)
        )
        for number, share in enumerate(shares)
    ]
    for process in processes:
        process.start()
    recording, faults = 0, []
    try:
        for _ in range(tries):
            was_recording, found = told.get(timeout=120)
            recording += was_recording
            if found:
                faults.append(found[0])
                print(*found, sep="\n", file=sys.stderr)
    finally:
        for process in processes:
            process.join(5)
            if process.is_alive():
                process.kill()
    return recording, faults
