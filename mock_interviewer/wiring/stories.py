"""The story bank of a home: read, filled from the sessions, kept, asked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from mock_interviewer import wiring
from mock_interviewer.adapters import corrections
from mock_interviewer.adapters.session_folders import slug
from mock_interviewer.adapters.story_file import read_bank, write_bank
from mock_interviewer.app.replay import Wanted, latest_take, question_for
from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.correction import corrected
from mock_interviewer.core.guessing import shares_of
from mock_interviewer.core.progress import Told
from mock_interviewer.core.question import AskedAs, Question
from mock_interviewer.core.retelling import Retelling, ledger_of
from mock_interviewer.core.rubric import Kind, Noted, Principle, Signal
from mock_interviewer.core.stories import (
    LEAST_SHARE,
    Bank,
    Served,
    Shelf,
    Story,
    Telling,
    best_for,
    numbers_of,
    served_as,
    shelved,
    title_of,
    words_of,
)
from mock_interviewer.core.transcript import Transcript
from mock_interviewer.core.units import units_of
from mock_interviewer.errors import BadInput, InterviewError, UnknownName
from mock_interviewer.settings import Home
from mock_interviewer.wiring import past


def shelf(home: Home) -> Shelf:
    """The stories kept, and those that the sessions suggest. Raises BadInput, HomeFault."""
    bank = read_bank(home.path)
    return shelved(bank, _tellings(home, bank))


def _tellings(home: Home, bank: Bank) -> Iterator[Telling]:
    """Every judged story of the sessions, oldest first; what the bank knows is not read again."""
    known = {name for story in bank.stories for name in story.told}
    passed = set(bank.passed_over)
    for told in reversed(past.history(home).answers):
        name = f"{told.session}/{told.folder}"
        if told.verdict is None or told.gate is not None or name in passed:
            continue
        if name in known:
            yield Telling(name, {}, (), {}, (), "")
            continue
        try:
            changed_ns = (home.sessions / name).stat().st_mtime_ns
        except OSError:
            continue
        telling = _telling(home, name, changed_ns, told.question, _named_principle(told))
        if telling is not None:
            yield telling


@lru_cache(maxsize=5000)
def _telling(
    home: Home, name: str, changed_ns: int, question: str, principle: Principle | None
) -> Telling | None:
    """One answer as the bank needs it; read again only if something in its folder changed."""
    try:
        transcript, _, quotes = _read(home, home.sessions / name)
    except (InterviewError, OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # damaged: left as it is, and no story
    language = wiring.language_of(home, transcript)
    serves = {principle: 1.0} if principle else shares_of(question, wiring.language_of(home))
    return Telling(
        name,
        serves,
        numbers_of(units_of(transcript, language), language),
        quotes,
        words_of(transcript.text, language),
        title_of(transcript.text, language),
        question,
    )


def _named_principle(told: Told) -> Principle | None:
    """The principle of a pack's question; None where it was only guessed from the words."""
    is_known = bool(told.question_id) or not told.question
    return Principle(told.principle) if is_known and told.principle in set(Principle) else None


def _read(home: Home, folder: Path) -> tuple[Transcript, AskedAs, dict[str, str]]:
    """The last take's words as the person corrected them, what was asked, and the quotes."""
    take = latest_take(folder)
    if take is None:
        raise BadInput(f"{folder} holds no answer.")
    written = take.with_name(take.name + ".json")
    transcript, asked = wiring.read_transcript(written)
    text = corrections.read_correction(written)
    if text is not None:
        transcript = corrected(transcript, text)
        analysis = _analysed(home, transcript, asked, folder)
        signals, noted = analysis.findings.signals, analysis.findings.noted
        quotes = {name.value: f.quote for name, f in signals.items() if f}
        quotes |= {name.value: f.quote for name, f in noted.items() if f}
        return transcript, asked, quotes
    stored = json.loads(take.with_name(take.name + ".analysis.json").read_text(encoding="utf-8"))
    kept = {**stored["signals"], **stored["noted"]}
    names = {*Signal, *Noted}
    return transcript, asked, {n: str(f["quote"]) for n, f in kept.items() if f and n in names}


def _analysed(home: Home, transcript: Transcript, asked: AskedAs, folder: Path) -> Analysis:
    take = latest_take(folder)
    assert take is not None
    marks = corrections.read_marks(take.with_name(take.name + ".json"))
    default = wiring.default_question(home, transcript)
    question = question_for(
        asked, Wanted(), lambda text: wiring.known_question(home, text), default
    )
    return wiring.analyse(transcript, question, None, marks=marks, home=home)


