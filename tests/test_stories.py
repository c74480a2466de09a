"""The story bank: which story serves a question, what a retelling changed, what is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest
from browser import served
from learn_asked import asked_in, questions
from many_sessions import STRONG, WEAK, make_session
from retelling_yard import (
    copied,
    drifted,
    figures_told,
    honest_pairs,
    is_copy_found,
    is_drift_found,
    machine_cases,
    retold_by_hand,
)
from story_yard import (
    fold,
    recognised,
    right_stories,
)
from test_page_guard import ask
from typer.testing import CliRunner

from mock_interviewer.adapters.language_files import load_language
from mock_interviewer.adapters.story_file import FILE, read_bank, write_bank
from mock_interviewer.cli.main import app
from mock_interviewer.core.comparing import same_passages
from mock_interviewer.core.figures import figures_in, value_of
from mock_interviewer.core.guessing import shares_of
from mock_interviewer.core.question import Question
from mock_interviewer.core.rubric import Principle
from mock_interviewer.core.searching import stems_of
from mock_interviewer.core.stories import (
    FEWEST_SHARED,
    Recogniser,
    Shelf,
    Telling,
    coverage_of,
    numbers_of,
    shelved,
)
from mock_interviewer.core.stories import Bank as StoryBank
from mock_interviewer.core.units import units_of
from mock_interviewer.errors import BadInput, UnknownName
from mock_interviewer.settings import Home
from mock_interviewer.wiring import stories as bank
from mock_interviewer.wiring import transcript_of_text

ENGLISH, SPANISH = load_language("en"), load_language("es")
PAIRS = honest_pairs()
RETOLD = (
    "At the clinic where I worked last spring a third of the referral letters were returned "
    "without being read, so patients had to wait for their scan. It wasn't my job and nobody "
    "had asked. I wanted half as many by summer. I sorted about two hundred letters by the "
    "reason. I made a one page form with six fields for the scanner desk, sat with the four "
    "doctors while they used it, and built a check for empty fields. Returned letters fell "
    "from thirty one percent to nine percent in six weeks. All three clinics use the form. "
    "Nobody owned the step between two desks."
)


# ---- measured


def test_most_questions_get_a_story_of_their_principle() -> None:
    half = [fold(0, of=2)]
    found = right_stories(half, 40, seed=0, is_named=True)
    assert found.total > 200
    assert found.share >= 0.85  # of two folds; nine in ten where four fifths teach
    kept = asked_in("questions-kept")
    found = right_stories(half, 40, seed=0, is_named=False, is_confirmed=True, kept=kept)
    assert found.share >= 0.75  # four in five with all that teaches


def test_no_question_to_measure_by_is_among_those_that_teach() -> None:
    def bare(text: str) -> str:
        return " ".join(stems_of(text))

    assert not {bare(text) for text in asked_in("questions-kept")} & {
        bare(text) for text in questions()
    }


def test_no_honest_retelling_is_called_a_drift_or_learned_by_heart() -> None:
    assert len(PAIRS) == 20
    for pair in PAIRS:
        assert not figures_told(pair).drifts, pair.name
        assert not same_passages(pair.first, pair.later, ENGLISH), pair.name


def test_copied_passages_are_found_in_twenty_of_twenty() -> None:
    dice = Random(2)
    assert all(is_copy_found(copied(pair, dice)) for pair in PAIRS)


def test_retellings_that_nothing_was_narrowed_on() -> None:
    retold = retold_by_hand()
    assert len(retold) == 20
    assert not [e.honest.name for e in retold if figures_told(e.honest).drifts]
    assert not [e for e in retold if same_passages(e.honest.first, e.honest.later, ENGLISH)]
    assert all(is_copy_found(each.copy) for each in retold)
    assert sum(is_drift_found(each.drift) for each in retold) >= 10  # far from all: see the docs


def test_figures_said_in_a_row_are_one_and_a_third_is_no_count() -> None:
    told = "They got one thousand one hundred and forty pounds, then two hundred forty."
    words = transcript_of_text(told)
    assert [f.value for f in figures_in(units_of(words, ENGLISH), ENGLISH)] == [1140, 240]


def test_a_changed_figure_is_found_in_other_words_and_in_the_same() -> None:
    dice = Random(1)
    cases = [case for pair in PAIRS if (case := drifted(pair, dice)) is not None]
    cases += machine_cases(seed=0, wanted=20 - len(cases))
    assert len(cases) == 20
    assert all(is_drift_found(case) for case in cases)


def test_a_retelling_is_known_among_all_others_and_no_other_answer_is() -> None:
    others = [{"id": f"x-{p.name}", "units": [{"text": p.later.text}]} for p in PAIRS[10:]]
    assert recognised(PAIRS[:10], others) == (10, 0)


def test_recognising_looks_only_at_stories_that_share_a_word() -> None:
    recogniser = Recogniser()
    for number in range(2000):
        recogniser.add([f"word{number}-{n}" for n in range(60)])
    assert recogniser.find([f"word77-{n}" for n in range(40)]) == 77
    assert recogniser.find([f"word{n}-{n}" for n in range(60)]) is None


# ---- figures


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("$8,000", 8000),
        ("eight thousand", 8000),
        ("forty one", 41),
        ("nine hundred and forty", 940),
        ("two and a half", 2.5),
        ("nine point one", 9.1),
        ("one point eight million", 1_800_000),
        ("seven eight", None),
        ("2:35", None),
    ],
)
def test_a_figure_is_worth_the_same_however_it_is_said(said: str, value: float | None) -> None:
    assert value_of(said, ENGLISH) == (None if value is None else pytest.approx(value))


def test_spanish_figures_have_their_values_too() -> None:
    assert value_of("4.500", SPANISH) == 4500
    assert value_of("cuarenta y cinco", SPANISH) == 45
    assert value_of("1,5", SPANISH) == 1.5


def test_a_rough_figure_says_so() -> None:
    words = transcript_of_text("We wrote about forty letters and then 12 invoices.")
    first, second = figures_in(units_of(words, ENGLISH), ENGLISH)
    assert (first.measure, first.is_rough) == ("letter", True)
    assert (second.measure, second.is_rough) == ("invoic", False)


# ---- the bank


def telling(name: str, words: str, serves: Principle = Principle.OWNERSHIP) -> Telling:
    return Telling(name, {serves: 1.0}, (), {}, tuple(words.split()), name)


def test_answers_that_tell_one_story_become_one_suggestion_and_passed_ones_none() -> None:
    found = shelved(
        StoryBank(passed_over=("c/q1-x",)),
        [
            telling("a/q1-x", "rope tug harbour captain board paint"),
            telling("b/q1-x", "rope tug harbour captain board storm", Principle.CONFLICT),
            telling("c/q1-x", "oven bread flour thermostat night landlord"),
        ],
    )
    (story,) = found.suggested
    assert story.told == ("a/q1-x", "b/q1-x")
    assert set(story.principles) == {Principle.OWNERSHIP, Principle.CONFLICT}
    assert isinstance(found, Shelf)
    holes = [p for p, stories in coverage_of(found.suggested).items() if not stories]
    assert len(holes) == len(Principle) - 2


@pytest.mark.parametrize("code", ["en", "es"])
def test_shares_of_a_question_are_shares(code: str) -> None:
    shares = shares_of("Tell me about a disagreement with your boss.", load_language(code))
    assert sum(shares.values()) == pytest.approx(1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """One story told twice, and a short one of another kind."""
    place = Home(tmp_path / "home")
    begun = datetime(2026, 11, 1, 9, tzinfo=UTC)
    conflict = Question("A quarrel?", "quarrel", principle=Principle.CONFLICT)
    make_session(place, STRONG, at=begun)
    make_session(place, WEAK, at=begun + timedelta(days=1), question=conflict)
    make_session(place, RETOLD, at=begun + timedelta(days=2))
    return place


def run(home: Home, *arguments: str) -> str:
    done = CliRunner().invoke(
        app, [*arguments, "--home", str(home.path)], catch_exceptions=False, color=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def objects(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_suggested_kept_asked_mapped_held_against_each_other_and_removed(home: Home) -> None:
    suggested = objects(run(home, "stories", "suggest", "--json"))
    letters = next(s for s in suggested if s["times_told"] == 2)
    assert len(suggested) == 2
    kept = run(home, "stories", "keep", str(letters["id"]), "--title", "The unread letters")
    assert kept == "Kept as the-unread-letters\n"
    (found,) = objects(run(home, "stories", "for", "Tell me about ownership.", "--json"))
    assert found["story"] == "the-unread-letters"
    assert str(found["quote"]) in " ".join(STRONG.split())
    covered = {o["principle"]: o["stories"] for o in objects(run(home, "stories", "map", "--json"))}
    assert covered["ownership"] == ["the-unread-letters"]
    assert covered["conflict"] == []
    (changed,) = objects(run(home, "stories", "ledger", "the", "--json"))
    (drift,) = changed["drifted"]  # type: ignore[misc]
    assert (drift["before"], drift["after"]) == ("four percent", "nine percent")
    run(home, "stories", "change", "the", "--principle", "deliver_results")
    assert bank.story_called(home, "the").principles == (Principle.DELIVER_RESULTS,)
    run(home, "stories", "remove", "the")
    assert len(objects(run(home, "stories", "suggest", "--json"))) == 2


def test_what_is_passed_over_stays_away_and_a_new_telling_finds_its_story(home: Home) -> None:
    there = bank.shelf(home).suggested
    sinks = next(s for s in there if len(s.told) == 1)
    bank.pass_over(home, sinks.id)
    letters = bank.keep(home, next(s for s in there if len(s.told) == 2).id)
    make_session(home, RETOLD, at=datetime(2026, 11, 9, tzinfo=UTC))
    shelf = bank.shelf(home)
    assert not shelf.suggested
    assert len(shelf.stories[0].told) == 3
    assert shelf.stories[0].id == letters.id


def test_the_file_comes_back_as_it_was_and_a_damaged_one_is_one_line(home: Home) -> None:
    bank.keep(home, bank.shelf(home).suggested[0].id, "Sinks “und” more")
    kept = read_bank(home.path)
    write_bank(home.path, kept)
    assert read_bank(home.path) == kept
    path = home.path / FILE
    for damaged in ('[[story]]\nid = "x"', "story = 3", "passed_over = 1", "\x00", "[[story]"):
        path.write_text(damaged)
        with pytest.raises(BadInput, match=FILE):
            bank.shelf(home)
        assert path.read_text() == damaged
    path.write_text('[[story]]\nid="a"\ntitle="a"\nwords=[]\nserves={}\n' * 2)
    with pytest.raises(BadInput, match="two stories"):
        bank.shelf(home)


def test_a_name_that_is_no_story_names_those_there_are(home: Home) -> None:
    with pytest.raises(UnknownName, match="none yet"):
        bank.story_called(home, "nothing")
    with pytest.raises(UnknownName, match="stories suggest"):
        bank.keep(home, "nothing")


def test_the_page_suggests_keeps_finds_and_shows_the_ledger(home: Home) -> None:
    letters = next(s for s in bank.shelf(home).suggested if len(s.told) == 2)
    with served(home.path) as site:
        _, _, text = ask(site, "/stories")
        assert letters.title in text
        assert "no story yet" in text
        form = urlencode({"answer": letters.id, "title": "<b>Letters</b>"})
        assert ask(site, "/stories", "POST", form)[0] == 303
        _, _, text = ask(site, "/stories?question=Tell+me+about+ownership.")
        assert "&lt;b&gt;Letters&lt;/b&gt;" in text
        assert "<b>Letters" not in text
        assert "For this question" in text
        (story,) = bank.shelf(home).stories
        _, _, text = ask(site, f"/stories/{story.id}")
        assert "four percent became nine percent" in text
        gone = ask(site, f"/stories/{story.id}", "POST", "remove=1")
        assert gone[0] == 303
        assert not bank.shelf(home).stories
        assert ask(site, "/stories/nothing")[0] == 404


def test_a_storys_figures_are_told_with_what_they_count() -> None:
    told = (
        "And one night nine people waited, seventeen were sent home. We had twelve thousand "
        "punnets and sold twelve thousand. It was one of those years; nine of them came back."
    )
    units = units_of(transcript_of_text(told), ENGLISH)
    assert numbers_of(units, ENGLISH) == ("nine people", "seventeen", "twelve thousand punnets")


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("In all 15 people waited 5 hours.", ("15 people", "5 hours")),
        ("We had 120 orders and 20 complaints.", ("120 orders", "20 complaints")),
        ("There were twenty-two nurses and two doctors.", ("twenty-two nurses", "two doctors")),
    ],
)
def test_a_figure_within_another_counts_its_own_thing(said: str, numbers: tuple[str, ...]) -> None:
    assert numbers_of(units_of(transcript_of_text(said), ENGLISH), ENGLISH) == numbers


def test_a_short_story_that_shares_a_few_words_hides_no_longer_one() -> None:
    recogniser = Recogniser()
    long = recogniser.add([f"word{n}" for n in range(20)])
    recogniser.add(["word0", "word1", "word2", "other"])
    assert recogniser.find([f"word{n}" for n in range(FEWEST_SHARED + 2)]) == long
