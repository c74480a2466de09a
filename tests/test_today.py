"""Due today and the plan, as a person and a program see them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from many_sessions import STRONG, WEAK, make_session, make_spoken_session
from terminal import ENTER, Terminal
from typer.testing import CliRunner, Result

from mock_interviewer import wiring
from mock_interviewer.adapters import practice_log
from mock_interviewer.cli.main import app
from mock_interviewer.core.agenda import LEAST_MINUTES, MOST_MINUTES, USUAL_MINUTES
from mock_interviewer.errors import InterviewError
from mock_interviewer.settings import Home
from mock_interviewer.wiring.practising import today_here

NOW = datetime.now(UTC)
IN_NINE_DAYS = (today_here() + timedelta(days=9)).isoformat()
Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def run(home: Home, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("MOCK_INTERVIEWER_HOME", str(home.path))
    monkeypatch.setenv("COLUMNS", "80")

    def with_home(*arguments: str, stdin: str = "") -> Result:
        result = CliRunner().invoke(app, arguments, input=stdin)
        if isinstance(result.exception, InterviewError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result

    return with_home


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def keep(home: Home, days: int, kind: str, **what: object) -> None:
    at = ago(days).isoformat(timespec="seconds")
    practice_log.append(home.path, {"at": at, "kind": kind, **what})


def some_practice(home: Home) -> None:
    """A weak spoken answer, a strong typed one, test items not known, and guesses."""
    make_session(home, WEAK, at=ago(3))
    make_spoken_session(home, "weak", at=ago(2))
    make_session(home, STRONG, at=ago(1))
    for number in range(6):
        keep(home, 2, "quiz", pattern="missed-deadline", item=number, right=number > 3, took_s=3.0)
    for _ in range(3):
        keep(home, 1, "guess", stage="action", told_s=82.0, guess_s=60.0)


def test_the_first_start_says_the_one_thing_to_do(run: Run, home: Home) -> None:
    shown = run().stdout
    assert shown.startswith("Nothing practised yet. The one thing to do:")
    assert shown.rstrip().endswith("Begin: mock-interviewer interview missed-deadline")
    assert not home.path.exists()  # a look leaves nothing behind


def test_one_screen_says_what_is_due_how_it_went_and_how_to_begin(run: Run, home: Home) -> None:
    some_practice(home)
    run("plan", "--date", IN_NINE_DAYS, "--principles", "ownership,conflict")
    shown = run().stdout
    lines = shown.splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80
    assert "your interview is in 9 days" in lines[0]
    assert "Interview 3 of 9." in shown
    assert "Drill your" in shown
    assert "4 of them not known last time, 2 days ago" in shown
    assert "strong hire, yesterday" in shown or "say this time" in shown
    assert "You feel your action 22 s shorter than it is." in shown
    assert lines[-1].startswith("Begin: mock-interviewer interview ")


def test_what_was_done_today_is_ticked_and_the_next_thing_begins(run: Run, home: Home) -> None:
    some_practice(home)
    (first, *_) = told_today(run)
    question = wiring.packs(home).find(first["name"])
    make_session(home, STRONG, at=NOW, question=question)
    done = told_today(run)
    assert done[0]["name"] == first["name"]
    assert [each["done"] for each in done].count(True) == 1
    shown = run().stdout
    assert shown.count("✓") == 1
    assert "Begin: mock-interviewer drill" in shown


def told_today(run: Run) -> list[dict[str, object]]:
    return json.loads(run("today", "--json").stdout)["due"]["activities"]


def test_damaged_lines_are_passed_over_with_one_plain_line(run: Run, home: Home) -> None:
    some_practice(home)
    before = json.loads(run("today", "--json").stdout)
    with (home.path / "practice.jsonl").open("ab") as file:
        file.write(b'{"at": "2026-11-0\n\xff\xfe\x00\n[1, 2]\n{"kind": "quiz"}\n')
    after = run("today", "--json")
    assert json.loads(after.stdout) == before
    assert after.stderr.count("\n") == 1
    assert "4 lines cannot be read, the first is line 10" in after.stderr


def test_due_items_alone_are_asked_and_are_then_done(run: Run, home: Home) -> None:
    some_practice(home)
    (test,) = [each for each in told_today(run) if each["doing"] == "test"]
    assert test["items"] == [0, 1, 2, 3]
    shown = run("test", "missed-deadline", "--due", "--seed", "1", stdin="a\n" * 4).stdout
    assert "1 of 4, easy" in shown
    assert "of 4 right." in shown
    assert not [each for each in told_today(run) if each["doing"] == "test" and not each["done"]]
    assert "is due" in run("test", "missed-deadline", "--due").stdout


def test_a_plan_is_kept_changed_and_forgotten(run: Run, home: Home) -> None:
    assert "No interview is planned" in run("plan").stdout
    with pytest.raises(InterviewError, match="When is the interview"):
        run("plan", "--minutes", "40")
    shown = run("plan", "--date", IN_NINE_DAYS, "--principles", "conflict").stdout
    assert "in 9 days" in shown
    assert "full mock on conflict" in shown
    assert "Interview 0 of 9" in shown
    assert "SAGE" in shown
    assert f"At most {USUAL_MINUTES} minutes a day" in shown
    assert "At most 40 minutes" in run("plan", "--minutes", "40").stdout
    told = json.loads(run("plan", "--json").stdout)["plan"]
    assert (told["minutes"], told["principles"]) == (40, ["conflict"])
    assert len(told["days"]) == 10
    for wrong in ("2026-02-30", "2001-01-01"):
        with pytest.raises(InterviewError):
            run("plan", "--date", wrong)
    with pytest.raises(InterviewError, match="There is no principle"):
        run("plan", "--date", IN_NINE_DAYS, "--principles", "courage")
    assert json.loads(run("plan", "--json").stdout)["plan"] == told
    assert "No interview is planned" in run("plan", "--forget").stdout
    assert f"{LEAST_MINUTES} to {MOST_MINUTES}; else {USUAL_MINUTES}" in " ".join(
        run("plan", "--help").stdout.split()
    )


def test_days_gone_by_show_what_was_done(run: Run, home: Home) -> None:
    keep(home, 3, "plan", date=IN_NINE_DAYS)
    some_practice(home)
    days = json.loads(run("plan", "--json").stdout)["plan"]["days"]
    assert len(days) == 13
    assert [day["told"] for day in days[:3]] == [["fixed-unasked"]] * 3
    assert "✓ told fixed unasked, 6 test items" in run("plan").stdout


def test_a_guess_is_asked_before_the_verdict_and_kept_with_its_error(run: Run, home: Home) -> None:
    answer = " ".join(STRONG.split())
    shown = run(
        *("interview", "fixed-unasked", "--typed", "--silent", "--probes", "0", "--guess"),
        stdin=f"{answer}\n\n9\n3\n",
    ).stdout
    assert shown.index("1 to 5") < shown.index("Practice verdict")
    assert "You guessed leaning hire: it is strong hire." in shown
    (guess,) = practice_log.entries(home.path, "guess")
    assert (guess["guess"], guess["verdict"]) == ("lean_hire", "strong_hire")


def test_history_tells_how_time_is_felt(run: Run, home: Home) -> None:
    some_practice(home)
    line = "You feel your action 22 s shorter than it is. (3 guesses, 22 s off on average)"
    assert line in " ".join(run("history").stdout.split())


def test_enter_begins_the_first_thing_and_q_leaves(home: Home) -> None:
    keep(home, 1, "plan", date=today_here().isoformat())
    terminal = Terminal(None, home.path, command="")
    terminal.see("Read once more")
    terminal.see("Enter begins with it")
    terminal.hit("q")
    assert terminal.end() == 0
    terminal = Terminal(None, home.path, command="")
    at = terminal.see("Enter begins with it")
    terminal.hit(ENTER)
    at = terminal.see("1 of ", at)  # the lesson's first step
    terminal.see("q leave", at)
    terminal.hit("q")
    assert terminal.end() == 0
