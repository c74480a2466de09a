"""The page as a reader: a case is a request as it comes over the line, and the whole app reads it.

The app is asked in this process, behind its guard, with a home that holds a typed and a spoken
session. No microphone, loudspeaker, voice or recogniser is there, so that whatever a request begins
ends at once. A file beside the home holds a secret that no answer may ever contain.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from mock_interviewer.errors import BadModel, DeviceFault, NoVoice
from mock_interviewer.settings import Home
from reliability.readers.targets import Target

PORT, TOKEN, SECRET = 8765, "right-token", b"the-secret-outside-of-the-home"
TIDY_EVERY = 200


class _Nothing:
    """Neither voice nor recogniser."""

    name = "none"

    def speak_to_file(self, text: str, path: Path) -> None:
        raise NoVoice("There is no voice here.")

    def transcribe(self, audio: Any, progress: Any = None) -> Any:
        raise BadModel("There is no recogniser here.")


@contextlib.contextmanager
def _no_microphone() -> Any:
    raise DeviceFault("There is no microphone here.")
    yield


def page_target(folder: Path) -> Target:
    """The app under fire. What a case changed in the home is put back now and then."""
    from many_sessions import WEAK, make_session, make_spoken_session

    from mock_interviewer import wiring
    from mock_interviewer.web import screen
    from mock_interviewer.web.app import guarded, pages
    from mock_interviewer.web.site import Site
    from mock_interviewer.wiring import live

    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    vars(screen)["TICK_S"] = 0.001  # nobody looks on
    nothing = _Nothing()
    wiring.open_microphone = lambda device: lambda tell: _no_microphone()
    wiring.speaker = lambda *_: nothing
    live.follower = lambda *_: nothing.transcribe(None)
    home, kept = Home(folder / "home"), folder / "kept"
    (folder / "secret.txt").write_bytes(SECRET)
    typed, spoken = make_session(home, WEAK), make_spoken_session(home, "weak")
    shutil.copytree(home.path, kept)
    site = Site(home, "sphinx")
    site._transcriber = nothing
    app = pages(site)
    asked = guarded(app, TOKEN, PORT)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(_few_threads())
    count = 0

    def read(data: bytes) -> None:
        nonlocal count
        count += 1
        if count % TIDY_EVERY == 0:
            if app.state.screen is not None:
                app.state.screen.stop()  # or it would write into what is being put back
            shutil.rmtree(home.path)
            shutil.copytree(kept, home.path, copy_function=shutil.copy2)
        status, body = loop.run_until_complete(_ask(asked, data))
        if status >= 500:
            raise AssertionError(f"status {status}: {body[:200]!r}")
        if SECRET in body:
            raise AssertionError("a file outside of the home was given away")
        if {path.name for path in folder.iterdir()} - BESIDE:
            raise AssertionError("a file outside of the home was written")

    def place(answer: Path) -> str:
        return f"/answers/{answer.parent.name}/{answer.name}"

    return Target(read, _seeds(place(typed), place(spoken)), WORDS)


BESIDE = {"home", "kept", "secret.txt", "now", "corpus", "words"}
"""What may lie beside the home: ours and the engines'."""
WORDS = (
    b"GET ", b"POST ", b"HEAD ", b"/answers/", b"../", b"%2e%2e%2f", b"..%2f..%2fsecret.txt",
    b"%00", b"?take=", b"&stage=result", b"\nHost: evil.example", b"\nCookie: ", b"\nRange: ",
    b"\nContent-Type: multipart/form-data; boundary=x", b'filename="../../secret.txt"', b"%ff",
    b"secret.txt", b"/static/", b"&", b"=", b"\n\n", b"99999999999999999999", b"--x\r\n",
)  # fmt: skip


async def _few_threads() -> None:
    import anyio.to_thread

    anyio.to_thread.current_default_thread_limiter().total_tokens = 2


