from __future__ import annotations

from itertools import pairwise

from answers import told
from hypothesis import given
from hypothesis import strategies as st

from mock_interviewer.core.correction import StageMark, corrected, marked, moved, with_mark
from mock_interviewer.core.rubric import Stage
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


TOLD = told(
    (Stage.SITUATION, "the ward was short and the line kept ringing"),
    (Stage.ACTION, "I wrote a list and I called every one of them"),
    (Stage.RESULT, "nine of ten came back"),
)


def stages_of(marks: tuple[StageMark, ...]) -> list[tuple[str, Stage]]:
    return [(unit.text, unit.stage) for unit in marked(TOLD[1], marks, TOLD[0])]


def test_a_mark_moves_a_boundary_and_leaves_the_rest() -> None:
    found = stages_of((StageMark(9, 13, Stage.SITUATION),))
    assert found == [
        ("the ward was short and the line kept ringing", Stage.SITUATION),
        ("I wrote a list", Stage.SITUATION),
        ("and I called every one of them", Stage.ACTION),
        ("nine of ten came back", Stage.RESULT),
    ]


@given(
    st.lists(
        st.tuples(st.integers(0, 24), st.integers(0, 24), st.sampled_from(list(Stage))), max_size=6
    )
)
def test_whatever_is_marked_every_word_stays_once_and_the_last_mark_wins(
    drawn: list[tuple[int, int, Stage]],
) -> None:
    transcript, units = TOLD
    marks: tuple[StageMark, ...] = ()
    wanted = [unit.stage for unit in units for _ in range(unit.first_word, unit.end_word)]
    for first, end, stage in drawn:
        if first < end:
            marks = with_mark(marks, StageMark(first, end, stage))
            wanted[first:end] = [stage] * (end - first)
    found = marked(units, marks, transcript)
    assert " ".join(unit.text for unit in found) == transcript.text
    assert [u.stage for u in found for _ in range(u.first_word, u.end_word)] == wanted


def test_marks_move_with_their_words_when_the_text_is_corrected_afterwards() -> None:
    marks = (StageMark(9, 19, Stage.TASK),)
    before = TOLD[0].text.split()
    after = ["Well", "so", *before[:9], "I", "rote", *before[11:]]
    assert moved(marks, before, after) == (StageMark(11, 21, Stage.TASK),)
    assert moved(marks, before, before[:9]) == ()
