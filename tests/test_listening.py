"""Folds over frames and blocks: the voice, the level, and faults in plain words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_interviewer.core.sound_heard import (
    LINES,
    SILENCE_DBFS,
    WINDOW_S,
    FaultKind,
    SoundHeard,
    dbfs,
    hear_block,
    new_faults,
)
from mock_interviewer.core.speech_regions import regions_of
from mock_interviewer.core.voice_heard import VoiceHeard, hear, thinking_s

RATE_HZ = 16_000
BLOCK = RATE_HZ // 20
FRAME_S = 0.032


def noise(level: float, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.normal(0, level, BLOCK) * 32_767).clip(-32_768, 32_767).astype(np.int16)


def after(
    blocks: int, samples: np.ndarray, *, is_speech: bool = False, start: int = 0
) -> SoundHeard:
    return run(
        SoundHeard(RATE_HZ), [start / 20 + n / 20 for n in range(blocks)], samples, is_speech
    )


def run(
    heard: SoundHeard, arrivals: list[float], samples: np.ndarray, is_speech: bool = False
) -> SoundHeard:
    for arrived_at in arrivals:
        heard = hear_block(heard, samples, arrived_at, is_speech=is_speech)
    return heard


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([0.02, 0.4, 0.9]), max_size=80), st.integers(1, 9))
def test_frame_by_frame_the_stretches_are_those_of_the_whole(
    probabilities: list[float], size: int
) -> None:
    heard = VoiceHeard(FRAME_S)
    for at in range(0, len(probabilities), size):
        heard = hear(heard, probabilities[at : at + size])
    duration_s = max(0.0, len(probabilities) * FRAME_S - 0.01)

    assert heard.regions(duration_s) == regions_of(probabilities, FRAME_S, duration_s)


def test_the_onset_is_known_as_soon_as_it_is_a_word_and_not_before() -> None:
    heard = hear(VoiceHeard(0.05), [0.0, 0.9])
    assert heard.onset_s is None
    assert hear(heard, [0.9]).onset_s == 0.05


def test_a_click_is_no_onset() -> None:
    assert hear(VoiceHeard(0.05), [0.9] + [0.0] * 20).onset_s is None


def test_silence_counts_from_the_last_speech() -> None:
    heard = hear(VoiceHeard(0.1), [0.0, 0.9, 0.9, 0.0])
    assert heard.silence_s == pytest.approx(0.1)
    assert hear(heard, [0.0] * 10).silence_s == pytest.approx(1.1)
    assert hear(heard, [0.9]).silence_s == 0.0


def test_thinking_time_runs_from_the_questions_end() -> None:
    assert thinking_s(1.5, 0.15) == 1.65
    assert thinking_s(None, 0.15) is None
    assert thinking_s(1.5, None) is None


def test_the_level_falls_by_twenty_decibels_for_a_tenth() -> None:
    assert dbfs(noise(0.1)) - dbfs(noise(0.01)) == pytest.approx(20, abs=0.5)
    assert dbfs(np.zeros(BLOCK, np.int16)) == SILENCE_DBFS


def test_good_sound_has_no_fault() -> None:
    assert after(400, noise(0.1), is_speech=True).present == frozenset()


def test_exact_zeros_are_a_fault_after_a_second_until_sound_comes() -> None:
    zeros = np.zeros(BLOCK, np.int16)
    assert FaultKind.ZEROS not in after(19, zeros).present
    silent = after(20, zeros)
    assert FaultKind.ZEROS in silent.present
    assert FaultKind.ZEROS not in run(silent, [1.0], noise(0.001)).present


def test_the_quietest_noise_is_not_zeros() -> None:
    faint = np.zeros(BLOCK, np.int16)
    faint[::100] = 1
    assert FaultKind.ZEROS not in after(40, faint).present


def test_lost_sound_is_noticed_and_measured() -> None:
    whole = run(SoundHeard(RATE_HZ), [n / 20 for n in range(120)], noise(0.1))
    missing = 0.0
    heard = whole
    for n in range(120, 320):
        heard = hear_block(heard, noise(0.1), n / 20 + 0.5, is_speech=False)
        missing += heard.missing_s
        if heard.missing_s:
            assert FaultKind.GAPS in heard.present
    assert missing == pytest.approx(0.5)
    assert heard.present == frozenset()


def test_blocks_that_come_late_in_bursts_are_not_lost_sound() -> None:
    arrivals = [np.ceil(n / 16) * 16 / 20 for n in range(400)]
    heard = SoundHeard(RATE_HZ)
    for arrived_at in arrivals:
        heard = hear_block(heard, noise(0.1), float(arrived_at), is_speech=False)
        assert FaultKind.GAPS not in heard.present


def test_crackling_is_a_fault_and_one_loud_word_is_none() -> None:
    loud = np.full(BLOCK, 32_767, np.int16)
    assert FaultKind.CLIPPING in after(10, loud).present
    one = noise(0.1)
    one[:20] = 32_767
    heard = run(after(10, noise(0.1)), [0.5], one)
    assert FaultKind.CLIPPING not in heard.present
    blocks = int(2 * WINDOW_S * 20) + 2
    healed = run(after(10, loud), [0.5 + n / 20 for n in range(blocks)], noise(0.1))
    assert FaultKind.CLIPPING not in healed.present


def test_only_a_voice_can_be_too_quiet() -> None:
    assert FaultKind.QUIET in after(60, noise(0.001), is_speech=True).present
    assert FaultKind.QUIET not in after(60, noise(0.001)).present
    assert FaultKind.QUIET not in after(60, noise(0.05), is_speech=True).present


def test_a_fault_is_told_once_while_it_lasts() -> None:
    zeros = np.zeros(BLOCK, np.int16)
    heard, told = SoundHeard(RATE_HZ), []
    for n in range(100):
        now = hear_block(heard, zeros, n / 20, is_speech=False)
        told += new_faults(heard, now, n / 20)
        heard = now
    assert [fault.kind for fault in told] == [FaultKind.ZEROS]
    assert told[0].line == LINES[FaultKind.ZEROS]


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_is_one_plain_line(kind: FaultKind) -> None:
    assert "\n" not in LINES[kind]
    assert LINES[kind].endswith(".")