def _seeds(typed: str, spoken: str) -> list[bytes]:
    """A request for every route of the app, as the page itself sends it."""
    looks = [
        "/", "/history", "/history?search=hire&page=1", "/history.csv", "/interview?search=x",
        "/live", "/live/events", "/upload", "/learn", "/learn/missed-deadline?step=2",
        "/learn/missed-deadline/aloud?step=2", "/concepts/missed-deadline?item=1&said=0",
        "/test/missed-deadline?seed=1&said=01", "/static/page.css", "/static/../../secret.txt",
        typed, f"{typed}?take=1&principle=conflict&level=sde1", f"{typed}/file?sound=1",
        f"{typed}/compare?before=1&after=1", f"{typed}/repair?stage=result", spoken,
        f"{spoken}/sound?spans=1.5-2,3-4.25", f"{typed}/reply?name=probe1", f"{spoken}/sound",
    ]  # fmt: skip
    sent: list[tuple[str, dict[str, str]]] = [
        ("/interview", {"how": "typed", "own": "Why?", "probes": "1", "questions": "1"}),
        ("/interview", {"question": "fixed-unasked", "level": "sde1", "end": "auto", "coach": "1"}),
        ("/live/wish", {"wish": "typed", "text": "I did it."}),
        ("/live/wish", {"wish": "stop"}),
        ("/concepts/missed-deadline", {"item": "1", "said": "0"}),
        ("/test/missed-deadline", {"seed": "1", "said": "0", "answer": "1"}),
        (f"{typed}/marks?take=1", {"first": "0", "end": "4", "stage": "task"}),
        (f"{typed}/forget?take=1", {}),
        (f"{typed}/text?take=1", {"text": "I noticed it and I mended it."}),
        (f"{typed}/coach?take=1", {"note": "good", "verdict": "hire"}),
        (f"{typed}/repair?take=1&stage=result", {"text": "It fell to 4."}),
        (f"/sessions/{typed.split('/')[2]}/remove", {}),
    ]
    cookie = f"Cookie: mock_interviewer_{PORT}={TOKEN}\nHost: 127.0.0.1:{PORT}"
    seeds = [f"GET {path}\n{cookie}\nAccept: text/html\n\n".encode() for path in looks]
    form = "Content-Type: application/x-www-form-urlencoded"
    seeds += [
        f"POST {path}\n{cookie}\n{form}\n\n{urlencode(fields)}".encode() for path, fields in sent
    ]
    part = (
        '--x\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n--x--\r\n'
        .format("file", '; filename="a.txt"\r\nContent-Type: text/plain', "I did it since I could.")
    )  # fmt: skip
    kind = "Content-Type: multipart/form-data; boundary=x"
    for path in ("/upload", "/interview", "/live/wish"):
        seeds.append(f"POST {path}\n{cookie}\n{kind}\n\n{part}".encode())
    zipped = part.replace("a.txt", "a.zip").replace("I did", "PK\x03\x04\x14\x00I did")
    seeds.append(f"POST /upload\n{cookie}\n{kind}\n\n{zipped}".encode())
    return seeds


async def _ask(app: Any, data: bytes) -> tuple[int, bytes]:
    """The status and the body of the answer to a request."""
    head, _, body = data.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    method, _, target = first.partition(b" ")
    path, _, query = target.partition(b"?")
    headers = [
        (name.strip().lower(), value.strip())
        for name, found, value in (line.partition(b":") for line in lines[:50])
        if found
    ]
    from urllib.parse import unquote

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
        "method": method.decode("latin-1").upper()[:20], "root_path": "",
        "path": unquote(path.decode("latin-1")) or "/", "raw_path": path, "query_string": query,
        "headers": headers, "client": None, "server": ("127.0.0.1", PORT),
    }  # fmt: skip
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    status, told = 0, bytearray()

    async def receive() -> dict[str, Any]:
        return messages.pop() if messages else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            told.extend(message.get("body", b"")[: 1 << 20])

    await app(scope, receive, send)
    return status, bytes(told)
