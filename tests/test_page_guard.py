"""Who may talk to the page: raw requests over real sockets, and a script in every field."""

from __future__ import annotations

import base64
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest
import soundfile
from browser import Served, served
from many_sessions import WEAK, make_session

from mock_interviewer import wiring
from mock_interviewer.adapters import under_way
from mock_interviewer.core.quiz import drawn
from mock_interviewer.settings import Home
from mock_interviewer.web.neighbours import connections

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("page") / "home")


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Served]:
    with served(home.path) as running:
        yield running


def ask(
    site: Served,
    path: str,
    method: str = "GET",
    body: str = "",
    token: str | None = "right",
    **headers: str,
) -> tuple[int, dict[str, str], str]:
    port = int(site.root.rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    sent = {"Host": f"127.0.0.1:{port}", "Accept": "text/html"}
    if token is not None:
        value = site.token if token == "right" else token
        sent["Cookie"] = f"mock_interviewer_{port}={value}"
    if body:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    reply = connection.getresponse()
    text = reply.read().decode(errors="replace")
    found = {name.lower(): value for name, value in reply.getheaders()}
    connection.close()
    return reply.status, found, text


PATHS = ("/", "/history", "/static/page.css", "/live/events", "/answers/a/b", "/nowhere", "/learn")


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_nothing_is_given_away(site: Served, path: str) -> None:
    for token in (None, "", "wrong", secrets.token_urlsafe(24)):
        status, headers, text = ask(site, path, token=token)
        assert status == 403
        assert "set-cookie" not in headers
        assert site.token not in text
    assert ask(site, path + "?token=wrong", token=None)[0] == 403


@pytest.mark.parametrize("other", ["theme=dark mode", 'prefs={"a":1}', "flag", "a=b=c;;"])
def test_cookies_of_others_on_this_machine_lock_nobody_out(site: Served, other: str) -> None:
    mine = f"mock_interviewer_{site.root.rsplit(':', 1)[1]}={site.token}"
    for cookie in (f"{other}; {mine}", f"{mine}; {other}"):
        assert ask(site, "/", token=None, Cookie=cookie)[0] == 200
    assert ask(site, "/", token=None, Cookie=f"x{mine}; {other}")[0] == 403


def test_the_address_lets_in_and_leaves_a_cookie_that_scripts_cannot_read(site: Served) -> None:
    status, headers, _ = ask(site, f"/?token={site.token}", token=None)
    assert status == 200
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert ask(site, "/", token="right")[0] == 200
    assert ask(site, "/static/page.css", token=None)[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "evil.example:80@127.0.0.1"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_foreign_host_or_origin_is_refused_even_with_the_token(
    site: Served, headers: dict[str, str]
) -> None:
    assert ask(site, "/", **headers)[0] == 403
    assert ask(site, "/interview", "POST", "how=typed", **headers)[0] == 403


def test_our_own_origin_is_welcome(site: Served) -> None:
    port = site.root.rsplit(":", 1)[1]
    assert ask(site, "/", Origin=site.root, Sec_Fetch_Site="same-origin")[0] == 200
    assert ask(site, "/", Host=f"localhost:{port}", Origin=f"http://localhost:{port}")[0] == 200


@pytest.mark.parametrize(
    ("path", "form", "line"),
    [
        ("/interview", "end=auto&patience=9", "A silence is waited for 2 to 8 seconds, not '9'."),
        ("/interview", "end=auto&patience=-3", "not '-3'."),
        ("/drill", "guess=1", "Choose at least one stage to drill."),
        ("/drill", "task=1&level=king", "There is no such level."),
    ],
)
def test_a_wish_that_cannot_be_is_one_plain_line(
    site: Served, path: str, form: str, line: str
) -> None:
    status, _, text = ask(site, path, "POST", form, Accept="text/plain")
    assert status in (400, 404)
    assert line in text
    assert "\n" not in text.strip()
    assert ask(site, "/live")[1]["location"] == "/interview"  # nothing was begun


def test_a_socket_is_refused(site: Served) -> None:
    port = int(site.root.rsplit(":", 1)[1])
    for origin in ("http://evil.example", site.root):
        key = base64.b64encode(os.urandom(16)).decode()
        with socket.create_connection(("127.0.0.1", port), timeout=20) as raw:
            raw.sendall(
                f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                f"Origin: {origin}\r\n\r\n".encode()
            )
            assert raw.recv(64).split()[1] in (b"403", b"404", b"400")


ASK = """
import encodings.idna, http.client, os, sys
port, path, uid = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
if uid:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
line.request("GET", path, headers={"Host": f"127.0.0.1:{port}"})
print(line.getresponse().status)
"""


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can ask as somebody else"
)
def test_another_person_of_this_machine_gets_nothing_even_with_the_key(site: Served) -> None:
    port = site.root.rsplit(":", 1)[1]
    assert any(each.port == int(port) for each in connections())

    def status(path: str, uid: int) -> str:
        command = [sys.executable, "-c", ASK, port, path, str(uid)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    key, nobody = f"/?token={site.token}", 65534
    assert status(key, 0) == "200"
    assert status(key, nobody) == "403"
    assert status("/", nobody) == "403"


def test_it_listens_on_the_loopback_address_only(site: Served) -> None:
    port = int(site.root.rsplit(":", 1)[1])
    wanted = f":{port:04X}"
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    lines += Path("/proc/net/tcp6").read_text().splitlines()[1:]
    listening = [line.split()[1] for line in lines if line.split()[3] == "0A"]
    assert [local for local in listening if local.endswith(wanted)] == [f"0100007F{wanted}"]


def test_every_answer_carries_a_policy_without_inline_script_eval_or_foreign_origin(
    site: Served,
) -> None:
    for path in (*PATHS[:3], "/nowhere", "/upload"):
        _, headers, text = ask(site, path)
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "*" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "<script>" not in text
        assert " style=" not in text


def test_a_script_in_every_field_is_shown_and_never_rendered(site: Served, home: Home) -> None:
    folder = make_session(home, f"I noticed {EVIL} </script> was broken. {WEAK}")
    state = json.loads((folder.parent / "session.json").read_text())
    state["questions"][0] |= {"text": EVIL, "id": EVIL, "principle": EVIL, "level": EVIL}
    wiring.write_json(folder.parent / "session.json", state)
    told = json.loads((folder / "take1.json").read_text())
    told["interview"]["question"], told["engine"] = EVIL, EVIL
    wiring.write_json(folder / "take1.json", told)
    judged = {
        "probe": EVIL, "tests": "depth", "reply": EVIL,
        "judgement": {"quality": "weak", "why": "vague", "evidence": EVIL, "rescores": "none"},
    }  # fmt: skip
    wiring.write_json(folder / "probe1.judgement.json", judged)
    here = f"/answers/{folder.parent.name}/{folder.name}"
    form = f"note={EVIL}&verdict=hire".replace("<", "%3C").replace(">", "%3E")
    assert ask(site, f"{here}/coach", "POST", form)[0] == 303
    quoted = "%3Cscript%3Ealert(1)%3C/script%3E"
    paths = (
        "/", "/history", f"/history?search={quoted}", here, f"{here}/compare", f"{here}/file",
        f"{here}/repair?stage=result", f"{here}/repair?stage={quoted}", f"{here}?level={quoted}",
        f"/interview?search={quoted}&question={quoted}", f"/learn/{quoted}", f"/test/{quoted}",
        f"/answers/{quoted}/x", f"{here}?take={quoted}", f"{here}/sound?spans={quoted}",
        f"/static/{quoted}", f"{here}/reply?name={quoted}", f"/drill?question={quoted}",
        f"/interview?own={quoted}&how={quoted}&patience={quoted}&work={quoted}",
    )  # fmt: skip
    for path in paths:
        status, _, text = ask(site, path)
        assert status in (200, 404), path
        assert "<script>alert" not in text, path
        assert "<img" not in text, path
        assert "onerror=alert(2)>" not in text, path
    assert "&lt;script&gt;alert(1)" in ask(site, here)[2]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/answers/../x", 404),
        ("/answers/%2e%2e/%2e%2e", 404),
        ("/static/..%2f..%2fpyproject.toml", 404),
        ("/static/page.css%00", 404),
        ("/learn/missed-deadline?step=99999999999999999999", 200),
        ("/history?page=-4", 200),
        ("/test/missed-deadline?seed=1&said=99", 400),
        (f"/history?page={'9' * 5_000}", 200),
        (f"/learn/missed-deadline?step={'9' * 5_000}", 200),
        (f"/learn/missed-deadline/aloud?step={'9' * 5_000}", 404),
        (f"/test/missed-deadline?seed={'1' * 5_000}", 303),
        (f"/concepts/missed-deadline?item={'1' * 5_000}", 404),
        ("/live", 303),
    ],
)
def test_what_a_hand_may_write_into_the_address_is_answered_plainly(
    site: Served, path: str, status: int
) -> None:
    found, _, text = ask(site, path)
    assert found == status
    assert "Traceback" not in text


