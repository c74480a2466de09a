"""Signals, vague results and general lessons, in answers told here and in the corpus."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from answers import labelled, told

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.core.analysis import find_all
from mock_interviewer.core.evidence import (
    find_generic_reflection,
    find_signals,
    find_vague_result,
    is_unquantified,
)
from mock_interviewer.core.noting import find_noted
from mock_interviewer.core.question import DEFAULT_QUESTION
from mock_interviewer.core.quoting import without_hanging
from mock_interviewer.core.rubric import STAGE_OF_SIGNAL, Noted, Signal, Stage
from mock_interviewer.core.transcript import StagedUnit, Transcript, heard_clearly
from mock_interviewer.core.verdict import decide

ENGLISH = load_language("en")

STRONG = (
    (
        Stage.SITUATION,
        "I run the pool desk and I noticed the same swimmers leaving after ten minutes.",
    ),
    (Stage.SITUATION, "We were losing about thirty members a month, most of them older people."),
    (Stage.TASK, "The water is the plant team's business, nobody had asked me to look at it."),
    (Stage.TASK, "I wanted to know why they left, and to keep half of them by Easter."),
    (Stage.ACTION, "I put a thermometer in the shallow end and I read it every hour for a week."),
    (Stage.ACTION, "Then I drew the curve, I rang the plant team and I moved the heater's timer."),
    (Stage.RESULT, "We went from thirty leaving a month to four."),
    (Stage.RESULT, "That's about nine thousand pounds a year in fees that the pool kept."),
    (
        Stage.RESULT,
        "The other two pools in the county have copied the timer and it's standard now.",
    ),
    (
        Stage.REFLECTION,
        "I learned that the water wasn't cold, it was cold at nine, when they came.",
    ),
    (
        Stage.REFLECTION,
        "There's no step where anyone who swims tells the people who heat the water.",
    ),
)


def signals_of(*parts: tuple[Stage, str]) -> set[Signal]:
    transcript, units = told(*parts)
    return {s for s, found in find_signals(transcript, units, ENGLISH).items() if found}


def test_a_strong_answer_shows_every_signal_but_the_one_found_elsewhere() -> None:
    assert signals_of(*STRONG) == set(Signal) - {Signal.INDIVIDUAL_ACTIONS}


def test_every_signal_is_a_key() -> None:
    transcript, units = told((Stage.NONE, "Hello there."))
    assert find_signals(transcript, units, ENGLISH) == dict.fromkeys(Signal)


def test_a_quote_is_verbatim_short_and_from_the_signals_own_stage() -> None:
    transcript, units = told(*STRONG, seconds_a_word=0.9)
    for signal, found in find_signals(transcript, units, ENGLISH).items():
        if found is None:
            continue
        assert found.quote in transcript.text
        assert found.start_s is not None
        assert found.end_s is not None
        assert found.end_s - found.start_s <= 25.0
        home = [u for u in units if u.first_word <= found.first_word < u.end_word]
        assert home[0].stage is STAGE_OF_SIGNAL[signal]
        assert found.reason.endswith(".")


def test_a_signal_outside_its_stage_does_not_count() -> None:
    moved = [(Stage.ACTION, text) for _, text in STRONG]
    assert signals_of(*moved) == set()


@pytest.mark.parametrize("bare", [False, True])
def test_capitals_and_punctuation_are_not_needed(bare: bool) -> None:
    parts = [
        (stage, "".join(c for c in text.lower() if c.isalnum() or c in " '") if bare else text)
        for stage, text in STRONG
    ]
    assert {Signal.SELF_INITIATED, Signal.SCOPE_BOUNDARY, Signal.METRIC_DELTA} <= signals_of(*parts)


def test_what_others_saw_and_asked_for_is_not_self_initiated() -> None:
    parts = (
        (Stage.SITUATION, "The auditors found forty errors, and my manager told me about it."),
        (Stage.TASK, "She asked me to sort it out before the summer."),
    )
    assert not {Signal.SELF_INITIATED, Signal.SCOPE_BOUNDARY} & signals_of(*parts)


def test_a_metric_needs_a_quantity() -> None:
    parts = ((Stage.RESULT, "The queue went right down and stayed down, compared with before."),)
    assert Signal.METRIC_DELTA not in signals_of(*parts)


def test_a_vague_result_is_found_and_a_counted_one_is_not() -> None:
    vague = told((Stage.RESULT, "It went really well in the end and everybody was much happier."))
    counted = told(
        (Stage.RESULT, "It went well, everybody was happier, and sick days fell to two.")
    )
    found = find_vague_result(*vague, ENGLISH)
    assert found is not None
    assert found.quote in vague[0].text
    assert find_vague_result(*counted, ENGLISH) is None


def test_a_result_without_a_number_is_unquantified_and_so_is_none_at_all() -> None:
    assert is_unquantified(*told((Stage.RESULT, "The roof held.")), ENGLISH)
    assert is_unquantified(*told((Stage.ACTION, "I made nine calls.")), ENGLISH)
    assert not is_unquantified(*told((Stage.RESULT, "The roof held nine winters.")), ENGLISH)


def test_a_page_never_tells_of_a_number_and_of_none() -> None:
    transcript, (before, after) = told(
        (Stage.ACTION, "Broken plates went from ninety a month to four."),
        (Stage.RESULT, "Everybody eats off whole ones now."),
    )
    units = (replace(before, confidence=0.4), after)
    assert find_signals(transcript, units, ENGLISH)[Signal.METRIC_DELTA]
    assert not is_unquantified(transcript, units, ENGLISH)


def test_a_lesson_is_quoted_with_both_its_halves() -> None:
    lesson = (
        "I had always believed for years that we were short of mechanics, and what we were short "
        "of was one torque wrench that anybody could find."
    )
    transcript, units = told((Stage.ACTION, "I looked for it."), (Stage.REFLECTION, lesson))
    found = find_signals(transcript, units, ENGLISH)[Signal.SPECIFIC_INSIGHT]
    assert found
    assert found.quote == lesson


def test_a_lesson_is_never_both_particular_and_general() -> None:
    general = told((Stage.REFLECTION, "I learned that communication is important in a team."))
    own = told(*STRONG[-2:])
    assert find_generic_reflection(*general, ENGLISH) is not None
    assert find_signals(*general, ENGLISH)[Signal.SPECIFIC_INSIGHT] is None
    assert find_generic_reflection(*own, ENGLISH) is None
    assert find_signals(*own, ENGLISH)[Signal.SPECIFIC_INSIGHT] is not None


def test_words_heard_badly_never_make_a_fault() -> None:
    for stage, text, find in (
        (Stage.RESULT, "It went really well and everybody was much happier.", find_vague_result),
        (Stage.REFLECTION, "Communication is so important in a team.", find_generic_reflection),
    ):
        transcript, units = told((stage, text))
        assert find(transcript, units, ENGLISH) is not None
        mumbled = Transcript(tuple(replace(w, probability=0.2) for w in transcript.words))
        assert find(mumbled, units, ENGLISH) is None


def test_noted_is_silent_where_it_is_denied_and_plain_where_it_is_said() -> None:
    said = find_noted(
        *told((Stage.ACTION, "It was my own mistake, I had the wrong list.")), ENGLISH
    )
    denied = find_noted(*told((Stage.ACTION, "Nobody thought it was my mistake.")), ENGLISH)
    assert said[Noted.OWNED_FAILURE] is not None
    assert denied == dict.fromkeys(Noted)
    assert said[Noted.OFF_QUESTION] is None


@pytest.mark.parametrize(
    ("said", "is_noted"),
    [
        ("We'd, I should've said, changed fourteen routers by then.", False),
        ("I should've checked the seal before I shut the lid.", True),
    ],
)
def test_a_word_to_the_listener_is_no_mistake_owned(said: str, is_noted: bool) -> None:
    found = find_noted(*told((Stage.ACTION, said)), ENGLISH)
    assert (found[Noted.OWNED_FAILURE] is not None) is is_noted


def test_labelled_answers_are_mostly_read_as_labelled() -> None:
    agree = total = 0
    for path in labelled(("dev",))[::2]:
        answer = json.loads(path.read_text())
        parts = [(Stage(u["stage"]), u["text"]) for u in answer["units"]]
        transcript, units = told(*parts)
        for signal, found in find_signals(transcript, units, ENGLISH).items():
            if signal is not Signal.INDIVIDUAL_ACTIONS:
                agree += bool(found) == bool(answer["signals"][signal.value])
                total += 1
    assert agree / total > 0.85


def test_no_units_show_nothing() -> None:
    empty: tuple[StagedUnit, ...] = ()
    transcript = Transcript(())
    assert find_signals(transcript, empty, ENGLISH) == dict.fromkeys(Signal)
    assert find_vague_result(transcript, empty, ENGLISH) is None
    assert find_generic_reflection(transcript, empty, ENGLISH) is None
    assert is_unquantified(transcript, empty, ENGLISH)


def test_an_answer_without_times_is_quoted_all_the_same() -> None:
    transcript, units = told(*STRONG)
    plain = Transcript(tuple(replace(w, start_s=None, end_s=None) for w in transcript.words))
    untimed = tuple(replace(u, start_s=None, end_s=None) for u in units)
    found = find_signals(plain, untimed, ENGLISH)[Signal.SELF_INITIATED]
    assert found is not None
    assert found.start_s is None


def test_a_quote_does_not_end_in_the_air() -> None:
    transcript, units = told((Stage.TASK, "I wanted every letter out by noon and the"))
    end = units[0].end_word
    assert without_hanging(transcript, 0, end, ENGLISH) == end - 2
    assert without_hanging(transcript, 0, end - 2, ENGLISH) == end - 2


@pytest.mark.parametrize(
    ("noted", "said", "is_noted"),
    [
        (Noted.OWNED_FAILURE, "It was all my fault that the wrong list went out to them.", True),
        (Noted.OWNED_FAILURE, "It was not my fault that the supplier sent a wrong list.", False),
        (Noted.OWNED_FAILURE, "It was never my mistake and I could prove it to them.", False),
        (Noted.BLAMES_OTHERS, "It was entirely their fault that the list came late.", True),
        (Noted.BLAMES_OTHERS, "It was not their fault that the list came late that day.", False),
    ],
)
def test_a_fault_denied_is_neither_owned_nor_laid_on_others(
    noted: Noted, said: str, is_noted: bool
) -> None:
    transcript, units = told((Stage.RESULT, said))
    assert (find_noted(transcript, units, ENGLISH)[noted] is not None) is is_noted


def test_a_fault_quotes_no_words_heard_badly_beside_it() -> None:
    vague = "In the end things got much better and everybody was happy with it."
    beside = "The team was happy and things went much better for everyone."
    transcript, units = told((Stage.RESULT, vague), (Stage.RESULT, beside))
    words = [
        replace(word, probability=0.2) if 12 < k < 17 else word
        for k, word in enumerate(transcript.words)
    ]
    heard = replace(transcript, words=tuple(words))
    whole, some = (find_vague_result(t, units, ENGLISH) for t in (transcript, heard))
    assert whole is not None
    assert some is not None
    assert heard_clearly(heard, some.first_word, some.end_word)


def murmured(transcript: Transcript) -> Transcript:
    words = tuple(replace(word, probability=0.2) for word in transcript.words)
    return replace(transcript, words=words)


def test_a_result_that_was_not_heard_may_have_had_a_number() -> None:
    transcript, units = told((Stage.RESULT, "In the end things were a great deal better there."))
    assert is_unquantified(transcript, units, ENGLISH)
    assert not is_unquantified(murmured(transcript), units, ENGLISH)
    assert is_unquantified(*told((Stage.ACTION, "I rebuilt the list.")), ENGLISH)  # none was told


def test_deeds_that_were_not_heard_cap_nothing() -> None:
    transcript, units = told((Stage.ACTION, "They sat there and it was quiet in the hall."))
    for heard, caps in ((transcript, True), (murmured(transcript), False)):
        facts = find_all(heard, units, ENGLISH).facts
        rules = [rule.id for rule in decide(facts, DEFAULT_QUESTION).rules]
        assert ("cap:no_individual_actions" in rules) is caps
