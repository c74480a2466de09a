"""Bringing a model here: whole or not at all, and after a break from where it broke.

    models/base.en/              appears by one rename, when every file is there and is what it
                                 should be
    models/.base.en.part/        what has come so far; no command takes it for a model
       model.bin.part            bytes up to the break; the next try asks for the rest
       config.json               complete, its hash found right
    models/base.en/origin.json   where the files came from, with size and hash of each, so that a
                                 later check needs no network

The hash is taken from the disk, not from what came in, for that is what will be loaded. Bytes kept
from an earlier try that turn out wrong are thrown away and fetched once more; wrong twice, or wrong
when fetched in one go, is the hub's fault and is said. Two fetches of one model at a time are
refused where the system can lock (everywhere but on Windows, which does not let a file in use be
renamed either).
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from mock_interviewer.adapters.model_folders import ORIGIN, is_as_stated, part_folder, size_of
from mock_interviewer.adapters.model_hub import Hub, HubFile, Revision
from mock_interviewer.adapters.whisper import check_model_folder
from mock_interviewer.core.models import OfferedModel, as_size, missing_file
from mock_interviewer.errors import BadModel, ConnectionBroke, FetchFault, HomeFault

BytesProgress = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes of the whole model."""
Notice = Callable[[str], None]
"""Called with one plain line when something holds the fetch up."""

_LOCK = ".lock"
_CHUNK_BYTES = 1 << 18
_SPARE_BYTES = 20_000_000
"""Room that is left on the disk for everything else."""
_TRIES = 5
_GOOD_STRETCH_BYTES = 1 << 20
"""So much gained since the last break means that the line is worth more tries."""
_PAUSE_S = 1.0
_LIMIT = 2
"""More than so many times the size that was spoken of is not what was agreed to."""


def fetch_model(
    model: OfferedModel,
    models_dir: Path,
    hub: Hub,
    progress: BytesProgress | None = None,
    notice: Notice | None = None,
    pause_s: float = _PAUSE_S,
) -> Path:
    """Fetch a model into models_dir/NAME and return that folder; go on if it was begun before.

    A folder of that name which is no whole model is replaced. Raises FetchFault for the network and
    the hub, HomeFault for the disk.
    """
    place = models_dir / model.name
    patience = _Patience(pause_s, notice or (lambda _: None))
    part = part_folder(models_dir, model.name)
    with _plain_disk_errors(models_dir):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(part):
            revision = patience.ask(lambda: hub.revision(model.repository))
            _check_revision(revision, model, hub.host)
            _check_space(revision, part)
            _Fetch(hub, revision, part, progress, patience).all_files()
            _check_whole(revision, part, hub)
            _put_in_place(part, place)
    return place


@dataclass(frozen=True)
class _Patience:
    """How long to wait after a break before the next try, and saying so."""

    pause_s: float
    notice: Notice

    def ask(self, question: Callable[[], Revision]) -> Revision:
        for attempt in range(1, _TRIES):
            try:
                return question()
            except ConnectionBroke as fault:
                self.wait(attempt, fault)
        return question()

    def wait(self, attempt: int, fault: ConnectionBroke) -> None:
        seconds = self.pause_s * attempt
        what = str(fault).partition(";")[0]
        self.notice(f"{what}; trying again in {seconds:.0f} s ({attempt + 1} of {_TRIES}).")
        time.sleep(seconds)


