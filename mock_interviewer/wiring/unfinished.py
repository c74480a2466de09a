"""One interview at a time, and the answers that earlier ones left without a judgement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_interviewer import wiring
from mock_interviewer.adapters import under_way
from mock_interviewer.adapters.home_lock import HomeInUse, sole_use_of
from mock_interviewer.adapters.session_folders import SessionFolder
from mock_interviewer.adapters.spare_memory import spare
from mock_interviewer.errors import HomeFault, InterviewError
from mock_interviewer.wiring import live as live_wiring

if TYPE_CHECKING:
    from mock_interviewer.app.unfinished import Finisher, UnfinishedAnswer
    from mock_interviewer.core.moves import Outcome
    from mock_interviewer.ports import Progress, Transcriber
    from mock_interviewer.settings import Home


@contextmanager
def sole_use(home: Home, wait_s: float = 0.0) -> Iterator[None]:
    """Nobody else gives answers in this home meanwhile. Raises HomeInUse, HomeFault."""
    wiring.keep_private()
    with sole_use_of(home.path, wait_s):
        spare()
        try:
            yield
        finally:
            with suppress(InterviewError, OSError):
                _left(home)
            spare()


def is_in_use(home: Home) -> bool:
    """True while somebody gives answers in this home."""
    try:
        with sole_use_of(home.path):
            return False
    except HomeInUse:
        return True
    except HomeFault:
        return False


def unfinished(home: Home) -> list[UnfinishedAnswer]:
    """Answers that broke off, oldest first; none while an interview is under way.

    Headers are mended and half-written files removed on the way.
    """
    if not under_way.marked(home.sessions):
        return []
    try:
        with sole_use_of(home.path):
            return _left(home)
    except HomeFault:  # it is in use, or on a disk that cannot be written: another time
        return []


def _left(home: Home) -> list[UnfinishedAnswer]:
    """The same, for who has the home; a session with nothing left to do loses its mark."""
    from mock_interviewer.app.unfinished import all_unfinished

    found = []
    for session in under_way.marked(home.sessions):
        if not under_way.tidied(session):
            continue
        left = all_unfinished([session], _state_of)
        if not left and _can_be_read(session):
            under_way.unmark(session)
        found += left
    return found


def _state_of(session: Path) -> dict[str, Any]:
    return SessionFolder(session).read_state()


def _can_be_read(session: Path) -> bool:
    try:
        return bool(_state_of(session)["questions"])
    except InterviewError:
        return False


def finish(
    home: Home,
    answer: UnfinishedAnswer,
    transcriber: Callable[[], Transcriber],
    progress: Progress | None = None,
) -> Outcome:
    """Write an answer down and judge it. Raises InterviewError."""
    from mock_interviewer.wiring import retold

    with sole_use(home):
        spoken = wiring.home_of_session(home, SessionFolder(answer.session))
        if answer.stage is not None:
            return retold.finish(spoken, answer, lambda: live_wiring.apart(transcriber()), progress)
        return _finisher(spoken, transcriber).finish(answer, progress)


def _finisher(home: Home, transcriber: Callable[[], Transcriber]) -> Finisher:
    from mock_interviewer.app import resuming
    from mock_interviewer.app.unfinished import Finisher

    nobody: Any = None  # finishing asks nobody anything
    heard = live_wiring.apart(transcriber())
    desk = wiring.desk(answers=nobody, view=nobody, transcriber=heard, speaker=None, home=home)
    return Finisher(
        desk=desk,
        read_state=_state_of,
        session_at=SessionFolder,
        question_of=partial(
            resuming.question_of, known=lambda text: wiring.known_question(home, text)
        ),
        analysis_of=partial(wiring.analysis_of_kept, home),
        read_transcript=lambda path: wiring.read_transcript(path)[0],
    )


def keep(home: Home, answer: UnfinishedAnswer) -> None:
    """Leave an answer as it is, for good. Raises HomeFault."""
    from mock_interviewer.app import unfinished
    from mock_interviewer.wiring import retold

    with sole_use(home):
        if answer.recording is not None and answer.stage is not None:
            retold.leave(answer.recording, "KeptUnjudged")
            return
        session = SessionFolder(answer.session)
        told = session.read_state()["questions"][answer.turn.question_index]
        at = wiring.SystemClock().now_at().isoformat(timespec="milliseconds")
        unfinished.keep(answer, session, str(told.get("id") or told.get("text") or ""), at)