def test_a_port_that_is_taken_is_one_plain_line(site: Served, home: Home) -> None:
    port = site.root.rsplit(":", 1)[1]
    with (
        pytest.raises(AssertionError, match=rf"Port {port} cannot be used .* --port"),
        served(home.path, "--port", port),
    ):
        pass


def test_an_interrupt_ends_it_at_once_and_without_a_word(home: Home) -> None:
    with served(home.path) as site:
        assert ask(site, "/")[0] == 200
        site.process.send_signal(signal.SIGINT)
        _, told = site.process.communicate(timeout=20)
        assert "Traceback" not in told
        assert len(told.splitlines()) <= 1  # how to end it, nothing else
        assert site.process.returncode == 130


def test_an_answer_that_broke_off_is_offered_and_can_be_kept(site: Served, home: Home) -> None:
    folder = make_session(home, WEAK).parent
    answer = next(folder.glob("q1-*"))
    for written in answer.iterdir():
        written.unlink()
    soundfile.write(answer / "take1.wav", [0.1] * 1_600, 16_000, subtype="PCM_16")
    under_way.mark(folder)
    name = f"{folder.name}/{answer.name}/take1"
    assert name in ask(site, "/interview")[2]
    origin = site.root
    body = urlencode({"answer": name, "wish": "keep"})
    assert ask(site, "/unfinished", "POST", body, Origin=origin)[0] == 303
    assert name not in ask(site, "/interview")[2]
    assert ask(site, "/unfinished", "POST", body, Origin=origin)[0] == 404
    assert (answer / "take1.wav").is_file()


