from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mock_interviewer.core.correction import corrected
from mock_interviewer.core.transcript import Transcript, Word

WORDS = st.lists(st.sampled_from(["I", "wrote", "a", "fix", "then", "nine"]), max_size=12)


def heard(texts: list[str], probability: float = 0.4) -> Transcript:
    return Transcript(
        tuple(Word(text, at * 0.5, at * 0.5 + 0.4, probability) for at, text in enumerate(texts))
    )


@given(WORDS, WORDS)
def test_a_correction_says_exactly_what_the_person_wrote(
    before: list[str], after: list[str]
) -> None:
    assert corrected(heard(before), " ".join(after)).text == " ".join(after)


@given(WORDS.filter(bool), WORDS)
def test_corrected_words_stay_in_order_within_the_answer(
    before: list[str], after: list[str]
) -> None:
    words = corrected(heard(before), " ".join(after)).words
    times = [time for word in words for time in (word.start_s, word.end_s) if time is not None]
    assert len(times) == 2 * len(words)
    assert all(earlier <= later + 1e-9 for earlier, later in pairwise(times))
    assert all(0 <= time <= 0.5 * len(before) for time in times)


def test_corrected_words_count_as_heard_clearly() -> None:
    transcript = corrected(heard(["eye", "rote", "a", "fix"]), "I wrote a fix")
    assert all(word.is_clear for word in transcript.words)


def test_words_without_times_stay_without_times() -> None:
    untimed = Transcript((Word("I"), Word("rote")))
    assert [word.start_s for word in corrected(untimed, "I wrote").words] == [None, None]


def test_a_replaced_passage_takes_the_time_of_what_it_replaces() -> None:
    words = corrected(heard(["we", "fixed", "it"]), "we all fixed it").words
    assert [word.start_s for word in words] == [0.0, 0.4, 0.5, 1.0]
