"""An interview that ends by itself, and a drill, as a person holds them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sound_rig import SoundRig, sound_rig
from terminal import ENTER, Terminal, heard_in

from mock_interviewer.adapters import practice_log
from mock_interviewer.adapters.prompt_dir import fixtures_dir

UNTIL_THE_VOICE_COMES_BACK_S = 4.0
"""With the silence that the two recordings hold themselves, 1.5 s, it falls in the middle of the
countdown, which was seen from 4 to 7 s after the last word."""


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[SoundRig]:
    with sound_rig(tmp_path / "rig") as running:
        yield running


def _one_after_the_other(path: Path) -> Path:
    """An answer, silence in which the countdown begins, and an afterthought.

    In one file, so that the sound card's clock says when the voice comes back and not the machine's
    load.
    """
    answer, rate_hz = soundfile.read(fixtures_dir() / "weak.flac")
    afterthought, _ = soundfile.read(fixtures_dir() / "weak-reply2.flac")
    silence = np.zeros(int(UNTIL_THE_VOICE_COMES_BACK_S * rate_hz))
    soundfile.write(path, np.concatenate([answer, silence, afterthought]), rate_hz)
    return path


def test_an_answer_ends_by_itself_and_a_voice_takes_the_ending_back(
    rig: SoundRig, tmp_path: Path
) -> None:
    home, played = tmp_path / "home", tmp_path / "loudspeaker.wav"
    arguments = ("nobody-owned-it", "--probes", "0", "--engine", "sphinx", "--silent")
    with rig.recording(played):
        terminal = Terminal(rig, home, *arguments, "--coach", "--end", "auto", "--patience", "2")
        terminal.see("listening")
        rig.say(_one_after_the_other(tmp_path / "told.wav"))
        at = terminal.see("as of")
        at = terminal.see("Ends in 3", at)
        at = terminal.see("Ends in 3", at)  # the countdown had given way to the voice
        terminal.see("Ended.", at)
        terminal.see("Practice verdict: no hire", at)
        assert terminal.end() == 0
    (folder,) = (home / "sessions").glob("*/q1-*")
    assert heard_in(folder / "take1.wav", fixtures_dir() / "weak-reply2.flac")[1] > 0.9
    words = json.loads((folder / "take1.json").read_text())["text"].split()
    assert {"summer", "hotel", "important"} <= set(words)


def test_a_drill_counts_down_times_and_compares(rig: SoundRig, tmp_path: Path) -> None:
    home, played = tmp_path / "home", tmp_path / "loudspeaker.wav"
    with rig.recording(played):
        terminal = Terminal(
            rig, home, "situation", "result", "--guess", "--engine", "sphinx", command="drill"
        )
        at = terminal.see("3 ...")
        at = terminal.see("1 ...", at)
        at = terminal.see("silent", at)
        with rig.saying(fixtures_dir() / "weak-reply2.flac") as player:
            at = terminal.see("speaking", at)
            player.wait(30)
        terminal.hit(ENTER)
        at = terminal.see("R result", at)
        terminal.hit(ENTER)  # no countdown this time
        at = terminal.see("silent", at)
        terminal.hit("q")
        at = terminal.see("How many seconds was your situation?", at)
        terminal.hit("60\n")
        terminal.see("How many seconds was your result?", at)
        terminal.hit("\n")
        assert terminal.end() == 0
    (drill,) = practice_log.entries(home, "drill")
    situation, result = drill["stages"]
    spoken_s = soundfile.info(fixtures_dir() / "weak-reply2.flac").duration
    assert situation["spoken_s"] == pytest.approx(spoken_s, abs=2.0)
    assert situation["told_s"] > situation["spoken_s"]
    assert result["spoken_s"] < 0.5
    (guess,) = practice_log.entries(home, "guess")
    assert guess["error_s"] == pytest.approx(60 - situation["told_s"], abs=0.1)
    assert heard_in(home / drill["recording"], fixtures_dir() / "weak-reply2.flac")[1] > 0.9
    assert np.abs(soundfile.read(played)[0]).max() > 0.1  # the tones
