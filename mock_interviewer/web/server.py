"""Serving the page: one loopback address, one token a run, an orderly end."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
import webbrowser

import uvicorn

from mock_interviewer.errors import DeviceFault, InterviewError
from mock_interviewer.web.app import guarded, pages
from mock_interviewer.web.screen import Screen
from mock_interviewer.web.site import Site

LOOPBACK = "127.0.0.1"
DEBUG_VARIABLE = "MOCK_INTERVIEWER_DEBUG"


class PortTaken(DeviceFault):
    """Another program listens there."""


def listening_socket(port: int) -> socket.socket:
    """A socket on this machine's own address; port 0 takes a free one. Raises PortTaken."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((LOOPBACK, port))
        found.listen(64)
    except OSError as error:
        found.close()
        raise PortTaken(
            f"Port {port} cannot be used ({error.strerror or error}); choose another with --port, "
            "or leave --port out."
        ) from None
    return found


def serve(site: Site, port: int, *, open_browser: bool) -> None:
    """Serve the page until it is interrupted; its address is the first line on stdout."""
    with contextlib.closing(listening_socket(port)) as door:
        number = door.getsockname()[1]
        token = secrets.token_urlsafe(24)
        logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # of forms that are none
        app = pages(site)
        server = uvicorn.Server(
            uvicorn.Config(
                guarded(app, token, number),
                log_level="error" if os.environ.get(DEBUG_VARIABLE) else "critical",
                access_log=False,
                lifespan="off",
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=1,
                ws="none",
            )
        )
        address = f"http://{LOOPBACK}:{number}/?token={token}"
        print(address, flush=True)  # noqa: T201 -- the address is what the command is for
        if open_browser:
            with contextlib.suppress(webbrowser.Error):
                webbrowser.open(address)
        try:
            server.run(sockets=[door])
        finally:
            screen = app.state.screen
            if isinstance(screen, Screen) and not screen.is_over:
                with contextlib.suppress(InterviewError):
                    screen.stop()
