"""What every page shares: the home, how one hears and speaks, forms, and how a fault looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from mock_interviewer import wiring
from mock_interviewer.errors import InterviewError, UnknownName
from mock_interviewer.pages.rendering import render
from mock_interviewer.ports import Transcriber
from mock_interviewer.settings import Home
from mock_interviewer.web.limits import MOST_FORM_BYTES


@dataclass
class Site:
    """How this run of the page was asked to work."""

    home: Home
    engine: str = "auto"
    model: str | None = None
    device: str | None = None
    speaker: str | None = None
    voice: str | None = None
    rate_wpm: int = 165
    engine_line: str = ""
    _transcriber: Transcriber | None = None
    _lock: Lock = field(default_factory=Lock)

    def transcriber(self) -> Transcriber:
        """The recogniser, chosen once. Raises BadModel."""
        with self._lock:
            if self._transcriber is None:
                chosen = wiring.choose_engine(self.engine, self.model, self.home)
                self._transcriber, self.engine_line = chosen
            return self._transcriber


def site_of(request: Request) -> Site:
    """The site a request belongs to."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site


MOST_DIGITS = 9


def number_in(text: str) -> int | None:
    """The whole number that stands in an address or a form; None for anything else."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def page(template: str, request: Request, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A template as an answer to a request."""
    here = "/" + "".join(request.scope["path"].split("/")[1:2])
    return HTMLResponse(
        render(template, wiring.words_of_page(), here=here, **context), status_code=status
    )


def see(path: str) -> RedirectResponse:
    """Go and look there; what was sent is kept."""
    return RedirectResponse(path, status_code=303)


def path_of(*parts: str) -> str:
    """A path of our own from names that may hold anything."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


Fields = Mapping[str, str]
Handler = Callable[[Request, Fields], Response]


def takes_form(handle: Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for a form of plain fields; the work is done beside the event loop."""

    async def endpoint(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=40, max_part_size=MOST_FORM_BYTES)
        return await run_in_threadpool(handle, request, fields_of(form))

    return endpoint


def fields_of(form: FormData) -> dict[str, str]:
    """The plain fields of a form."""
    return {name: value for name, value in form.items() if not isinstance(value, UploadFile)}


def plain_fault(request: Request, error: Exception) -> Response:
    """A fault that the person can mend, as one plain line."""
    status = 404 if isinstance(error, UnknownName) else 400
    if not isinstance(error, InterviewError):
        status = 500
        line = (
            f"Something went wrong inside the program ({type(error).__name__}). Your files are "
            "untouched; go back and try again."
        )
    else:
        line = " ".join(str(error).split())
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(line, status_code=status)
    return page("fault.html", request, status=status, line=line, back=_came_from(request))


def _came_from(request: Request) -> str | None:
    """The page of ours on which the person was; None where the browser does not say."""
    before = urlsplit(request.headers.get("referer", ""))
    is_ours = before.netloc == request.url.netloc and before.path.startswith("/")
    return before.path + ("?" + before.query if before.query else "") if is_ours else None
