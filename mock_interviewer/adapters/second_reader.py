"""A second reader's server: the part of OpenAI's protocol that llama.cpp, Ollama and others speak.

One question, one reply, within one limit of time for all of it (a server may send a byte a second
for ever) and one of size. Redirects are not followed and proxies of the environment not used: what
is sent goes to the address that the person named, or nowhere. Everything that goes wrong is one
plain line (ReaderFault), for the report stands without it.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from mock_interviewer.core.json_text import json_value
from mock_interviewer.errors import BadInput, ReaderFault, ReaderGone, plain_line

LIMIT_S = 60.0
MOST_REPLY_BYTES = 300_000
"""Five remarks are 3 kB; a model that thinks aloud first writes some ten times that."""
MOST_TOKENS = 4000
CHAT, MODELS = "/chat/completions", "/models"
PORTS = {"http": 80, "https": 443}


T = TypeVar("T")


@dataclass(frozen=True)
class Address:
    """Where a second reader is."""

    scheme: str
    host: str
    port: int
    base: str
    """The path under which the protocol's names stand: '/v1'."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def is_here(self) -> bool:
        """True if it is this machine by its own name: nobody is asked what a name stands for."""
        return self.host == "localhost" or _is_loopback(self.host)


def address_of(url: str) -> Address:
    """The address of a server, with or without /v1 at its end. Raises BadInput.

    >>> str(address_of("http://localhost:8080")), address_of("http://[::1]:1/v1/models").base
    ('http://localhost:8080', '/v1')
    """
    wrong = f"'{plain_line(url)}' is no address of a second reader; write it like "
    wrong += "http://127.0.0.1:11434."
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadInput(wrong) from None
    is_whole = not parts.username and not parts.password and not parts.query and not parts.fragment
    if parts.scheme not in PORTS or not host or not is_whole or not _is_plain(url.strip()):
        raise BadInput(wrong)
    path = parts.path.rstrip("/").removesuffix(CHAT).removesuffix(MODELS)
    return Address(parts.scheme, host, port or PORTS[parts.scheme], path or "/v1")


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _is_plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


@dataclass
class _Line:
    """The line that is open now, so that it can be cut from outside."""

    open_socket: socket.socket | None = None
    """Kept here because a connection forgets it as soon as a reply begins."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_cut: bool = False

    def opened(self, opened: socket.socket) -> None:
        with self.lock:
            if self.is_cut:
                raise OSError("too late")
            self.open_socket = opened

    def cut(self) -> None:
        with self.lock:
            self.is_cut = True
            if self.open_socket is not None:
                with suppress(OSError):
                    self.open_socket.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class ReaderServer:
    """A second reader behind an address."""

    address: Address
    model: str | None = None
    """Which of the server's models; None takes the first that it names."""
    limit_s: float = LIMIT_S

    def model_name(self) -> str:
        """The model that is asked, as the server calls it. Raises ReaderFault."""
        return self._within_limit(self._model_name)

    def reply(self, instruction: str, shown: str) -> tuple[str, str]:
        """The reply to what is shown, and the model's name. Raises ReaderFault."""

        def ask(line: _Line) -> tuple[str, str]:
            name = self.model or self._model_name(line)
            wanted = {
                "model": name,
                "messages": [
                    {"role": "system", "content": instruction},
                    {"role": "user", "content": shown},
                ],
                "temperature": 0,
                "max_tokens": MOST_TOKENS,
                "stream": False,
            }
            told = self._value(line, "POST", CHAT, json.dumps(wanted).encode())
            try:
                said = told["choices"][0]["message"]["content"]
            except (KeyError, IndexError, TypeError):
                said = None
            if not isinstance(said, str):
                raise self._fault("sent no reply in the form of /v1/chat/completions")
            return said, name

        return self._within_limit(ask)

    def _fault(self, what: str) -> ReaderFault:
        return ReaderFault(f"The second reader at {self.address} {what}")

    def _within_limit(self, ask: Callable[[_Line], T]) -> T:
        """Ask in a thread of its own that is left behind, its line cut, when the time is over."""
        line, found, faults = _Line(), list[T](), list[Exception]()

        def run() -> None:
            try:
                found.append(ask(line))
            except Exception as fault:
                faults.append(fault)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        try:
            thread.join(self.limit_s)
            is_late = thread.is_alive()  # asked before the cut, which ends it with other faults
        finally:
            line.cut()
        if is_late:
            raise ReaderGone(
                f"The second reader at {self.address} was not done within {self.limit_s:g} s"
            )
        if found:
            return found[0]
        if isinstance(faults[0], ReaderFault):
            raise faults[0]
        if isinstance(faults[0], (OSError, http.client.HTTPException, ValueError)):
            why = getattr(faults[0], "strerror", None) or "it broke off or speaks another protocol"
            raise ReaderGone(f"The second reader at {self.address} cannot be asked: {why}")
        raise faults[0]

    def _model_name(self, line: _Line) -> str:
        if self.model:
            return self.model
        told = self._value(line, "GET", MODELS)
        try:
            name = told["data"][0]["id"]
        except (KeyError, IndexError, TypeError):
            name = None
        if not isinstance(name, str) or not name.strip():
            raise self._fault("names no model; name one with --reader-model")
        return name

    def _value(self, line: _Line, method: str, name: str, body: bytes | None = None) -> Any:
        """What the server has to say, as JSON. Raises ReaderFault, OSError, HTTPException."""
        text = self._text(line, method, name, body)
        try:
            return json_value(text)
        except ValueError:
            raise self._fault("sent something that is not JSON") from None

    def _text(self, line: _Line, method: str, name: str, body: bytes | None) -> str:
        connection = self._connection()
        try:
            connection.connect()
            line.opened(connection.sock)
            if self.address.is_here and not _is_loopback(connection.sock.getpeername()[0]):
                raise self._fault("is not on this machine; nothing was sent")
            headers = {"Content-Type": "application/json", "Connection": "close"}
            connection.request(method, self.address.base + name, body, headers)
            with closing(connection.getresponse()) as answer:
                if 300 <= answer.status < 400:
                    raise self._fault(
                        "sends elsewhere; it was not followed; name that address itself"
                    )
                if answer.status != 200:
                    hint = self._hint(answer.status)
                    raise self._fault(f"refused with status {answer.status}{hint}")
                content = answer.read(MOST_REPLY_BYTES + 1)
        finally:
            connection.close()
        if len(content) > MOST_REPLY_BYTES:
            raise self._fault(f"sent more than {MOST_REPLY_BYTES // 1000} kB; it was not read")
        return content.decode("utf-8", "replace")

    def _hint(self, status: int) -> str:
        if status == 404:
            return f" (is there a model '{self.model}'?)" if self.model else " (no such service)"
        return " (is the answer too long for it?)" if status in (400, 413) else ""

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self.address.host, self.address.port
        patience_s = self.limit_s + 1  # the limit itself is kept by who waits
        if self.address.scheme == "https":
            trusted = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=patience_s, context=trusted)
        return http.client.HTTPConnection(host, port, timeout=patience_s)
