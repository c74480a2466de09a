"""A mentor's folder: out as one zip, opened elsewhere, notes back, what is foreign refused."""

from __future__ import annotations

import json
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browser import served
from many_sessions import STRONG, WEAK, make_session, make_spoken_session
from test_page_guard import ask
from test_stories import objects, run
from typer.testing import CliRunner

from mock_interviewer import wiring
from mock_interviewer.adapters import mentor_folder
from mock_interviewer.adapters.coach_notes import read_coach_word, write_coach_word
from mock_interviewer.cli.main import app
from mock_interviewer.core.rubric import Verdict
from mock_interviewer.errors import BadInput, HomeFault
from mock_interviewer.ports import Transcriber
from mock_interviewer.settings import Home
from mock_interviewer.wiring import mentor, past

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
SESSION = "2026-11-01T090000-0007"
INSIDE = f"sessions/{SESSION}/q1-x/take1.json"
ABOUT = json.dumps({"format": 1, "kind": "answers"})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Home:
    return Home(tmp_path / "elsewhere")


def files_of(home: Home) -> dict[str, bytes]:
    names = sorted(path for path in home.sessions.rglob("*") if path.is_file())
    return {str(path.relative_to(home.sessions)): path.read_bytes() for path in names}


def test_a_session_goes_to_a_mentor_and_the_notes_come_back(
    home: Home, elsewhere: Home, tmp_path: Path
) -> None:
    folder = make_spoken_session(home)
    out, back = tmp_path / "out.zip", tmp_path / "back.zip"
    run(home, "export", str(out), folder.parent.name)
    with zipfile.ZipFile(out) as packed:
        assert "report.html" in packed.namelist()
    (here,) = objects(run(home, "replay", folder.parent.name, "--json"))
    (there,) = objects(run(elsewhere, "replay", str(out), "--json"))
    assert there["source"] == f"{out}/{folder.parent.name}"
    assert {**there, "source": ""} == {**here, "source": ""}
    run(elsewhere, "import", str(out))
    sent, taken = files_of(home), files_of(elsewhere)
    state = f"{folder.parent.name}/session.json"
    assert json.loads(taken.pop(state)) == {**json.loads(sent.pop(state)), "taken_in": True}
    assert taken == sent
    assert past.history(home).interviews == 1
    not_theirs = past.history(elsewhere)  # it is there to be listened to, and no practice of theirs
    assert (not_theirs.interviews, not_theirs.habits, not_theirs.by_question) == (0, (), ())
    assert len(not_theirs.answers) == 1
    theirs = elsewhere.sessions / folder.parent.name / folder.name / "take1"
    write_coach_word(theirs, "Say the number first.", Verdict.HIRE, AT)
    run(elsewhere, "export", str(back), "--notes")
    assert "A note on" in run(home, "import", str(back))
    word = read_coach_word(folder / "take1")
    assert word is not None
    assert (word.note, word.verdict) == ("Say the number first.", Verdict.HIRE)
    shown = run(home, "replay", folder.parent.name)
    assert "A mentor's note (hire), 2026-11-20: Say the number first." in shown


def test_nothing_that_is_there_is_overwritten(home: Home, elsewhere: Home, tmp_path: Path) -> None:
    folder = make_session(home, STRONG)
    out, back = tmp_path / "out.zip", tmp_path / "back.zip"
    mentor.export(home, out, [folder.parent.name], lambda: pytest.fail("nothing to hear"))
    with pytest.raises(HomeFault, match="not overwritten"):
        mentor.export(home, out, [folder.parent.name], lambda: pytest.fail("nothing to hear"))
    mentor.take_in(elsewhere, out)
    theirs = elsewhere.sessions / folder.parent.name / folder.name
    write_coach_word(theirs / "take1", "Theirs", None, AT)
    before = files_of(elsewhere)
    assert mentor.take_in(elsewhere, out).there == (folder.parent.name,)
    assert files_of(elsewhere) == before
    mentor.export_notes(elsewhere, back, [])
    write_coach_word(folder / "take1", "Mine", Verdict.NO_HIRE, AT)
    taken = mentor.take_in(home, back)
    assert taken.kept == (f"{folder.parent.name}/{folder.name}",)
    word = read_coach_word(folder / "take1")
    assert word is not None
    assert word.note == "Mine"
    assert mentor.take_in(Home(tmp_path / "third"), back).unknown


