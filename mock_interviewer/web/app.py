"""All pages of one run, behind the guard."""

from __future__ import annotations

from threading import Lock

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from mock_interviewer.errors import InterviewError, UnknownName
from mock_interviewer.pages.rendering import STATIC_DIR
from mock_interviewer.web import (
    drilling,
    learning,
    live,
    mentor,
    past,
    practising,
    reports,
    retelling,
    second_reader,
    stories,
    unfinished,
    uploads,
)
from mock_interviewer.web.guard import Guard
from mock_interviewer.web.limits import Limits
from mock_interviewer.web.site import Site, page, plain_fault

STATIC_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}


def static(request: Request) -> Response:
    """A style, script or font of our own."""
    name = request.path_params["name"]
    for path in STATIC_DIR.iterdir():
        if path.name == name and path.suffix in STATIC_TYPES:
            return FileResponse(
                path,
                media_type=STATIC_TYPES[path.suffix],
                headers={"cache-control": "private, max-age=60"},
            )
    raise UnknownName(f"There is no file '{name}'.")


async def nowhere(request: Request, error: Exception) -> Response:
    """An address that leads nowhere."""
    return page("fault.html", request, status=404, line="There is no such page here.", back=None)


def pages(site: Site) -> Starlette:
    """The pages without the guard."""
    routes = [Route("/static/{name}", static)]
    for each in (
        past,
        practising,
        live,
        unfinished,
        drilling,
        reports,
        retelling,
        uploads,
        learning,
        stories,
        mentor,
        second_reader,
    ):
        routes += each.ROUTES
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Limits)],
        exception_handlers={
            InterviewError: plain_fault,
            404: nowhere,
            Exception: plain_fault,
        },
    )
    app.state.site = site
    app.state.screen = None
    app.state.begins = Lock()
    return app


def guarded(app: Starlette, token: str, port: int) -> ASGIApp:
    """The pages as they are served."""
    return Guard(app, token, port)
