from __future__ import annotations

from pathlib import Path

from mock_interviewer import wiring
from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.comparing import MEMORISED_WORDS, compare
from mock_interviewer.core.question import Question
from mock_interviewer.core.retelling import retold
from mock_interviewer.core.rubric import Disqualifier, Signal
from mock_interviewer.core.thoughts import thoughts_on
from mock_interviewer.settings import Home

LANGUAGE = load_language()
PATTERN = wiring.packs.__wrapped__(Home(Path("/nowhere"))).find_pattern("missed-deadline")
STRONG, WEAK = PATTERN.strong_answer, " ".join(PATTERN.weak_answer.text.split())
QUESTION = Question(PATTERN.question.text)


def analysed(text: str) -> Analysis:
    return wiring.analyse(wiring.transcript_of_text(text), QUESTION, None)


def test_from_the_weak_answer_to_the_strong_one_faults_go_and_signals_come() -> None:
    found = compare(analysed(WEAK), analysed(STRONG), LANGUAGE)
    assert found.verdict_after is not None
    assert found.verdict_before is not None
    assert found.verdict_after.rank > found.verdict_before.rank
    assert Disqualifier.HANDED_OFF in found.mended
    assert not found.new_faults
    assert Signal.INDIVIDUAL_ACTIONS in found.gained
    assert not found.lost


def test_an_answer_compared_with_itself_shows_no_change_and_one_long_passage() -> None:
    answer = analysed(STRONG)
    found = compare(answer, answer, LANGUAGE)
    assert found.gained == found.lost == found.mended == found.new_faults == found.drifts == ()
    (passage,) = found.passages
    assert passage.words == len(answer.transcript.words)


FIRST = (
    "Last spring I noticed that our invoices went out late. Nobody had asked me. "
    "I wrote a small script that checked every invoice and I showed it to accounting. "
    "It saved the company $8,000 a month, and complaints fell from 30 to 4 within six weeks."
)


def test_a_number_that_became_another_is_named_with_both_clauses() -> None:
    second = FIRST.replace("$8,000", "$18,000")
    (drift,) = compare(analysed(FIRST), analysed(second), LANGUAGE).drifts
    assert (drift.before, drift.after) == ("$8,000", "$18,000")
    assert "$18,000" in drift.told_after.text


def test_a_number_about_something_else_has_not_drifted() -> None:
    second = FIRST.replace(
        "It saved the company $8,000 a month,", "The yearly audit fee was $18,000 that summer,"
    )
    assert not compare(analysed(FIRST), analysed(second), LANGUAGE).drifts


def test_only_a_long_passage_counts_as_said_word_for_word() -> None:
    words = FIRST.split()
    short = " ".join(words[: MEMORISED_WORDS - 1]) + " and everything else went quite otherwise"
    exact = " ".join(words[:MEMORISED_WORDS]) + " and everything else went quite otherwise"
    assert not compare(analysed(FIRST), analysed(short), LANGUAGE).passages
    (passage,) = compare(analysed(FIRST), analysed(exact), LANGUAGE).passages
    assert passage.text.split() == words[:MEMORISED_WORDS]


def test_thoughts_stand_behind_the_words_that_cause_them() -> None:
    weak = analysed(WEAK)
    thoughts = thoughts_on(weak, LANGUAGE)
    handed_off = weak.findings.disqualifiers[Disqualifier.HANDED_OFF]
    assert handed_off is not None
    assert any(t.after_word == handed_off.end_word and not t.is_good for t in thoughts)
    assert [t.after_word for t in thoughts] == sorted(t.after_word for t in thoughts)
    assert sum(t.is_good for t in thoughts_on(analysed(STRONG), LANGUAGE)) >= 5


def test_a_name_said_with_an_s_is_not_lost() -> None:
    before = analysed("I called Anna about the two drivers who were late again.")
    for said in ("Anna's", "Anna’s"):
        after = analysed(f"I used {said} notes about the two drivers who were late again.")
        assert retold("a", before, "b", after, LANGUAGE).lost_names == ()
