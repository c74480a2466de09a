"""Evidence in one unit, as named features that a linear detector weighs.

Three kinds: groups of expressions that a reader can check (`p:told_me`), word sequences with
offices and numbers abstracted (`w:BOSS said`), and the shape of the doing: how much the speaker,
the group and others do here and afterwards (`s:own_after=0`). All are present or absent, so a
detector is one table of weights (`agency.tsv`), and what decided can be named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mock_interviewer.core.actors import (
    UNHEARD,
    Act,
    Actor,
    Clause,
    PlainSpeech,
    clauses_of,
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

    @property
    def own_deeds(self) -> int:
        return self.count(Actor.SELF, Act.DEED)

    @property
    def other_deeds(self) -> int:
        return self.count(Actor.OTHERS, Act.DEED)

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
    bosses = reading.language.pattern(TABLE, "bosses")
    numbers = reading.language.pattern(TABLE, "numbers")
    people = reading.language.pattern("actors", "offices")
    plain = []
    for word in reading.speech.words:
        if bosses.fullmatch(word):
            plain.append("BOSS")
        elif people.fullmatch(word):
            plain.append("PERSON")
        elif numbers.fullmatch(word):
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
    """How much is done here and afterwards, and by whom."""
    here = readings[index]
    after = [r for r in readings[index + 1 :] if r.stage is Stage.ACTION]
    own_after = sum(r.own_deeds for r in after)
    others_after = sum(r.other_deeds for r in after)
    yield f"s:own_here={min(here.own_deeds, 2)}"
    yield f"s:others_here={min(here.other_deeds, 3)}"
    yield f"s:group_here={min(here.count(Actor.GROUP, Act.DEED), 2)}"
    yield f"s:group_other_here={min(here.count(Actor.GROUP, Act.OTHER), 1)}"
    yield f"s:own_after={min(own_after, 4)}"
    yield f"s:others_after={min(others_after, 2)}"
    yield f"s:routed_here={min(here.count(Actor.SELF, Act.ROUTING), 1)}"
    if here.other_deeds and not here.own_deeds:
        yield f"s:only_others_then_own={min(own_after, 4)}"
    if index and readings[index - 1].count(Actor.SELF, Act.ROUTING):
        yield "s:routed_before"
    yield f"s:stage={here.stage.value}"


def features(readings: Sequence[Reading], index: int) -> set[str]:
    """Everything that speaks for or against a detector in one unit."""
    reading = readings[index]
    found = {f"p:{group}" for group in reading.matches}
    found.update(sequences(reading))
    found.update(shape(readings, index))
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
