"""Evidence in one unit, as named features that a linear detector weighs.

Four kinds: groups of expressions that a reader can check (`p:told_me`), word sequences with
offices and numbers abstracted (`w:BOSS said`), and the doing: how much the speaker, the group
and others do here (`s:own_here=0`) and in the rest of the answer (`c:own_after=0`). All are present
or absent, so a detector is one table of weights (`agency.tsv`), and what decided can be named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mock_interviewer.core.actors import Act, Actor, Clause, clauses_of, deeds_of_unnamed
from mock_interviewer.core.language import Language
from mock_interviewer.core.plain_speech import (
    UNHEARD,
    PlainSpeech,
    plain_speech,
    sequences,
    speech_of,
)
from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.transcript import StagedUnit, Transcript

TABLE = "agency"
GUARDED = frozenset(
    {"told_me", "i_was_told", "came_to_me", "told_you", "boss_before_me", "asked_by_paper"}
)
"""Groups that a negation shortly before turns into their opposite: 'nobody asked me'."""
GROUPS = GUARDED | {
    "we_decided",
    "was_decided",
    "no_owner",
    "it_emerged",
    "between_us",
    "i_decided",
    "self_started",
    "accepted",
    "by_role",
    "no_order",
    "courtesy",
    "took_over",
    "my_part_ended",
    "routed",
}
GUARD_WORDS = 5
LARGEST_LOG_ODDS = math.log((1 - 1e-6) / 1e-6)
"""Beyond this a sum of many expressions says no more."""


@dataclass(frozen=True)
class Reading:
    """One unit, read for who acts in it."""

    stage: Stage
    speech: PlainSpeech
    clauses: tuple[Clause, ...]
    language: Language
    own_deeds: int
    other_deeds: int
    unnamed_deeds: int
    """Those whose doer is a noun."""

    def count(self, actor: Actor, *acts: Act) -> int:
        return _count(self.clauses, actor, *acts)

    @cached_property
    def matches(self) -> dict[str, tuple[int, int]]:
        """Group -> the plain words [first, end) of its first match that no guard denies."""
        patterns = self.language.patterns_for(TABLE, self.speech.text)
        return {
            group: found
            for group, pattern in patterns.items()
            if group in GROUPS and (found := self._first_match(group, pattern))
        }

    def _first_match(self, group: str, pattern: re.Pattern[str]) -> tuple[int, int] | None:
        for match in pattern.finditer(self.speech.text):
            said = match.group().split()
            if UNHEARD not in said and not (group in GUARDED and self._is_denied(match, said)):
                return self.speech.plain_span(match.start(), match.end())
        return None

    def _is_denied(self, match: re.Match[str], said: Sequence[str]) -> bool:
        """Whether a negation stands shortly before what was said."""
        before = match.string[: match.start()].split()[-GUARD_WORDS:]
        guard = self.language.pattern(TABLE, "not_so")
        return guard.search(" ".join([*before, *said[:2]])) is not None


def read(words: Sequence[str], clear: Sequence[bool], stage: Stage, language: Language) -> Reading:
    """Read some spoken words."""
    return _read(plain_speech(words, language, clear), stage, language)


def _read(speech: PlainSpeech, stage: Stage, language: Language) -> Reading:
    clauses = tuple(clauses_of(speech))
    own, others = (_count(clauses, actor, Act.DEED) for actor in (Actor.SELF, Actor.OTHERS))
    return Reading(stage, speech, clauses, language, own, others, deeds_of_unnamed(speech))


def _count(clauses: Sequence[Clause], actor: Actor, *acts: Act) -> int:
    return len([clause for clause in clauses if clause.actor is actor and clause.act in acts])


def read_units(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> tuple[Reading, ...]:
    """Every unit read, in order."""
    return _readings_of(transcript, tuple(units), language)


@lru_cache(maxsize=2)
def _readings_of(
    transcript: Transcript, units: tuple[StagedUnit, ...], language: Language
) -> tuple[Reading, ...]:
    """Deeds, decisions and dilution are found in the same units; each is read once."""
    speeches = speech_of(transcript, units, language)
    return tuple(
        _read(speech, unit.stage, language) for unit, speech in zip(units, speeches, strict=True)
    )


def abstracted(reading: Reading) -> list[str]:
    """The plain words, with offices and numbers replaced by what they are."""
    kinds_of = reading.language.kinds_of_words(TABLE)
    plain = []
    for word, kinds in zip(reading.speech.words, reading.speech.kinds, strict=True):
        if "bosses" in kinds_of[word]:
            plain.append("BOSS")
        elif "offices" in kinds:
            plain.append("PERSON")
        elif "numbers" in kinds_of[word]:
            plain.append("NUM")
        else:
            plain.append(word)
    return plain


def shape(readings: Sequence[Reading], index: int) -> Iterator[str]:
    """How much is done in one unit, and by whom."""
    here = readings[index]
    yield f"s:own_here={min(here.own_deeds, 2)}"
    yield f"s:others_here={min(here.other_deeds, 3)}"
    yield f"s:group_here={min(here.count(Actor.GROUP, Act.DEED), 2)}"
    yield f"s:group_other_here={min(here.count(Actor.GROUP, Act.OTHER), 1)}"
    yield f"s:routed_here={min(here.count(Actor.SELF, Act.ROUTING), 1)}"
    if here.other_deeds and not here.own_deeds:
        yield "s:only_others"
    yield f"s:unnamed_here={min(here.unnamed_deeds, 3)}"
    yield f"s:stage={here.stage.value}"


@dataclass(frozen=True)
class Course:
    """What goes on before and after each unit of an answer, counted once for all of them."""

    own_until: tuple[int, ...]
    """The speaker's deeds in the action's units before the unit; one more entry at the end."""
    others_until: tuple[int, ...]
    acting_before: tuple[int | None, ...]
    """The action's last unit before the unit."""
    is_self_started: bool
    last_doer: Actor | None


