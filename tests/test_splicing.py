"""A stage told again inside the answer: sample-exact outside the joints, no click at them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from answers import told
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_interviewer import wiring
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.splicing import (
    FADE_S,
    Cut,
    cuts_for,
    quiet_place,
    speech_part,
    spliced_sound,
    spliced_words,
)
from mock_interviewer.core.transcript import Transcript, Word

RATE_HZ = 16_000
FADE = round(FADE_S * RATE_HZ)


def tone(seconds: float, hz: float, phase: float = 0.0) -> np.ndarray:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (0.5 * np.sin(2 * np.pi * hz * at + phase)).astype(np.float32)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 3.0), st.floats(0.0, 3.0), st.floats(0.1, 2.0), st.floats(0.0, 6.28))
def test_every_sample_outside_the_joints_is_the_recordings_own(
    start_s: float, length_s: float, new_s: float, phase: float
) -> None:
    whole, new = tone(6.0, 220.0), tone(new_s, 410.0, phase)
    cut = Cut(start_s, start_s + length_s, is_filled=True)
    found = spliced_sound(whole, new, [cut], RATE_HZ)
    first, end = round(cut.start_s * RATE_HZ), round(cut.end_s * RATE_HZ)
    first_fade = min(FADE, first, len(new))
    kept = first - first_fade
    assert np.array_equal(found[:kept], whole[:kept])
    after = len(whole) - end - FADE
    assert np.array_equal(found[len(found) - after :], whole[end + FADE :])
    inner = new[first_fade : len(new) - FADE]
    assert np.array_equal(found[first : first + len(inner)], inner)


@given(st.floats(0.0, 6.28), st.floats(0.2, 5.0), st.floats(0.2, 0.9))
def test_no_click_where_the_sounds_meet(phase: float, start_s: float, length_s: float) -> None:
    """The steepest step of the joint stays near those of the sounds themselves."""
    whole, new = tone(6.0, 220.0), tone(1.0, 410.0, phase)
    found = spliced_sound(whole, new, [Cut(start_s, start_s + length_s, True)], RATE_HZ)
    own = max(np.abs(np.diff(whole)).max(), np.abs(np.diff(new)).max())
    assert np.abs(np.diff(found)).max() <= own + 1.0 / FADE
    assert np.abs(np.diff(found)).max() < 0.12


def test_a_cut_lies_in_the_silence_of_a_real_recording() -> None:
    audio = wiring.read_audio(fixtures_dir() / "strong.flac")
    regions = wiring.speech_regions(audio)
    for (_, end), (start, _) in pairwise(regions):
        place = quiet_place(end + 0.02, regions, audio.duration_s)
        assert end <= place <= start
        around = audio.part(place - 0.005, place + 0.005).samples
        assert np.abs(around).max() < 0.02


ANSWER = told(
    (Stage.SITUATION, "the ward was short and the line kept ringing"),
    (Stage.ACTION, "I wrote a list and I called every one of them"),
    (Stage.RESULT, "things got better"),
    (Stage.REFLECTION, "I learned that a list beats a phone"),
    pause_s=0.6,
)
REGIONS = [(u.start_s or 0.0, u.end_s or 0.0) for u in ANSWER[1]]


def spoken(*texts: str, pause_s: float = 0.3) -> Transcript:
    words = [
        Word(text, pause_s + n * 0.4, pause_s + n * 0.4 + 0.4, 0.9) for n, text in enumerate(texts)
    ]
    return Transcript(tuple(words), words[-1].end_s + pause_s if words else pause_s)


def test_a_stage_told_again_takes_the_place_of_the_old_one_and_the_rest_moves_with_it() -> None:
    whole, units = ANSWER
    new = spoken("nine", "of", "ten", "came", "back")
    cuts = cuts_for(Stage.RESULT, units, REGIONS, whole.duration_s or 0)
    part = speech_part([(0.3, 2.3)], 2.6)
    found = spliced_words(whole, new, cuts, part)
    assert found.text == whole.text.replace("things got better", "nine of ten came back")
    samples = np.zeros(round((whole.duration_s or 0) * RATE_HZ), np.float32)
    for word in whole.words:  # a sound whose level tells which word is said
        samples[round((word.start_s or 0) * RATE_HZ) : round((word.end_s or 0) * RATE_HZ)] = 0.2
    fresh = np.zeros(round(2.6 * RATE_HZ), np.float32)
    fresh[round(0.3 * RATE_HZ) : round(2.3 * RATE_HZ)] = 0.7
    sound = spliced_sound(
        samples, fresh[round(part[0] * RATE_HZ) : round(part[1] * RATE_HZ)], cuts, RATE_HZ
    )
    assert abs(len(sound) / RATE_HZ - (found.duration_s or 0)) < 0.001
    first_new = next(n for n, word in enumerate(found.words) if word.text == "nine")
    for number, word in enumerate(found.words):
        middle = round(((word.start_s or 0) + (word.end_s or 0)) / 2 * RATE_HZ)
        is_new = first_new <= number < first_new + 5
        assert sound[middle] == np.float32(0.7 if is_new else 0.2), word


def test_a_missing_stage_goes_where_a_story_has_it() -> None:
    whole, units = ANSWER
    (cut,) = cuts_for(Stage.TASK, units, REGIONS, whole.duration_s or 0)
    assert cut.start_s == cut.end_s
    found = spliced_words(whole, spoken("my", "aim"), [cut], (0.15, 1.25))
    assert "kept ringing my aim I wrote" in found.text


def test_a_stage_told_in_two_places_is_told_again_in_one() -> None:
    whole, units = told(
        (Stage.RESULT, "in the end all of it came back to us whole"),
        (Stage.ACTION, "I wrote a list"),
        (Stage.RESULT, "nine of ten"),
        pause_s=0.6,
    )
    regions = [(u.start_s or 0.0, u.end_s or 0.0) for u in units]
    cuts = cuts_for(Stage.RESULT, units, regions, whole.duration_s or 0)
    assert [cut.is_filled for cut in cuts] == [True, False]
    found = spliced_words(whole, spoken("eight", "left"), cuts, (0.15, 1.25))
    assert found.text == "eight left I wrote a list"
