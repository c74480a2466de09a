"""Answers as one zip: out to a mentor, back with notes, opened on any machine.

    folder.json                                   what this is, and which version wrote it
    sessions/<session>/session.json
    sessions/<session>/<answer>/take1.wav take1.json take1.corrections.json probe1.wav ...
    sessions/<session>/<answer>/take1.coach.json  a mentor's word, in a zip of notes nothing else
    report.html                                   to read without the program

A zip is foreign input. Before anything is written every member is checked: only names of this form,
no link, no absolute or parent path, none twice, no member and no whole beyond its limit, none
packed so tightly that it cannot be what it says; and while it is unpacked the bytes are counted
again, because a header may lie. What is wrong is one plain line.
"""

from __future__ import annotations

import json
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mock_interviewer.adapters.session_folders import as_text, plain_disk_errors
from mock_interviewer.errors import BadInput, HomeFault

FORMAT = 1
ABOUT = "folder.json"
REPORT = "report.html"
KIND_ANSWERS, KIND_NOTES = "answers", "notes"
MOST_MEMBERS = 5_000
MOST_MEMBER_BYTES = 250_000_000
"""Two hours of sound at 16 kHz."""
MOST_TEXT_BYTES = 50_000_000
MOST_BYTES = 2_000_000_000
MOST_PACKED = 200
"""No text packs to less than one part in so many (silence does); below SMALL_BYTES nobody asks."""
SMALL_BYTES = 1_000_000
_BLOCK_BYTES = 1_000_000
_SESSION = r"\d{4}-\d\d-\d\dT\d{6}-[0-9a-z]{4}"
_ANSWER = r"q\d{1,3}-[a-z0-9-]{0,60}"
_TAKE = r"take\d{1,3}(?:-[a-z]{1,12}(?:-\d{1,3})?)?"
_FILE = (
    rf"(?:{_TAKE}|probe\d{{1,3}}(?:-take\d{{1,3}})?|question|probe\d{{1,3}}\.question)"
    r"(?:\.analysis|\.corrections|\.judgement|\.coach)?\.(?:wav|json)"
)
_MEMBER = re.compile(rf"sessions/({_SESSION})/(?:session\.json|({_ANSWER})/({_FILE}))")
_NOTE = re.compile(rf"sessions/({_SESSION})/({_ANSWER})/(take\d{{1,3}}\.coach\.json)")
_DAMAGE = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, OSError)
"""What reading a damaged zip may raise."""


@dataclass(frozen=True)
class Contents:
    """A zip that was looked through."""

    path: Path
    kind: str
    sessions: tuple[str, ...]
    members: tuple[str, ...]


def is_folder_file(name: str) -> bool:
    """True if a source is a zip by its name."""
    return name.lower().endswith(".zip") and os.path.isfile(name)


# ---- out


def write_answers(
    path: Path, sessions: Iterable[Path], report: str, version: str
) -> tuple[str, ...]:
    """Put sessions into a new zip; the names of its members. Raises HomeFault where it is there."""
    files = [(member, file) for session in sessions for member, file in _files_of(session)]
    about = {"format": FORMAT, "kind": KIND_ANSWERS, "mock_interviewer": version}
    return _write(path, about, files, {REPORT: report})


def write_notes(path: Path, sessions: Iterable[Path], version: str) -> tuple[str, ...]:
    """Put the mentor's words on some sessions into a new zip. Raises BadInput where there are none.

    Raises HomeFault.
    """
    files = [
        (member, file)
        for session in sessions
        for member, file in _files_of(session)
        if _NOTE.fullmatch(member)
    ]
    if not files:
        raise BadInput("There is no note to send: write one on an answer's page first.")
    about = {"format": FORMAT, "kind": KIND_NOTES, "mock_interviewer": version}
    return _write(path, about, files, {})


def _files_of(session: Path) -> Iterator[tuple[str, Path]]:
    state = session / "session.json"
    if state.is_file():
        yield f"sessions/{session.name}/session.json", state
    for file in sorted(session.glob("q*-*/*")):
        member = f"sessions/{session.name}/{file.parent.name}/{file.name}"
        if file.is_file() and not file.is_symlink() and _MEMBER.fullmatch(member):
            yield member, file


def _write(
    path: Path,
    about: Mapping[str, Any],
    files: Iterable[tuple[str, Path]],
    texts: Mapping[str, str],
) -> tuple[str, ...]:
    if path.exists():
        raise HomeFault(f"{path} is there already and is not overwritten; name another file.")
    if not path.parent.is_dir():
        raise HomeFault(f"{path.parent} is no folder; make it first or name another place.")
    beside = path.with_name(path.name + ".part")
    named = []
    with plain_disk_errors(path.parent):
        try:
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as packed:
                packed.writestr(ABOUT, as_text(dict(about)))
                for name, text in texts.items():
                    packed.writestr(name, text)
                for member, file in files:
                    packed.write(file, member)
                    named.append(member)
            os.chmod(beside, 0o600)
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    return tuple(named)


# ---- in


