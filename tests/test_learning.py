"""Learning a pattern: its steps, its quiz, and what is kept of it."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lesson_terminal import terminal
from program import Ran, called

from mock_interviewer import wiring
from mock_interviewer.adapters import practice_log
from mock_interviewer.cli.keys import ENTER, key_within, single_keys
from mock_interviewer.core.ear import parts_of, score
from mock_interviewer.core.lesson import steps_of
from mock_interviewer.core.pattern import Pattern
from mock_interviewer.core.quiz import Answered, is_pattern_strong, scores, shown
from mock_interviewer.settings import Home

ITEMS = ["easy"] * 4 + ["medium"] * 3 + ["hard"] * 3
Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def program(*arguments: str, stdin: str = "") -> Ran:
        return called(tmp_path / "home", arguments, stdin, COLUMNS="80")

    return program


def all_right(but: tuple[int, ...] = ()) -> list[Answered]:
    return [Answered(k, difficulty, k not in but) for k, difficulty in enumerate(ITEMS)]


def test_a_pattern_is_strong_when_every_difficulty_is() -> None:
    assert is_pattern_strong(scores(all_right(but=(4, 7)), ITEMS))
    assert not is_pattern_strong(scores(all_right(but=(0,)), ITEMS))  # three of four easy ones
    assert not is_pattern_strong(scores(all_right(but=(7, 8)), ITEMS))


def test_what_was_not_answered_is_not_mastered() -> None:
    assert not is_pattern_strong(scores(all_right()[:9], ITEMS))
    assert not is_pattern_strong(())


def test_options_in_another_order_keep_the_right_one() -> None:
    choice = shown(3, "Which?", ("a", "b", "c"), 1, "easy", (2, 1, 0))
    assert choice.options[choice.right] == "b"
    with pytest.raises(ValueError, match="every option"):
        shown(3, "Which?", ("a", "b"), 1, "easy", (0, 0))


PATTERNS = wiring.packs(Home(Path("/nowhere"))).patterns


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.question.id)
def test_a_lesson_shows_all_that_its_pattern_holds(pattern: Pattern) -> None:
    steps = steps_of(pattern)
    told = " ".join(line.text for step in steps for line in step.lines) + " ".join(
        step.title for step in steps
    )
    for guide in pattern.stages.values():
        assert " ".join(guide.example.split()) in told
        assert guide.mistake in told
    for probe in pattern.probes:
        assert probe.text in told
        assert probe.strong in told
    for point in pattern.weak_answer.points:
        assert point.fault in told
    assert all(step.lines for step in steps)


def test_a_test_is_taken_scored_and_kept(run: Run, tmp_path: Path) -> None:
    first = run("test", "missed-deadline", "--seed", "7", stdin="a\n" * 10)
    assert first.returncode == 0, first.stderr
    assert first.stdout.count("of 10, ") == 10
    assert "Not strong yet" in first.stdout
    again = run("test", "missed-deadline", "--seed", "7", stdin="a\n" * 3 + "q\n")
    asked = first.stdout.split("\n4 of 10")[0]
    assert again.stdout.split("\n4 of 10")[0] == asked  # the same seed, the same order
    other = run("test", "missed-deadline", "--seed", "8", stdin="q\n")
    assert other.stdout[:100] != asked[:100]
    assert "Not finished" in again.stdout
    kept = list(practice_log.entries(tmp_path / "home", "quiz"))
    assert len(kept) == 13
    assert {entry["item"] for entry in kept[:10]} == set(range(10))
    (test,) = practice_log.entries(tmp_path / "home", "test")  # one was not finished
    assert (test["pattern"], test["strong"]) == ("missed-deadline", False)
    assert "not strong yet" in run("learn").stdout


def test_concepts_explain_and_a_hint_is_no_answer(run: Run) -> None:
    told = run("concepts", "missed-deadline", stdin="b\nb\na\n")
    assert told.returncode == 0, told.stderr
    assert "2 of 3 right" in told.stdout
    assert "Being asked takes the start away" in told.stdout
    hinted = run("test", "missed-deadline", "--seed", "7", stdin="h\nq\n")
    assert "Hint:" in hinted.stdout
    assert "0 of 4 right, 4 not answered" in hinted.stdout


def test_a_lesson_goes_on_and_back_and_ends(run: Run) -> None:
    told = run("learn", "missed-deadline", "--silent", stdin="\n\n\nb\n" + "\n" * 70)
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("\n1 of 13") == 2  # back at the beginning of the second step
    assert told.stdout.count("\n2 of 13") == 2
    assert told.stdout.count("\n13 of 13") == 1
    assert "mock-interviewer test missed-deadline" in told.stdout
    assert "There is no pattern 'no-such-pattern'" in run("learn", "no-such-pattern").stderr


def test_without_a_pattern_they_are_listed(run: Run) -> None:
    told = run("test")
    assert told.returncode == 0, told.stderr
    assert re.search(r"^ *\d+ +missed-deadline +Describe a time", told.stdout, re.MULTILINE)
    assert "Choose one: mock-interviewer test PATTERN" in told.stdout


def test_a_lesson_holds_back_what_the_person_should_first_think_of(run: Run) -> None:
    steps = steps_of(PATTERNS[0])
    probe = next(step for step in steps if step.title.startswith("Probe 1"))
    kinds = [{line.kind for line in reveal.lines} for reveal in probe.reveals]
    assert kinds == [{"text"}, {"weak", "fault"}, {"strong", "cues"}]
    shown = run("learn", PATTERNS[0].question.id, "--silent", stdin="\n\n\nq\n").stdout
    assert "Carried by" in shown
    assert "Common mistake" not in shown


def test_a_line_cut_off_by_a_crash_costs_only_itself(tmp_path: Path) -> None:
    practice_log.append(tmp_path, {"kind": "quiz", "item": 1})
    with (tmp_path / practice_log.FILE).open("a") as file:
        file.write('{"kind": "quiz", "it')
    practice_log.append(tmp_path, {"kind": "quiz", "item": 2})
    assert [entry["item"] for entry in practice_log.entries(tmp_path, "quiz")] == [1, 2]
    assert json.loads((tmp_path / practice_log.FILE).read_text().splitlines()[0])["item"] == 1


PARTS = parts_of("We saw it. I sent a mail and they fixed it. All good.", ["I sent a mail", "good"])


def test_a_key_counts_for_the_phrase_that_was_begun() -> None:
    ends = [1.0, 2.0, 4.0, 5.0]
    assert [part.is_fault for part in PARTS] == [False, True, False, True]
    found = score(PARTS, ends, [0.5, 2.4, 4.8])
    assert [phrase.hit_s for phrase in found.heard] == [2.4, 4.8]
    assert found.false_alarms == (0.5,)
    assert found.reaction_s == pytest.approx((0.4 + -0.2) / 2)


def test_a_second_key_for_the_same_phrase_is_a_false_alarm_and_silence_a_miss() -> None:
    found = score(PARTS, [1.0, 2.0, 9.0, 10.0], [1.5, 1.7])
    assert (found.hits, len(found.false_alarms)) == (1, 1)
    assert found.heard[1].hit_s is None
    assert score(PARTS, [1.0, 2.0, 9.0, 10.0], []).reaction_s is None


# ---- keys


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        (b"c", ["c"]),
        (b"\x1b[C", ["right"]),  # its last letter is no answer C
        (b"\x1b[D", ["left"]),
        (b"\x1bOB", ["right"]),
        (b"\x1b[3~", ["\x1b"]),
        (b"\x1b", ["\x1b"]),
        (b"\x1b[Ab", ["left", "b"]),
        (b"\r", [ENTER]),
        ("é".encode(), ["", ""]),
    ],
)
def test_a_key_that_sends_several_characters_is_one_key(
    monkeypatch: pytest.MonkeyPatch, sent: bytes, keys: list[str]
) -> None:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "rb", buffering=0) as stdin, os.fdopen(leader, "wb", 0) as terminal:
        monkeypatch.setattr(sys, "stdin", stdin)
        with single_keys():
            terminal.write(sent)
            assert [key_within(2.0) for _ in keys] == keys
            assert key_within(0.0) is None


# ---- in a terminal


def test_a_lesson_leads_to_the_answer_said_aloud_and_back(tmp_path: Path) -> None:
    (tmp_path / ".model-offered").touch()
    with terminal(
        tmp_path, "learn", "missed-deadline", "--silent", PULSE_SERVER="unix:/nowhere"
    ) as shown:
        while shown.until("Enter more", "Enter next", "What now?") != "What now?":
            shown.press("\x1b[C")
        shown.until("p practise it aloud")
        shown.press("p")
        shown.until("Interviewer: Describe a time you missed a deadline")
        if shown.until("interview missed-deadline --typed", "listening") == "listening":
            shown.press("q")  # this machine has a microphone
        shown.until("p practise it aloud")
        shown.press("q")
        assert shown.process.wait(30) == 0
    assert "Traceback" not in shown.shown


def test_the_explanation_stays_until_it_was_read_and_ctrl_c_keeps_what_was_answered(
    tmp_path: Path,
) -> None:
    with terminal(tmp_path, "test", "missed-deadline", "--seed", "7") as shown:
        shown.until("a to d")
        shown.press("\x1b[D")  # an arrow is no answer D
        shown.press("h")
        shown.until("Hint:")
        shown.until("a to d")
        shown.press("a")
        shown.until("1. ")
        shown.until("Enter next")
        shown.press("\r")
        shown.until("2 of 10")
        shown.until("a to d")
        shown.process.send_signal(signal.SIGINT)
        shown.until("Not finished; what you answered is kept.")
        assert shown.process.wait(30) == 0
    assert len(list(practice_log.entries(tmp_path, "quiz"))) == 1


def test_a_terminal_that_is_gone_counts_as_left(monkeypatch: pytest.MonkeyPatch) -> None:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "rb", buffering=0) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        with single_keys():
            os.close(leader)
            with pytest.raises(KeyboardInterrupt):
                key_within(2.0)
