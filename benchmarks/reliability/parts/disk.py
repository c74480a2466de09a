"""What a disk can do: full, read only, the folder gone; and a clock that goes back."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import soundfile
from many_sessions import QUESTION, STRONG, make_session

from mock_interviewer import wiring
from mock_interviewer.adapters import sound_stream
from mock_interviewer.adapters.microphone import Microphone
from mock_interviewer.app.interview import Interview
from mock_interviewer.core.dialogue import Dialogue
from mock_interviewer.core.moves import Turn
from mock_interviewer.errors import InterviewError
from mock_interviewer.ports import RecordedAnswer, TypedAnswer
from mock_interviewer.settings import Home
from mock_interviewer.wiring import past, unfinished
from reliability.frame import NotHere, Options, Tried
from reliability.lanes import KnownWords, Nobody, found_wrong_files, stamps
from reliability.timed import Said, TimedProcess

NAME = "disk"
PLACE = 300
PROMISE = (
    "A full or read-only disk, a folder that is removed, two programs at once, a clock that goes "
    "back: plain words, no traceback, and nothing of what was said is lost"
)
HOW = (
    "a tmpfs that fills up in mid-answer, remounted read only, or emptied; two programs in one "
    "home; times that jump back by a day"
)
TRIES, SPEED = 40, 20.0
FREED = "size=64m"
FULL_WITHIN_S = 60.0


def run(options: Options) -> Tried:
    """Each kind in turn, on a file system of its own where that is needed."""
    wiring.keep_private()  # as every command does that writes
    kinds: tuple[Callable[[Path, Random], str], ...] = (
        _fills_up,
        _is_read_only,
        _is_removed,
        _two_at_once,
        _clock_goes_back,
    )
    faults, dice, tries = [], options.dice(), options.times(TRIES)
    for number in range(tries):
        folder = options.folder / str(number)
        folder.mkdir()
        kind = kinds[number % len(kinds)]
        fault = kind(folder, dice)
        if fault:
            faults.append(fault)
            print(f"{kind.__name__}: {fault}", file=sys.stderr)
    return Tried(tries, len(faults))


@contextmanager
def _small_disk(folder: Path, size: str) -> Iterator[None]:
    if os.geteuid() != 0 or not sys.platform.startswith("linux"):
        raise NotHere("a small disk of its own needs Linux and the superuser")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        raise NotHere("no file system can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], capture_output=True)


def _remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


class _OneAnswer:
    """Speaks for so long into the microphone that the disk may fill up; meanwhile does a thing."""

    def __init__(self, said_s: float, meanwhile: Callable[[Path], None] = lambda _: None) -> None:
        self._said_s, self._meanwhile = said_s, meanwhile
        self.kept_s = 0.0
        self.faults: list[str] = []

    def listen(self, turn: Turn, asked: str, recording: Path) -> RecordedAnswer:
        with Microphone(on_fault=lambda fault: self.faults.append(fault.line)) as microphone:
            microphone.begin(recording)
            time.sleep(self._said_s / SPEED / 2)
            self._meanwhile(recording)
            time.sleep(self._said_s / SPEED / 2)
            self.kept_s = microphone.end().duration_s
        return RecordedAnswer(recording)


def _hold(home: Home, answers: object) -> str:
    """One question; what the program says where it cannot go on."""
    vars(sound_stream)["SoundProcess"] = partial(TimedProcess, said=Said(), speed=SPEED)
    try:
        with unfinished.sole_use(home):
            desk = wiring.desk(
                answers=answers,  # type: ignore[arg-type]
                view=Nobody(),
                transcriber=KnownWords(),
                speaker=None,
                home=home,
            )
            session = wiring.new_session(home)
            Interview(Dialogue((QUESTION,), probes_wanted=0), desk, session).run()
    except InterviewError as error:
        return str(error)
    return ""


def _fills_up(folder: Path, dice: Random) -> str:
    """The disk fills up while somebody speaks; when there is room again it is finished."""
    with _small_disk(folder, f"{dice.randint(200, 900)}k"):
        home = Home(folder / "home")
        make_session(home)
        before = stamps(home)
        answer = _OneAnswer(10.0, lambda _: _wait_for(answer.faults))
        line = _hold(home, answer)
        recordings = list(home.sessions.glob("*/q1-*/take1.wav"))
        if "\n" in line or (not line and not answer.faults):
            return f"told '{line}'"
        if not recordings:
            return "" if line and not answer.kept_s else "there is no recording"
        if soundfile.info(recordings[0]).duration < answer.kept_s:
            return f"of {answer.kept_s} s there are {soundfile.info(recordings[0]).duration}"
        _remount(folder, FREED)
        faults = found_wrong_files(home, before)
        for left in unfinished.unfinished(home):
            unfinished.finish(home, left, KnownWords)
        if len(past.history(home).answers) != 2:
            faults.append(f"history knows {len(past.history(home).answers)} answers")
        return "; ".join(faults)


def _wait_for(faults: list[str]) -> None:
    """Speak on until something is told, however slow the machine is."""
    until = time.monotonic() + FULL_WITHIN_S
    while not faults and time.monotonic() < until:
        time.sleep(0.05)


def _is_read_only(folder: Path, dice: Random) -> str:
    """Reading goes on; an interview says in one line why it cannot be held."""
    with _small_disk(folder, FREED.removeprefix("size=")):
        home = Home(folder / "home")
        make_session(home)
        if dice.random() < 0.5:
            past.history(home)
        _remount(folder, "ro")
        run = _program(home, "interview", "--typed", "--silent", said="I did it.\n\n")
        looked = _program(home, "history", "--json")
        _remount(folder, "rw")
        if run.returncode != 1 or len(run.stderr.strip().splitlines()) > 2:
            return f"exit {run.returncode}: {run.stderr[-500:]}"
        if looked.returncode or not looked.stdout.strip():
            return f"history: exit {looked.returncode}: {looked.stderr[-300:]}"
        return "" if "Traceback" not in run.stderr + looked.stderr else run.stderr[-500:]


def _is_removed(folder: Path, dice: Random) -> str:
    """The session is removed while somebody speaks: one line, and the others are untouched."""
    home = Home(folder / "home")
    make_session(home)
    before = stamps(home)
    whole = dice.random() < 0.3

    def remove(recording: Path) -> None:
        shutil.rmtree(home.path if whole else recording.parent.parent)

    line = _hold(home, _OneAnswer(10.0, remove))
    if not line or "\n" in line:
        return f"told '{line}'"
    return "" if whole else "; ".join(found_wrong_files(home, before))


def _two_at_once(folder: Path, dice: Random) -> str:
    """The second interview says in one line that one is under way; after its end it may begin."""
    home = Home(folder / "home")
    with unfinished.sole_use(home):
        refused = _program(home, "interview", "--typed", "--silent", said=f"{STRONG}\n\n")
    lines = refused.stderr.strip().splitlines()
    if refused.returncode != 1 or "under way" not in lines[-1]:
        return f"exit {refused.returncode}: {refused.stderr[-300:]}"
    if wiring.sessions(home).names():
        return "a session was begun all the same"
    run = _program(home, "interview", "--typed", "--silent", "--probes", "0", said=f"{STRONG}\n\n")
    return "" if run.returncode == 0 else f"exit {run.returncode}: {run.stderr[-300:]}"


def _clock_goes_back(folder: Path, dice: Random) -> str:
    """Sessions whose clock jumps about: all are there, all are different."""
    home = Home(folder / "home")
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    for _ in range(5):
        now -= timedelta(hours=dice.choice((0, 0, 1, 24)))
        at = now
        desk = wiring.desk(
            answers=_Typed(), view=Nobody(), transcriber=None, speaker=None, home=home
        )
        clock = _Clock(at)
        session = wiring.sessions(home).begin(at, 7)
        dialogue = Dialogue((QUESTION,), probes_wanted=0)
        Interview(dialogue, replace(desk, clock=clock), session).run()
    known = len(past.history(home).answers)
    return "" if known == 5 else f"history knows {known} of 5"


class _Typed:
    def listen(self, turn: Turn, asked: str, recording: Path) -> TypedAnswer:
        return TypedAnswer(STRONG)


class _Clock:
    """Goes back by a second at every look."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now_at(self) -> datetime:
        self._at -= timedelta(seconds=1)
        return self._at


def _program(home: Home, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    with contextlib.suppress(KeyError):
        os.environ.pop("MOCK_INTERVIEWER_DEBUG")
    return subprocess.run(
        [sys.executable, "-m", "mock_interviewer.cli.main", *arguments, "--home", str(home.path)],
        input=said,
        capture_output=True,
        text=True,
        timeout=120,
    )
