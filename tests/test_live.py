"""The live interview as a person holds it: a real terminal, a real sound card, single keys."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sound_rig import SoundRig, sound_rig, until_played
from terminal import ENTER, Terminal, heard_in

from mock_interviewer import wiring
from mock_interviewer.adapters import practice_log
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.core.ear import parts_of
from mock_interviewer.settings import Home


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SoundRig]:
    with sound_rig(tmp_path / "rig") as running:
        yield running


def test_a_spoken_answer_is_heard_judged_and_kept(rig: SoundRig, tmp_path: Path) -> None:
    home = tmp_path / "home"
    arguments = ("nobody-owned-it", "--probes", "0", "--engine", "sphinx")
    with rig.recording(tmp_path / "loudspeaker.wav"):
        terminal = Terminal(rig, home, *arguments)
        terminal.see("listening")
        rig.say(fixtures_dir() / "weak.flac")
        terminal.hit(ENTER)
        terminal.see("Practice verdict: no hire")
        assert terminal.end() == 0
    (session,) = (home / "sessions").iterdir()
    (folder,) = session.glob("q1-*")
    words = json.loads((folder / "take1.json").read_text())["text"].split()
    assert {"summer", "hotel", "important"} <= set(words)  # the first and the last are there
    assert len(words) > 45
    assert soundfile.info(folder / "take1.wav").duration > 20
    assert heard_in(tmp_path / "loudspeaker.wav", folder / "question.wav")[1] > 0.9


def test_the_question_is_not_part_of_the_answer_and_can_be_heard_again(tmp_path: Path) -> None:
    """The microphone stands before the loudspeaker: all that is played comes back."""
    home, played = tmp_path / "home", tmp_path / "loudspeaker.wav"
    with sound_rig(tmp_path / "rig", source="echo") as rig, rig.recording(played):
        arguments = ("nobody-owned-it", "--probes", "0", "--engine", "sphinx")
        terminal = Terminal(rig, home, *arguments)
        at = terminal.see("listening")
        terminal.hit("a")
        terminal.see("listening", terminal.see("Tell me about something", at))
        rig.say(fixtures_dir() / "weak-reply1.flac", "loudspeaker")
        terminal.hit(ENTER)
        assert terminal.end() == 0
    (folder,) = (home / "sessions").glob("*/q1-*")
    question, answer = folder / "question.wav", sorted(folder.glob("take?.wav"))[-1]
    first_s, likeness = heard_in(played, question)
    assert likeness > 0.9
    samples, rate_hz = soundfile.read(played)
    samples[int(first_s * rate_hz) :][: soundfile.info(question).frames] = 0
    soundfile.write(tmp_path / "rest.wav", samples, rate_hz)
    again_s, likeness = heard_in(tmp_path / "rest.wav", question)
    assert likeness > 0.9
    assert abs(again_s - first_s) > soundfile.info(question).duration
    assert heard_in(answer, fixtures_dir() / "weak-reply1.flac")[1] > 0.9
    assert heard_in(answer, question)[1] < 0.3


def test_two_questions_in_a_row_are_both_recorded_whole(rig: SoundRig, tmp_path: Path) -> None:
    home = tmp_path / "home"
    arguments = ("--questions", "2", "--silent", "--probes", "0", "--engine", "sphinx")
    terminal = Terminal(rig, home, *arguments)
    at = 0
    for name in ("weak-reply1.flac", "weak-reply2.flac"):
        at = terminal.see("listening", terminal.see("Interviewer:", at))
        rig.say(fixtures_dir() / name)
        terminal.hit(ENTER)
    assert terminal.end() == 0
    first, second = sorted((home / "sessions").glob("*/q*-*"))
    assert heard_in(first / "take1.wav", fixtures_dir() / "weak-reply1.flac")[1] > 0.9
    assert heard_in(second / "take1.wav", fixtures_dir() / "weak-reply2.flac")[1] > 0.9
    assert (second / "take1.analysis.json").is_file()


def test_when_the_sound_server_dies_the_answer_until_then_is_judged(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with sound_rig(tmp_path / "rig") as rig:
        arguments = ("nobody-owned-it", "--silent", "--probes", "0", "--engine", "sphinx")
        terminal = Terminal(rig, home, *arguments)
        at = terminal.see("listening")
        rig.say(fixtures_dir() / "weak-reply1.flac")
        rig.kill()
        terminal.see("what was said until then is kept", at)
        terminal.hit(ENTER)
        assert terminal.end() == 0
    (folder,) = (home / "sessions").glob("*/q1-*")
    assert heard_in(folder / "take1.wav", fixtures_dir() / "weak-reply1.flac")[1] > 0.9
    assert (folder / "take1.analysis.json").is_file()
    assert "Traceback" not in terminal.shown


def test_a_stop_in_mid_sentence_keeps_the_sentence(rig: SoundRig, tmp_path: Path) -> None:
    home = tmp_path / "home"
    terminal = Terminal(rig, home, "nobody-owned-it", "--silent", "--engine", "sphinx")
    at = terminal.see("listening")
    with rig.saying(fixtures_dir() / "weak.flac"):
        terminal.see("0:03", at)
        terminal.hit("q")
        assert terminal.end() == 0
    (recording,) = home.rglob("take1.wav")
    assert np.abs(soundfile.read(recording)[0]).max() > 0.1
    assert "kept" in terminal.shown


def test_a_retake_a_pause_and_a_stop_lose_nothing(rig: SoundRig, tmp_path: Path) -> None:
    home = tmp_path / "home"
    arguments = ("nobody-owned-it", "--silent", "--engine", "sphinx")
    terminal = Terminal(rig, home, *arguments)
    at = terminal.see("listening")
    rig.say(fixtures_dir() / "weak-reply2.flac")
    terminal.hit("r")
    at = terminal.see("What you said is kept", at)
    at = terminal.see("listening", at)
    terminal.hit("p")
    at = terminal.see("paused", at)
    rig.say(fixtures_dir() / "weak-reply2.flac")  # not counted
    terminal.hit("p")
    terminal.see("listening", at)
    terminal.hit("q")
    assert terminal.end() == 0
    (folder,) = (home / "sessions").glob("*/q1-*")
    first, _ = soundfile.read(folder / "take1.wav")
    second, _ = soundfile.read(folder / "take2.wav")
    assert np.abs(first).max() > 0.1
    assert len(second) == 0 or np.abs(second).max() < 0.01


def test_an_interrupt_keeps_what_was_said_and_says_where(rig: SoundRig, tmp_path: Path) -> None:
    home = tmp_path / "home"
    terminal = Terminal(rig, home, "nobody-owned-it", "--silent", "--engine", "sphinx")
    terminal.see("listening")
    rig.say(fixtures_dir() / "weak-reply2.flac")
    terminal.process.send_signal(signal.SIGINT)
    terminal.end()
    (recording,) = home.rglob("take1.wav")
    assert np.abs(soundfile.read(recording)[0]).max() > 0.1
    assert "kept" in terminal.shown
    assert "Traceback" not in terminal.shown


def test_a_stage_of_an_answer_is_played_and_nothing_else(rig: SoundRig, tmp_path: Path) -> None:
    answer, played = fixtures_dir() / "weak.flac", tmp_path / "loudspeaker.wav"
    told = json.loads(answer.with_suffix(".json").read_text())["units"]
    with rig.recording(played):
        subprocess.run(
            [
                sys.executable,
                "-m",
                "mock_interviewer.cli.main",
                "replay",
                str(answer),
                "--engine",
                "sphinx",
                "--play",
                "result",
            ],
            env=rig.environment | {"MOCK_INTERVIEWER_HOME": str(tmp_path / "home")},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    samples, rate_hz = soundfile.read(answer)
    for stage, is_played in (("result", True), ("situation", False)):
        (unit, *_) = [unit for unit in told if unit["stage"] == stage]
        of_it = samples[int(unit["start_s"] * rate_hz) : int(unit["end_s"] * rate_hz)]
        soundfile.write(tmp_path / f"{stage}.wav", of_it, rate_hz)
        assert (heard_in(played, tmp_path / f"{stage}.wav")[1] > 0.9) is is_played


def test_the_ear_test_hears_the_keys_and_scores_them(rig: SoundRig, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    weak = wiring.pattern(home, "missed-deadline").weak_answer
    parts = parts_of(weak.text, [point.quote for point in weak.points])
    _, ends_s = wiring.spoken_parts(home, [part.text for part in parts], None, 165)
    faults = [end for part, end in zip(parts, ends_s, strict=True) if part.is_fault]
    played = tmp_path / "loudspeaker.wav"
    with rig.recording(played) as heard:
        terminal = Terminal(rig, home.path, "missed-deadline", "--ear", command="test")
        terminal.see("It begins.")
        for end_s in faults[:-1]:  # the last one is missed
            until_played(heard, end_s + 0.8)
            terminal.hit(" ")
        assert terminal.end() == 0
    assert f"{len(faults) - 1} of {len(faults)} heard" in terminal.shown
    assert "0 false alarms" in terminal.shown
    assert np.abs(soundfile.read(played)[0]).max() > 0.1
    (kept,) = practice_log.entries(home.path, "ear")
    assert kept["hits"] == len(faults) - 1
