"""When an answer is over: frames and words in, a countdown out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from answers import labelled
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.core.endpointing import (
    COUNTDOWN_S,
    FIRST_S,
    LONGEST_WAIT_S,
    UNDO_S,
    Ending,
    EndingRules,
    EndPhase,
    PauseTally,
    Said,
    learned_patience_s,
    pauses_p95_s,
    take_back,
    watch_ending,
)
from mock_interviewer.core.language import Language
from mock_interviewer.core.live import StagesSoFar, said_so_far
from mock_interviewer.core.story_end import end_log_odds
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.units import units_of
from mock_interviewer.core.voice_heard import VoiceHeard, hear

FRAME_S = 0.1
AUTO = EndingRules(is_auto=True)
FOLDERS = {"en": ["dev"], "es": ["own/es/kept"]}
TOLD = Said(until_s=1e9, end_log_odds=2.0, is_complete=True)


def course(
    *stretches: tuple[bool, float], said: Said = TOLD, rules: EndingRules = AUTO
) -> Iterator[tuple[float, Ending]]:
    """Every moment of an answer: (somebody speaks, for how long) after one another."""
    voice, ending = VoiceHeard(FRAME_S), Ending(rules)
    for is_speech, seconds in stretches:
        for _ in range(round(seconds / FRAME_S)):
            voice = hear(voice, [0.9 if is_speech else 0.0])
            ending = watch_ending(ending, voice, said)
            yield voice.heard_s, ending


def first(found: Iterator[tuple[float, Ending]], phase: EndPhase) -> float | None:
    return next((at for at, ending in found if ending.phase is phase), None)


def test_three_seconds_of_silence_then_three_of_countdown_end_an_answer() -> None:
    spoken = ((True, 20.0), (False, 10.0))
    assert first(course(*spoken), EndPhase.COUNTING) == pytest.approx(23.0, abs=0.11)
    assert first(course(*spoken), EndPhase.ENDED) == pytest.approx(26.0, abs=0.21)
    over = 26.0 + UNDO_S
    assert first(course(*spoken), EndPhase.OVER) == pytest.approx(over, abs=0.31)


def test_nothing_ends_before_ten_seconds_nor_before_a_word() -> None:
    started = first(course((True, 3.0), (False, 20.0)), EndPhase.COUNTING)
    assert started == pytest.approx(FIRST_S, abs=0.11)
    assert first(course((False, 60.0)), EndPhase.COUNTING) is None


def test_any_voice_ends_the_countdown() -> None:
    spoken = ((True, 20.0), (False, 4.0), (True, 0.2), (False, 2.5))
    phases = [ending.phase for _, ending in course(*spoken)]
    assert EndPhase.COUNTING in phases
    assert phases[-1] is EndPhase.LISTENING
    assert EndPhase.ENDED not in phases


def test_a_voice_or_a_key_goes_on_after_the_ending() -> None:
    spoken = ((True, 20.0), (False, 6.5), (True, 1.0))
    endings = [ending for _, ending in course(*spoken)]
    assert EndPhase.ENDED in [ending.phase for ending in endings]
    assert endings[-1].phase is EndPhase.LISTENING
    *_, (at, ended) = [pair for pair in course(*spoken) if pair[1].phase is EndPhase.ENDED]
    again = take_back(ended, at)
    assert again.phase is EndPhase.LISTENING
    voice = hear(VoiceHeard(FRAME_S), [0.9] * 200 + [0.0] * 70)
    assert watch_ending(take_back(ended, voice.heard_s), voice, TOLD).phase is EndPhase.LISTENING


def waited_s(
    end_log_odds: float | None, is_complete: bool | None = True, is_open: bool = False
) -> float:
    """From the last sound of a speaker of unknown pauses to the countdown."""
    told = Said(1e9, end_log_odds, is_complete, is_open)
    started = first(course((True, 20.0), (False, 14.0), said=told), EndPhase.COUNTING)
    assert started is not None
    return started - 20.0


def test_the_less_it_looks_like_the_end_the_longer_is_waited() -> None:
    waits = [waited_s(odds) for odds in (2.0, 0.0, -2.0, -4.0, -6.0, -8.0)]
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(3.0, abs=0.11)
    assert waits[2] < 4.2
    assert waits[-1] == pytest.approx(LONGEST_WAIT_S, abs=0.11)
    for odds in (-3.0, -4.0):
        no_stop_s, because_s = waited_s(odds, False), waited_s(odds, True, True)
        assert waited_s(odds) < no_stop_s < because_s


def test_without_a_story_only_an_open_sentence_is_waited_for() -> None:
    assert waited_s(None) == pytest.approx(3.0, abs=0.11)
    assert waited_s(None, None) == pytest.approx(3.0, abs=0.11)
    assert waited_s(None, False) > 9.0
    assert waited_s(None, True, True) > 9.0


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_end_of_a_story_looks_more_like_one_than_its_sentences_before(language: str) -> None:
    told, spoken = load_language(language), labelled(FOLDERS[language])[:4]
    higher = []
    for path in spoken:
        units = json.loads(path.read_text(encoding="utf-8"))["units"]
        texts = [unit["text"] for unit in units]
        odds = [log_odds(" ".join(texts[:n]), told) for n in range(len(texts) // 2, len(texts) + 1)]
        higher += [before < odds[-1] for before in odds[:-1]]
    assert sum(higher) > 0.85 * len(higher)


def test_a_language_without_the_table_does_not_tell_an_end() -> None:
    english = load_language()
    without = replace(english, weights={"stages": english.weights["stages"]})
    transcript = Transcript((Word("Then"), Word("it"), Word("worked.")))
    assert end_log_odds(units_of(transcript, without), without) is None


def log_odds(text: str, language: Language) -> float:
    transcript = Transcript(tuple(Word(word) for word in text.split()))
    found = end_log_odds(units_of(transcript, language), language)
    assert found is not None
    return found


def test_words_that_are_still_being_written_down_are_waited_for() -> None:
    spoken = ((True, 15.0), (False, 1.0), (True, 5.0), (False, 9.0))
    late = Said(until_s=14.0, end_log_odds=2.0, is_complete=True)
    known = first(course(*spoken), EndPhase.COUNTING)
    waited = first(course(*spoken, said=late), EndPhase.COUNTING)
    assert known is not None
    assert waited is not None
    assert waited > known + 1.5


def test_in_manual_mode_only_the_spoken_ending_counts() -> None:
    manual, spoken = EndingRules(), ((True, 20.0), (False, 60.0))
    assert first(course(*spoken, rules=manual), EndPhase.COUNTING) is None
    said = Said(until_s=1e9, says_so=True)
    counting = first(course(*spoken, said=said, rules=manual), EndPhase.COUNTING)
    assert counting == pytest.approx(20.8, abs=0.21)
    ended = first(course(*spoken, said=said, rules=manual), EndPhase.ENDED)
    assert ended is not None
    assert ended - counting >= COUNTDOWN_S - 0.01


def test_who_pauses_long_is_waited_for_longer_and_who_never_does_less() -> None:
    def started(pause_s: float) -> float:
        spoken = [part for _ in range(10) for part in ((True, 2.0), (False, pause_s))][:-1]
        spoken_s = sum(seconds for _, seconds in spoken)
        at = first(course(*spoken, (False, 12.0)), EndPhase.COUNTING)
        assert at is not None
        return at - spoken_s

    assert started(0.4) == pytest.approx(2.0, abs=0.15)
    assert started(2.7) > 3.3


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.floats(0.1, 9.0)), min_size=1, max_size=12),
    st.booleans(),
)
def test_whatever_is_said_nothing_ends_without_its_countdown(
    stretches: list[tuple[bool, float]], is_auto: bool
) -> None:
    counting_since: float | None = None
    for at, ending in course(*stretches, rules=EndingRules(is_auto)):
        if ending.phase is EndPhase.COUNTING and counting_since is None:
            counting_since = at
            assert at >= FIRST_S - 0.01
        if ending.phase is EndPhase.LISTENING:
            counting_since = None
        if ending.phase is EndPhase.ENDED:
            assert is_auto
            assert counting_since is not None
            assert at - counting_since >= COUNTDOWN_S - 0.01


@given(st.lists(st.floats(0.0, 20.0), min_size=1, max_size=60))
def test_the_tally_tells_a_quantile_to_a_step(pauses: list[float]) -> None:
    tally = PauseTally()
    for pause in pauses:
        tally = tally.with_pause(pause)
    counted = sorted(min(p, 16.0) for p in pauses if p >= 0.25)
    assert tally.count == len(counted)
    told = tally.quantile_s(0.95)
    if counted:
        assert told is not None
        exact = counted[min(len(counted) - 1, int(-(-0.95 * len(counted) // 1)) - 1)]
        assert exact <= told * 1.001
        assert told <= exact * 1.13


def test_patience_is_learned_from_answers_and_held_within_its_bounds() -> None:
    assert learned_patience_s([]) == 3.0
    assert learned_patience_s([0.5] * 5) == 3.0
    assert learned_patience_s([100.0]) == 8.0
    assert pauses_p95_s([(0.0, 1.0), (2.0, 3.0)]) is None
    regular = [(2.0 * n, 2.0 * n + 1.0) for n in range(12)]
    assert pauses_p95_s(regular) == pytest.approx(1.0, rel=0.13)
    with pytest.raises(ValueError, match="2 to 8"):
        EndingRules(patience_s=1.0)


@pytest.mark.parametrize(
    ("text", "says_so"),
    [
        ("and we fixed it. That's my answer.", True),
        ("the numbers went up so yeah that's it", True),
        ("and that's it for the first part and then", False),
        ("I sat next to them. Um, that's it,", False),
        ("that's my answer to everyone who asks me why", False),
        ("I think I'm done.", True),
    ],
)
def test_the_spoken_ending_counts_only_as_the_last_words(text: str, says_so: bool) -> None:
    assert said(text).says_so is says_so


def said(text: str) -> Said:
    words = [Word(w, 0.4 * k, 0.4 * k + 0.3, 0.9) for k, w in enumerate(text.split())]
    return said_so_far(StagesSoFar(), words, load_language(), is_story=True)


@pytest.mark.parametrize(
    ("text", "is_complete", "is_open"),
    [
        ("I fixed it. It works.", True, False),
        ("I fixed it. And because.", True, True),
        ("I fixed it. And then I.", True, True),
        ("I fixed it. That is what it is.", True, False),
        ("i fixed it and then i said that was all of it for them that it was " * 3, False, False),
        ("I fixed it. I went to the", False, True),
        ("i fixed it and then i said that was all of it for them in the end " * 3, None, False),
        ("i fixed it and then i said that was all of it for them in the " * 3, None, True),
    ],
)
def test_a_sentence_is_closed_or_open(text: str, is_complete: bool | None, is_open: bool) -> None:
    found = said(text)
    assert (found.is_complete, found.is_open) == (is_complete, is_open)
