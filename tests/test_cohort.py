from __future__ import annotations

import json
import os
import signal
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from answers import labelled, whisper_json
from many_sessions import STRONG, make_session
from program import Ran, called, started

from mock_interviewer.adapters import batch_state, dask_batch
from mock_interviewer.app.cohort import Found, Piece, in_order
from mock_interviewer.app.replay import Wanted
from mock_interviewer.core.cohort import Count, faults_in, grouped
from mock_interviewer.pages.cohort import cohort_file
from mock_interviewer.settings import Home
from mock_interviewer.wiring import words_of_page
from mock_interviewer.wiring.cohort import Asked, expanded, found_in, handfuls_of, replayed_file
from mock_interviewer.wiring.deleting import delete_session

PATHS = labelled(["dev"])[:6]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cohort")
    for path in PATHS:
        (made / f"{path.stem}.json").write_text(json.dumps(whisper_json(path)))
    (made / "empty.txt").write_text("")
    return made


@pytest.fixture(scope="module")
def alone(folder: Path) -> Ran:
    return called(folder / ".home", ["replay", folder, "--json"])


def killed_by(piece: tuple[str, str]) -> str:
    """A piece of work: 'always' kills its worker, 'once' the first time only."""
    name, mark = piece
    if name == "once" and not os.path.exists(mark):
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "always":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "raises":
        raise ValueError("no")
    return name


def listening() -> set[str]:
    """The addresses on which this process and its children wait for others."""
    import psutil

    mine = psutil.Process()
    return {
        each.laddr.ip
        for process in (mine, *mine.children(recursive=True))
        for each in process.net_connections("tcp")
        if each.status == psutil.CONN_LISTEN
    }


def test_a_killed_worker_loses_nothing_and_a_deadly_file_is_named(tmp_path: Path) -> None:
    names = ["a", "once", "b", "always", "raises", "c", "d"]
    pieces = [(name, str(tmp_path / "mark")) for name in names]
    with dask_batch.cluster(2, None) as client:
        heard_on = listening()
        found = list(dask_batch.worked_off(client, killed_by, pieces, [[5, 6], [0, 1, 2], [3, 4]]))
    assert heard_on == {"127.0.0.1"}
    assert sorted(number for number, _ in found) == list(range(len(names)))
    told = dict(found)
    assert [told[n] for n in (0, 1, 2, 5, 6)] == ["a", "once", "b", "c", "d"]
    assert isinstance(told[3], dask_batch.WorkerDied)
    assert isinstance(told[4], ValueError)


def test_jobs_give_the_same_bytes_and_a_second_run_only_what_is_missing(
    tmp_path: Path, folder: Path, alone: Ran
) -> None:
    batch = ["replay", folder, "--json", "--jobs", 2]
    first = called(tmp_path, batch)
    assert first.stdout == alone.stdout
    assert first.returncode == alone.returncode == 1
    assert len(first.stdout.splitlines()) == len(PATHS) + 1
    assert first.stderr.splitlines()[-1] == "7 of 7 files"
    (state,) = (tmp_path / "cohorts").iterdir()
    assert state.stat().st_mode & 0o077 == 0
    whole = state.read_text()
    assert whole.count("\n") == len(PATHS)  # what could not be read is tried again

    # what is kept is made to differ from what is true: then what comes was not read again
    told = '\\"duration_s\\": '
    assert whole.count(told) > len(PATHS)
    state.write_text(whole.replace(told, told + "9"))
    (folder / "empty.txt").rename(tmp_path / "empty.txt")
    try:
        second = called(tmp_path, batch)
    finally:
        (tmp_path / "empty.txt").rename(folder / "empty.txt")
    assert second.returncode == 0
    assert second.stderr.splitlines() == ["6 of 6 files"]
    readable = [line for line in alone.stdout.splitlines() if "empty.txt" not in line]
    plain = told.replace("\\", "")
    assert second.stdout.splitlines() == [line.replace(plain, plain + "9") for line in readable]


def test_a_file_whose_name_is_no_text_stops_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for name in (b"a\xff.txt", b"b.txt"):
        (folder / os.fsdecode(name)).write_text("I noticed the lists were wrong and rebuilt them.")
    for _ in range(2):
        ran = started(tmp_path / "home", ["replay", folder, "--json", "--jobs", 1])
        assert len(ran.stdout.splitlines()) == 2, ran.stderr


