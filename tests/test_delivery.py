"""Pace, pauses, thinking time and fillers, from words alone and with stretches of speech."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.core.delivery import (
    Delivery,
    Filler,
    Fillers,
    Window,
    measure_delivery,
    pace_windows,
    pauses_between,
    unclaimed_voice,
)
from mock_interviewer.core.transcript import Transcript, Word

ENGLISH = load_language()


def spoken(text: str, start_s: float = 0.0, word_s: float = 0.3, gap_s: float = 0.1) -> Transcript:
    """Every word word_s long, gap_s apart; a bar is a second of silence."""
    words, at = [], start_s
    for token in text.split():
        if token == "|":
            at += 1.0
            continue
        words.append(Word(token, at, at + word_s, 0.9))
        at += word_s + gap_s
    return Transcript(tuple(words), duration_s=at)


def typed(text: str) -> Transcript:
    return Transcript(tuple(Word(word) for word in text.split()))


def measure(transcript: Transcript, **more: object) -> Delivery:
    return measure_delivery(transcript, ENGLISH, **({"speech_regions": None} | more))  # type: ignore[arg-type]


def test_plain_text_has_nothing_measured_but_its_written_fillers() -> None:
    assert measure(typed("Um, I fixed the pump. Uh, it held.")) == Delivery(
        None, None, None, Fillers(2, None, (Filler("um"), Filler("uh"))), None
    )


def test_pace_counts_pauses_and_articulation_does_not() -> None:
    delivery = measure(spoken("one two three four five | six seven eight nine ten"))

    # ten words; 4.9 s from first to last, of which 1.1 s are a pause
    assert delivery.words_per_minute == pytest.approx(600 / 4.9, abs=0.1)
    assert delivery.articulation_wpm == pytest.approx(600 / 3.8, abs=0.1)


def test_thinking_time_runs_from_the_end_of_the_question_to_the_first_word() -> None:
    assert measure(spoken("so there was a leak", start_s=4.5)).thinking_s == 4.5
    assert measure(spoken("so there was a leak", start_s=4.5), question_end_s=1.5).thinking_s == 3.0


def test_with_stretches_of_speech_every_time_comes_from_them_and_not_from_the_words() -> None:
    delivery = measure(
        spoken("one two three four five six"), speech_regions=[(2.0, 3.0), (5.0, 6.0)]
    )

    assert delivery.thinking_s == 2.0
    assert delivery.pauses is not None
    assert (delivery.pauses.count, delivery.pauses.longest_s) == (1, 2.0)
    assert delivery.words_per_minute == 90.0
    assert delivery.articulation_wpm == 180.0


def test_speech_before_the_end_of_the_question_is_not_the_answers() -> None:
    delivery = measure(
        spoken("one two three", start_s=5.0),
        speech_regions=[(0.0, 3.0), (5.0, 6.5)],
        question_end_s=3.5,
    )

    assert delivery.thinking_s == 1.5
    assert delivery.pauses is not None
    assert delivery.pauses.count == 0


def test_gaps_under_a_quarter_of_a_second_are_no_pauses() -> None:
    pauses = pauses_between([(0.0, 1.0), (1.24, 2.0), (2.25, 3.0)])

    assert (pauses.count, pauses.longest_s) == (1, 0.25)


def test_without_a_pause_its_figures_are_not_measured_rather_than_zero() -> None:
    pauses = pauses_between([(0.0, 9.0)])

    assert (pauses.count, pauses.median_s, pauses.p90_s, pauses.longest_s) == (0, None, None, None)


def test_silence_has_no_pace() -> None:
    assert measure(Transcript((), duration_s=30.0), speech_regions=[]) == Delivery(
        None, None, None, Fillers(at_least=0, maybe=None), None
    )


@pytest.mark.parametrize(
    ("text", "fillers"),
    [
        ("Um, so uh I err on the side of, er, caution", 3),
        ("hmm mm umm uhh erm ehm ah", 7),
        ("The album had a number of humble summer errors her umbrella", 0),
        ("I like the pump, you know the rest, and, basically nothing else", 0),
        ("It was, like, two in the morning and, you know, nobody was there", 2),
    ],
)
def test_sounds_are_fillers_and_words_that_contain_them_are_none(text: str, fillers: int) -> None:
    assert measure(typed(text)).fillers.at_least == fillers


def test_a_voiced_stretch_that_no_word_covers_may_be_a_filler() -> None:
    transcript = Transcript(
        (Word("so", 0.0, 0.4), Word("we", 1.5, 1.8), Word("left", 1.85, 2.3)), duration_s=3.0
    )
    stretches = [(0.0, 1.1), (1.5, 2.3)]

    assert unclaimed_voice(transcript, stretches) == ((0.5, 1.1),)
    assert measure(transcript, speech_regions=stretches).fillers.maybe == 1


def test_speech_covered_by_words_leaves_no_maybe() -> None:
    transcript = spoken("one two three four five six seven")

    assert measure(transcript, speech_regions=[(0.0, 2.7)]).fillers.maybe == 0


def test_a_long_stretch_without_words_is_missed_speech_and_no_filler() -> None:
    transcript = Transcript((Word("so", 0.0, 0.4),), duration_s=9.0)

    assert measure(transcript, speech_regions=[(0.0, 8.0)]).fillers.maybe == 0


@given(
    st.lists(st.tuples(st.floats(0.05, 2.0), st.floats(0.01, 3.0)), min_size=1, max_size=30),
    st.lists(st.tuples(st.floats(0.0, 60.0), st.floats(0.0, 2.0)), max_size=30),
)
def test_unclaimed_voice_lies_within_speech_and_touches_no_word(
    lengths: list[tuple[float, float]], spans: list[tuple[float, float]]
) -> None:
    stretches, at = [], 0.0
    for speech_s, silence_s in lengths:
        stretches.append((at, at + speech_s))
        at += speech_s + silence_s
    words = tuple(Word("a", start, start + length) for start, length in sorted(spans))

    for start, end in unclaimed_voice(Transcript(words, duration_s=at), stretches):
        assert any(low <= start and end <= high for low, high in stretches)
        assert not any((w.start_s or 0) < end and (w.end_s or 0) > start for w in words)


def test_pace_windows_cost_words_and_not_seconds() -> None:
    words = (Word("so", 0.0, 15.0), Word("I", 15.0, 1e12), Word("did", 1e12, 1e12 + 30.0))

    found = pace_windows(words, [(0.0, 1e12 + 30.0)])

    assert [window.words_per_minute for window in found] == [4.0, 2.0]


def test_a_windows_articulation_is_of_its_own_stretches_of_speech() -> None:
    words = (Word("so", 1.0, 2.0), Word("I", 40.0, 41.0), Word("did", 41.0, 42.0))

    found = pace_windows(words, [(0.0, 10.0), (28.0, 45.0), (50.0, 55.0)])

    assert found == (Window(0.0, 30.0, 2.0, 5.0), Window(30.0, 55.0, 4.8, 6.0))
