"""Bad input that once went wrong, and a few of the many cases of `make reliability`."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import soundfile
from many_sessions import WEAK, make_session
from reliability.readers.changing import changed
from reliability.readers.targets import MAKERS, make, one_plain_line

from mock_interviewer import wiring
from mock_interviewer.adapters import practice_log
from mock_interviewer.adapters.audio_files import read_audio
from mock_interviewer.adapters.corrections import correction_path
from mock_interviewer.adapters.pack_files import read_pack
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.adapters.session_folders import SessionFolder
from mock_interviewer.adapters.transcript_files import read_transcript
from mock_interviewer.errors import BadInput, InterviewError
from mock_interviewer.settings import Home, home_at
from mock_interviewer.web.limits import MOST_FORM_BYTES, Limits
from mock_interviewer.wiring import answers, live, past

DEEP = "[" * 100_000
HUGE = "9" * 5_000


@pytest.mark.parametrize("name", sorted(set(MAKERS) - {"page", "audio"}))
def test_a_reader_reads_or_plainly_refuses_changed_input(name: str, tmp_path: Path) -> None:
    target, dice = make(name, tmp_path), Random(7)
    for seed in target.seeds:
        for _ in range(20):
            try:
                target.read(changed(seed, target.seeds, target.words, dice))
            except InterviewError as refusal:
                one_plain_line(str(refusal))


def test_sound_is_read_in_a_process_of_its_own_with_little_memory(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parent
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "reliability.readers.child",
            "audio",
            "changed",
            "300",
            "1",
            tmp_path,
        ],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | {"PYTHONPATH": f"{root.parent / 'benchmarks'}:{root}", "MALLOC_ARENA_MAX": "1"}
        | {"OPENBLAS_NUM_THREADS": "1"},
    )
    told = json.loads(done.stdout)
    assert (told["cases"], told["faults"]) == (300, [])


def refusal(path: Path, content: str) -> str:
    path.write_text(content)
    with pytest.raises(BadInput) as refused:
        read_transcript(path)
    one_plain_line(str(refused.value))
    return str(refused.value)


def test_transcripts_that_once_broke_their_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert "words[1]" in refusal(path, '{"segments": [{"words": [{"word": "So"}, -0.0]}]}')
    assert "nested too deep" in refusal(path, DEEP)
    assert "no transcript" in refusal(path, f'{{"segments": {HUGE}}}')
    assert "thousands of digits. Export" in refusal(path, f'{{"segments": {HUGE}}}')
    path.write_text(r'{"segments": [{"text": "I \ud800 did"}], "engine": "\udfff"}')
    assert read_transcript(path).transcript.text.encode() == b"I ? did"
    captions = tmp_path / "a.vtt"
    captions.write_text(f"WEBVTT\n\n{'9' * 400}:00:01.000 --> 00:00:02.000\nYes\n")
    with pytest.raises(BadInput):
        read_transcript(captions)


def test_a_transcript_does_not_command_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    escapes = r"I \u001b]0;pwn\u0007did\u009b31m \u0085it\b, \\u001b"
    path.write_text(
        f'{{"segments": [{{"text": "{escapes}"}}], "engine": "\\u001b[2Jx\x9b",'
        ' "interview": {"question": "Why\\u001b[2J?"}}'
    )
    read = read_transcript(path)
    assert read.transcript.text == r"I did it, \u001b"
    assert read.transcript.engine == "x"
    assert read.interview is not None
    assert read.interview.question == "Why?"
    text = tmp_path / "a.txt"
    text.write_text("I \x1b[2J\x9bdid" + " and more" * 100)
    assert read_transcript(text).transcript.words[1].text == "did"


def test_settings_and_packs_that_once_broke_their_reader(tmp_path: Path) -> None:
    pack = tmp_path / "pack.toml"
    for content in (f"id = {DEEP}", f"id = {HUGE}"):
        pack.write_text(content)
        (fault,) = read_pack(pack).faults
        one_plain_line(str(fault))
        (tmp_path / "settings.toml").write_text(content)
        with pytest.raises(BadInput, match=r"settings\.toml"):
            home_at(tmp_path)
    (tmp_path / "settings.toml").write_text('language = "\\u2028\\u001b[2J\\u202e"')
    with pytest.raises(BadInput) as refused:
        home_at(tmp_path)
    one_plain_line(str(refused.value))
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    "questions",
    [[-0.0], [{"folder": "../../../etc"}], [{"folder": "q1-" + "a" * 300}], [{"folder": ["q1-a"]}]],
)
def test_a_session_file_never_leads_out_of_its_session(questions: Any, tmp_path: Path) -> None:
    session = SessionFolder(tmp_path)
    session.write_state({"questions": questions})
    with pytest.raises(BadInput, match="questions"):
        session.read_state()


def test_a_damaged_session_stops_no_history(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    folder = make_session(home, WEAK)
    (home.sessions / "2026-11-01T090001-zzzz").mkdir()  # the machine stopped right after this
    (home.sessions / "2026-11-01T090002-zzzz").mkdir()
    (home.sessions / "2026-11-01T090002-zzzz" / "session.json").write_text(DEEP)
    assert len(past.history(home).answers) == 1
    for damaged in ("", DEEP, "[]", '{"stages": [], "duration_s": "x", "verdict": 7}'):
        (folder / "take1.analysis.json").write_text(damaged)
        (told,) = past.history_of(home, folder.parent)
        assert (told.verdict, told.duration_s) == (None, None)
    assert wiring.unfinished_session(home) is None


def test_numbers_that_nobody_can_mean_are_passed_over(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (tmp_path / practice_log.FILE).write_text(
        f'{{"kind": "pauses", "p95_s": 1{"0" * 400}}}\n{DEEP}\n\udcff\n', errors="surrogateescape"
    )
    assert (
        live.attention(home).rules.patience_s
        == live.attention(Home(tmp_path / "x")).rules.patience_s
    )
    folder = make_session(home, WEAK)
    marks = {"stages": [[-5, 10**12, "result"]]}
    correction_path(folder / "take1.json").write_text(json.dumps(marks))
    kept = answers.kept_answer(home, folder.parent.name, folder.name)
    assert {unit.stage for unit in answers.analysis_of(kept).units} == {"result"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.mp3", "ffconcat version 1.0\nfile {}\n"),
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n"),
    ],
)
def test_a_list_of_other_files_is_no_recording(name: str, content: str, tmp_path: Path) -> None:
    shutil.copy(fixtures_dir() / "weak.flac", tmp_path / "secret.flac")
    path = tmp_path / name
    path.write_text(content.format("secret.flac"))
    with pytest.raises(BadInput, match="no recording"):
        read_audio(path)
    path.write_bytes(b"PK\x03\x04\x14\x00" + bytes(2000))
    with pytest.raises(BadInput, match="no recording"):
        read_audio(path)


def test_a_header_that_leads_nowhere_is_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(4000), 8000)
    whole = bytearray(path.read_bytes())
    whole[40:44] = bytes(4)  # the writer was killed
    whole[16:20] = b"\xff\xff\xff\x7f"
    path.write_bytes(whole)
    with pytest.raises(BadInput):
        read_audio(path)


def test_links_are_not_followed(tmp_path: Path) -> None:
    home, elsewhere = Home(tmp_path / "home"), Home(tmp_path / "elsewhere")
    folder, other = make_session(home, WEAK), make_session(elsewhere, WEAK)
    (home.sessions / "2026-11-05T090000-link").symlink_to(other.parent)
    assert wiring.sessions(home).names() == [folder.parent.name]
    (folder / "take2.json").symlink_to(other / "take1.json")
    with pytest.raises(BadInput, match="links are not followed"):
        answers.kept_answer(home, folder.parent.name, folder.name)


def _sent(headers: list[tuple[bytes, bytes]], blocks: int) -> int:
    """How many blocks of a megabyte an app may read of a form."""
    read = 0

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal read
        for _ in range(blocks):
            await receive()
            read += 1

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": bytes(1_000_000), "more_body": True}

    scope = {"type": "http", "path": "/live/wish", "headers": headers}
    with pytest.raises(BadInput, match="more text"):
        asyncio.run(Limits(app)(scope, receive, None))  # type: ignore[arg-type]
    return read


def test_a_request_is_refused_at_the_byte_too_many() -> None:
    assert _sent([], 50) == MOST_FORM_BYTES // 1_000_000
    assert _sent([(b"content-length", str(MOST_FORM_BYTES + 1).encode())], 50) == 0


def test_a_raw_byte_in_a_query_is_no_fault(tmp_path: Path) -> None:
    from starlette.testclient import TestClient

    from mock_interviewer.web.app import pages
    from mock_interviewer.web.limits import Limits
    from mock_interviewer.web.site import Site

    app = Limits(pages(Site(Home(tmp_path))))

    async def raw(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "query_string": b"A\xb8=2"}, receive, send)

    answer = TestClient(raw).get("/learn/", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"].endswith("/learn?A%B8=2")
