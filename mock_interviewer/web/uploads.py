"""Recordings and transcripts from elsewhere, filed as sessions and looked at."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_interviewer import wiring
from mock_interviewer.core.question import DEFAULT_QUESTION, Question
from mock_interviewer.core.rubric import (
    USUAL_COUNTS,
    Kind,
    Level,
    Principle,
)
from mock_interviewer.errors import BadInput, HomeFault, InterviewError
from mock_interviewer.web.live import begin_screen
from mock_interviewer.web.screen import Screen
from mock_interviewer.web.site import (
    Fields,
    Site,
    fields_of,
    page,
    path_of,
    see,
    site_of,
)
from mock_interviewer.wiring import filing
from mock_interviewer.wiring.asking import question_named
from mock_interviewer.wiring.unfinished import sole_use

_BLOCK_BYTES = 1_000_000
LONGEST_WAIT_S = 7200.0
"""A recording cannot be told again: it waits until what goes on is over."""


async def upload(request: Request) -> Response:
    """Keep a recording or a transcript, and look at it."""
    folder = Path(tempfile.mkdtemp(prefix="mock-interviewer-"))
    try:
        form = await request.form(max_files=1, max_fields=20)
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise BadInput("Choose a recording or a transcript first.")
        suffix = re.search(r"\.[A-Za-z0-9]{1,8}$", file.filename)
        path = folder / f"upload{suffix[0] if suffix else ''}"
        with path.open("wb") as out:
            while block := await file.read(_BLOCK_BYTES):
                out.write(block)
        await form.close()
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise HomeFault(
            f"The upload cannot be kept in {folder.parent}: {error.strerror or error}. Free some "
            "space there, or name another folder with TMPDIR."
        ) from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    name, fields = file.filename, fields_of(form)
    return await run_in_threadpool(_file, request, path, name, fields)


def _file(request: Request, path: Path, name: str, fields: Fields) -> Response:
    site = site_of(request)
    try:
        question = _question_of(site, fields)
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    if wiring.is_text(path):
        try:
            session, folder = filing.keep_upload(site.home, path, name, question, site.transcriber)
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
            with sole_use(site.home, LONGEST_WAIT_S):  # half-written, it is nobody's to tidy
                session, folder = filing.keep_upload(
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

    begin_screen(request, screen, write_down)
    return see("/live")


def _question_of(site: Site, fields: Fields) -> Question:
    named = fields.get("own", "").strip() or fields.get("question", "").strip()
    usual = replace(DEFAULT_QUESTION, text=wiring.default_question(site.home))
    question = question_named(site.home, named, lambda _: None) if named else usual
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


ROUTES = [
    Route("/upload", choose_upload),
    Route("/upload", upload, methods=["POST"]),
]