def test_beginning_another_ends_the_one_before_and_keeps_a_session_of_its_own(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    begin = urlencode({"how": "typed", "question": "missed-deadline", "probes": "0"})
    begun: set[str] = set()
    with served(home.path) as site:
        for many in (1, 2):
            assert ask(site, "/interview", "POST", begin, Origin=site.root)[0] == 303
            give_up_at = time.monotonic() + 30
            while len(begun) < many:
                assert time.monotonic() < give_up_at
                time.sleep(0.05)
                begun |= {kept.parent.name for kept in home.sessions.glob("*/session.json")}
            assert "deadline" in ask(site, "/live")[2]


def test_an_upload_for_a_question_that_is_none_leaves_nothing_behind(tmp_path: Path) -> None:
    beside = tmp_path / "temporary"
    beside.mkdir()
    parts = (
        ('name="own"', "delivery"),
        ('name="file"; filename="a.txt"', "I noticed the lorries and I called them."),
    )
    body = "".join(
        f"--x\r\nContent-Disposition: form-data; {named}\r\n\r\n{value}\r\n"
        for named, value in parts
    )
    with served(tmp_path / "home", environment={"TMPDIR": str(beside)}) as site:
        port = int(site.root.rsplit(":", 1)[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request(
            "POST",
            "/upload",
            body + "--x--\r\n",
            {
                "Cookie": f"mock_interviewer_{port}={site.token}",
                "Content-Type": "multipart/form-data; boundary=x",
                "Origin": site.root,
            },
        )
        reply = connection.getresponse()
        assert reply.status == 404
        assert "There is no question" in reply.read().decode()
        connection.close()
        assert not list(beside.glob("mock-interviewer-*"))


def test_a_test_taken_on_the_page_is_kept_as_one(site: Served, home: Home) -> None:
    pattern = wiring.pattern(home, "missed-deadline")
    choices = drawn(pattern.quiz, Random(7).shuffle)
    said = ""
    for choice in choices:
        fields = {"seed": "7", "said": said, "answer": str(choice.right)}
        body = urlencode(fields)
        assert ask(site, "/test/missed-deadline", "POST", body, Origin=site.root)[0] == 303
        said += str(choice.right)
    assert wiring.tested_patterns(home) == {"missed-deadline": True}
