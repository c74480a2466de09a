"""Fillers in the sound, markers in the text, pace by the half minute, and the one remark."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mock_interviewer import wiring
from mock_interviewer.adapters.audio_files import RATE_HZ, read_audio
from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.adapters.prompt_dir import fixtures_dir
from mock_interviewer.core.delivery import fillers_in, measure_delivery
from mock_interviewer.core.hums import find_hums
from mock_interviewer.core.question import DEFAULT_QUESTION
from mock_interviewer.core.remark import Remark, remark_on
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.pages.ruler import pace_plot, ruler_of

ENGLISH = load_language()


def voiced(seconds: float, from_hz: float, to_hz: float) -> np.ndarray:
    """A buzz with the formants of a neutral vowel, its pitch gliding."""
    pitch = np.linspace(from_hz, to_hz, round(seconds * RATE_HZ))
    pulses = np.diff(np.floor(np.cumsum(pitch) / RATE_HZ), prepend=0.0)
    spectrum, hertz = np.fft.rfft(pulses), np.fft.rfftfreq(len(pulses), 1 / RATE_HZ)
    for middle, width in ((550, 90), (1300, 110), (2500, 160)):
        spectrum = spectrum / (1 - (hertz / middle) ** 2 + 1j * hertz * width / middle**2)
    sound = np.fft.irfft(spectrum, len(pulses))
    return (0.15 * sound / np.sqrt(np.mean(sound**2))).astype(np.float32)


def silence(seconds: float) -> np.ndarray:
    return np.random.default_rng(1).normal(0, 3e-4, round(seconds * RATE_HZ)).astype(np.float32)


def between_words(sound: np.ndarray) -> tuple[np.ndarray, Transcript]:
    """A word, silence, the sound, silence, a word."""
    word = voiced(0.5, 180, 120)
    parts = [word, silence(0.4), sound, silence(0.4), word]
    last_s = (sum(map(len, parts)) - len(word)) / RATE_HZ
    words = (Word("so", 0.0, 0.5, 0.9), Word("then", last_s, last_s + 0.5, 0.9))
    return np.concatenate(parts), Transcript(words, duration_s=last_s + 0.5)


@pytest.mark.parametrize("pitch_hz", [95.0, 140.0, 225.0])
def test_a_level_hum_beside_silence_is_found_where_it_is(pitch_hz: float) -> None:
    sound, transcript = between_words(voiced(0.5, pitch_hz, pitch_hz * 0.98))
    (found,) = find_hums(sound, RATE_HZ, transcript)
    assert found == pytest.approx((0.9, 1.4), abs=0.06)


@pytest.mark.parametrize(
    "sound",
    [
        voiced(0.12, 120, 120),
        voiced(0.6, 100, 180),
        np.random.default_rng(2).normal(0, 0.1, RATE_HZ // 2).astype(np.float32),
        voiced(2.5, 120, 120),
    ],
    ids=["too short", "a glide", "noise", "too long"],
)
def test_what_is_short_gliding_noisy_or_long_is_no_hum(sound: np.ndarray) -> None:
    assert find_hums(*_at_rate(between_words(sound))) == ()


def _at_rate(made: tuple[np.ndarray, Transcript]) -> tuple[np.ndarray, int, Transcript]:
    return made[0], RATE_HZ, made[1]


def test_a_drawn_out_word_is_no_hum() -> None:
    sound, transcript = between_words(voiced(0.6, 120, 118))
    covered = (*transcript.words[:1], Word("and", 0.9, 1.5, 0.9), *transcript.words[1:])
    assert find_hums(sound, RATE_HZ, Transcript(covered)) == ()


def test_a_fluent_recording_with_the_times_of_its_words_has_none() -> None:
    path = fixtures_dir() / "weak.flac"
    units = json.loads(path.with_suffix(".json").read_text())["units"]
    words = tuple(
        Word(word["word"], word["start_s"], word["end_s"], 0.9)
        for unit in units
        for word in unit["words"]
    )
    assert find_hums(read_audio(path).samples, RATE_HZ, Transcript(words)) == ()


def test_hums_are_maybe_and_never_at_least() -> None:
    sound, transcript = between_words(voiced(0.5, 140, 138))
    hums = find_hums(sound, RATE_HZ, transcript)
    fillers = measure_delivery(transcript, ENGLISH, hums=hums).fillers
    assert (fillers.at_least, fillers.maybe, fillers.maybe_at) == (0, 1, hums)


@pytest.mark.parametrize(
    ("text", "fillers"),
    [
        ("and i was like oh no this breaks", ["like"]),
        ("it was slow and like we had no time so like i did it", ["like", "like"]),
        ("i like the team and they like me as much as you like", []),
        ("it looked like a fault and felt like it was mine", []),
        ("um like you know the pump", ["um", "like"]),
        ("as you know the pump broke and you know what happened", []),
        ("It was, you know, late.", ["you know"]),
    ],
)
def test_like_counts_where_it_fills_and_the_verb_is_none(text: str, fillers: list[str]) -> None:
    transcript = Transcript(tuple(Word(word) for word in text.split()))
    assert [filler.text for filler in fillers_in(transcript, ENGLISH)] == fillers


def spoken(text: str, word_s: float, gap_s: float, every: int = 1) -> Transcript:
    """Words of word_s, a gap after every so many."""
    words, at = [], 0.0
    for number, token in enumerate(text.split()):
        words.append(Word(token, at, at + word_s, 0.9))
        at += word_s + (gap_s if (number + 1) % every == 0 else 0.0)
    return Transcript(tuple(words), duration_s=at)


def test_the_pace_of_each_half_minute_adds_up_to_the_whole() -> None:
    transcript = spoken("one two three four five six seven " * 40, 0.25, 0.5, every=5)
    windows = measure_delivery(transcript, ENGLISH).windows
    assert [round(window.end_s - window.start_s) for window in windows][:-1] == [30] * (
        len(windows) - 1
    )
    words = sum((w.words_per_minute or 0.0) * (w.end_s - w.start_s) / 60 for w in windows)
    inside = sum((w.start_s or 0.0) < windows[-1].end_s for w in transcript.words)
    assert words == pytest.approx(inside, abs=1.0)
    assert all((w.articulation_wpm or 0) > (w.words_per_minute or 0) for w in windows)


def test_a_pace_that_rises_rises_on_the_plot_and_two_windows_are_no_course() -> None:
    slow, fast = (
        spoken("one two three " * 60, 0.3, 0.6, 5),
        spoken("one two three " * 60, 0.2, 0.4, 5),
    )
    shift_s = slow.duration_s or 0.0
    later = [
        Word(w.text, (w.start_s or 0) + shift_s, (w.end_s or 0) + shift_s, 0.9) for w in fast.words
    ]
    whole = Transcript((*slow.words, *later), duration_s=shift_s + (fast.duration_s or 0.0))
    windows = measure_delivery(whole, ENGLISH).windows
    plot = pace_plot(windows, whole.duration_s)
    assert plot is not None
    (first_x, first_y, first, _), *_, (last_x, last_y, last, _) = plot.points
    assert first_x < last_x <= 100
    assert first < last
    assert first_y > last_y  # up is fast
    assert plot.lowest <= first < last <= plot.highest
    assert pace_plot(windows[:2], whole.duration_s) is None


SLOW = ("i checked the pump and wrote down what i saw there " * 4, 0.35, 3.0, 4)
FAST = ("i checked the pump and wrote down what i saw there " * 12, 0.2, 0.4, 10)


@pytest.mark.parametrize(
    ("told", "remark"),
    [
        (SLOW, Remark.HALTING),
        ((SLOW[0].replace("wrote", "um wrote").replace("and", "and like i"), *SLOW[1:]), "halting"),
        (FAST, Remark.FAST),
        ((FAST[0].replace("and", "so like i"), *FAST[1:]), Remark.LIKE),
        (("i checked the pump and wrote it down " * 12, 0.3, 0.5, 7), None),
        ((SLOW[0].replace("i", "i i i"), *SLOW[1:]), None),
        ((SLOW[0].replace("pump", "p-pump"), *SLOW[1:]), None),
        ((SLOW[0].replace("pump", "on-call e-mail"), *SLOW[1:]), Remark.HALTING),
        ((FAST[0].replace("i ch", "i i i ch"), *FAST[1:]), None),
    ],
    ids=[
        "slow",
        "slow before like",
        "fast",
        "like before fast",
        "fine",
        "stammer",
        "parts of words",
        "hyphens",
        "stammer fast",
    ],
)
def test_the_gravest_thing_is_said_and_stammering_never(
    told: tuple[str, float, float, int], remark: Remark | None
) -> None:
    transcript = spoken(*told)
    assert remark_on(measure_delivery(transcript, ENGLISH), transcript) == remark


@pytest.mark.parametrize("hours", [0.01, 1, 9, 10, 24])
def test_the_ruler_has_some_marks_however_long_the_recording_is(hours: float) -> None:
    words = ["i", "fixed", "it"] * 10
    step_s = hours * 3600 / len(words)
    told = [Word(word, n * step_s, (n + 0.9) * step_s, 0.9) for n, word in enumerate(words)]
    transcript = Transcript(tuple(told), duration_s=hours * 3600)
    drawn = ruler_of(wiring.analyse(transcript, DEFAULT_QUESTION, None), None, None)
    assert drawn is not None
    assert 2 <= len(drawn.ticks) <= 10
