"""Who starts, decides and does."""

from dataclasses import replace

import pytest

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.core.actors import Act, Actor, clauses_of
from mock_interviewer.core.agency import (
    find_disqualifiers,
    find_individual_actions,
    find_we_dilution,
)
from mock_interviewer.core.plain_speech import plain_speech
from mock_interviewer.core.quoting import LONGEST_QUOTE_S, clear_around
from mock_interviewer.core.rubric import Disqualifier, Stage
from mock_interviewer.core.transcript import StagedUnit, Transcript, Word

ENGLISH = load_language("en")
SITUATION = ("situation", "I keep the stores of a rowing club, and the oars had begun to split.")
OWN_TASK = ("task", "Nobody had asked me to, and I wanted every oar sound by the regatta.")
OWN_ACTIONS = (
    ("action", "I laid out all sixty on the lawn and I tapped each one with a coin."),
    ("action", "I cut one open and found the glue had gone white."),
    ("action", "Then I glued nine of them again with epoxy and hung them up for a week."),
)
RESULT = ("result", "We raced with fifty-eight of them and not one broke.")


def told(*parts: tuple[str, str], unclear: str = "") -> tuple[Transcript, list[StagedUnit]]:
    """An answer of (stage, sentence) pairs; the words in `unclear` were not heard well."""
    words: list[Word] = []
    bounds = []
    for _, text in parts:
        first = len(words)
        for spoken in text.split():
            at = len(words) * 0.4
            chance = 0.2 if spoken.strip(".,") in unclear.split() else 0.95
            words.append(Word(spoken, at, at + 0.3, chance))
        bounds.append((first, len(words)))
    transcript = Transcript(tuple(words))
    units = [
        StagedUnit(
            first,
            end,
            transcript.text_of(first, end),
            words[first].start_s,
            words[end - 1].end_s,
            Stage(stage),
            1.0,
        )
        for (stage, _), (first, end) in zip(parts, bounds, strict=True)
    ]
    return transcript, units


def disqualified(*parts: tuple[str, str], unclear: str = "") -> dict[str, str]:
    transcript, units = told(*parts, unclear=unclear)
    found = find_disqualifiers(transcript, units, ENGLISH)
    return {d.value: finding.quote for d, finding in found.items() if finding}


def acts(text: str) -> list[tuple[str, str]]:
    clauses = clauses_of(plain_speech(text.split(), ENGLISH))
    return [(c.actor.value, c.verb) for c in clauses if c.act is Act.DEED]


def test_a_story_of_ones_own_has_no_disqualifier():
    assert disqualified(SITUATION, OWN_TASK, *OWN_ACTIONS, RESULT) == {}


@pytest.mark.parametrize(
    "task",
    [
        "My manager asked me to look after the oars until the regatta.",
        "It landed on my desk because our boatman was ill.",
        "The chairman told me to sort it out before the regatta.",
        "At the meeting I was given the oars, and that was that.",
    ],
)
def test_being_given_the_job_is_found_in_several_wordings(task: str):
    found = disqualified(SITUATION, ("task", task), *OWN_ACTIONS, RESULT)
    assert set(found) == {"assigned"}
    assert found["assigned"] in task


@pytest.mark.parametrize(
    "task",
    [
        "My chairman hadn't asked me to do any of it.",
        "I told my chairman I was going to look at every oar.",
        "The boatman had been told to do it twice and he never had.",
        "I asked the chairman for a week and he gave me three days.",
    ],
)
def test_denied_or_turned_round_it_is_not_assigned(task: str):
    assert "assigned" not in disqualified(SITUATION, ("task", task), *OWN_ACTIONS, RESULT)


def test_a_message_after_which_only_others_work_is_a_hand_off():
    parts = (
        SITUATION,
        OWN_TASK,
        ("action", "I wrote to the boat builder with some photos."),
        ("action", "They took it from there, they came and glued all of them over the weekend."),
        RESULT,
    )
    assert "handed_off" in disqualified(*parts)


def test_others_who_help_while_ones_own_work_goes_on_are_no_hand_off():
    helped = ("action", "The builder sent me the right glue and he showed me how to mix it.")
    assert disqualified(SITUATION, OWN_TASK, helped, *OWN_ACTIONS, RESULT) == {}


def test_a_decision_without_an_owner_is_found_without_the_words_we_decided():
    decided = ("action", "We talked it through and by the end it sort of became the cheap glue.")
    found = disqualified(SITUATION, OWN_TASK, *OWN_ACTIONS, decided, RESULT)
    assert set(found) == {"collective_decision"}


def test_asking_the_others_and_deciding_oneself_is_no_collective_decision():
    decided = ("action", "I asked everybody what they thought and then I chose the epoxy.")
    assert disqualified(SITUATION, OWN_TASK, *OWN_ACTIONS, decided, RESULT) == {}


