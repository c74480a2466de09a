"""A server on this machine for a test, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Generic, TypeVar

Says = TypeVar("Says")


class QuietAnswers(BaseHTTPRequestHandler):
    """Answers without writing a log."""

    def log_message(self, *_: object) -> None:
        pass


class LocalServer(ThreadingHTTPServer, Generic[Says]):
    """A server that knows what it is to say; `server.says` in its answers."""

    daemon_threads = True

    def __init__(self, host: str, answers: type[QuietAnswers], says: Says) -> None:
        super().__init__((host, 0), answers)
        self.says = says
        self.address = f"http://{host}:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that has heard enough is no fault here."""

    @contextmanager
    def running(self) -> Iterator[None]:
        """On a port of its own until the end of the block."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            thread.join()
            self.server_close()
