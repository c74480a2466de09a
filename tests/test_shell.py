"""What a shell may do to the program: closed streams, full disks, odd encodings, widths, names."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from many_sessions import WEAK, make_session
from program import Ran, called

from mock_interviewer.adapters import engines, practice_log, session_folders
from mock_interviewer.adapters.session_folders import plain_disk_errors, write_whole
from mock_interviewer.errors import BadInput, HomeFault, UnknownName
from mock_interviewer.settings import Home, home_at

ENCODER_OFF = {"MOCK_INTERVIEWER_ENCODER": "off"}
needs_shell = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def shell(home: Home, line: str, **environment: str) -> Ran:
    """A line of bash in which $m is the program; the status is the program's own."""
    program = f"{sys.executable} -m mock_interviewer"
    return subprocess.run(
        ["bash", "-c", f"{line}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | {"m": program, "MOCK_INTERVIEWER_HOME": str(home.path), "COLUMNS": "100"}
        | ENCODER_OFF
        | environment,
        cwd=Path(__file__).resolve().parent.parent,
    )


@pytest.mark.parametrize(
    ("columns", "widest"),
    [("0", 100), ("99999999", 200), ("9" * 21, 200), ("²", 100), ("3", 20), ("-7", 100)],
)
def test_any_width_in_the_environment_gives_lines_that_can_be_read(
    home: Home, columns: str, widest: int
) -> None:
    ran = called(home.path, ["today"], COLUMNS=columns)
    assert ran.returncode == 0, ran.stderr
    assert "answer one" in " ".join(ran.stdout.split())
    assert max(map(len, ran.stdout.splitlines())) <= max(widest, 72)  # a command is not wrapped


@needs_shell
@pytest.mark.parametrize("command", ["interview --typed", "history delete x", "model fetch"])
def test_a_closed_stdin_is_an_empty_one(home: Home, command: str) -> None:
    ran = shell(home, f"$m {command} <&-")
    assert "Something went wrong" not in ran.stderr
    assert ran.stderr.count("\n") <= 1


@needs_shell
def test_closed_output_streams_change_no_status(home: Home) -> None:
    assert shell(home, "$m questions list >&- 2>/dev/null").returncode == 0
    assert shell(home, "$m replay nope >&- 2>&-").returncode == 1
    assert shell(home, "$m replay nope 2>/dev/full").returncode == 1


@needs_shell
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_encoding_that_lacks_characters_is_no_fault(home: Home, encoding: str) -> None:
    ran = shell(home, "$m today", PYTHONIOENCODING=encoding)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "?" in ran.stdout


@needs_shell
@pytest.mark.parametrize("command", ["today", "--version", "questions list --json"])
def test_a_full_disk_under_the_output_is_one_plain_line(home: Home, command: str) -> None:
    ran = shell(home, f"$m {command} 2>&1 >/dev/full | tail -n 1")
    assert ran.returncode == 1
    assert ran.stdout == "The output could not be written: the disk is full.\n"


@needs_shell
@pytest.mark.parametrize("command", ["today", "--help", "questions show missed-deadline"])
def test_a_reader_who_has_seen_enough_is_no_fault(home: Home, command: str) -> None:
    for encoding in ("utf-8", "ascii"):
        ran = shell(home, f"$m {command} | true", PYTHONIOENCODING=encoding)
        assert (ran.returncode, ran.stderr) == (0, "")


def test_the_package_runs_as_a_module(home: Home) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "mock_interviewer", "--version"], capture_output=True, text=True
    )
    assert ran.returncode == 0
    assert ran.stdout.startswith("mock-interviewer ")


def test_a_home_of_a_user_who_is_not_there_is_one_plain_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such user"):
        home_at(Path("~nouser-at-all/x"))
    with pytest.raises(UnknownName, match="no such model folder"):
        engines.find_model("~nouser-at-all/x", tmp_path)
    ran = called(tmp_path, ["today"], MOCK_INTERVIEWER_HOME="~nouser-at-all/x")
    assert (ran.returncode, ran.stderr.count("\n")) == (1, 1)


