"""One past episode, or not: told in units that the program itself finds."""

from __future__ import annotations

import json

import pytest
from answers import CORPUS, labelled

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.core.gate import tells_no_story
from mock_interviewer.core.segmenting import segment
from mock_interviewer.core.transcript import Transcript, Word
from mock_interviewer.core.units import units_of

ENGLISH = load_language("en")


def is_refused(text: str) -> bool:
    transcript = Transcript(tuple(Word(word) for word in text.split()))
    units = segment(units_of(transcript, ENGLISH), ENGLISH)
    return tells_no_story(transcript, units, ENGLISH)


@pytest.mark.parametrize(
    "text",
    [
        "I always start with the numbers. I usually check them twice, and whenever something's off "
        "I ring the branch. I do that every week, and most weeks there's nothing.",
        "If that happened I would talk to them first. I'd probably ask what they need, and then "
        "I would go to my manager. I think that would be the fair way to do it.",
        "I believe people should take more responsibility. In my opinion companies don't trust "
        "their staff, and I think managers ought to listen more than they do.",
        "Ownership, impact, metrics. I noticed result goal, stakeholders aligned, learned, "
        "forty percent, roadmap, delivered, root cause, standard, systemic, action, task.",
        "I worked at Pellmont from 2015 to 2019. I think the whole sector is too slow, and in my "
        "view it's the regulators. People say it's the money, but I believe it's the habits.",
    ],
)
def test_opinion_habit_hypothesis_and_keywords_are_refused(text: str) -> None:
    assert is_refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "So I'm on the ferry and this fella's leaning right out. I run over, I grab his coat, and "
        "he's shouting at me. I sit him down. He'd dropped his phone, that's all it was.",
        "I spilt paint on the court the night before the final. I scrubbed till four, I "
        "rang the groundsman and I told him. They played on it, and I paid for the varnish.",
        "It was, wait, it was the Tuesday. No, the bus was the Monday. Anyway I missed it, and I "
        "walked to the school, and she was still there, and I took her home.",
    ],
)
def test_a_real_story_passes_in_the_present_briefly_or_in_a_muddle(text: str) -> None:
    assert not is_refused(text)


def test_labelled_answers_are_stories() -> None:
    answers = [json.loads(path.read_text()) for path in labelled(("train",))[::6]]
    told = [" ".join(unit["text"] for unit in answer["units"]) for answer in answers]
    assert sum(map(is_refused, told)) <= 0.03 * len(told)


def test_the_labelled_gate_is_mostly_met() -> None:
    lines = (CORPUS / "gate-dev.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    right = [is_refused(row["text"]) == (row["gate"] == "no_story") for row in rows]
    assert sum(right) >= 0.9 * len(right)


def test_hardly_anything_said_is_not_refused() -> None:
    assert not is_refused("Well, um, I always do.")
    assert not tells_no_story(Transcript(()), (), ENGLISH)
