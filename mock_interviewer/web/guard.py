"""Who may talk to the page: this machine's own browser, with the token of this run, nobody else.

Every request and every socket is checked before anything else sees it:

    Host      must name the loopback address and port served (a foreign name that resolves to this
              machine, DNS rebinding, is refused)
    Origin    where a browser states one, it must be our own; Sec-Fetch-Site must not be foreign
    token     a secret of this run, in the address or in the cookie that the first page sets
    person    where the system tells whose program asks (`neighbours`), it must be one's own

Everything that goes out carries a content security policy without inline script, eval or any
foreign origin, and may not be framed, sniffed or kept in a cache.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mock_interviewer.web.neighbours import is_stranger

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
TOKEN = "token"
REFUSED = "This page belongs to another: open the address that 'mock-interviewer serve' printed.\n"


class Guard:
    """Lets through what comes from our own page, and adds the headers to what goes out."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app, self._token = app, token
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}
        self._cookie = f"mock_interviewer_{port}"
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if not self._may_enter(scope):
            await _refuse(scope, receive, send)
            return
        by_address = self._is_token(parse_qs(scope["query_string"].decode("latin-1")).get(TOKEN))

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *HEADERS]
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                if by_address:
                    cookie = f"{self._cookie}={self._token}; Path=/; HttpOnly; SameSite=Strict"
                    headers.append((b"set-cookie", cookie.encode()))
                message = {**message, "headers": headers}
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _may_enter(self, scope: Scope) -> bool:
        headers: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value.decode("latin-1"))
        hosts, origins = headers.get(b"host", []), headers.get(b"origin", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return False
        if any(origin.lower() not in self._origins for origin in origins):
            return False
        if not set(headers.get(b"sec-fetch-site", [])) <= {"same-origin", "none"}:
            return False
        if scope["type"] == "websocket" and not origins:
            return False  # a browser always states where a socket comes from
        query = parse_qs(scope["query_string"].decode("latin-1"))
        has_token = self._is_token(query.get(TOKEN)) or self._is_token(
            _cookies(headers.get(b"cookie", ()), self._cookie)
        )
        return has_token and not is_stranger(scope.get("client"), self._port)

    def _is_token(self, found: list[str] | None) -> bool:
        return bool(found) and all(
            secrets.compare_digest(each.encode(), self._token.encode()) for each in found or ()
        )


def _cookies(lines: Iterable[str], name: str) -> list[str]:
    """The values of one cookie, whatever others hold, which every port of this machine is sent."""
    pairs = [pair.partition("=") for line in lines for pair in line.split(";")]
    return [value.strip().strip('"') for named, _, value in pairs if named.strip() == name]


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    body = REFUSED.encode()
    headers = [*HEADERS, (b"content-type", b"text/plain; charset=utf-8")]
    headers += [(b"content-length", str(len(body)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