def test_a_home_that_is_a_file_is_one_plain_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in ("file", "file/below"):
        ran = called(tmp_path, ["history", "--home", tmp_path / place])
        assert ran.returncode == 1
        assert "sessions: Not a directory. Move away the file that is in the way" in ran.stderr


# ---- what the disk refuses


def test_what_could_not_be_written_whole_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(session_folders.os, "fsync", full)
    with pytest.raises(HomeFault, match=r"No space left.*Free some space"):
        write_whole(tmp_path / "session.json", "{}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "Free some space or name another"),
        (errno.EACCES, "See to its permissions or name another"),
        (errno.EROFS, "Make its disk writable or name another"),
        (errno.EISDIR, "Move away the folder that is in the way or name another"),
        (errno.EEXIST, "Move away the file that is in the way or name another"),
        (errno.EIO, "Name another"),
    ],
)
def test_the_remedy_fits_what_the_disk_refused(tmp_path: Path, number: int, remedy: str) -> None:
    with pytest.raises(HomeFault) as told, plain_disk_errors(tmp_path):
        raise OSError(number, os.strerror(number))
    assert str(told.value) == (
        f"Cannot write to {tmp_path}: {os.strerror(number)}. {remedy} folder with --home."
    )


def test_what_cannot_be_read_is_not_said_to_be_written(tmp_path: Path) -> None:
    (tmp_path / practice_log.FILE).mkdir()
    with pytest.raises(HomeFault, match=r"^Cannot read .*practice\.jsonl: Is a directory"):
        practice_log.read(tmp_path)


# ---- what is said


@pytest.mark.parametrize("group", ["history", "questions", "stories", "model"])
def test_the_help_of_a_group_has_an_example(home: Home, group: str) -> None:
    shown = called(home.path, [group, "--help"]).stdout
    assert f"Example: mock-interviewer {group}" in shown


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("import nope.zip", "nope.zip: there is no such file; check the name."),
        ("model check nope", "and no other; `mock-interviewer model fetch` brings one"),
    ],
)
def test_what_is_not_there_is_said_with_a_way_on(home: Home, command: str, told: str) -> None:
    ran = called(home.path, command.split())
    assert ran.returncode == 1
    assert told in ran.stderr


def test_a_file_that_is_no_recording_is_said_in_a_sentence(home: Home, tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"la la la")
    told = called(home.path, ["replay", tmp_path / "song.wav"]).stderr
    assert "song.wav is no recording that can be read" in told
    assert told.endswith("whole.\n")


def test_the_draft_names_the_fetch_first(tmp_path: Path) -> None:
    _, line = engines.choose_engine("auto", None, tmp_path)
    assert line.index("mock-interviewer model fetch") < line.index("--model")


def test_an_empty_story_bank_says_what_to_do(home: Home) -> None:
    assert "stories suggest" in called(home.path, ["stories", "ledger"]).stdout
    assert called(home.path, ["stories", "ledger", "--json"]).stdout == ""
    assert "no answer yet" in called(home.path, ["stories", "suggest"]).stdout


def test_the_day_before_the_plan_counts_no_more_interviews(home: Home) -> None:
    today = date.today()  # noqa: DTZ011 - the person's own day
    tomorrow = (today + timedelta(days=1)).isoformat()
    far = (today + timedelta(days=9)).isoformat()
    assert "SAGE" not in called(home.path, ["plan", "--date", tomorrow]).stdout
    assert "SAGE" in called(home.path, ["plan", "--date", far]).stdout


def test_nothing_is_begun_where_nothing_is_left(home: Home) -> None:
    today = date.today().isoformat()  # noqa: DTZ011 - the person's own day
    assert "Begin today" not in called(home.path, ["plan", "--date", today]).stdout


def test_history_finds_what_its_help_names(home: Home) -> None:
    make_session(home, WEAK)
    help_text = " ".join(called(home.path, ["history", "--help"]).stdout.split())
    assert "question, principle, level, verdict or faults" in help_text
    for wanted in ("fixed ownership", "sde2 no_hire", "handed_off"):
        found = called(home.path, ["history", "--json", "--search", wanted]).stdout
        assert found.count("\n") == 1, wanted