def zip_of(path: Path, *members: tuple[str | zipfile.ZipInfo, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return path


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ([("../../etc/passwd", "x")], "no file of a session"),
        ([("/etc/passwd", "x")], "no file of a session"),
        ([(f"sessions/{SESSION}/../../x.json", "x")], "no file of a session"),
        ([(f"sessions/{SESSION}/q1-x/take1.sh", "x")], "no file of a session"),
        ([("sessions\\x", "x")], "no file of a session"),
        ([(INSIDE + "\n", "x")], "no file of a session"),
        ([(link(INSIDE), "/etc/passwd")], "a link"),
        ([(INSIDE, b"\0" * 60_000_000)], "larger than 50 MB"),
        ([(INSIDE, b" " * 5_000_000)], "packed too tightly"),
        ([(INSIDE, "x"), (INSIDE, "y")], "twice"),
        ([], "no answer in it"),
    ],
)
def test_a_foreign_zip_is_refused_in_one_line_and_writes_nothing(
    elsewhere: Home, tmp_path: Path, members: list[tuple[str, str]], what: str
) -> None:
    with pytest.warns(UserWarning, match="Duplicate name") if what == "twice" else _quiet():
        path = zip_of(tmp_path / "bad.zip", ("folder.json", ABOUT), *members)
    for use in (lambda: mentor.take_in(elsewhere, path), lambda: _open(path)):
        with pytest.raises(BadInput, match=what) as caught:
            use()
        assert "\n" not in str(caught.value)
    assert not elsewhere.path.exists()
    assert not (tmp_path / "etc").exists()


class _quiet:
    def __enter__(self) -> None: ...

    def __exit__(self, *raised: object) -> None: ...


def _open(path: Path) -> None:
    with mentor.opened([str(path)]):
        pass


