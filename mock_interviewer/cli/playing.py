"""Hearing one's own answer again: a stage of it, or all."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from mock_interviewer.core.rubric import STORY_STAGES, Stage
from mock_interviewer.errors import BadInput, UnknownName

if TYPE_CHECKING:
    from mock_interviewer.app.replay import Replayed
    from mock_interviewer.ports import PlayAudio

EVERYTHING = "all"


def stage_of(value: str | None) -> Stage | None:
    """A stage of the story by its name; None for all of it. Raises UnknownName."""
    if value is None or value.lower() == EVERYTHING:
        return None
    for stage in STORY_STAGES:
        if stage.value == value.lower():
            return stage
    known = ", ".join([*STORY_STAGES, EVERYTHING])
    raise UnknownName(f"There is no stage '{value}'; there are {known}.")


def play_answer(replayed: Replayed, stage: Stage | None, play: PlayAudio) -> None:
    """Play what was said in a stage. Raises BadInput where there is no sound of it, DeviceFault."""
    saying, analysis = replayed.saying, replayed.analysis
    assert saying is not None
    assert analysis is not None
    if saying.audio is None:
        raise BadInput(
            f"{replayed.source} has no recording to play; only what was spoken into an interview, "
            "and recordings, can be played."
        )
    spans = ((0.0, saying.audio.duration_s),) if stage is None else analysis.stages[stage].spans
    if not spans:
        raise BadInput(f"No {stage} was heard in {replayed.source}, so there is nothing to play.")
    print(f"Playing {stage or 'the answer'}; Ctrl-C stops.", file=sys.stderr)
    for start_s, end_s in spans:
        with play(saying.audio.part(start_s, end_s)) as playing:
            playing.wait()
