"""A mentor's folder on the page: a session as a zip, a zip taken in, notes sent back."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mock_interviewer.errors import BadInput, InterviewError
from mock_interviewer.web.site import page, site_of
from mock_interviewer.wiring import mentor

_BLOCK_BYTES = 1_000_000


def export(request: Request) -> Response:
    """One session as a zip."""
    name = request.path_params["session"]
    return _zip(request, f"{name}.zip", [name], notes=False)


def notes(request: Request) -> Response:
    """The notes written here as a zip."""
    return _zip(request, "mock-interviewer-notes.zip", [], notes=True)


def _zip(request: Request, name: str, sessions: list[str], *, notes: bool) -> Response:
    site = site_of(request)
    with tempfile.TemporaryDirectory(prefix="mock-interviewer-") as folder:
        path = Path(folder, "out.zip")
        if notes:
            mentor.export_notes(site.home, path, sessions)
        else:
            mentor.export(site.home, path, sessions, site.transcriber)
        content = path.read_bytes()
    return Response(
        content,
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def choose(request: Request) -> Response:
    """What to take in."""
    return page("mentor.html", request, taken=None)


async def take_in(request: Request) -> Response:
    """Take a zip in, and say what came of it."""
    form = await request.form(max_files=1, max_fields=5)
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise BadInput("Choose a zip first.")
    folder = Path(tempfile.mkdtemp(prefix="mock-interviewer-"))
    try:
        path = folder / "in.zip"
        with path.open("wb") as out:
            while block := await file.read(_BLOCK_BYTES):
                out.write(block)
        return await run_in_threadpool(_taken, request, path, file.filename)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _taken(request: Request, path: Path, name: str) -> Response:
    try:
        taken = mentor.take_in(site_of(request).home, path)
    except InterviewError as error:  # the person's own name for it, not ours
        raise type(error)(str(error).replace(str(path), name)) from None
    return page("mentor.html", request, taken=taken)


ROUTES = [
    Route("/sessions/{session}/export", export),
    Route("/mentor", choose),
    Route("/mentor", take_in, methods=["POST"]),
    Route("/mentor/notes.zip", notes),
]
