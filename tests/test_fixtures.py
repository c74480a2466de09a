from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import soundfile

from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.core.rubric import Stage

RECORDINGS = sorted(fixtures_dir().glob("*.flac"))


def truth_of(path: Path) -> dict[str, object]:
    value = json.loads(path.with_suffix(".json").read_text())
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_a_recording_and_its_truth_agree(path: Path) -> None:
    truth, info = truth_of(path), soundfile.info(path)
    assert info.duration == pytest.approx(truth["duration_s"], abs=0.001)
    assert (info.samplerate, info.channels) == (16000, 1)
    at_s = 0.0
    for unit in truth["units"]:
        Stage(unit["stage"])
        assert " ".join(word["word"] for word in unit["words"]) == unit["text"]
        for word in unit["words"]:
            assert at_s <= word["start_s"] < word["end_s"] <= truth["duration_s"]
            at_s = word["start_s"]


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_sound_is_where_the_truth_says_words_are(path: Path) -> None:
    truth = truth_of(path)
    samples, rate_hz = soundfile.read(path)
    silent = 0.0
    for unit in truth["units"]:
        start, end = int(unit["start_s"] * rate_hz), int(unit["end_s"] * rate_hz)
        assert abs(samples[start:end]).max() > 0.1
        between = samples[int(silent * rate_hz) : start]
        assert len(between) == 0 or abs(between).max() < 0.02
        silent = unit["end_s"]


def test_all_recordings_together_are_no_longer_than_the_demo_may_take() -> None:
    assert sum(soundfile.info(path).duration for path in RECORDINGS) <= 200


def test_the_recordings_say_what_the_script_says() -> None:
    script = tomllib.loads((fixtures_dir() / "script.toml").read_text())
    told = {
        name: [unit["text"] for unit in units]
        for interview in script["interview"]
        for name, units in [
            (interview["name"], interview["units"]),
            *((f"{interview['name']}-reply{n + 1}", u) for n, u in enumerate(interview["replies"])),
        ]
    }
    assert {path.stem: [u["text"] for u in truth_of(path)["units"]] for path in RECORDINGS} == told


def test_the_demo_knows_every_recording() -> None:
    demo = json.loads((fixtures_dir() / "demo.json").read_text())["interviews"]
    named = [name for told in demo for name in (told["answer"], *told["replies"])]
    assert sorted(named) == [path.name for path in RECORDINGS]
