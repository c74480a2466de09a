"""What goes on at this moment: an interview, a stage told again, an upload being written down."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import SystemRandom

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mock_interviewer import wiring
from mock_interviewer.app.interview import Interview
from mock_interviewer.core.dialogue import Dialogue
from mock_interviewer.core.question import DEFAULT_QUESTION, Question
from mock_interviewer.core.rubric import (
    STAGE_OF_SIGNAL,
    STORY_STAGES,
    USUAL_COUNTS,
    Kind,
    Level,
    Principle,
    Stage,
)
from mock_interviewer.core.transcript import units_in
from mock_interviewer.core.wording import SIGNAL_WORDS
from mock_interviewer.errors import BadInput, InterviewError, UnknownName
from mock_interviewer.ports import Speaker
from mock_interviewer.web.reports import kept, place_of
from mock_interviewer.web.room import Room
from mock_interviewer.web.screen import Screen, events
from mock_interviewer.web.site import (
    Fields,
    Site,
    fields_of,
    page,
    path_of,
    see,
    site_of,
    takes_form,
)
from mock_interviewer.wiring import answers
from mock_interviewer.wiring.asking import question_named, questions_to_ask

MOST_UPLOAD_BYTES = 1_000_000_000
_BLOCK_BYTES = 1_000_000


def screen_of(request: Request) -> Screen | None:
    """What goes on, None if nothing ever did."""
    screen = request.app.state.screen
    assert screen is None or isinstance(screen, Screen)
    return screen


def _begin(request: Request, screen: Screen, work: Callable[[], None]) -> None:
    """Let one thing go on; what went on before is ended, and what it recorded is kept."""
    before = screen_of(request)
    if before is not None and not before.is_over:
        before.stop()
    request.app.state.screen = screen
    screen.start(work)


def choose(request: Request) -> Response:
    """What to be asked."""
    asked = request.query_params
    principle = Principle(asked["principle"]) if asked.get("principle") in set(Principle) else None
    level = Level(asked["level"]) if asked.get("level") in set(Level) else None
    site = site_of(request)
    known = wiring.known_question(site.home, asked.get("question", ""))
    found = wiring.packs(site.home).search(principle, level, asked.get("search") or None)
    return page(
        "choose.html",
        request,
        questions=found,
        asked={name: asked.get(name, "") for name in ("principle", "level", "search")},
        chosen=asked.get("question", ""),
        own="" if known is not None else asked.get("question", ""),
        under_way=_under_way(request),
        sessions=len(wiring.sessions(site.home).names()),
    )


def _under_way(request: Request) -> bool:
    screen = screen_of(request)
    return screen is not None and not screen.is_over


def begin(request: Request, fields: Fields) -> Response:
    """Begin an interview."""
    site = site_of(request)
    asked = _asked(site, fields)
    is_typed = fields.get("how") == "typed"
    is_silent = is_typed or fields.get("voice") == "silent"
    session = wiring.new_session(site.home)
    room = Room(
        wiring.open_microphone(site.device),
        None if is_silent else wiring.play_sound(site.speaker),
        wiring.question_guard_s(),
        session.name,
        is_typed=is_typed,
        questions=len(asked),
    )
    speaker: Speaker | None = None
    if not is_silent:
        speaker = wiring.speaker(site.home, site.voice, site.rate_wpm)
    dialogue = Dialogue(asked, probes_wanted=_count(fields, "probes", 0, 3, 2))

    def hold() -> None:
        transcriber = None if is_typed else site.transcriber()
        if transcriber is not None:
            room.show(engine=site.engine_line)
        desk = wiring.desk(answers=room, view=room, transcriber=transcriber, speaker=speaker)
        Interview(dialogue, desk, session).run()

    _begin(request, room, hold)
    return see("/live")


def _asked(site: Site, fields: Fields) -> tuple[Question, ...]:
    principle = fields.get("principle") or None
    level = fields.get("level") or None
    named = fields.get("own", "").strip() or fields.get("question", "").strip() or None
    if fields.get("surprise"):
        named = None
    if principle not in {None, *Principle} or level not in {None, *Level}:
        raise UnknownName("There is no such principle or level.")
    return questions_to_ask(
        site.home,
        named,
        Principle(principle) if principle else None,
        Level(level) if level else None,
        _count(fields, "questions", 1, 20, 1),
        SystemRandom(),
    )


def _count(fields: Fields, name: str, least: int, most: int, otherwise: int) -> int:
    value = fields.get(name, "")
    return min(most, max(least, int(value))) if value.isdecimal() else otherwise


def look(request: Request) -> Response:
    """The screen of what goes on."""
    screen = screen_of(request)
    if screen is None:
        return see("/interview")
    return page("live.html", request, shown=screen.shown)


def stream(request: Request) -> Response:
    """How it stands, as it changes."""
    screen = screen_of(request)
    if screen is None:
        raise UnknownName("Nothing goes on here.")
    return events(request, screen)


def wish(request: Request, fields: Fields) -> Response:
    """A key of the person."""
    screen = screen_of(request)
    if screen is None:
        raise UnknownName("Nothing goes on here.")
    screen.wish(fields.get("wish", ""), fields.get("text", ""))
    return PlainTextResponse("heard")


# ---- telling a stage again


def repair(request: Request) -> Response:
    """One stage, to be told again."""
    answer, stage = kept(request), _stage(request)
    analysis = answers.analysis_of(answer)
    told = " ".join(unit.text for unit in units_in(analysis.units, stage))
    return page(
        "repair.html",
        request,
        answer=answer,
        stage=stage.value,
        told=told,
        change=analysis.next_change,
        timing=analysis.stages[stage],
        place=place_of(answer),
        signals=[SIGNAL_WORDS[s] for s, home in STAGE_OF_SIGNAL.items() if home is stage],
    )


def _stage(request: Request) -> Stage:
    name = request.query_params.get("stage", "")
    if name not in set(STORY_STAGES):
        raise UnknownName(f"There is no stage '{name}'.")
    return Stage(name)


def retell(request: Request, fields: Fields) -> Response:
    """Record the stage again, or take the typed one, and compare."""
    site, answer, stage = site_of(request), kept(request), _stage(request)
    stem = answers.next_stem(answer)
    analysis = answers.analysis_of(answer)
    there = f"{place_of(answer)}/compare?before={answer.take}&after={answer.take + 1}"
    there = (
        f"{place_of(answer)}/compare?before={answer.take}&after={stem.name.removeprefix('take')}"
    )
    shelf = answers.shelf(site.transcriber)
    if answer.audio is None or answer.regions is None:
        text = fields.get("text", "")
        if not text.split():
            raise BadInput(f"Type the {stage} before you keep it; your answer is as it was.")
        shelf.retype(answer.saying, analysis, stage, text, stem)
        return see(there)
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

    def tell_again() -> None:
        for attempt in count(1):  # an attempt that was broken off stays
            again = f"-{attempt}" if attempt > 1 else ""
            recording = stem.with_name(f"{stem.name}-{stage}{again}.wav")
            wished, _, _ = screen.record(recording)
            if wished not in ("retake", "ask"):
                break
        screen.close_microphone()
        if wished != "done":
            screen.show(phase="over", next=place_of(answer))
            return
        screen.show(phase="writing", progress=0.0)
        shelf.retell(
            answer.saying,
            analysis,
            regions,
            stage,
            wiring.read_audio(recording),
            stem,
            lambda share: screen.show(progress=round(share, 2)),
        )
        screen.show(phase="over", next=there)

    _begin(request, screen, tell_again)
    return see("/live")


# ---- uploads


async def upload(request: Request) -> Response:
    """Keep a recording or a transcript, and look at it."""
    form = await request.form(max_files=1, max_fields=20)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise BadInput("Choose a recording or a transcript first.")
    if (file.size or 0) > MOST_UPLOAD_BYTES:
        raise BadInput(f"{file.filename} is larger than a gigabyte; no answer is so long.")
    folder = Path(tempfile.mkdtemp(prefix="mock-interviewer-"))
    path = folder / f"upload{Path(file.filename).suffix[:8]}"
    with path.open("wb") as out:
        while block := await file.read(_BLOCK_BYTES):
            out.write(block)
    name, fields = file.filename, fields_of(form)
    return await run_in_threadpool(_file, request, path, name, fields)


def _file(request: Request, path: Path, name: str, fields: Fields) -> Response:
    site = site_of(request)
    question = _question_of(site, fields)
    if wiring.is_text(path):
        try:
            session, folder = answers.keep_upload(site.home, path, name, question, site.transcriber)
        except InterviewError as error:  # the person's own name for it, not ours
            raise type(error)(str(error).replace(str(path), name)) from None
        finally:
            shutil.rmtree(path.parent, ignore_errors=True)
        return see(path_of("answers", session, folder))
    screen = Screen("upload", wiring.open_microphone(site.device))
    screen.show(
        phase="writing", progress=0.0, asked=name, results=[], reply=None, is_typed=False,
        question=1, questions=1, probe=0, back="/upload",
    )  # fmt: skip

    def write_down() -> None:
        try:
            session, folder = answers.keep_upload(
                site.home,
                path,
                name,
                question,
                site.transcriber,
                lambda share: screen.show(progress=round(share, 2)),
            )
        except InterviewError as error:
            raise type(error)(str(error).replace(str(path), name)) from None
        finally:
            shutil.rmtree(path.parent, ignore_errors=True)
        screen.show(phase="over", next=path_of("answers", session, folder))

    _begin(request, screen, write_down)
    return see("/live")


def _question_of(site: Site, fields: Fields) -> Question:
    named = fields.get("own", "").strip() or fields.get("question", "").strip()
    question = question_named(site.home, named) if named else DEFAULT_QUESTION
    principle, level = fields.get("principle", ""), fields.get("level", "")
    if principle in set(Principle) and principle != question.principle:
        changed = Principle(principle)
        question = replace(question, principle=changed, counts=USUAL_COUNTS[changed])
    return replace(question, level=Level(level)) if level in set(Level) else question


def choose_upload(request: Request) -> Response:
    """What to upload, and what it was an answer to."""
    site = site_of(request)
    questions = [q for q in wiring.packs(site.home).questions if q.kind is Kind.STORY]
    return page("upload.html", request, questions=questions)


AT = "/answers/{session}/{answer}"
ROUTES = [
    Route("/interview", choose),
    Route("/interview", takes_form(begin), methods=["POST"]),
    Route("/live", look),
    Route("/live/events", stream),
    Route("/live/wish", takes_form(wish), methods=["POST"]),
    Route(f"{AT}/repair", repair),
    Route(f"{AT}/repair", takes_form(retell), methods=["POST"]),
    Route("/upload", choose_upload),
    Route("/upload", upload, methods=["POST"]),
]
