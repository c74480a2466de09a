"""A second opinion beside the readable detectors: a scripted double stands for the encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from test_agency import ENGLISH, OWN_ACTIONS, OWN_TASK, RESULT, SITUATION, told

from mock_interviewer.core import within_answer
from mock_interviewer.core.agency import find_disqualifiers
from mock_interviewer.core.evidence import find_generic_reflection, find_signals, find_vague_result
from mock_interviewer.core.judging import judge_reply
from mock_interviewer.core.language import Language
from mock_interviewer.core.live import StagesSoFar, follow_stages, said_so_far
from mock_interviewer.core.rubric import Disqualifier, Signal, Stage, Tests, Weakness, Why
from mock_interviewer.core.second_opinion import (
    SIGNALS_TABLE,
    TABLE,
    WORDS_BESIDE,
    Asked,
    Opinion,
    asked_about,
    judges_along,
    opinions_on,
)

HANDED = ("action", "The lads on the pontoon had the oars off me before lunch, all of them.")
MIXED = {"threshold": 0.0, "words": 0.5, "encoder": 1.0, "bias": 0.0}


class Scripted:
    """Says `much` of a label where a unit holds some words, and `little` everywhere else."""

    def __init__(
        self,
        holds: str = "",
        label: str = Disqualifier.HANDED_OFF,
        much: float = 9,
        little: float = -9,
    ) -> None:
        self.fault: str | None = None
        self.asked: list[Asked] = []
        self._holds, self._label, self._much, self._little = holds, label, much, little

    def opinions(self, units: Sequence[Asked]) -> Sequence[Opinion] | None:
        self.asked += units
        if self.fault:
            return None
        little = dict.fromkeys([*Disqualifier, *Signal, *Weakness, *Stage], self._little)
        return [
            {**little, self._label: self._much}
            if self._holds and self._holds in unit.text
            else little
            for unit in units
        ]


def english_with(reader: Scripted, has_table: bool = True) -> Language:
    table = {
        TABLE: {disqualifier.value: MIXED for disqualifier in Disqualifier},
        SIGNALS_TABLE: {label.value: MIXED for label in [*Signal, *Weakness]},
    }
    weights = {**ENGLISH.weights, **(table if has_table else {})}
    weights.pop(within_answer.TABLE, None)  # what it makes of the scores: test_within_answer.py
    if not has_table:
        weights.pop(TABLE, None)
        weights.pop(SIGNALS_TABLE, None)
    return replace(ENGLISH, weights=weights, encoder=reader)


def found_by(
    language: Language, *parts: tuple[str, str], unclear: str = ""
) -> dict[Disqualifier, str]:
    transcript, units = told(*parts, unclear=unclear)
    found = find_disqualifiers(transcript, units, language)
    return {disqualifier: f.quote for disqualifier, f in found.items() if f}


STORY = (SITUATION, OWN_TASK, OWN_ACTIONS[0], HANDED, RESULT)


def test_a_unit_that_no_weights_hear_is_found_with_its_words() -> None:
    assert found_by(ENGLISH, *STORY) == {}
    assert found_by(english_with(Scripted("pontoon")), *STORY) == {
        Disqualifier.HANDED_OFF: HANDED[1]
    }


def test_both_readings_are_weighed_against_the_threshold() -> None:
    assert found_by(english_with(Scripted("pontoon", much=0.1)), *STORY) == {}


def test_what_the_tables_hear_alone_can_be_outweighed() -> None:
    handed = ("action", "I passed it to the boatman and he took care of the rest of it.")
    story = (SITUATION, OWN_TASK, OWN_ACTIONS[0], handed, RESULT)
    assert found_by(ENGLISH, *story) == {Disqualifier.HANDED_OFF: handed[1]}
    assert found_by(english_with(Scripted()), *story) == {}


def test_what_is_said_in_so_many_words_needs_no_opinion() -> None:
    decided = ("action", "We collectively decided to glue every oar with epoxy.")
    story = (SITUATION, OWN_TASK, decided, OWN_ACTIONS[0], RESULT)
    assert Disqualifier.COLLECTIVE_DECISION in found_by(english_with(Scripted()), *story)


def test_nothing_is_found_in_a_stage_where_it_cannot_be_told() -> None:
    late = ("reflection", HANDED[1])
    reader = Scripted("pontoon")
    assert found_by(english_with(reader), SITUATION, OWN_TASK, *OWN_ACTIONS, RESULT, late) == {}
    assert late[1] not in [asked.text for asked in reader.asked]
    early = ("situation", HANDED[1])  # an assignment may be told here, a hand-off may not
    assert found_by(english_with(reader), early, OWN_TASK, *OWN_ACTIONS, RESULT) == {}


def test_what_was_not_heard_well_is_not_asked_about_and_held_against_nobody() -> None:
    reader = Scripted("pontoon")
    assert found_by(english_with(reader), *STORY, unclear="lads pontoon") == {}
    assert all("pontoon" not in asked.text for asked in reader.asked)


def test_a_unit_heard_in_part_is_judged_as_without_a_reader() -> None:
    task = ("task", "My manager asked me to look after all of the oars until the regatta.")
    story = (SITUATION, task, *OWN_ACTIONS, RESULT)
    reader = Scripted()
    alone = found_by(ENGLISH, *story, unclear="until regatta")
    assert alone.keys() == {Disqualifier.ASSIGNED}
    assert found_by(english_with(reader), *story, unclear="until regatta") == alone
    assert task[1] not in [asked.text for asked in reader.asked]


def test_a_reader_that_fails_leaves_the_tables_to_judge() -> None:
    handed = ("action", "I passed it to the boatman and he took care of the rest of it.")
    story = (SITUATION, OWN_TASK, OWN_ACTIONS[0], handed, RESULT)
    reader = Scripted("pontoon")
    reader.fault = "it fails"
    language = english_with(reader)
    assert found_by(language, *story) == found_by(ENGLISH, *story) != {}
    assert not judges_along(language)


def test_without_its_table_a_reader_is_not_asked() -> None:
    reader = Scripted("pontoon")
    assert found_by(english_with(reader, has_table=False), *STORY) == {}
    assert reader.asked == []


def test_a_unit_is_put_with_the_words_beside_it() -> None:
    first, second = asked_about([SITUATION[1], OWN_TASK[1]])
    assert (first.before, first.text) == ("", SITUATION[1])
    assert first.after == " ".join(OWN_TASK[1].split()[:WORDS_BESIDE])
    assert second.before == " ".join(SITUATION[1].split()[-WORDS_BESIDE:])
    assert second.after == ""


def test_only_wanted_units_are_asked_about() -> None:
    _, units = told(SITUATION, OWN_TASK, RESULT)
    reader = Scripted()
    assert set(opinions_on(units, [False, True, False], english_with(reader))) == {1}
    assert [asked.text for asked in reader.asked] == [OWN_TASK[1]]


def test_the_stages_so_far_do_not_ask_it() -> None:
    reader = Scripted("pontoon")
    language = english_with(reader)
    transcript, _ = told(*STORY)
    stages = follow_stages(StagesSoFar(), transcript.words, language, 40.0)
    said_so_far(stages, transcript.words, language, is_story=True)
    assert stages.units
    assert reader.asked == []


def test_a_reply_asks_it_about_every_sentence() -> None:
    sentences = [
        "I carried them down to the water on the Monday and wrote to the club about the glue.",
        HANDED[1],
        "On Friday the last of the sixty came back with a new blade on it.",
    ]

    def why_by(reader: Scripted) -> Why:
        return judge_reply(
            story=told(*STORY)[0].text,
            probe="What did you do yourself?",
            tests=Tests.INDIVIDUAL_CONTRIBUTION,
            reply=" ".join(sentences),
            counts=frozenset(Disqualifier),
            language=english_with(reader),
        ).why

    hears = Scripted("pontoon", little=-3)
    assert why_by(hears) is Why.HANDED_OFF
    assert {asked.text for asked in hears.asked} == set(sentences)
    assert why_by(Scripted(little=-3)) is not Why.HANDED_OFF


LESSON = ("reflection", "Between the boathouse and the school office the oars were nobody's child.")


def shown_by(language: Language, *parts: tuple[str, str], unclear: str = "") -> dict[str, str]:
    transcript, units = told(*parts, unclear=unclear)
    signals = find_signals(transcript, units, language)
    faults = {
        Weakness.GENERIC_REFLECTION: find_generic_reflection(transcript, units, language),
        Weakness.VAGUE_RESULT: find_vague_result(transcript, units, language),
    }
    return {label.value: f.quote for label, f in {**signals, **faults}.items() if f}


def test_a_signal_that_no_weights_hear_is_found_with_its_words() -> None:
    reader = Scripted("boathouse", Signal.SYSTEMIC_INSIGHT, 40)
    shown = shown_by(english_with(reader), *STORY, LESSON)
    assert shown["systemic_insight"] == LESSON[1]
    assert "systemic_insight" not in shown_by(english_with(Scripted()), *STORY, LESSON)


def test_of_a_particular_and_a_general_lesson_one_stands() -> None:
    reader = Scripted("boathouse", Weakness.GENERIC_REFLECTION, 40)
    shown = shown_by(english_with(reader), *STORY, LESSON)
    assert shown["generic_reflection"] == LESSON[1]
    assert "specific_insight" not in shown


def test_a_fault_in_unclear_words_is_not_asked_about() -> None:
    reader = Scripted("boathouse", Weakness.GENERIC_REFLECTION, 40)
    shown = shown_by(english_with(reader), *STORY, LESSON, unclear="oars child")
    assert "generic_reflection" not in shown
    assert all("boathouse" not in asked.text for asked in reader.asked)


@pytest.mark.parametrize("threshold", ["threshold_rough", "threshold_without_stops"])
def test_a_hearing_without_sentences_asks_for_more(threshold: str) -> None:
    surer = {**MIXED, "threshold_rough": 6.0, threshold: 8.0}
    language = english_with(Scripted("pontoon", much=7.0))
    tables = {disqualifier.value: surer for disqualifier in Disqualifier}
    language = replace(language, weights={**language.weights, TABLE: tables})
    transcript, units = told(*STORY, *OWN_ACTIONS, *OWN_ACTIONS, *OWN_ACTIONS)
    plain = replace(
        transcript,
        words=tuple(replace(word, text=word.text.strip(".,")) for word in transcript.words),
    )
    clear = find_disqualifiers(transcript, units, language)
    rough = find_disqualifiers(plain, units, language)
    assert clear[Disqualifier.HANDED_OFF] is not None
    assert rough[Disqualifier.HANDED_OFF] is None
