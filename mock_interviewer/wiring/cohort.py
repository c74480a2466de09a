"""Many recordings at once: which files a folder means, the work on one, what is kept of it.

What is kept lies in `cohorts/` of the home folder, a file for each batch of sources; a line counts
as long as the file it is about, the program, the person's own questions and models and what was
asked for are what they were.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_interviewer import __version__
from mock_interviewer.adapters import batch_state
from mock_interviewer.adapters.transcript_files import SOUND_SUFFIXES, TEXT_SUFFIXES
from mock_interviewer.app.cohort import Found, Lines, Piece, WorkOff, in_order
from mock_interviewer.app.replay import Replayed, Wanted, could_not_be_judged
from mock_interviewer.errors import HomeFault, UnknownName
from mock_interviewer.settings import Home
from mock_interviewer.wiring.home import keep_private

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_interviewer.app.replay import Replayer

READABLE = SOUND_SUFFIXES | TEXT_SUFFIXES
BATCHES = "cohorts"
"""Folder of a home."""
MOST_IN_HANDFUL, FEWEST_HANDFULS = 8, 32
"""Transcripts handed to a worker at once; fewer where there would be too few handfuls to share."""
PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Asked:
    """What is wanted of every file; goes to the workers with each of them."""

    home: Home
    wanted: Wanted
    engine: str
    model: str | None
    lenses: bool
    reports: str | None = None
    """The folder for each file's own HTML report; None writes none."""


def line_of(replayed: Replayed, *, lenses: bool) -> str:
    """One answer, or why there is none, as a line of JSON."""
    from mock_interviewer.core.report import analysis_json, lenses_json
    from mock_interviewer.core.rescoring import after_probes_json

    value: dict[str, Any] = {"source": replayed.source, "error": replayed.error}
    if replayed.analysis is not None:
        value = analysis_json(replayed.analysis, replayed.source)
        if lenses:
            value["lenses"] = lenses_json(replayed.analysis)
        if replayed.after is not None:
            value["after_probes"] = after_probes_json(replayed.after)
        if replayed.opinion is not None:
            from mock_interviewer.core.reader_remarks import opinion_json

            value["second_reader"] = opinion_json(replayed.opinion)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def expanded(names: Sequence[str]) -> list[str]:
    """Each source once; a folder that is no session is all that can be read in it, by name."""
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys(_within(name))
    return list(found)


def is_group(name: str) -> bool:
    """True for a folder that is neither a session nor an answer of one."""
    return os.path.isdir(name) and not _is_session(Path(name))


def _is_session(folder: Path) -> bool:
    return (
        os.path.isfile(folder / "session.json")
        or os.path.isfile(folder.parent / "session.json")
        or any(each.is_dir() for each in folder.glob("q[0-9]*-*"))
    )


def _within(name: str) -> Iterator[str]:
    if not is_group(name):
        yield name
        return
    if not os.access(name, os.R_OK | os.X_OK):
        yield name  # replaying it says so
        return
    inside = sorted(each for each in Path(name).iterdir() if not each.name.startswith("."))
    readable = [
        each
        for each in inside
        if not each.is_symlink() and (each.is_dir() or each.suffix.lower() in READABLE)
    ]
    if not readable:
        yield name  # replaying it says what is wrong with it
    for each in readable:
        if each.is_dir() and os.access(each, os.R_OK | os.X_OK) and not any(each.iterdir()):
            continue
        yield from _within(str(each))


def replayed_file(asked: Asked, piece: Piece) -> Found:
    """One source's lines, and its report where wanted; this runs in a worker."""
    keep_private()
    replayed = list(_replayer(asked).replay(piece.source, asked.wanted))
    lines = tuple(line_of(each, lenses=asked.lenses) for each in replayed)
    is_flawed = any(each.error is not None for each in replayed)
    if asked.reports is not None and not is_flawed:
        from mock_interviewer.wiring import answers

        path = Path(asked.reports) / report_name(piece.source)
        answers.write_file(path, replayed, with_sound=False)
    return Found(piece.source, lines, is_flawed)


@lru_cache(maxsize=1)
def _replayer(asked: Asked) -> Replayer:
    """Once for each worker: loading an engine takes time."""
    from mock_interviewer import wiring

    @lru_cache(maxsize=1)
    def transcriber() -> Any:
        return wiring.choose_engine(asked.engine, asked.model, asked.home)[0]

    return wiring.replayer(asked.home, transcriber)


def report_name(source: str) -> str:
    """The file name of a source's own report; two files of one name keep theirs apart."""
    told = hashlib.sha256(source.encode(errors="surrogateescape")).hexdigest()[:8]
    stem = "".join(mark if mark.isascii() and mark.isalnum() else "-" for mark in Path(source).stem)
    return f"{stem[:60]}-{told}.html"