def course_of(readings: Sequence[Reading]) -> Course:
    """The course of an answer; linear in its units."""
    own, others = [0], [0]
    acting_before: list[int | None] = []
    acting: int | None = None
    last_doer: Actor | None = None
    for index, reading in enumerate(readings):
        acting_before.append(acting)
        acts = reading.stage is Stage.ACTION
        own.append(own[-1] + (reading.own_deeds if acts else 0))
        others.append(others[-1] + (reading.other_deeds if acts else 0))
        if acts:
            acting = index
            doers = [c.actor for c in reading.clauses if c.act is Act.DEED]
            last_doer = doers[-1] if doers else last_doer
    started = any("self_started" in r.matches for r in readings if r.stage is not Stage.REFLECTION)
    return Course(tuple(own), tuple(others), tuple(acting_before), started, last_doer)


def place_in(course: Course, readings: Sequence[Reading], index: int) -> Iterator[str]:
    """Where the unit stands in the answer's course: who did things before it, and who goes on."""
    here = readings[index]
    own_after = course.own_until[-1] - course.own_until[index + 1]
    others_on = here.other_deeds + course.others_until[-1] - course.others_until[index + 1]
    own_on = here.own_deeds + own_after
    yield f"c:own_after={min(own_after, 4)}"
    yield f"c:own_before={min(course.own_until[index], 4)}"
    if here.other_deeds and not here.own_deeds:
        yield f"c:only_others_then_own={min(own_after, 4)}"
    if here.other_deeds:
        yield f"c:others_share_on={round(4 * others_on / (others_on + own_on))}"
    before = course.acting_before[index]
    beside = [here] if before is None else [readings[before], here]
    if any(r.count(Actor.SELF, Act.ROUTING) for r in beside):
        yield "c:routed_before"
    if course.is_self_started:
        yield "c:self_started_somewhere"
    if course.last_doer is not None:
        yield f"c:last_doer={course.last_doer.value}"


def features(readings: Sequence[Reading]) -> list[set[str]]:
    """For every unit, everything that speaks for or against a detector."""
    return [
        {*sequences(abstracted(reading)), *shown}
        for reading, shown in zip(readings, shown_in(readings, range(len(readings))), strict=True)
    ]


def shown_in(readings: Sequence[Reading], indexes: Sequence[int]) -> list[list[str]]:
    """What some units show beside their word sequences."""
    course = course_of(readings)
    return [
        [
            *(f"p:{group}" for group in readings[index].matches),
            *shape(readings, index),
            *place_in(course, readings, index),
        ]
        for index in indexes
    ]


def probability(total: float) -> float:
    """What a detector's sum means."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def log_odds(total: float) -> float:
    """The same as log odds, at most LARGEST_LOG_ODDS either way."""
    return max(-LARGEST_LOG_ODDS, min(LARGEST_LOG_ODDS, total))
