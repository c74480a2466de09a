"""Units from words: every word once, and no cut where a clause hangs in the air."""

from __future__ import annotations

from dataclasses import replace

import pytest
from labelled import labelled_answers, spoken

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.units import OF_RUN_ONS, OF_SENTENCES, units_of

ENGLISH = load_language("en")
HANGING = ENGLISH.pattern("units", "hanging")
ANSWERS = labelled_answers(["train"])[::8]


def run_on(text: str, *pauses_after: str) -> Transcript:
    """Words of a third of a second each, with a second's silence after some."""
    words, at_s = [], 0.0
    for word in text.split():
        words.append(Word(word, at_s, at_s + 0.3))
        at_s += 1.3 if word in pauses_after else 0.3
    return Transcript(tuple(words), duration_s=at_s)


@pytest.mark.parametrize("bare", [False, True])
def test_units_hold_every_word_once_and_none_is_too_long(bare: bool) -> None:
    for answer in ANSWERS:
        transcript, _ = spoken(answer, bare)
        units = units_of(transcript, ENGLISH)
        ends = [unit.end_word for unit in units]
        assert [unit.first_word for unit in units] == [0, *ends[:-1]]
        assert ends[-1] == len(transcript.words)
        assert max(unit.end_word - unit.first_word for unit in units) <= OF_SENTENCES.longest
        if bare:
            assert max(unit.end_word - unit.first_word for unit in units) <= OF_RUN_ONS.longest


def test_a_pause_after_a_hanging_word_cuts_before_it() -> None:
    said = "our pump was leaking all over that yard and the neighbours rang me twice this morning"
    (first, second) = units_of(run_on(said, "the"), ENGLISH)
    assert first.text.split()[-1] == "yard"
    assert second.text.startswith("and the neighbours")


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("The firm that insures us said no. I drove over there myself.", 7),
        ("Every crate he packed was labelled R. It was the only letter left.", 7),
        ("We had sent the pallet to J. Okoro by the night train.", 12),
        ("It was written down under no. 40 in the big ledger.", 11),
    ],
)
def test_a_letter_or_no_ends_a_sentence_where_another_begins(said: str, first: int) -> None:
    words = tuple(Word(word) for word in said.split())
    assert units_of(Transcript(words), ENGLISH)[0].end_word == first


def test_run_ons_seldom_end_in_the_air() -> None:
    ends = hanging = 0
    for answer in ANSWERS:
        transcript, _ = spoken(answer, bare=True)
        for unit in units_of(transcript, ENGLISH)[:-1]:
            ends += 1
            hanging += HANGING.fullmatch(unit.text.split()[-1]) is not None
    assert hanging <= ends / 50


@pytest.mark.parametrize("bare", [False, True])
def test_a_curly_apostrophe_cuts_nothing_otherwise(bare: bool) -> None:
    for answer in ANSWERS:
        transcript, _ = spoken(answer, bare)
        curly = [replace(word, text=word.text.replace("'", "’")) for word in transcript.words]
        printed = units_of(replace(transcript, words=tuple(curly)), ENGLISH)
        plain = units_of(transcript, ENGLISH)
        assert [unit.end_word for unit in printed] == [unit.end_word for unit in plain]
