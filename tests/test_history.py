from __future__ import annotations

import csv
import io
import json
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from many_sessions import STRONG, WEAK, make_many, make_session
from program import called
from typer.testing import CliRunner

from mock_interviewer import wiring
from mock_interviewer.adapters import under_way
from mock_interviewer.adapters.home_lock import sole_use_of
from mock_interviewer.cli.main import app
from mock_interviewer.core.correction import StageMark
from mock_interviewer.core.rubric import Stage
from mock_interviewer.errors import InterviewError
from mock_interviewer.settings import Home
from mock_interviewer.wiring import past


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def run(home: Home, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["history", *arguments, "--home", str(home.path)])
    if isinstance(result.exception, InterviewError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_history_tells_the_trend_of_a_question_and_the_dose(home: Home) -> None:
    make_session(home, WEAK, at=datetime(2026, 11, 1, tzinfo=UTC))
    make_session(home, STRONG, at=datetime(2026, 11, 2, tzinfo=UTC))
    shown = run(home)
    assert "no hire → strong hire" in shown
    assert "Interview 2 of 9" in shown
    assert "SAGE" in shown


def test_history_as_json_and_as_csv_say_the_same(home: Home) -> None:
    make_session(home, WEAK, at=datetime(2026, 11, 1, tzinfo=UTC))
    make_session(home, STRONG, at=datetime(2026, 11, 2, tzinfo=UTC))
    told = [json.loads(line) for line in run(home, "--json").splitlines()]
    table = list(csv.DictReader(io.StringIO(run(home, "--csv"))))
    assert [each["session"] for each in told] == [row["session"] for row in table]
    assert [each["verdict"] for each in told] == ["strong_hire", "no_hire"]
    assert table[1]["faults"].split() == told[1]["faults"]
    assert len(run(home, "--json", "--search", "handed off").splitlines()) == 1


def test_a_spreadsheet_never_takes_a_question_for_a_formula(home: Home) -> None:
    folder = make_session(home)
    state_path = folder.parent / "session.json"
    state = json.loads(state_path.read_text())
    state["questions"][0]["text"] = "=HYPERLINK(1)"
    wiring.write_json(state_path, state)
    (row,) = csv.DictReader(io.StringIO(run(home, "--csv")))
    assert row["question"].startswith("'=")


def test_a_corrected_stage_changes_what_history_says(home: Home) -> None:
    folder = make_session(home, STRONG)
    assert past.history(home).answers[0].verdict == "strong_hire"
    words = len(wiring.read_transcript(folder / "take1.json")[0].words)
    wiring.write_marks(folder / "take1.json", [StageMark(0, words, Stage.SITUATION)])
    assert "missing_stages" in past.history(home).answers[0].faults


def test_a_session_removed_is_gone_whole_and_from_history(home: Home) -> None:
    folder = make_session(home)
    assert len(past.history(home).answers) == 1
    with pytest.raises(InterviewError, match="Nothing was removed"):
        run(home, "delete", folder.parent.name)
    run(home, "delete", folder.parent.name, "--yes")
    assert not folder.parent.exists()
    assert not past.history(home).answers


def test_a_session_that_is_under_way_is_not_removed(home: Home) -> None:
    folder = make_session(home).parent
    under_way.mark(folder)
    with sole_use_of(home.path), pytest.raises(InterviewError, match="under way"):
        run(home, "delete", folder.name, "--yes")
    assert folder.is_dir()
    run(home, "delete", folder.name, "--yes")  # it had broken off
    assert not folder.exists()


def test_options_before_the_command_are_refused_and_not_passed_over(
    home: Home, tmp_path: Path
) -> None:
    name = make_session(home).parent.name
    ran = called(home.path, ["history", "--home", tmp_path, "delete", name, "--yes"])
    assert ran.returncode == 2
    assert "options belong behind the command" in ran.stderr
    assert (home.sessions / name).is_dir()


def test_the_list_names_the_sessions(home: Home) -> None:
    name = make_session(home).parent.name
    assert name in run(home)


def test_nothing_of_a_removed_session_stays_in_the_index(home: Home) -> None:
    gone = make_session(home, WEAK, at=datetime(2026, 11, 1, tzinfo=UTC)).parent.name
    kept = make_session(home, STRONG, at=datetime(2026, 11, 2, tzinfo=UTC)).parent.name
    past.history(home)
    index = home.path / "index.sqlite"
    assert gone.encode() in index.read_bytes()
    run(home, "delete", gone, "--yes")
    assert gone.encode() not in index.read_bytes()
    assert kept.encode() in index.read_bytes()


def test_a_damaged_index_goes_with_the_session(home: Home) -> None:
    name = make_session(home).parent.name
    (home.path / "index.sqlite").write_bytes(b"not a database at all" * 99)
    run(home, "delete", name, "--yes")
    assert not (home.path / "index.sqlite").exists()
    assert not wiring.sessions(home).names()


def test_what_was_spoken_for_a_removed_session_is_gone(home: Home) -> None:
    folder = make_session(home)
    home.voice_cache.mkdir()
    for name in ("question.wav", "probe1.question.wav"):
        (folder / name).write_bytes(f"sound of {name}".encode())
        (home.voice_cache / f"{name[:5]}.wav").write_bytes(f"sound of {name}".encode())
    (home.voice_cache / "other.wav").write_bytes(b"sound of another")
    (folder / "take1.wav").write_bytes(b"sound of another")
    run(home, "delete", folder.parent.name, "--yes")
    assert [path.name for path in home.voice_cache.iterdir()] == ["other.wav"]


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 99, b"SQLite format 3\x00"])
def test_a_damaged_index_is_made_again(home: Home, damage: bytes) -> None:
    make_session(home)
    before = past.history(home)
    (home.path / "index.sqlite").write_bytes(damage)
    assert past.history(home) == before
    assert past.history(home) == before


def test_a_damaged_session_is_left_out_and_left_alone(home: Home) -> None:
    whole, broken = (make_session(home, at=datetime(2026, 11, day, tzinfo=UTC)) for day in (1, 2))
    (broken.parent / "session.json").write_text("{")
    assert [told.session for told in past.history(home).answers] == [whole.parent.name]
    assert broken.is_dir()
    shutil.rmtree(broken.parent / broken.name)
    assert len(past.history(home).answers) == 1


def test_only_what_changed_is_read_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    make_many(home, 60)
    assert past.history(home).interviews == 60
    read = []
    real = past._read
    monkeypatch.setattr(past, "_read", lambda place, path: read.append(path) or real(place, path))
    past.history(home)
    assert not read
    changed = sorted(home.sessions.iterdir())[7]
    time.sleep(0.01)
    wiring.write_json(changed / "session.json", json.loads((changed / "session.json").read_text()))
    past.history(home)
    assert read == [changed]