def test_what_is_no_zip_of_ours_says_so(elsewhere: Home, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\3\4 and no more")
    newer = json.dumps({"format": 99, "kind": "answers"})
    for path, what in (
        (broken, "not a whole zip"),
        (zip_of(tmp_path / "plain.zip", (INSIDE, "x")), "none that 'export' wrote"),
        (zip_of(tmp_path / "odd.zip", ("folder.json", "["), (INSIDE, "x")), "damaged"),
        (zip_of(tmp_path / "new.zip", ("folder.json", newer), (INSIDE, "x")), "newer version"),
    ):
        with pytest.raises(BadInput, match=what):
            mentor.take_in(elsewhere, path)


def test_a_header_that_lies_about_the_size_is_caught_while_unpacking(
    elsewhere: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zip_of(tmp_path / "lies.zip", ("folder.json", ABOUT), (INSIDE, "x" * 5000))
    contents = mentor_folder.look_through(path)
    monkeypatch.setattr(mentor_folder, "MOST_TEXT_BYTES", 1000)
    with pytest.raises(BadInput, match="more than it says"):
        mentor_folder.unpack(contents, elsewhere.path)


def damaged(path: Path, kind: int) -> Path:
    """A zip whose member is packed with this method, and whose packed bytes are spoiled."""
    text = "".join(f"a line number {n} of words\n" for n in range(3000))
    with zipfile.ZipFile(path, "w", kind) as packed:
        packed.writestr("folder.json", ABOUT, zipfile.ZIP_STORED)
        packed.writestr(INSIDE, text)
        at = packed.getinfo(INSIDE).header_offset + 30 + len(INSIDE)
    raw = bytearray(path.read_bytes())
    raw[at + 20 : at + 60] = bytes(40)
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_is_damaged_inside_is_one_line_about_the_zip(
    elsewhere: Home, tmp_path: Path, kind: int
) -> None:
    path = damaged(tmp_path / "spoiled.zip", kind)
    with pytest.raises(BadInput, match=r"spoiled\.zip is damaged"):
        mentor.take_in(elsewhere, path)
    assert not list(elsewhere.sessions.iterdir())


def test_a_packing_that_is_not_known_here_says_so(elsewhere: Home, tmp_path: Path) -> None:
    path = zip_of(tmp_path / "odd.zip", ("folder.json", ABOUT), (INSIDE, "{}"))
    raw = path.read_bytes()
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        place = raw.rindex(mark) + at
        raw = raw[:place] + b"\x63\x00" + raw[place + 2 :]
    path.write_bytes(raw)
    with pytest.raises(BadInput, match="not read here"):
        mentor.take_in(elsewhere, path)


def test_an_endless_format_and_half_a_character_are_survived(
    elsewhere: Home, tmp_path: Path
) -> None:
    endless = ABOUT.replace("1", "Infinity")
    with pytest.raises(BadInput, match="damaged"):
        mentor.take_in(elsewhere, zip_of(tmp_path / "a.zip", ("folder.json", endless)))
    half = (f"sessions/{SESSION}/session.json", '{"version": 1, "questions": ["\\ud800"]}')
    taken = mentor.take_in(elsewhere, zip_of(tmp_path / "b.zip", ("folder.json", ABOUT), half))
    assert taken.sessions == (SESSION,)


def test_a_damaged_note_takes_nothing_in(home: Home, tmp_path: Path) -> None:
    folder = make_session(home, STRONG)
    about = json.dumps({"format": 1, "kind": "notes"})
    name = f"sessions/{folder.parent.name}/{folder.name}/take1.coach.json"
    for damaged in ("{", '{"note": "x", "verdict": "splendid", "at": ""}', "3"):
        path = zip_of(tmp_path / "notes.zip", ("folder.json", about), (name, damaged))
        with pytest.raises(BadInput, match="damaged"):
            mentor.take_in(home, path)
    assert read_coach_word(folder / "take1") is None


def test_two_of_anything_are_compared(home: Home, tmp_path: Path) -> None:
    folder = make_session(home, WEAK)
    file = tmp_path / "later.txt"
    file.write_text(STRONG)
    (found,) = objects(
        run(
            home,
            "replay",
            "--compare",
            f"{folder.parent.name}/{folder.name}/1",
            str(file),
            "--json",
        )
    )
    assert found["after"] == str(file)
    assert found["verdicts"][0] != found["verdicts"][1]  # type: ignore[index]
    assert "handed_off" in found["mended"]  # type: ignore[operator]
    shown = run(home, "replay", "--compare", folder.parent.name, str(file))
    assert "mended: " in shown
    alone = CliRunner().invoke(app, ["replay", "--compare", str(file), "--home", str(home.path)])
    assert isinstance(alone.exception, BadInput)


def test_the_page_saves_a_session_and_takes_notes_in(home: Home, elsewhere: Home) -> None:
    folder = make_session(home, STRONG)
    with served(home.path) as site:
        status, headers, _ = ask(site, f"/sessions/{folder.parent.name}/export")
        assert (status, headers["content-type"]) == (200, "application/zip")
        status, _, text = ask(site, "/mentor/notes.zip")
        assert status == 400
        assert "There is no note to send" in text
        out = home.path / "out.zip"
        mentor.export(home, out, [folder.parent.name], lambda: pytest.fail("nothing to hear"))
        mentor.take_in(elsewhere, out)
        theirs = elsewhere.sessions / folder.parent.name / folder.name / "take1"
        write_coach_word(theirs, "Well told", None, AT)
        mentor.export_notes(elsewhere, home.path / "notes.zip", [])
        content = (home.path / "notes.zip").read_bytes().decode("latin-1")
        form = (
            '--x\r\nContent-Disposition: form-data; name="file"; filename="notes.zip"\r\n\r\n'
            f"{content}\r\n--x--\r\n"
        )
        kind = "multipart/form-data; boundary=x"
        _, _, text = ask(site, "/mentor", "POST", form, Content_Type=kind)
        assert "A note on" in text
    assert read_coach_word(folder / "take1") is not None


def test_a_session_named_twice_is_sent_once_and_one_without_an_answer_not_at_all(
    home: Home, elsewhere: Home, tmp_path: Path
) -> None:
    folder = make_session(home, STRONG)
    name, path = folder.parent.name, tmp_path / "twice.zip"
    assert mentor.export(home, path, [name, name[:15]], _no_engine) == (name,)
    assert mentor.take_in(elsewhere, path).sessions == (name,)
    empty = wiring.new_session(home).name
    with pytest.raises(BadInput, match="holds no answer"):
        mentor.export(home, tmp_path / "empty.zip", [empty], _no_engine)
    assert not (tmp_path / "empty.zip").exists()


def _no_engine() -> Transcriber:
    raise AssertionError("nothing is to be written down")
