"""The loudspeaker over a real sound system, heard through its monitor."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sound_rig import SoundRig, sound_rig

from mock_interviewer.adapters.audio_files import read_audio
from mock_interviewer.adapters.microphone import Microphone
from mock_interviewer.adapters.player import SoundPlayer
from mock_interviewer.adapters.take import QUESTION_GUARD_S
from mock_interviewer.errors import DeviceFault, UnknownName
from mock_interviewer.ports import Audio

RATE_HZ = 16_000
LOUD = 0.05
LIVE_S = 20.0


def tone(frequency_hz: float, seconds: float, rate_hz: int = 22_050) -> Audio:
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    return Audio((0.5 * np.sin(2 * np.pi * frequency_hz * at)).astype(np.float32), rate_hz)


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundRig]:
    with sound_rig(tmp_path_factory.mktemp("rig"), source="echo") as running:
        yield running


@pytest.fixture(scope="module")
def ear(rig: SoundRig) -> Iterator[Microphone]:
    """Hears what the loudspeaker plays."""
    with Microphone() as microphone:
        assert microphone.wait_until_live(LIVE_S)
        yield microphone


def pitch_hz(samples: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE_HZ / len(samples))


def test_a_recording_is_played_whole_twice_and_its_end_is_known(
    ear: Microphone, tmp_path: Path
) -> None:
    for number, (frequency_hz, rate_hz) in enumerate([(440, 22_050), (660, 48_000)]):
        began_at = time.monotonic()
        ear.begin(tmp_path / f"{number}.wav", began_at)
        with SoundPlayer().play(tone(frequency_hz, 1.0, rate_hz)) as playing:
            assert playing.wait(LIVE_S)
            assert playing.is_over
            assert playing.ended_at is not None
            time.sleep(0.4)
        take = ear.end()

        samples = read_audio(take.path).samples
        loud = np.flatnonzero(np.abs(samples) > LOUD)
        heard = samples[loud[0] : loud[-1] + 1]
        assert len(heard) / RATE_HZ == pytest.approx(1.0, abs=0.02)
        assert pitch_hz(heard) == pytest.approx(frequency_hz, abs=2)
        ended_s = playing.ended_at - began_at
        assert loud[-1] / RATE_HZ == pytest.approx(ended_s, abs=0.05)


def test_the_microphone_does_not_count_while_the_question_is_played(
    ear: Microphone, tmp_path: Path
) -> None:
    with SoundPlayer().play(tone(500, 0.8)) as playing:
        playing.wait(LIVE_S)
        assert playing.ended_at is not None
        ear.begin(tmp_path / "answer.wav", playing.ended_at + QUESTION_GUARD_S)
        time.sleep(0.6)
    take = ear.end()

    assert take.duration_s > 0
    assert np.abs(read_audio(take.path).samples).max() < LOUD


def test_it_is_silent_at_once_when_stopped(ear: Microphone, tmp_path: Path) -> None:
    ear.begin(tmp_path / "stopped.wav", time.monotonic())
    playing = SoundPlayer().play(tone(440, 30.0))
    deadline = time.monotonic() + LIVE_S
    while playing.position_s < 0.5 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not playing.is_over
    playing.stop()
    playing.stop()
    assert playing.is_over
    assert playing.wait(0)
    position_s = playing.position_s
    time.sleep(0.8)
    take = ear.end()

    samples = read_audio(take.path).samples
    heard_s = np.count_nonzero(np.abs(samples) > LOUD) / RATE_HZ
    assert 0 < heard_s < position_s + 1.0
    assert not np.any(np.abs(samples[-RATE_HZ // 10 :]) > LOUD)
    assert playing.position_s == position_s


def test_an_unknown_loudspeaker_is_refused_with_the_names_there_are(rig: SoundRig) -> None:
    with pytest.raises(UnknownName, match=r"'horn'; there are: .*pulse"):
        SoundPlayer("horn").play(tone(440, 0.1))


def test_a_loudspeaker_that_goes_away_is_one_plain_line(tmp_path: Path) -> None:
    with sound_rig(tmp_path / "rig") as rig:
        playing = SoundPlayer().play(tone(440, 30.0))
        deadline = time.monotonic() + LIVE_S
        while playing.position_s < 0.2 and time.monotonic() < deadline:
            time.sleep(0.01)
        rig.kill()
        with pytest.raises(DeviceFault, match="The loudspeaker stopped") as told:
            playing.wait(LIVE_S)
        assert "\n" not in str(told.value)
