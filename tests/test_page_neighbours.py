"""Every door of the page is locked to all but its owner: each route, each way to knock."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from starlette.routing import Route

from mock_interviewer.settings import Home
from mock_interviewer.web.app import guarded, pages
from mock_interviewer.web.neighbours import Connection, is_anothers
from mock_interviewer.web.site import Site

PORT, TOKEN = 8765, "the-token-of-this-run"
HOST = (b"host", b"127.0.0.1:8765")
COOKIE = (b"cookie", b"mock_interviewer_8765=the-token-of-this-run")
KNOCKS = {
    "without a token": [HOST],
    "with an empty token": [HOST, (b"cookie", b"mock_interviewer_8765=")],
    "with the token of an earlier run": [HOST, (b"cookie", b"mock_interviewer_8765=an-old-token")],
    "with another port's cookie": [HOST, (b"cookie", b"mock_interviewer_1=the-token-of-this-run")],
    "by a foreign name": [(b"host", b"evil.example:8765"), COOKIE],
    "without a name": [COOKIE],
    "by two names": [HOST, (b"host", b"evil.example"), COOKIE],
    "from a foreign page": [HOST, COOKIE, (b"origin", b"https://evil.example")],
    "from no page": [HOST, COOKIE, (b"origin", b"null")],
    "from a foreign site": [HOST, COOKIE, (b"sec-fetch-site", b"cross-site")],
    "from another port": [HOST, COOKIE, (b"sec-fetch-site", b"same-site")],
}


def routes() -> list[tuple[str, str]]:
    """Every method and path there is."""
    found = []
    for route in pages(Site(Home(Path("nowhere")))).routes:
        assert isinstance(route, Route), "a door of another kind needs a test of its own"
        found += [(method, route.path) for method in sorted(route.methods or ())]
    return found


async def _reached(app: Any, scope: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect" if scope["type"] == "websocket" else "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent


def knock(kind: str, method: str, path: str, headers: list[tuple[bytes, bytes]]) -> tuple[int, int]:
    """The status (a socket's closing code), and how often the app behind the guard was reached."""
    reached = []

    async def behind(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    scope = {
        "type": kind, "method": method, "path": path, "raw_path": path.encode(), "scheme": "http",
        "query_string": b"", "headers": headers, "client": None, "http_version": "1.1",
    }  # fmt: skip
    sent = asyncio.run(_reached(guarded(behind, TOKEN, PORT), scope))  # type: ignore[arg-type]
    return sent[0].get("status", sent[0].get("code")), len(reached)


def test_every_route_is_closed_to_every_wrong_knock_and_open_to_the_right_one() -> None:
    assert len(routes()) > 40
    for method, path in routes():
        for how, headers in KNOCKS.items():
            assert knock("http", method, path, headers) == (403, 0), f"{method} {path} {how}"
        assert knock("http", method, path, [HOST, COOKIE]) == (200, 1), f"{method} {path}"


def test_no_socket_is_opened_by_anybody() -> None:
    for headers in KNOCKS.values():
        assert knock("websocket", "GET", "/live/events", headers) == (1008, 0)
    assert knock("websocket", "GET", "/live/events", [HOST, COOKIE]) == (1008, 0)


def _row(
    port: int, far_port: int, uid: int, state: str = "01", *, is_open: bool = True
) -> Connection:
    return Connection("0100007F", port, far_port, state, uid, is_open)


def test_a_connection_is_ones_own_only_if_the_system_says_so() -> None:
    ours, listening = frozenset({0, 1000}), _row(8765, 0, 1000, "0A")
    assert not is_anothers(5000, 8765, (listening, _row(5000, 8765, 1000)), ours)
    assert is_anothers(5000, 8765, (listening, _row(5000, 8765, 1001)), ours)
    assert is_anothers(5000, 8765, (listening, _row(5000, 8765, 0, is_open=False)), ours)
    assert is_anothers(5000, 8765, (listening, _row(5000, 80, 1000)), ours)
    assert is_anothers(5000, 8765, (listening,), ours)
    assert not is_anothers(5000, 8765, (), ours), "where the system does not tell, the key decides"
