"""`replay --html`: one file that says the same as the terminal, needs nothing, and runs nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile
from many_sessions import WEAK, make_session, make_spoken_session
from test_replay import HAND_OFF, with_reply
from typer.testing import CliRunner

from mock_interviewer import wiring
from mock_interviewer.cli.main import app
from mock_interviewer.core.correction import StageMark
from mock_interviewer.core.rubric import Stage
from mock_interviewer.errors import InterviewError
from mock_interviewer.settings import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def written(home: Home, *arguments: str) -> str:
    path = home.path.parent / "report.html"
    result = CliRunner().invoke(
        app, ["replay", *arguments, "--html", str(path), "--home", str(home.path)]
    )
    if isinstance(result.exception, InterviewError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return path.read_text()


def text_of(document: str) -> str:
    without = re.sub(r"<(script|style)\b.*?</\1>", "", document, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", without)).split())


def test_the_file_tells_verdict_change_and_every_word(home: Home) -> None:
    folder = make_session(home, WEAK)
    told = json.loads((folder / "take1.analysis.json").read_text())
    text = text_of(written(home, folder.parent.name))
    assert "No hire" in text
    assert "The one thing to change" in text
    squeezed = re.sub(r"[^a-z]", "", text.lower())
    for unit in told["units"]:
        assert re.sub(r"[^a-z]", "", unit["text"].lower()) in squeezed


def test_the_file_fetches_nothing_and_its_policy_names_its_own_script_and_style(
    home: Home,
) -> None:
    document = written(home, make_spoken_session(home).parent.name, "--with-sound")
    assert not re.findall(r"(?:src|href)=\"(?!data:|#)", document)
    assert not re.findall(r"url\(\"?(?!\"?data:)", document)
    assert not re.search(
        r"\son\w+=|\sstyle=", re.sub(r"<script.*?</script>", "", document, flags=re.S)
    )
    for tag, policy in (("style", "style-src"), ('script type="module"', "script-src")):
        inside = re.search(rf"<{tag}>(.*?)</{tag.split()[0]}>", document, re.S)
        assert inside is not None
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{policy} 'sha256-{digest}'" in html.unescape(document)


def test_the_recording_in_the_file_is_the_recording_to_the_sample(home: Home) -> None:
    folder = make_spoken_session(home, "weak")
    document = written(home, folder.parent.name, "--with-sound")
    found = re.search(r"data:audio/flac;base64,([\w+/=]+)", document)
    assert found is not None
    inside, _ = soundfile.read(io.BytesIO(base64.b64decode(found[1])), dtype="int16")
    kept, _ = soundfile.read(folder / "take1.wav", dtype="int16")
    assert np.array_equal(inside, kept)
    assert "data:audio" not in written(home, folder.parent.name)


def test_a_script_in_every_word_is_shown_and_never_run(home: Home) -> None:
    evil = "<script>alert(1)</script>"
    text = (
        f"Last spring I noticed {evil} and </script><img src=x onerror=alert(1)> was broken. {WEAK}"
    )
    folder = make_session(home, text)
    state = json.loads((folder.parent / "session.json").read_text())
    state["questions"][0]["text"] = evil
    wiring.write_json(folder.parent / "session.json", state)
    told = json.loads((folder / "take1.json").read_text())
    told["interview"]["question"], told["engine"] = evil, evil
    wiring.write_json(folder / "take1.json", told)
    document = written(home, folder.parent.name)
    assert document.count("<script") == 2  # the page's own, and its data
    assert "<img" not in document
    assert "alert(1)" in text_of(document)


def test_stages_that_were_corrected_are_in_the_file(home: Home) -> None:
    folder = make_session(home, WEAK)
    assert 'class="stretch task"' not in written(home, folder.parent.name)
    wiring.write_marks(folder / "take1.json", [StageMark(0, 5, Stage.TASK)])
    assert 'class="stretch task"' in written(home, folder.parent.name)


def test_a_transcript_of_another_tool_becomes_a_file_too(home: Home, tmp_path: Path) -> None:
    transcript = tmp_path / "notes.txt"
    transcript.write_text(WEAK)
    assert "seconds not measured" in text_of(written(home, str(transcript)))


def test_a_place_that_cannot_be_written_is_one_plain_line(home: Home, tmp_path: Path) -> None:
    folder = make_session(home)
    options = ["--html", str(tmp_path / "no" / "x.html"), "--home", str(home.path)]
    result = CliRunner().invoke(app, ["replay", folder.parent.name, *options])
    assert isinstance(result.exception, InterviewError)
    assert "is no folder" in str(result.exception)


def test_the_file_promises_no_better_verdict_where_a_reply_decides(home: Home) -> None:
    folder = make_session(home, WEAK.replace("I told", "We told"))
    assert "Told so, it would earn: " in text_of(written(home, folder.parent.name))
    with_reply(folder)
    text = text_of(written(home, folder.parent.name))
    assert "No hire" in text
    assert HAND_OFF in text
    assert "Told so, it would earn: " not in text
    under_teamwork = text_of(written(home, folder.parent.name, "--principle", "teamwork"))
    assert "Told so, it would earn: " in under_teamwork
    assert "takes the verdict down" not in under_teamwork