@dataclass(frozen=True)
class _Fetch:
    """One run over the files of a revision."""

    hub: Hub
    revision: Revision
    folder: Path
    progress: BytesProgress | None
    patience: _Patience

    def all_files(self) -> None:
        """The small files first: what is wrong shows before the large one is fetched."""
        for file in sorted(self.revision.files, key=lambda file: file.size):
            self._bring(file)

    def _bring(self, file: HubFile) -> None:
        """The file, whole and proven, under its name in the folder."""
        whole, part = self.folder / file.name, self._part(file)
        if is_as_stated(whole, file):
            return
        whole.unlink(missing_ok=True)
        has_old_bytes = 0 < size_of(part) <= file.size
        self._receive(file)
        if has_old_bytes and not is_as_stated(part, file):
            part.unlink()
            self._receive(file)
        if not is_as_stated(part, file):
            part.unlink()
            raise FetchFault(
                f"{file.name} came from {self.hub.host} other than it was sent: its hash is wrong. "
                "Nothing of it was kept; try again, and over another network if it stays so."
            )
        os.replace(part, whole)
        self._tell(0)

    def _receive(self, file: HubFile) -> None:
        """All bytes of the file, over as many breaks as it is worth."""
        breaks = 0
        while (start := size_of(self._part(file))) != file.size:
            try:
                self._receive_once(file, 0 if start > file.size else start)
                return
            except ConnectionBroke as fault:
                gained = size_of(self._part(file)) - start
                breaks = 1 if gained >= _GOOD_STRETCH_BYTES else breaks + 1
                if breaks >= _TRIES:
                    raise
                self.patience.wait(breaks, fault)

    def _receive_once(self, file: HubFile, start: int) -> None:
        with self.hub.open_file(self.revision, file, start) as incoming:
            if incoming.start not in (0, start) or incoming.total not in (None, file.size):
                raise self._other_than_stated(file)
            # a hub that knows no ranges begins again, and so do we
            with self._part(file).open("ab" if incoming.start else "wb") as out:
                while chunk := incoming.read(_CHUNK_BYTES):
                    if out.tell() + len(chunk) > file.size:
                        raise self._other_than_stated(file)
                    out.write(chunk)
                    out.flush()
                    self._tell(out.tell())
                os.fsync(out.fileno())
                if out.tell() < file.size:
                    raise ConnectionBroke(
                        f"The line to {self.hub.host} broke; what has come is kept, so run the "
                        "same command again and it goes on from there."
                    )

    def _other_than_stated(self, file: HubFile) -> FetchFault:
        return FetchFault(
            f"{self.hub.host} sends something else than the {as_size(file.size)} that it states "
            f"for {file.name} (a login page of the network, perhaps): open any web page to log in, "
            "then try again."
        )

    def _tell(self, size_of_current: int) -> None:
        if self.progress:
            complete = (size_of(self.folder / file.name) for file in self.revision.files)
            here = sum(complete) + size_of_current
            self.progress(min(here, self.revision.size), self.revision.size)

    def _part(self, file: HubFile) -> Path:
        return self.folder / f"{file.name}.part"


def _check_revision(revision: Revision, model: OfferedModel, host: str) -> None:
    missing = missing_file(frozenset(file.name for file in revision.files))
    if missing:
        raise FetchFault(
            f"{host} has no whole model under {revision.repository}: its {missing} is missing; "
            "fetch another, see `mock-interviewer model list`."
        )
    if revision.size > model.about_bytes * _LIMIT:
        raise FetchFault(
            f"{host} states {as_size(revision.size)} for {model.name}, which should have about "
            f"{as_size(model.about_bytes)}; nothing was fetched. Check HF_ENDPOINT."
        )


def _check_space(revision: Revision, part: Path) -> None:
    here = sum(
        min(file.size, max(size_of(part / file.name), size_of(part / f"{file.name}.part")))
        for file in revision.files
    )
    needed = revision.size - here
    free = shutil.disk_usage(part).free
    if free < needed + _SPARE_BYTES:
        raise _full_disk(part.parent, f"{as_size(needed)} are needed, {as_size(free)} are free")


def _check_whole(revision: Revision, part: Path, hub: Hub) -> None:
    """The folder holds the revision's files, its origin, and is a Whisper model."""
    names = {file.name for file in revision.files}
    for path in part.iterdir():
        if path.name not in names and path.name != _LOCK:
            _remove(path)
    try:
        check_model_folder(part)
    except BadModel:
        raise FetchFault(
            f"What {hub.host} has under {revision.repository} is no Whisper model that this "
            "program can load; fetch another, see `mock-interviewer model list`."
        ) from None
    (part / ORIGIN).write_text(
        json.dumps({"endpoint_host": hub.host} | asdict(revision), indent=1) + "\n",
        encoding="utf-8",
    )


def _put_in_place(part: Path, place: Path) -> None:
    old = place.with_name(f".{place.name}.old")
    _remove(old)
    if os.path.lexists(place):
        os.rename(place, old)
    (part / _LOCK).unlink(missing_ok=True)
    os.rename(part, place)
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Refuse to go on while another process fetches into the same folder."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with (part / _LOCK).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FetchFault(
                "This model is being fetched already, in another window; wait for that one."
            ) from None
        except OSError:
            pass  # a disk without locks, say over the network
        yield


@contextmanager
def _plain_disk_errors(models_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise _full_disk(models_dir, "what has come is kept") from None
        raise HomeFault(
            f"Cannot write to {models_dir}: {error.strerror or error}. Make it writable, or name "
            "another folder with --home."
        ) from None


def _full_disk(models_dir: Path, detail: str) -> HomeFault:
    return HomeFault(
        f"The disk of {models_dir} is full: {detail}. Free some space and run the same command "
        "again, or name a folder on another disk with --home."
    )
