"""The floor: what is judged, and what is not for want of having been heard."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from mock_interviewer.core.hearing import Hearing, enough_heard, how_heard
from mock_interviewer.core.transcript import Transcript, Word

ROOT = Path(__file__).parent.parent
READERS = json.loads((ROOT / "tests" / "sounds" / "readers.json").read_text())
"""What pocketsphinx made of six recordings of people: word and probability."""


def transcript(count: int, probability: float | None) -> Transcript:
    return Transcript(
        tuple(Word("word", i * 0.4, i * 0.4 + 0.3, probability) for i in range(count))
    )


@pytest.mark.parametrize("name", sorted(READERS))
def test_short_recordings_of_people_in_rough_draft_are_not_judged(name: str) -> None:
    words = tuple(Word(text, probability=probability) for text, probability in READERS[name])

    assert words
    assert not enough_heard(Transcript(words))


@pytest.mark.parametrize("count", [0, 1, 14])
@pytest.mark.parametrize("probability", [None, 0.99])
def test_next_to_nothing_is_not_judged_however_clear(count: int, probability: float | None) -> None:
    assert not enough_heard(transcript(count, probability))


def test_typed_words_are_taken_at_their_word() -> None:
    assert enough_heard(transcript(15, None))


def test_many_clear_words_are_judged_and_many_guesses_are_not() -> None:
    assert enough_heard(transcript(200, 0.9))
    assert not enough_heard(transcript(200, 0.5))
    assert not enough_heard(transcript(200, 0.2))


def test_a_few_clear_words_among_many_guesses_do_not_carry_the_answer() -> None:
    clear, guessed = transcript(60, 0.95).words, transcript(140, 0.3).words

    assert not enough_heard(Transcript(clear + guessed))


def test_words_that_account_for_little_of_the_speech_are_not_judged() -> None:
    heard = transcript(60, 0.95)

    assert enough_heard(heard, speech_s=40.0)
    assert not enough_heard(heard, speech_s=180.0)


def timed_speakers() -> ModuleType:
    spec = importlib.util.spec_from_file_location("timed", ROOT / "corpus" / "timed.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("folder", ["train", "dev", "messy"])
def test_every_answer_of_the_corpus_is_judged_also_with_a_tenth_of_it_misheard(
    folder: str,
) -> None:
    timed = timed_speakers()
    answers = [json.loads(path.read_text()) for path in (ROOT / "corpus" / folder).glob("*.json")]
    assert answers

    for answer in answers:
        for noisy in (False, True):
            heard = timed.heard(answer, bare=True, noisy=noisy)
            words = tuple(
                Word(word["word"], word["start"], word["end"], word["probability"])
                for word in heard
            )
            speech_s = sum(word["end"] - word["start"] for word in heard)
            assert enough_heard(Transcript(words), speech_s), answer["id"]


SAID = "I took the lid off. The float was stuck. I bent the arm back, and it filled. "


@pytest.mark.parametrize(
    ("text", "unclear", "expected"),
    [
        (SAID * 6, 0, Hearing.CLEAR),
        (SAID * 6, 20, Hearing.UNCLEAR),
        ((SAID * 6).replace(".", "").replace(",", ""), 0, Hearing.WITHOUT_STOPS),
        ((SAID * 6).replace(".", "").replace(",", ""), 20, Hearing.UNCLEAR),
        (SAID.replace(".", ""), 0, Hearing.CLEAR),
    ],
    ids=[
        "sentences",
        "every fifth word unclear",
        "no sentences",
        "no sentences and unclear",
        "too short to tell",
    ],
)
def test_a_hearing_is_clear_without_stops_or_unclear(
    text: str, unclear: int, expected: Hearing
) -> None:
    words = [Word(word, probability=0.95) for word in text.split()]
    for at in range(0, 5 * unclear, 5):
        words[at] = Word(words[at].text, probability=0.2)

    assert how_heard(Transcript(tuple(words))) is expected
