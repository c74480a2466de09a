"""Answers that ask for no story: timed, commented, never judged."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from answers import told
from rich.console import Console

from mock_interviewer import wiring
from mock_interviewer.cli.answer_view import show_answer
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.dialogue import Dialogue
from mock_interviewer.core.question import Probe, Question
from mock_interviewer.core.report import analysis_json
from mock_interviewer.core.rubric import Gate, Kind, Stage, Tests
from mock_interviewer.core.transcript import Transcript

ABOUT = Question(
    "Tell me about yourself.",
    kind=Kind.SELF_INTRODUCTION,
    counts=frozenset(),
    probes=(Probe("What of that matters here?", Tests.MOTIVATION),),
)
WHY = replace(ABOUT, text="Why us?", kind=Kind.MOTIVATION)
INTRODUCTION = (
    "I am a baker from Gdynia. For nine years I have made rye bread, and I trained four "
    "apprentices, three of whom run their own shifts now. Last winter I moved our night work to "
    "the evening, and sick days fell by half. Now I would like to do that in a larger bakery, and "
    "yours has two ovens."
)


def commented(text: str, question: Question = ABOUT, seconds_a_word: float = 1.2) -> Analysis:
    transcript, _ = told((Stage.NONE, text), seconds_a_word=seconds_a_word)
    return wiring.analyse(transcript, question, None)


def remarks(analysis: Analysis) -> dict[str, bool]:
    return {remark.id: remark.is_praise for remark in analysis.remarks}


def test_a_good_introduction_is_told_what_is_good_about_it() -> None:
    analysis = commented(INTRODUCTION)
    assert remarks(analysis) == {"fits": True, "countable": True, "ends_ahead": True}
    quoted = [remark.quote.quote for remark in analysis.remarks if remark.quote]
    assert all(quote in INTRODUCTION for quote in quoted)
    assert "nine years" in quoted[0]
    assert "larger bakery" in quoted[1]


def test_nothing_is_judged_and_no_stage_is_missing() -> None:
    analysis = commented(INTRODUCTION)
    assert (analysis.gate, analysis.verdict, analysis.next_change) == (None, None, None)
    assert {unit.stage for unit in analysis.units} == {Stage.NONE}
    assert {timing.status for timing in analysis.stages.values()} == {None}
    assert not any(analysis.findings.disqualifiers.values())
    json = analysis_json(analysis, "a")
    assert (json["verdict"], json["because"], json["weaknesses"]["missing_stages"]) == (
        None,
        [],
        [],
    )
    assert [comment["about"] for comment in json["comments"]] == ["fits", "countable", "ends_ahead"]
    assert json["duration_s"] > 60


@pytest.mark.parametrize(
    ("seconds_a_word", "wanted"), [(0.2, "too_short"), (1.2, "fits"), (2.5, "too_long")]
)
def test_the_length_is_held_against_what_such_an_answer_is_given(
    seconds_a_word: float, wanted: str
) -> None:
    assert wanted in remarks(commented(INTRODUCTION, seconds_a_word=seconds_a_word))


def test_typed_words_are_timed_as_they_would_be_spoken() -> None:
    analysis = wiring.analyse(wiring.transcript_of_text(INTRODUCTION), ABOUT, None)
    assert analysis.remarks[0].text.startswith("About 0:2")


def test_what_is_missing_is_said_as_something_to_add() -> None:
    text = "I am a baker. I was always a baker, and before that my father was. " * 3
    assert remarks(commented(text)) | {"fits": True} == {
        "fits": True,
        "nothing_countable": False,
        "ends_behind": False,
    }
    text = "I need a job, I like bread, and the pay is good as far as I have heard. " * 2
    assert "leaves_them_out" in remarks(commented(text, WHY))
    assert "names_them" in remarks(commented(text + "And your ovens burn wood.", WHY))


def test_what_was_not_heard_clearly_is_not_held_against_anybody() -> None:
    transcript, _ = told((Stage.NONE, "I am a baker, and before that my father was. " * 6))
    words = tuple(
        replace(word, probability=0.2 if number % 3 == 0 else 1.0)
        for number, word in enumerate(transcript.words)
    )
    analysis = wiring.analyse(Transcript(words, transcript.duration_s), ABOUT, None)
    assert analysis.gate is None
    assert all(remark.is_praise for remark in analysis.remarks)


def test_too_little_heard_is_said_and_nothing_else() -> None:
    analysis = commented("I am a baker.")
    assert analysis.gate is Gate.NOT_ENOUGH_HEARD
    assert (analysis.remarks, analysis.probes) == ((), ())


def test_its_own_probes_are_asked_and_a_story_is_probed_as_ever() -> None:
    analysis = commented(INTRODUCTION)
    assert [probe.text for probe in analysis.probes] == ["What of that matters here?"]
    assert Dialogue((ABOUT,)).probes == ()
    story = commented(INTRODUCTION, Question("Tell me about a time."))
    assert story.remarks == ()


def test_the_view_shows_comments_and_no_stages() -> None:
    console = Console(file=io.StringIO(), width=80)
    show_answer(console, commented(INTRODUCTION))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "self introduction" in shown
    assert "+ It ends with where you want to go" in shown
    assert "not judged" in shown
    for word in ("situation", "missing", "Practice verdict", "hire"):
        assert word not in shown
