"""A stage told again: as it begins, when it is left, and how one that broke off is finished."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_interviewer import wiring
from mock_interviewer.adapters import under_way
from mock_interviewer.adapters.session_folders import log_event, plain_disk_errors
from mock_interviewer.app.resuming import probes_of
from mock_interviewer.core.moves import Outcome
from mock_interviewer.errors import BadInput
from mock_interviewer.wiring import answers, filing

if TYPE_CHECKING:
    from mock_interviewer.app.unfinished import UnfinishedAnswer
    from mock_interviewer.core.rubric import Stage
    from mock_interviewer.ports import Progress, Transcriber
    from mock_interviewer.settings import Home


def begin(kept: answers.KeptAnswer, stage: Stage, recording: Path) -> None:
    """Before the first word, so that it is found again if it breaks off. Raises HomeFault."""
    with plain_disk_errors(kept.folder):
        under_way.mark(kept.folder.parent)
    _log(recording, "Asked", text=f"Tell the {stage} again", of_take=kept.take)


def leave(recording: Path, event: str = "KeepAside") -> None:
    """It stays where it is, and nobody asks for it any more. Raises HomeFault."""
    _log(recording, event)


def finish(
    home: Home,
    broken_off: UnfinishedAnswer,
    transcriber: Callable[[], Transcriber],
    progress: Progress | None,
) -> Outcome:
    """What would have come next: the answer with the stage in it. Raises InterviewError."""
    folder, stage = broken_off.stem.parent, broken_off.stage
    kept = answers.kept_answer(home, broken_off.session.name, folder.name, broken_off.of_take)
    if kept.regions is None or broken_off.recording is None or stage is None:
        raise BadInput(f"{folder}: there is no recording that the {stage} could be put into.")
    before = answers.analysis_of(kept)
    after = filing.shelf(home, transcriber).retell(
        kept.saying,
        before,
        kept.regions,
        stage,
        wiring.read_audio(broken_off.recording),
        folder / f"take{broken_off.turn.take}",
        progress,
    )
    return Outcome(before.question, after, probes_of(folder))


def _log(recording: Path, event: str, **details: Any) -> None:
    at = wiring.SystemClock().now_at().isoformat(timespec="milliseconds")
    log_event(recording.with_suffix(""), {"at": at, "event": event, **details})
