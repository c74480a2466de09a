"""The voice detector, on a synthetic voice with known silences and on sounds that are no voice."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mock_interviewer.adapters import vad
from mock_interviewer.adapters.audio_files import read_audio, resample
from mock_interviewer.adapters.vad import pieces_to_hear, speech_probabilities, speech_regions
from mock_interviewer.core.speech_regions import clamped, cut_to, grouped, overlap_s, regions_of
from mock_interviewer.errors import BadModel
from mock_interviewer.ports import Audio

SOUNDS = Path(__file__).parent / "sounds"
SENTENCES = json.loads((SOUNDS / "ferry.json").read_text())


@pytest.fixture(scope="module")
def ferry() -> Audio:
    return read_audio(SOUNDS / "ferry.ogg")


def test_the_edges_of_every_sentence_are_found_within_a_seventh_of_a_second(ferry: Audio) -> None:
    found = speech_regions(ferry)

    assert len(found) == len(SENTENCES)
    for (start_s, end_s), sentence in zip(found, SENTENCES, strict=True):
        assert start_s == pytest.approx(sentence["start_s"], abs=0.15)
        assert end_s == pytest.approx(sentence["end_s"], abs=0.15)


def test_stretches_are_the_same_at_another_sampling_rate(ferry: Audio) -> None:
    for here, there in zip(
        speech_regions(ferry), speech_regions(resample(ferry, 44_100)), strict=True
    ):
        assert here == pytest.approx(there, abs=0.15)


def test_a_quiet_voice_is_found_too(ferry: Audio) -> None:
    quiet = Audio(ferry.samples * np.float32(0.03), ferry.rate_hz)

    assert len(speech_regions(quiet)) == len(SENTENCES)


@pytest.mark.parametrize("kind", ["silence", "hiss", "hum", "clicks"])
def test_sounds_that_are_no_voice_give_no_speech(kind: str) -> None:
    rng = np.random.default_rng(8)
    seconds = np.arange(16_000 * 4) / 16_000
    samples = {
        "silence": np.zeros_like(seconds),
        "hiss": rng.normal(0, 0.05, len(seconds)),
        "hum": 0.2 * np.sin(2 * np.pi * 50 * seconds),
        "clicks": np.where(np.arange(len(seconds)) % 8_000 == 0, 0.9, 0.0),
    }[kind]

    assert speech_regions(Audio(samples.astype(np.float32), 16_000)) == ()


def test_nothing_recorded_gives_no_frames() -> None:
    assert speech_probabilities(Audio(np.zeros(0, np.float32), 16_000)).shape == (0,)


def test_the_answer_does_not_depend_on_how_the_frames_are_batched(
    ferry: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = speech_probabilities(ferry)
    monkeypatch.setattr(vad, "_BATCH_FRAMES", 100)

    assert speech_probabilities(ferry) == pytest.approx(at_once, abs=1e-4)


def test_a_wheel_without_the_network_is_named_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="is missing; run: pip install"):
        vad._network_file([str(tmp_path)])


def test_a_short_dip_does_not_end_a_stretch_and_a_click_does_not_make_one() -> None:
    dip = [0.9] * 10 + [0.1] * 5 + [0.9] * 10
    click = [0.0] * 10 + [0.9] * 2 + [0.0] * 10

    assert regions_of(dip, 0.032, 0.8) == ((0.0, 0.8),)
    assert regions_of(click, 0.032, 0.704) == ()


def test_between_the_two_thresholds_speech_goes_on_but_does_not_begin() -> None:
    assert regions_of([0.4] * 10 + [0.9] * 10 + [0.4] * 10, 0.032, 0.96) == ((0.32, 0.96),)


def test_no_stretch_reaches_beyond_the_recording() -> None:
    assert regions_of([0.9] * 10, 0.032, 0.3)[-1][1] == 0.3


def test_grouping_keeps_every_stretch_and_stays_within_the_length() -> None:
    stretches = [(float(at), at + 0.8) for at in range(100)]

    groups = grouped(stretches, longest_s=10.0, longest_gap_s=0.5)

    assert all(end - start <= 10.0 for start, end in groups)
    assert sum(overlap_s(start, end, groups) for start, end in stretches) == pytest.approx(80.0)


def test_a_word_between_two_stretches_goes_to_the_one_that_it_shares_most_with() -> None:
    stretches = [(0.0, 2.0), (3.0, 5.0)]

    assert clamped(1.9, 4.0, stretches) == (3.0, 4.0)
    assert clamped(1.0, 3.1, stretches) == (1.0, 2.0)
    assert clamped(2.2, 2.8, stretches) == (2.2, 2.8)


def test_a_stretch_without_a_pause_is_cut_where_speech_is_weakest() -> None:
    probabilities = [0.9] * 2_000
    probabilities[450], probabilities[1_100] = 0.5, 0.4
    whole = [(0.0, 64.0)]

    pieces = cut_to(20.0, whole, probabilities, 0.032)

    assert all(end - start <= 20.0 for start, end in pieces)
    assert [end for _, end in pieces[:-1]] == [start for start, _ in pieces[1:]]
    assert (pieces[0][0], pieces[-1][1]) == whole[0]
    assert pieces[0][1] == pytest.approx(450 * 0.032, abs=0.001)


def test_the_silence_given_to_pieces_is_shared_and_never_heard_twice(ferry: Audio) -> None:
    regions, pieces = pieces_to_hear(ferry, longest_s=3.0, longest_gap_s=0.0, pad_s=5.0)

    assert len(pieces) > len(regions)
    for (_, end_s), (start_s, _) in pairwise(pieces):
        assert end_s <= start_s + 0.001
    assert pieces[0][0] >= 0.0
    assert pieces[-1][1] <= ferry.duration_s
