"""A second reader's server on this machine that answers well, or misbehaves as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

from local_server import LocalServer, QuietAnswers

MODEL = "tiny-model"


@dataclass
class Reader:
    """What it says, and what it was asked."""

    said: str = '{"remarks": []}'
    """The model's words."""
    body: bytes | None = None
    """What is sent in place of a reply in the protocol's form."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False
    """A byte every 20 ms."""
    hangs_up: bool = False
    asked: list[tuple[str, dict[str, Any] | None]] = field(default_factory=list)
    address: str = ""
    closing: threading.Event = field(default_factory=threading.Event)
    dripped: threading.Event = field(default_factory=threading.Event)
    """Set when a line on which it dripped was cut."""

    @property
    def shown(self) -> list[dict[str, str]]:
        """The messages of the last question."""
        body = self.asked[-1][1]
        assert body is not None
        return cast("list[dict[str, str]]", body["messages"])


class _Answers(QuietAnswers):
    @property
    def reader(self) -> Reader:
        return cast("LocalServer[Reader]", self.server).says

    def do_GET(self) -> None:
        self.reader.asked.append((self.path, None))
        self._send(200, {}, json.dumps({"data": [{"id": MODEL}]}).encode())

    def do_POST(self) -> None:
        reader = self.reader
        length = int(self.headers["Content-Length"])
        reader.asked.append((self.path, json.loads(self.rfile.read(length))))
        if reader.hangs_up:
            self.close_connection = True
            return
        reply = {"choices": [{"message": {"role": "assistant", "content": reader.said}}]}
        body = json.dumps(reply).encode() if reader.body is None else reader.body
        self._send(reader.status, reader.headers, body)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if not self.reader.drips or self.command == "GET":
            self.wfile.write(body)
            return
        with suppress(OSError):
            for at in range(len(body)):
                if self.reader.closing.is_set():
                    return
                self.wfile.write(body[at : at + 1])
                time.sleep(0.02)
        self.reader.dripped.set()


@contextmanager
def reading(reader: Reader, host: str = "127.0.0.1") -> Iterator[Reader]:
    """The reader on a port of its own; its address is in `.address`."""
    server = LocalServer(host, _Answers, reader)
    reader.address = server.address
    with server.running():
        try:
            yield reader
        finally:
            reader.closing.set()
