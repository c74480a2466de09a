"""One stage told again: recorded, spliced into the answer, and compared with what was there."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_interviewer import wiring
from mock_interviewer.app.listening import AnswerUnderWay, Attention
from mock_interviewer.core.rubric import (
    STAGE_OF_SIGNAL,
    STORY_STAGES,
    Stage,
)
from mock_interviewer.core.transcript import units_in
from mock_interviewer.core.wording import Wording
from mock_interviewer.errors import BadInput, UnknownName
from mock_interviewer.pages.answer import STAGE_TO_RETELL
from mock_interviewer.web.live import ENDING_S, begin_screen
from mock_interviewer.web.reports import kept, place_of
from mock_interviewer.web.screen import Screen
from mock_interviewer.web.site import (
    Fields,
    page,
    see,
    site_of,
    takes_form,
)
from mock_interviewer.wiring import answers, filing, retold
from mock_interviewer.wiring.unfinished import sole_use


def repair(request: Request) -> Response:
    """One stage, to be told again."""
    answer, stage = kept(request), _stage(request)
    analysis = answers.analysis_of(answer)
    said, change = Wording(analysis.language), analysis.next_change
    told = " ".join(unit.text for unit in units_in(analysis.units, stage))
    return page(
        "repair.html",
        request,
        answer=answer,
        stage=stage.value,
        told=told,
        change=change if change and STAGE_TO_RETELL[change.change] is stage else None,
        timing=analysis.stages[stage],
        place=place_of(answer),
        signals=[said.signal(s) for s, home in STAGE_OF_SIGNAL.items() if home is stage],
    )


def _stage(request: Request) -> Stage:
    name = request.query_params.get("stage", "")
    if name not in set(STORY_STAGES):
        raise UnknownName(f"There is no stage '{name}'.")
    return Stage(name)


def retell(request: Request, fields: Fields) -> Response:
    """Record the stage again, or take the typed one, and compare."""
    site, answer, stage = site_of(request), kept(request), _stage(request)
    analysis = answers.analysis_of(answer)

    def beside(stem: Path) -> str:
        after = stem.name.removeprefix("take")
        return f"{place_of(answer)}/compare?before={answer.take}&after={after}"

    shelf = filing.shelf(site.home, site.transcriber)
    if answer.audio is None or answer.regions is None:
        text = fields.get("text", "")
        if not text.split():
            raise BadInput(f"Type the {stage} before you keep it; your answer is as it was.")
        stem = filing.next_stem(answer)
        shelf.retype(answer.saying, analysis, stage, text, stem)
        return see(beside(stem))
    regions = answer.regions
    screen = Screen("repair", wiring.open_microphone(site.device))
    screen.show(
        asked=f"Tell the {stage} again",
        stage=stage.value,
        question=1,
        questions=1,
        probe=0,
        results=[],
        reply=None,
        is_typed=False,
        back=place_of(answer),
    )

    attention, budgets = Attention(wiring.language_of(site.home)), analysis.question.budgets

    def tell_again() -> None:
        with sole_use(site.home, ENDING_S):
            stem = filing.next_stem(answer)
            recording = record(stem)
            if recording is None:
                screen.show(phase="over", next=place_of(answer))
                return
            screen.show(phase="writing", progress=0.0)
            try:
                shelf.retell(
                    answer.saying,
                    analysis,
                    regions,
                    stage,
                    wiring.read_audio(recording),
                    stem,
                    lambda share: screen.show(progress=round(share, 2)),
                )
            except BadInput:  # there is nothing in it that could be finished later
                retold.leave(recording)
                raise
        screen.show(phase="over", next=beside(stem))

    def record(stem: Path) -> Path | None:
        """The recording that is to be used; None where the person went away from it."""
        for attempt in count(1):  # an attempt that was broken off stays
            again = f"-{attempt}" if attempt > 1 else ""
            recording = stem.with_name(f"{stem.name}-{stage}{again}.wav")
            if recording.exists():
                continue
            retold.begin(answer, stage, recording)
            told = AnswerUnderWay(screen.microphone(), attention, None, budgets, is_story=False)
            wished = screen.record(told, recording).wish
            if wished == "done":
                break
            retold.leave(recording)
            if wished not in ("retake", "ask"):
                break
        screen.close_microphone()
        return recording if wished == "done" else None

    begin_screen(request, screen, tell_again)
    return see("/live")


AT = "/answers/{session}/{answer}"
ROUTES = [
    Route(f"{AT}/repair", repair),
    Route(f"{AT}/repair", takes_form(retell), methods=["POST"]),
]
