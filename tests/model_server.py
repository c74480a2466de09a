"""A small hub on this machine that speaks the protocol models are fetched by, and can misbehave.

It also takes absolute addresses, as a proxy does: whatever host is asked for, it answers itself.
"""

from __future__ import annotations

import hashlib
import json
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from local_server import LocalServer, QuietAnswers

COMMIT = "c0ffee" * 6 + "cafe"
REPOSITORY = "Systran/faster-whisper-base.en"


def model_files(weights_bytes: int = 5000) -> dict[str, bytes]:
    """What looks like a model to all who do not load it."""
    weights = b"\x06\0\0\0\x0c\0WhisperSpec\0" + bytes(n * n % 251 for n in range(weights_bytes))
    return {
        "config.json": b'{"lang_ids": []}',
        "tokenizer.json": b'{"version": "1.0"}',
        "vocabulary.txt": b"<blank>\nyes\nno\n",
        "model.bin": weights,
    }


@dataclass
class ModelHub:
    """What the server holds, how it misbehaves, and what it was asked."""

    files: dict[str, bytes] = field(default_factory=model_files)
    repository: str = REPOSITORY
    stated: dict[str, bytes] = field(default_factory=dict)
    """Content whose size and hash are stated in place of the true ones."""
    breaks: dict[str, list[int]] = field(default_factory=dict)
    """File to bytes after which each answer in turn breaks off."""
    resets: bool = False
    """A break is a reset and not a plain end."""
    knows_ranges: bool = True
    instead: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    """Part of an address to answers that are given in its place, until there are none left."""
    listing: dict[str, Any] | None = None
    hosts: list[str] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Path and Range of every request."""
    served: dict[str, int] = field(default_factory=dict)
    """File to bytes that were sent of it."""
    address: str = ""

    def siblings(self) -> list[dict[str, Any]]:
        return [self._sibling(name, self.stated.get(name, c)) for name, c in self.files.items()]

    def _sibling(self, name: str, content: bytes) -> dict[str, Any]:
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        told: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": blob}
        if name.endswith(".bin"):
            sha256 = hashlib.sha256(content).hexdigest()
            told["blobId"] = "0" * 40  # of the pointer, not of the content
            told["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 133}
        return told

    def asked_for(self, name: str) -> list[str | None]:
        """The Range of every request that reached a file's bytes."""
        return [asked for path, asked in self.asked if path == f"/storage/{name}"]


class _Answers(QuietAnswers):
    protocol_version = "HTTP/1.1"

    @property
    def hub(self) -> ModelHub:
        return cast("LocalServer[ModelHub]", self.server).says

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self.hub.hosts.append(self.headers.get("Host", ""))
        path = unquote(address.path)
        self.hub.asked.append((path, self.headers.get("Range")))
        for part, answers in self.hub.instead.items():
            if part in path and answers:
                self._send(*answers.pop(0))
                return
        repository = self.hub.repository
        if path == f"/api/models/{repository}/revision/main" and address.query == "blobs=true":
            listing = {"id": repository, "sha": COMMIT, "siblings": self.hub.siblings()}
            self._send(200, {}, json.dumps(self.hub.listing or listing).encode())
        elif path.startswith(f"/{repository}/resolve/{COMMIT}/"):
            self._send(302, {"Location": f"/storage/{path.rsplit('/', 1)[1]}"}, b"")
        elif path.removeprefix("/storage/") in self.hub.files:
            self._send_file(path.removeprefix("/storage/"))
        else:
            self._send(401, {}, b'{"error": "Invalid username or password."}')

    def do_CONNECT(self) -> None:
        self.hub.asked.append((f"CONNECT {self.path}", None))
        self._send(403, {}, b"not for you")

    def _send_file(self, name: str) -> None:
        content = self.hub.files[name]
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start = int(asked[1]) if asked and self.hub.knows_ranges else 0
        body, headers = content[start:], {}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        breaks = self.hub.breaks.get(name, [])
        end = breaks.pop(0) if breaks else len(body)
        self.hub.served[name] = self.hub.served.get(name, 0) + len(body[:end])
        self._send(206 if start else 200, headers, body, end)

    def _send(
        self, status: int, headers: dict[str, str], body: bytes, end: int | None = None
    ) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[:end])
        if end is not None and end < len(body):
            self.close_connection = True
            if self.hub.resets:
                self.wfile.flush()
                no_goodbye = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_goodbye)
        elif "Content-Length" in headers:
            self.close_connection = True


@contextmanager
def serving(hub: ModelHub) -> Iterator[ModelHub]:
    """The hub at 127.0.0.1, on a port of its own; its address is in `.address`."""
    server = LocalServer("127.0.0.1", _Answers, hub)
    hub.address = server.address
    with server.running():
        yield hub