def test_an_address_without_a_port_is_one_plain_line(tmp_path: Path, folder: Path) -> None:
    ran = started(tmp_path, ["replay", folder, "--dask", "foo"])
    assert ran.returncode == 1
    assert "'foo' is no address of a Dask scheduler" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_without_dask_one_line_says_what_to_install(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    ran = called(tmp_path, ["replay", folder, "--jobs", 2])
    assert ran.returncode == 1
    assert "pip install distributed" in ran.stderr.splitlines()[-1]


def test_what_is_kept_is_not_done_again_and_the_order_stays() -> None:
    pieces = [Piece(name, f"key-{name}") for name in "abcd"]
    kept: list[str] = []

    def backwards(missing: list[Piece]) -> list[tuple[int, Found]]:
        done = [(n, Found(p.source, (p.source,), p.source == "d")) for n, p in enumerate(missing)]
        assert [piece.source for piece in missing] == ["a", "c", "d"]
        return done[::-1]

    found = in_order(
        pieces,
        {"key-b": ("B",)},
        lambda missing: iter(backwards(list(missing))),
        lambda piece, _: kept.append(piece.source),
        lambda *_: None,
    )
    assert [each.lines for each in found] == [("a",), ("B",), ("c",), ("d",)]
    assert kept == ["c", "a"]  # 'd' could not be read: next time again


def test_a_line_that_a_kill_cut_off_is_done_again(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    batch_state.keep(path, "one", ("1",), "/one")
    with path.open("a") as file:
        file.write('{"key": "two", "lin')
    batch_state.keep(path, "three", ("3",), "/three")
    assert batch_state.read_kept(path, ["one", "two", "three"]) == {"one": ("1",), "three": ("3",)}


def test_a_folder_is_every_file_in_it_once(tmp_path: Path) -> None:
    for name in ("b/two.srt", "a.txt", "notes.pdf", ".hidden.txt", "s/q1-x/take1.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(tmp_path / "b")
    inside = [str(tmp_path / name) for name in ("a.txt", "b/two.srt", "s")]
    assert expanded([str(tmp_path), inside[0]]) == inside


def test_the_group_is_counted_from_the_lines(alone: Ran) -> None:
    told = [json.loads(line) for line in alone.stdout.splitlines()]
    answers = [each for each in told if "error" not in each]
    group = grouped(told)
    assert (group.answers, group.unread) == (len(PATHS), 1)
    assert sum(each.count for each in group.verdicts) == len(PATHS)
    assert sum(each.count for each in group.weak) == sum(len(faults_in(each)) for each in answers)
    counts = [each.count for each in group.weak]
    assert counts == sorted(counts, reverse=True)
    action = next(each for each in group.stages if each.stage == "action")
    assert len(action.seconds) + action.missing == len(PATHS)


def test_a_reply_that_took_the_verdict_down_counts_in_the_group(alone: Ran) -> None:
    told = [json.loads(line) for line in alone.stdout.splitlines()]
    good = next(each for each in told if each.get("verdict") in {"hire", "strong_hire"})
    revealed = {"probe": "duty", "why": "assigned", "quote": "I was given it"}
    after = good | {"after_probes": {"verdict": "no_hire", "rescored_by": revealed}}
    held = good | {"after_probes": {"verdict": good["verdict"], "rescored_by": None}}
    group = grouped([after, held])
    assert {each.name: each.count for each in group.verdicts} == {"no_hire": 1, good["verdict"]: 1}
    assert [each.count for each in group.weak if each.name == "assigned"] == [1]
    page = " ".join(cohort_file([(None, after), (None, held)], words_of_page()).split())
    assert page.count("after a reply") == 1
    before = good["verdict"].replace("_", " ")
    assert f"no hire after a reply; {before} before it" in page.lower()


def test_no_percentage_below_five() -> None:
    assert Count("hire", 2, 4).percent is None
    assert Count("hire", 2, 5).percent == 40


def test_the_page_shows_every_file_and_escapes_it(alone: Ran) -> None:
    told = [json.loads(line) for line in alone.stdout.splitlines()][:3]
    told.append({"source": "<b>x</b>.txt", "error": "<b>x</b>.txt is empty."})
    page = cohort_file(
        [("r/a b.html", told[0]), *((None, each) for each in told[1:])], words_of_page()
    )
    assert 'href="r/a%20b.html"' in page
    assert "<b>x</b>" not in page
    assert page.count("<circle") == sum(len(each.seconds) for each in grouped(told).stages)
    assert " %)" not in page


def test_a_deleted_session_leaves_no_line_in_what_batches_kept(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    begun = datetime(2026, 11, 1, 9, tzinfo=UTC)
    answer = make_session(home, STRONG, at=begun)
    gone, stays = answer.parent, make_session(home, STRONG, at=begun + timedelta(days=1))
    asked = Asked(home, Wanted(), "auto", None, lenses=False)
    sources = [gone.name[:10], str(stays), str(answer)]

    def alone(pieces: Sequence[Piece]) -> list[tuple[int, Found]]:
        return [(number, replayed_file(asked, piece)) for number, piece in enumerate(pieces)]

    for batch in (sources, sources[:1]):
        assert list(found_in(asked, batch, alone, lambda *_: None, batch=batch, again=False))
    states = sorted((home.path / "cohorts").iterdir())
    assert len(states) == 2
    delete_session(home, gone.name)
    assert not gone.exists()
    (state,) = (home.path / "cohorts").iterdir()
    (line,) = state.read_text().splitlines()
    assert json.loads(line)["place"] == str(stays)
    assert gone.name not in state.read_text()


def test_transcripts_go_by_the_handful_and_recordings_first_and_alone(tmp_path: Path) -> None:
    for number in range(640):
        (tmp_path / f"{number:03}.txt").touch()
    (tmp_path / "300.wav").touch()
    pieces = [Piece(str(path), path.name) for path in sorted(tmp_path.iterdir())]
    handfuls = handfuls_of(pieces)
    assert sorted(number for each in handfuls for number in each) == list(range(641))
    assert pieces[handfuls[0][0]].key == "300.wav"
    assert len(handfuls[0]) == 1
    assert max(map(len, handfuls)) == 8
    assert handfuls_of(pieces[:20]) == [[number] for number in range(20)]
