"""Evidence in one unit, as named features that a linear detector weighs.

Four kinds: groups of expressions that a reader can check (`p:told_me`), word sequences with
offices and numbers abstracted (`w:BOSS said`), and the doing: how much the speaker, the group
and others do here (`s:own_here=0`) and in the rest of the answer (`c:own_after=0`). All are present
or absent, so a detector is one table of weights (`agency.tsv`), and what decided can be named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mock_interviewer.core.actors import (
    UNHEARD,
    Act,
    Actor,
    Clause,
    PlainSpeech,
    clauses_of,
    deeds_of_unnamed,
    plain_speech,
)
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.transcript import StagedUnit, Transcript

TABLE = "agency"
GROUPS = (
    "told_me",
    "i_was_told",
    "came_to_me",
    "told_you",
    "boss_before_me",
    "asked_by_paper",
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
)
GUARDED = frozenset(GROUPS[:6])
"""Groups that a negation shortly before turns into their opposite: 'nobody asked me'."""
GUARD_WORDS = 5
LONGEST_SEQUENCE = 3


@dataclass(frozen=True)
class Reading:
    """One unit, read for who acts in it."""

    stage: Stage
    speech: PlainSpeech
    clauses: tuple[Clause, ...]
    language: Language

    def count(self, actor: Actor, *acts: Act) -> int:
        return sum(clause.actor is actor and clause.act in acts for clause in self.clauses)

    @cached_property
    def own_deeds(self) -> int:
        return self.count(Actor.SELF, Act.DEED)

    @cached_property
    def other_deeds(self) -> int:
        return self.count(Actor.OTHERS, Act.DEED)

    @cached_property
    def unnamed_deeds(self) -> int:
        return deeds_of_unnamed(self.speech, self.language)

    @cached_property
    def matches(self) -> dict[str, tuple[int, int]]:
        """Group -> the plain words [first, end) of its first match that no guard denies."""
        return {
            group: found
            for group in GROUPS
            if (found := first_match(self.speech, group, self.language)) is not None
        }


def first_match(speech: PlainSpeech, group: str, language: Language) -> tuple[int, int] | None:
    """The plain words [first, end) of a group's first match that is not denied."""
    text = speech.text
    for match in language.pattern(TABLE, group).finditer(text):
        before = text[: match.start()].split()[-GUARD_WORDS:]
        inside = match.group().split()[:2]
        denied = group in GUARDED and language.pattern(TABLE, "not_so").search(
            " ".join([*before, *inside])
        )
        if UNHEARD in match.group().split() or denied:
            continue
        first = text.count(" ", 0, match.start())
        return first, text.count(" ", 0, max(match.start(), match.end() - 1)) + 1
    return None


def read(words: Sequence[str], clear: Sequence[bool], stage: Stage, language: Language) -> Reading:
    """Read some spoken words."""
    return _read(tuple(words), tuple(clear), stage, language)


@lru_cache(maxsize=1024)
def _read(
    words: tuple[str, ...], clear: tuple[bool, ...], stage: Stage, language: Language
) -> Reading:
    """Deeds, decisions and dilution are found in the same units; each is read once."""
    speech = plain_speech(words, language, clear)
    return Reading(stage, speech, tuple(clauses_of(speech, language)), language)


def read_units(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> list[Reading]:
    """Every unit read, in order."""
    readings = []
    for unit in units:
        words = transcript.words[unit.first_word : unit.end_word]
        clear = [word.is_clear for word in words]
        readings.append(read([word.text for word in words], clear, unit.stage, language))
    return readings


def abstracted(reading: Reading) -> list[str]:
    """The plain words, with offices and numbers replaced by what they are."""
    is_word_of = reading.language.is_word_of
    plain = []
    for word in reading.speech.words:
        if is_word_of(TABLE, "bosses", word):
            plain.append("BOSS")
        elif is_word_of("actors", "offices", word):
            plain.append("PERSON")
        elif is_word_of(TABLE, "numbers", word):
            plain.append("NUM")
        else:
            plain.append(word)
    return plain


def sequences(reading: Reading) -> Iterator[str]:
    """Word sequences of one to LONGEST_SEQUENCE words, none with an unheard word."""
    words = abstracted(reading)
    for length in range(1, LONGEST_SEQUENCE + 1):
        for at in range(len(words) - length + 1):
            run = words[at : at + length]
            if UNHEARD not in run:
                yield "w:" + " ".join(run)


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
    course = course_of(readings)
    found = []
    for index, reading in enumerate(readings):
        of_unit = {f"p:{group}" for group in reading.matches}
        of_unit.update(sequences(reading))
        of_unit.update(shape(readings, index))
        of_unit.update(place_in(course, readings, index))
        found.append(of_unit)
    return found


def probability(found: set[str], weights: Mapping[str, float]) -> float:
    """The linear detector's probability."""
    total = weights.get("bias", 0.0) + sum(weights.get(name, 0.0) for name in found)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def plain_words(text: str) -> list[str]:
    """A text's words as they would be spoken.

    >>> plain_words("I rang - twice.")
    ['I', 'rang', '-', 'twice.']
    """
    return re.findall(r"\S+", text)