def test_what_was_not_heard_well_is_held_against_nobody():
    task = ("task", "My manager asked me to look after the oars.")
    clear = disqualified(SITUATION, task, *OWN_ACTIONS, RESULT)
    murmured = disqualified(
        SITUATION, task, *OWN_ACTIONS, RESULT, unclear="manager asked me to look"
    )
    assert "assigned" in clear
    assert "assigned" not in murmured


def test_three_deeds_told_with_i_are_individual_actions_and_their_quote_is_verbatim():
    transcript, units = told(SITUATION, OWN_TASK, *OWN_ACTIONS, RESULT)
    found = find_individual_actions(transcript, units, ENGLISH)
    assert found is not None
    assert found.quote in transcript.text
    assert found.end_s - found.start_s <= 25


def test_actions_told_with_we_and_in_the_passive_are_diluted():
    transcript, units = told(
        SITUATION,
        OWN_TASK,
        ("action", "We laid them all out on the lawn and the bad ones were marked."),
        ("action", "Then the blades were glued and we hung them up."),
        RESULT,
    )
    assert find_individual_actions(transcript, units, ENGLISH) is None
    assert find_we_dilution(transcript, units, ENGLISH) is not None


def test_a_we_of_courtesy_beside_own_deeds_dilutes_nothing():
    with_credit = ("action", "We had lunch, and we carried them in together.")
    transcript, units = told(SITUATION, OWN_TASK, *OWN_ACTIONS, with_credit, RESULT)
    assert find_we_dilution(transcript, units, ENGLISH) is None


def test_an_answer_of_no_words_has_nothing():
    empty = Transcript(())
    assert find_disqualifiers(empty, [], ENGLISH) == dict.fromkeys(Disqualifier)
    assert find_individual_actions(empty, [], ENGLISH) is None
    assert find_we_dilution(empty, [], ENGLISH) is None


def test_the_actor_of_a_clause_is_its_subject():
    assert acts("I pulled the logs and they fixed the pump") == [("i", "pulled"), ("they", "fixed")]
    assert acts("the vendor replaced the board") == [("they", "replaced")]
    assert acts("the gate was closed") == [(Actor.NOBODY.value, "closed")]
    assert acts("I would have closed it, I didn't write it") == []


def test_fillers_stammers_and_repetitions_are_no_words():
    speech = plain_speech(["So,", "um,", "I", "I", "w-wrote", "the,", "the", "note."], ENGLISH)
    assert speech.text == "so i wrote the note"
    assert speech.span(speech.text.index("wrote"), speech.text.index("wrote") + 5) == (4, 5)


def test_a_quote_is_widened_as_far_as_it_was_heard_clearly():
    transcript, units = told(
        ("action", "and they took it then they fixed the pump"), unclear="took it"
    )
    assert clear_around(transcript, units[0], 5, 7, ENGLISH) == (5, 9)
    assert clear_around(transcript, units[0], 0, 1, ENGLISH) == (0, 2)


def test_a_quote_behind_words_heard_badly_begins_with_a_clause():
    transcript, units = told(
        ("action", "they took it from there and they fixed the pump"), unclear="took it"
    )
    assert clear_around(transcript, units[0], 6, 8, ENGLISH) == (6, 10)
    assert clear_around(transcript, units[0], 3, 5, ENGLISH) == (3, 10)


@pytest.mark.parametrize("mark", ["'", "’"])
def test_a_denial_is_one_however_its_apostrophe_is_printed(mark: str):
    said = f"It wasn{mark}t that my manager asked me to fix the oars, I had seen it."
    assert "assigned" not in disqualified(SITUATION, ("task", said), *OWN_ACTIONS, RESULT)


def paused(
    transcript: Transcript, units: list[StagedUnit], after: str, pause_s: float
) -> tuple[Transcript, list[StagedUnit]]:
    """The same with a pause after a word."""
    at = [word.text for word in transcript.words].index(after)
    words = tuple(
        word
        if k <= at
        else replace(word, start_s=word.start_s + pause_s, end_s=word.end_s + pause_s)
        for k, word in enumerate(transcript.words)
    )
    timed = [
        replace(u, start_s=words[u.first_word].start_s, end_s=words[u.end_word - 1].end_s)
        for u in units
    ]
    return Transcript(words), timed


def test_a_pause_to_think_takes_no_deeds_away():
    deeds = ("action", "I cut one open, I tested the glue and I glued nine of them again.")
    transcript, units = paused(*told(SITUATION, OWN_TASK, deeds, RESULT), "open,", 40.0)
    found = find_individual_actions(transcript, units, ENGLISH)
    assert found is not None
    assert found.end_s - found.start_s <= LONGEST_QUOTE_S


def test_what_is_said_outright_is_quoted_no_longer_than_a_quote_may_be():
    task = ("task", "My manager asked me to look after the oars for the whole season.")
    transcript, units = paused(*told(SITUATION, task, *OWN_ACTIONS, RESULT), "after", 40.0)
    found = find_disqualifiers(transcript, units, ENGLISH)[Disqualifier.ASSIGNED]
    assert found is not None
    assert found.end_s - found.start_s <= LONGEST_QUOTE_S