# ---- what the person decides


def keep(
    home: Home, name: str, title: str | None = None, principles: Sequence[Principle] = ()
) -> Story:
    """Confirm a suggested story, named by its first answer. Raises UnknownName, HomeFault."""
    there = shelf(home)
    found = next((s for s in there.suggested if s.id == name or name in s.told), None)
    if found is None:
        raise UnknownName(
            f"No story is suggested from '{name}'; 'stories suggest' lists those that are."
        )
    title = " ".join((title or "").split()) or found.title
    taken = {story.id for story in there.stories}
    story = replace(
        found,
        id=_free_id(slug(title), taken),
        title=title,
        serves=served_as(principles) if principles else found.serves,
    )
    _write(home, (*there.stories, story))
    return story


def _free_id(wanted: str, taken: set[str]) -> str:
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def pass_over(home: Home, name: str) -> None:
    """Do not suggest this again. Raises UnknownName, HomeFault."""
    there = shelf(home)
    found = next((s for s in there.suggested if s.id == name or name in s.told), None)
    if found is None:
        raise UnknownName(f"No story is suggested from '{name}'.")
    _write(home, there.stories, found.told)


def change(
    home: Home, story_id: str, title: str | None, principles: Sequence[Principle] = ()
) -> Story:
    """Another title, other principles. Raises UnknownName, HomeFault."""
    there, story = shelf(home), story_called(home, story_id)
    title = " ".join((title or "").split()) or story.title
    changed = replace(
        story, title=title, serves=served_as(principles) if principles else story.serves
    )
    _write(home, tuple(changed if one.id == story.id else one for one in there.stories))
    return changed


def remove(home: Home, story_id: str) -> Story:
    """Take a story out of the bank; its answers stay. Raises UnknownName, HomeFault."""
    there, story = shelf(home), story_called(home, story_id)
    _write(home, tuple(one for one in there.stories if one.id != story.id))
    return story


def story_called(home: Home, story_id: str) -> Story:
    """A story by its id, or by a beginning of it that fits only one. Raises UnknownName."""
    stories = shelf(home).stories
    fitting = [s for s in stories if s.id == story_id] or [
        s for s in stories if s.id.startswith(story_id)
    ]
    if len(fitting) != 1:
        what = f"are {len(fitting)} stories" if fitting else "is no story"
        there = ", ".join(s.id for s in stories[:8]) or "none yet: see 'stories suggest'"
        raise UnknownName(f"There {what} called '{story_id}'; there are {there}.")
    return fitting[0]


def _write(home: Home, stories: tuple[Story, ...], passed: Sequence[str] = ()) -> None:
    wiring.keep_private()
    before = read_bank(home.path).passed_over
    write_bank(home.path, Bank(stories, tuple(dict.fromkeys([*before, *passed]))))


# ---- what the bank says


def best(home: Home, question: Question, named: Principle | None = None) -> tuple[Served, ...]:
    """The stories that serve a question, best first; named is the principle the person says."""
    language = wiring.language_of(home)
    is_known = bool(question.id) or named is not None
    asked = named or question.principle
    shares = {asked: 1.0} if is_known else shares_of(question.text, language)
    return best_for(question.text, shares, shelf(home).stories, language)


def read_as(home: Home, question: Question) -> tuple[tuple[Principle, float], ...]:
    """What a question in the person's own words likely asks for, the likeliest first.

    Empty for a question of the packs, whose principle is known.
    """
    if question.id:
        return ()
    shares = shares_of(question.text, wiring.language_of(home))
    likely = [each for each in shares.items() if each[1] >= LEAST_SHARE]
    return tuple(sorted(likely, key=lambda each: -each[1]))


def ledger(home: Home, story: Story) -> tuple[Retelling, ...]:
    """Every telling of a story against the one before it; answers that are gone are left out."""
    tellings = []
    for name in story.told:
        folder = home.sessions / name
        try:
            transcript, asked, _ = _read(home, folder)
            tellings.append((name, _analysed(home, transcript, asked, folder)))
        except (InterviewError, OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    language = tellings[0][1].language if tellings else wiring.language_of(home)
    return ledger_of(tellings, language)


def is_story(question: Question) -> bool:
    """True if a question asks for a story at all."""
    return question.kind is Kind.STORY
