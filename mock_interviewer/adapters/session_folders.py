"""Sessions as folders: the person's own files, readable without the program.

    sessions/2026-11-23T163005-7f3a/      UTC, and four characters that make it unique
       session.json                       what was asked and what has been done so far
       q1-missed-deadline/
          question.wav  take1.wav  take1.json  take1.analysis.json  take1.events.jsonl
          probe1.question.wav  probe1.wav  probe1.json  probe1.judgement.json  take2.wav ...

A session is written as it happens. A retake is a new file; only `session.json` and corrections are
ever replaced, whole: written beside, then renamed over. What may fail is the disk: every such
failure is one HomeFault line that names the folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mock_interviewer.adapters.disk_faults import remedy_or
from mock_interviewer.core.json_text import json_value
from mock_interviewer.core.moves import Turn
from mock_interviewer.errors import BadInput, HomeFault, UnknownName

SESSION_VERSION = 1
_UNIQUE = "0123456789abcdefghjkmnpqrstvwxyz"


@contextmanager
def plain_disk_errors(place: Path, deed: str = "write to") -> Iterator[None]:
    """Turn what the disk refuses into one plain line, with the remedy that fits."""
    try:
        yield
    except OSError as error:
        remedy = remedy_or(error, "name another folder with --home")
        raise HomeFault(f"Cannot {deed} {place}: {error.strerror or error}. {remedy}.") from error


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by its owner only."""
    beside = path.with_name(path.name + ".part")
    with plain_disk_errors(path.parent):
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def as_text(value: Any) -> str:
    """JSON as it is stored: indented, readable, ending in a newline."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def slug(text: str) -> str:
    """A question's id or text as a folder's name.

    >>> slug("Tell me about a time you failed?")
    'tell-me-about-a-time-you-failed'
    """
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return plain[:40].rstrip("-") or "question"


def is_answer_folder(name: object) -> bool:
    """True for what an answer's folder may be called: never a way out of its session.

    >>> is_answer_folder("q1-missed-deadline"), is_answer_folder("q1-/../../..")
    (True, False)
    """
    return isinstance(name, str) and re.fullmatch(r"q\d{1,4}-[a-z0-9-]{1,80}", name) is not None


def turn_stem(turn: Turn) -> str:
    """The beginning of a turn's file names: 'take1', 'probe2', a probe's retake 'probe2-take2'."""
    if turn.probe_index is None:
        return f"take{turn.take}"
    again = f"-take{turn.take}" if turn.take > 1 else ""
    return f"probe{turn.probe_index + 1}{again}"


@dataclass
class SessionFolder:
    """One session on disk."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    def answer_dir(self, turn: Turn, question: str) -> Path:
        """The folder of one question of the session, made at the first call."""
        folder = self.path / f"q{turn.question_index + 1}-{slug(question)}"
        with plain_disk_errors(self.path):
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def file_of(self, turn: Turn, question: str, suffix: str) -> Path:
        """Where a turn's file belongs, for suffixes like '.wav', '.json', '.analysis.json'."""
        return self.answer_dir(turn, question) / (turn_stem(turn) + suffix)

    def write_state(self, state: dict[str, Any]) -> None:
        """Replace session.json, whole."""
        write_whole(self.path / "session.json", as_text({"version": SESSION_VERSION} | state))

    def read_state(self) -> dict[str, Any]:
        """What session.json says. Raises BadInput if it is missing or damaged."""
        path = self.path / "session.json"
        try:
            state = json_value(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadInput(
                f"{path} cannot be read ({error}); its recordings and transcripts lie beside it "
                "and can be replayed one by one."
            ) from error
        if not isinstance(state, dict) or not isinstance(state.get("questions"), list):
            raise BadInput(f"{path} is not a session: it has no list 'questions'.")
        for number, told in enumerate(state["questions"]):
            if not isinstance(told, dict):
                raise BadInput(f"{path} is not a session: questions[{number}] is no object.")
            if told.get("folder") and not is_answer_folder(told["folder"]):
                raise BadInput(
                    f"{path}: questions[{number}].folder is no name of an answer's folder, which "
                    "is like 'q1-missed-deadline'."
                )
        return state

    def log(self, turn: Turn, question: str, entry: dict[str, Any]) -> None:
        """Append one line to the turn's events."""
        log_event(self.file_of(turn, question, ""), entry)


def log_event(stem: Path, entry: dict[str, Any]) -> None:
    """Append one line to the events of the files that begin with stem. Raises HomeFault."""
    path = stem.with_name(stem.name + ".events.jsonl")
    with plain_disk_errors(stem.parent):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _mark_of(bits: int) -> str:
    """Four characters; a larger number comes later in the alphabet."""
    return "".join(_UNIQUE[(bits >> shift) % 32] for shift in (15, 10, 5, 0))


def _bits_of(mark: str) -> int:
    """The number of a mark; 0 for what is none."""
    shifts = zip(mark, (15, 10, 5, 0), strict=False)
    return sum(max(0, _UNIQUE.find(letter)) << shift for letter, shift in shifts)


@dataclass(frozen=True)
class SessionFolders:
    """All sessions of a home folder."""

    root: Path

    def begin(self, at: datetime, random_bits: int) -> SessionFolder:
        """Make the folder of a new session. `at` is aware UTC. Raises HomeFault."""
        with plain_disk_errors(self.root):
            self.root.mkdir(parents=True, mode=0o700, exist_ok=True)
            if self.root.stat().st_mode & 0o077:  # copied here, or made by hand
                self.root.chmod(0o700)
            second = f"{at:%Y-%m-%dT%H%M%S}"
            # the names tell which session is the later one, within a second too
            earlier = max((name for name in self.names() if name.startswith(second)), default="")
            for attempt in range(100):
                bits = random_bits + attempt
                if f"{second}-{_mark_of(bits)}" <= earlier:
                    bits = _bits_of(earlier[-4:]) + 1 + attempt
                path = self.root / f"{second}-{_mark_of(bits)}"
                try:
                    path.mkdir(mode=0o700)
                except FileExistsError:
                    continue
                return SessionFolder(path)
        raise HomeFault(f"Cannot make a new session in {self.root}: every name is taken.")

    def names(self) -> list[str]:
        """The sessions there are, oldest first. Raises HomeFault."""
        with plain_disk_errors(self.root, "read"):
            try:
                found = list(self.root.iterdir())
            except FileNotFoundError:
                return []
            return sorted(path.name for path in found if path.is_dir() and not path.is_symlink())

    def find(self, name: str) -> SessionFolder:
        """A session by its name, or by a beginning of it that fits only one. Raises UnknownName."""
        if not name:
            raise UnknownName("Name a session, or the beginning of its name.")
        fitting = [known for known in self.names() if known.startswith(name)]
        if name in fitting:
            fitting = [name]
        if len(fitting) == 1:
            return SessionFolder(self.root / fitting[0])
        if not fitting:
            raise UnknownName(f"There is no session called '{name}' in {self.root}.")
        raise UnknownName(
            f"There are {len(fitting)} sessions whose names begin with '{name}' in {self.root}; "
            "write more of it."
        )

    def remove(self, name: str) -> None:
        """Remove a session whole. Raises UnknownName, HomeFault."""
        folder = self.find(name)
        with plain_disk_errors(self.root):
            shutil.rmtree(folder.path)
