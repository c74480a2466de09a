from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mock_interviewer.adapters.session_folders import SessionFolder, SessionFolders, slug, turn_stem
from mock_interviewer.core.moves import Turn
from mock_interviewer.errors import BadInput, HomeFault, UnknownName

AT = datetime(2026, 11, 23, 16, 30, 5, tzinfo=UTC)


def test_a_session_is_named_by_utc_time_and_four_characters(tmp_path: Path) -> None:
    session = SessionFolders(tmp_path / "sessions").begin(AT, random_bits=0)
    assert session.name == "2026-11-23T163005-0000"


def test_two_sessions_of_one_second_with_one_random_number_are_two_folders(tmp_path: Path) -> None:
    folders = SessionFolders(tmp_path)
    assert folders.begin(AT, 7).path != folders.begin(AT, 7).path
    assert len(folders.names()) == 2


def test_a_session_is_for_its_owner_only(tmp_path: Path) -> None:
    session = SessionFolders(tmp_path).begin(AT, 1)
    session.write_state({"questions": []})
    session.log(Turn(0), "missed-deadline", {"event": "Asked"})
    for path in session.path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE(session.path.stat().st_mode) == 0o700


def test_takes_and_probes_have_files_of_their_own(tmp_path: Path) -> None:
    session = SessionFolder(tmp_path)
    assert session.file_of(Turn(0), "missed-deadline", ".wav").relative_to(tmp_path) == Path(
        "q1-missed-deadline/take1.wav"
    )
    assert turn_stem(Turn(0, None, 2)) == "take2"
    assert turn_stem(Turn(0, 1)) == "probe2"
    assert turn_stem(Turn(0, 1, 3)) == "probe2-take3"


def test_a_question_of_any_text_becomes_a_safe_folder_name() -> None:
    assert slug("../../etc/passwd") == "etc-passwd"
    assert slug("¿?") == "question"
    assert len(slug("why " * 100)) <= 40


def test_state_is_replaced_whole_and_read_back(tmp_path: Path) -> None:
    session = SessionFolder(tmp_path)
    session.write_state({"questions": [{"id": "a"}]})
    session.write_state({"questions": [{"id": "b"}]})
    assert session.read_state()["questions"] == [{"id": "b"}]
    assert [path.name for path in tmp_path.iterdir()] == ["session.json"]


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"questions": 3}'])
def test_a_damaged_state_is_one_plain_line(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "session.json").write_text(damaged)
    with pytest.raises(BadInput, match=r"session\.json"):
        SessionFolder(tmp_path).read_state()


def test_events_are_appended_a_line_each(tmp_path: Path) -> None:
    session = SessionFolder(tmp_path)
    for event in ("Asked", "Answered"):
        session.log(Turn(0), "q", {"event": event})
    lines = (tmp_path / "q1-q" / "take1.events.jsonl").read_text().splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["Asked", "Answered"]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_home_that_cannot_be_written_is_one_plain_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(HomeFault, match="--home"):
        SessionFolders(tmp_path / "sessions").begin(AT, 1)


def test_a_home_below_a_file_is_one_plain_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeFault, match=r"Not a directory.*--home"):
        SessionFolders(tmp_path / "file" / "sessions").begin(AT, 1)


def test_a_session_is_found_by_the_beginning_of_its_name(tmp_path: Path) -> None:
    folders = SessionFolders(tmp_path)
    first = folders.begin(AT, 0)
    folders.begin(AT.replace(day=24), 1)
    assert folders.find("2026-11-23").path == first.path
    with pytest.raises(UnknownName, match="There are 2 sessions whose names begin"):
        folders.find("2026")
    with pytest.raises(UnknownName, match="no session"):
        folders.find("2031")


def test_no_name_is_the_name_of_no_session(tmp_path: Path) -> None:
    folders = SessionFolders(tmp_path)
    folders.begin(AT, 0)
    for do in (folders.find, folders.remove):
        with pytest.raises(UnknownName, match="Name a session"):
            do("")
    assert len(folders.names()) == 1


def test_removing_a_session_leaves_the_others(tmp_path: Path) -> None:
    folders = SessionFolders(tmp_path)
    first, second = folders.begin(AT, 0), folders.begin(AT, 1)
    folders.remove(first.name)
    assert folders.names() == [second.name]


def test_of_two_sessions_in_one_second_the_later_comes_last(tmp_path: Path) -> None:
    folders = SessionFolders(tmp_path / "sessions")
    at = datetime(2026, 11, 25, 9, 30, 5, tzinfo=UTC)
    begun = [folders.begin(at, bits).path.name for bits in (900_000, 7, 7, 900_001, 0)]
    assert folders.names() == begun