def found_in(
    asked: Asked,
    sources: Sequence[str],
    work_off: WorkOff,
    show: Callable[[int, int], None],
    *,
    batch: Sequence[str],
    again: bool,
) -> Iterator[Found]:
    """Every source's lines in order: what is kept, and the rest as work_off does it.

    batch: the files and folders as the person named them; what is kept is kept under these, so a
    folder may grow. again does all of it anew. Raises HomeFault.
    """
    keep_private()
    same = _same_for_all(asked)
    there = {source: _place(asked.home, source) for source in sources}
    pieces = [Piece(source, _key(source, there[source], same)) for source in sources]
    places = {piece.key: there[piece.source] for piece in pieces}
    state = asked.home.path / BATCHES / f"{_digest(sorted(map(os.path.abspath, batch)))}.jsonl"
    kept = {} if again else batch_state.read_kept(state, (piece.key for piece in pieces))
    if asked.reports is not None:
        reports = Path(asked.reports)
        made = {piece.key for piece in pieces if (reports / report_name(piece.source)).is_file()}
        kept = {key: lines for key, lines in kept.items() if key in made}
    latest = dict(kept)

    def keep(piece: Piece, lines: Lines) -> None:
        latest[piece.key] = lines
        batch_state.keep(state, piece.key, lines, places[piece.key])

    yield from in_order(pieces, kept, work_off, keep, show)
    batch_state.rewrite(state, latest, places)


def on_dask(asked: Asked, jobs: int | None, address: str | None) -> WorkOff:
    """Work done by a cluster's workers; a piece that kills its worker twice is named.

    The cluster is there only while something is to be done.
    """
    from mock_interviewer.adapters.dask_batch import cluster, worked_off

    def work_off(pieces: Sequence[Piece]) -> Iterator[tuple[int, Found]]:
        if not pieces:
            return
        with cluster(jobs, address) as client:
            work = partial(replayed_file, asked)
            for number, outcome in worked_off(client, work, pieces, handfuls_of(pieces)):
                yield number, _found(pieces[number].source, outcome)

    return work_off


def handfuls_of(pieces: Sequence[Piece]) -> list[list[int]]:
    """The numbers of pieces to hand out together: transcripts several at once, the rest alone.

    Recordings come first: the longest work last would leave one worker waiting for the other.
    """
    light = [n for n, piece in enumerate(pieces) if _is_light(piece.source)]
    heavy = sorted(set(range(len(pieces))) - set(light))
    size = max(1, min(MOST_IN_HANDFUL, len(light) // FEWEST_HANDFULS))
    return [[n] for n in heavy] + [light[at : at + size] for at in range(0, len(light), size)]


def _is_light(source: str) -> bool:
    path = Path(source)
    return path.suffix.lower() in READABLE - SOUND_SUFFIXES and path.is_file()


def _found(source: str, outcome: Any) -> Found:
    from mock_interviewer.adapters.dask_batch import WorkerDied

    if isinstance(outcome, Found):
        return outcome
    if isinstance(outcome, HomeFault):
        raise outcome
    if isinstance(outcome, WorkerDied):
        told = "the process that read it died, twice; look at the file, or leave it out."
        return _fault(source, f"{source}: {told}")
    return _fault(source, could_not_be_judged(source, outcome))


def _fault(source: str, told: str) -> Found:
    from mock_interviewer.errors import plain_line

    return Found(source, (line_of(Replayed(source, error=plain_line(told)), lenses=False),), True)


def write_page(path: Path, told: Sequence[Found], reports: str | None) -> None:
    """The group's page, whole or not at all. Raises HomeFault."""
    from mock_interviewer import wiring
    from mock_interviewer.adapters.session_folders import write_whole
    from mock_interviewer.pages.cohort import cohort_file

    links = {}
    if reports is not None:
        folder = Path(reports)
        for each in told:
            name = report_name(each.source)
            if (folder / name).is_file():
                links[each.source] = f"{folder.name}/{name}"
    answers = [(links.get(each.source), json.loads(line)) for each in told for line in each.lines]
    write_whole(path, cohort_file(answers, wiring.words_of_page()))


def reports_beside(path: Path) -> str:
    """The folder for the files' own reports beside a group's page, made.

    Raises HomeFault, BadInput.
    """
    from mock_interviewer.adapters.session_folders import plain_disk_errors
    from mock_interviewer.wiring.answers import check_report_place

    check_report_place(path)
    keep_private()
    folder = path.parent / f"{path.stem}-reports"
    with plain_disk_errors(path.parent):
        folder.mkdir(exist_ok=True)
    return str(folder.absolute())


def _same_for_all(asked: Asked) -> str:
    """What an answer depends on beside its own file."""
    home = asked.home
    plain = replace(asked, home=replace(home, path=Path()), reports=None)
    own = [_stamp(each) for each in _files_in(home.questions)]
    models = sorted(each.name for each in home.models.iterdir()) if home.models.is_dir() else []
    program = max(each.stat().st_mtime_ns for each in _files_in(PACKAGE) if each.suffix != ".pyc")
    return _digest([__version__, program, repr(sorted(asdict(plain).items())), own, models])


def _place(home: Home, source: str) -> str:
    """Where a source lies: a file or folder, or the session that is called by its name.

    An answer that is called SESSION/ANSWER lies in its session, whose files all count.
    """
    from mock_interviewer import wiring

    if not os.path.exists(source):
        try:
            return os.path.abspath(wiring.sessions(home).find(source.split("/")[0]).path)
        except UnknownName:
            pass
    return os.path.abspath(source)


def _key(source: str, place: str, same: str) -> str:
    path = Path(place)
    stamps: list[Any] = [_stamp(path)] if path.is_file() else []
    if not path.is_file():
        folder = path if path.is_dir() else None
        stamps = [_stamp(each) for each in _files_in(folder)] if folder else []
    return _digest([source, place, stamps, same])


def _stamp(path: Path) -> tuple[str, int, int]:
    told = path.stat()
    return str(path), told.st_size, told.st_mtime_ns


def _files_in(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.is_file())


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()[:32]