def look_through(path: Path) -> Contents:
    """Check a zip without writing anything. Raises BadInput."""
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
            _check_all(path, members)
            kind = _kind(path, packed)
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file; check the name.") from None
    except (IsADirectoryError, PermissionError) as fault:
        raise BadInput(f"{path} cannot be opened: {fault.strerror}.") from None
    except _DAMAGE as fault:
        raise BadInput(f"{path} is not a whole zip ({fault}); have it sent again.") from None
    except (NotImplementedError, RuntimeError) as fault:
        raise BadInput(f"{path} is packed in a way that is not read here ({fault}).") from None
    allowed = _NOTE if kind == KIND_NOTES else _MEMBER
    names = [m.filename for m in members if m.filename not in (ABOUT, REPORT)]
    for name in names:
        if not allowed.fullmatch(name):
            raise _strange(path, name)
    sessions = tuple(dict.fromkeys(name.split("/")[1] for name in names))
    if not sessions:
        raise BadInput(f"{path} has no answer in it.")
    return Contents(path, kind, sessions, tuple(names))


def _check_all(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise BadInput(f"{path} has {len(members)} files; at most {MOST_MEMBERS} are opened.")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise BadInput(f"{path} would unpack to more than {MOST_BYTES // 10**9} GB.")
    seen: set[str] = set()
    for member in members:
        name = member.filename
        if name.lower() in seen:
            raise BadInput(f"{path} has '{name[:80]}' twice.")
        seen.add(name.lower())
        if name not in (ABOUT, REPORT) and not _MEMBER.fullmatch(name):
            raise _strange(path, name)
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
            raise BadInput(f"{path}: '{name[:80]}' is a link or no plain file.")
        if member.flag_bits & 0x1:
            raise BadInput(f"{path} is locked with a password; have it sent without one.")
        if member.file_size > _limit(name):
            raise BadInput(f"{path}: '{name[:80]}' is larger than {_limit(name) // 10**6} MB.")
        is_tight = member.file_size > MOST_PACKED * max(1, member.compress_size)
        if is_tight and member.file_size > SMALL_BYTES and not name.endswith(".wav"):
            raise BadInput(f"{path}: '{name[:80]}' is packed too tightly to be what it says.")


def _limit(name: str) -> int:
    return MOST_MEMBER_BYTES if name.endswith(".wav") else MOST_TEXT_BYTES


def _strange(path: Path, name: str) -> BadInput:
    shown = ascii(name[:80])
    return BadInput(f"{path} holds {shown}, which is no file of a session; nothing was opened.")


def _kind(path: Path, packed: zipfile.ZipFile) -> str:
    if ABOUT not in packed.namelist():
        raise BadInput(f"{path} is a zip, but none that 'export' wrote: it has no {ABOUT}.")
    with packed.open(ABOUT) as file:
        try:
            about = json.loads(file.read(10_000))
            kind, number = about["kind"], int(about["format"])
        except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
            raise BadInput(f"{path}: its {ABOUT} is damaged; have it sent again.") from None
    if number > FORMAT or kind not in (KIND_ANSWERS, KIND_NOTES):
        raise BadInput(f"{path} was written by a newer version; update mock-interviewer first.")
    return str(kind)


def unpack(contents: Contents, into: Path, names: Iterable[str] | None = None) -> None:
    """Write members under a folder, counting what comes out. Raises BadInput, HomeFault.

    Nothing that is there is written over.
    """
    total = 0
    with _opened(contents.path) as packed:
        for name in contents.members if names is None else tuple(names):
            target, blocks = into.joinpath(*name.split("/")), _blocks(packed, contents.path, name)
            with plain_disk_errors(into):
                target.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
                total += _write_all(blocks, target, min(_limit(name), MOST_BYTES - total))


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    with _plain_damage(path):
        packed = zipfile.ZipFile(path)
    with packed:
        yield packed


@contextmanager
def _plain_damage(path: Path) -> Iterator[None]:
    """What reading a damaged zip brings about, as one plain line. Raises BadInput."""
    try:
        yield
    except _DAMAGE as fault:
        raise BadInput(f"{path} is damaged ({fault}); have it sent again.") from None
    except (NotImplementedError, RuntimeError) as fault:
        raise BadInput(f"{path} is packed in a way that is not read here ({fault}).") from None


def _blocks(packed: zipfile.ZipFile, path: Path, name: str) -> Iterator[bytes]:
    """What a member holds, piece by piece. Raises BadInput where the zip is damaged."""
    with _plain_damage(path):
        source = packed.open(name)
    with source:
        while True:
            with _plain_damage(path):
                block = source.read(_BLOCK_BYTES)
            if not block:
                return
            yield block


def _write_all(blocks: Iterable[bytes], target: Path, limit: int) -> int:
    written = 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for block in blocks:
            written += len(block)
            if written > limit:
                raise BadInput(f"'{target.name}' unpacks to more than it says; nothing is kept.")
            file.write(block)
    return written


def read_member(contents: Contents, name: str) -> bytes:
    """A small member's bytes. Raises BadInput."""
    read = bytearray()
    with _opened(contents.path) as packed:
        for block in _blocks(packed, contents.path, name):
            read += block
            if len(read) > MOST_TEXT_BYTES:
                raise BadInput(f"'{name}' unpacks to more than it says.")
    return bytes(read)
