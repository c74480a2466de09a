"""The next question of a sharp interviewer: what this answer lacks, in the candidate's own words.

The worst lack comes first: a disqualifier that the question counts, then stages left out and
weaknesses, then signals that were not heard; an answer that lacks nothing is asked for its hardest
moment and its inside. One thing is asked once, nothing is asked that was told already, and the
question's own probe is preferred where it tests the same thing: those that a pattern keeps for its
example's sake are not among them. A probe asks and never judges: no praise, no summary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mock_interviewer.core.question import Probe, Question
from mock_interviewer.core.rubric import (
    Disqualifier,
    Principle,
    Signal,
    Stage,
    Tests,
    Weakness,
)
from mock_interviewer.core.transcript import Finding, StagedUnit, Transcript, finding, heard_clearly

LONGEST_QUOTE_WORDS = 12
SHORTEST_QUOTE_WORDS = 3
QUOTE_MARK = "{quote}"
PERFECT = ("difficulty", "depth", "influence")
"""What is asked of an answer that lacks nothing."""


@dataclass(frozen=True)
class PhraseGroup:
    """The wordings for one lack; those with `{quote}` want the candidate's words."""

    tests: Tests
    wordings: tuple[str, ...]


@dataclass(frozen=True)
class ProbePhrases:
    """How probes are worded, and where a quote may begin and end; words in lower case."""

    groups: Mapping[str, PhraseGroup]
    """lack -> its wordings."""
    not_first: frozenset[str] = frozenset()
    """Words that no quote begins with ('and', 'um')."""
    not_last: frozenset[str] = frozenset()
    """Words that no quote ends with ('the', 'of')."""
    own_words: frozenset[str] = frozenset()
    """Words in which the candidate speaks of themselves ('I')."""


@dataclass(frozen=True)
class ChosenProbe:
    """A follow-up, and what in this answer made it the one to ask."""

    text: str
    tests: Tests
    because: str
    """The lack: an id of the rubric, `missing_<stage>`, or a test's name for a complete answer."""
    quote: Finding | None = None
    """The candidate's words it starts from; None where it quotes nothing."""


@dataclass(frozen=True)
class _Heard:
    """What was told, as far as it matters for asking on."""

    transcript: Transcript
    units: Sequence[StagedUnit]
    signals: Mapping[Signal, Finding | None]
    disqualifiers: Mapping[Disqualifier, Finding | None]
    phrases: ProbePhrases


def choose_probes(
    *,
    question: Question,
    transcript: Transcript,
    units: Sequence[StagedUnit],
    signals: Mapping[Signal, Finding | None],
    disqualifiers: Mapping[Disqualifier, Finding | None],
    weaknesses: Collection[Weakness],
    missing_stages: Collection[Stage],
    phrases: ProbePhrases,
    n: int,
) -> tuple[ChosenProbe, ...]:
    """Up to n probes, the most telling first; no two ask for the same thing."""
    heard = _Heard(transcript, units, signals, disqualifiers, phrases)
    chosen: list[ChosenProbe] = []
    used_quotes: set[tuple[int, int]] = set()
    for lack in _distinct(lacks_of(question, heard, weaknesses, missing_stages), phrases.groups):
        if len(chosen) == n:
            break
        quote = _quote_for(lack, heard, used_quotes)
        own = _own_probe(question.probes, phrases.groups[lack].tests, chosen)
        if own is not None and not _needs_own_words(lack, heard):
            chosen.append(ChosenProbe(own.text, own.tests, lack))
            continue
        probe = _worded(lack, phrases.groups[lack], quote, len(transcript.words))
        if probe.quote is not None:
            used_quotes.add((probe.quote.first_word, probe.quote.end_word))
        chosen.append(probe)
    return tuple(chosen)


def lacks_of(
    question: Question,
    heard: _Heard,
    weaknesses: Collection[Weakness],
    missing_stages: Collection[Stage],
) -> Iterator[str]:
    """What the answer lacks, worst first, and what can always be asked at the end."""
    for disqualifier in (
        Disqualifier.HANDED_OFF,
        Disqualifier.COLLECTIVE_DECISION,
        Disqualifier.ASSIGNED,
    ):
        if disqualifier in question.counts and heard.disqualifiers.get(disqualifier):
            yield disqualifier.value
    for stage in (Stage.ACTION, Stage.RESULT, Stage.REFLECTION, Stage.TASK, Stage.SITUATION):
        if stage in missing_stages:
            yield f"missing_{stage.value}"
    for weakness in (
        Weakness.WE_DILUTION,
        Weakness.VAGUE_RESULT,
        Weakness.UNQUANTIFIED,
        Weakness.GENERIC_REFLECTION,
    ):
        if weakness in weaknesses:
            yield weakness.value
    for signal in _wanted(question):
        if heard.signals.get(signal) is None:
            yield signal.value
    yield from PERFECT


def _wanted(question: Question) -> tuple[Signal, ...]:
    """The signals worth asking for, those that decide the verdict first."""
    scope = (Signal.SCOPE_BOUNDARY, Signal.SELF_INITIATED)
    first = scope if question.principle is Principle.OWNERSHIP and question.counts else ()
    return (
        Signal.INDIVIDUAL_ACTIONS,
        *first,
        Signal.METRIC_DELTA,
        Signal.SYSTEMIC_INSIGHT,
        Signal.SECOND_ORDER_EFFECT,
        Signal.SPECIFIC_INSIGHT,
        Signal.BUSINESS_IMPACT,
        Signal.STAKES,
        Signal.GOAL_STATED,
    )


SAME_QUESTION: tuple[frozenset[str], ...] = (
    frozenset({"handed_off", "missing_action", "we_dilution", "individual_actions"}),
    frozenset({"missing_result", "unquantified", "vague_result", "metric_delta"}),
    frozenset({"missing_reflection", "generic_reflection", "specific_insight"}),
    frozenset({"missing_task", "scope_boundary", "goal_stated", "assigned"}),
    frozenset({"missing_situation", "self_initiated", "stakes"}),
    frozenset({"second_order_effect", "influence"}),
)
"""Lacks that one question covers: asked for one of them, the others are asked as well."""


def _distinct(lacks: Iterator[str], wordings: Collection[str]) -> Iterator[str]:
    asked: set[str] = set()
    for lack in lacks:
        if lack in asked or lack not in wordings:
            continue
        asked.add(lack)
        for group in SAME_QUESTION:
            if lack in group:
                asked |= group
        yield lack


def _needs_own_words(lack: str, heard: _Heard) -> bool:
    """True if the question's own probe would not ask for this lack alone.

    A disqualifier is asked about from its quote. Of signals that test one thing an own probe asks
    for any; where another of them was told, it would ask for that again.
    """
    if lack not in set(Signal):
        return lack in set(Disqualifier)
    groups = heard.phrases.groups
    told = (groups.get(signal.value) for signal, found in heard.signals.items() if found)
    return any(group is not None and group.tests is groups[lack].tests for group in told)


def _own_probe(
    probes: Sequence[Probe], tests: Tests, chosen: Sequence[ChosenProbe]
) -> Probe | None:
    """The question's own probe that tests this and was not asked yet."""
    asked = {probe.text for probe in chosen}
    return next((p for p in probes if p.tests is tests and p.text not in asked), None)


def _worded(lack: str, group: PhraseGroup, quote: Finding | None, seed: int) -> ChosenProbe:
    """One wording, always the same for the same answer."""
    if quote is not None:
        quoting = [wording for wording in group.wordings if QUOTE_MARK in wording]
        if quoting:
            text = quoting[seed % len(quoting)].replace(QUOTE_MARK, spoken_quote(quote.quote))
            return ChosenProbe(text, group.tests, lack, quote)
    plain = [wording for wording in group.wordings if QUOTE_MARK not in wording]
    return ChosenProbe(plain[seed % len(plain)], group.tests, lack)


def _quote_for(lack: str, heard: _Heard, used: set[tuple[int, int]]) -> Finding | None:
    """The candidate's words that a question about this lack starts from."""
    if lack in set(Disqualifier):
        found = heard.disqualifiers[Disqualifier(lack)]
        return found and trimmed(heard.transcript, found.first_word, found.end_word, heard.phrases)
    for unit in _units_for(lack, heard):
        own = lack in OWN_DEEDS
        quote = trimmed(
            heard.transcript, unit.first_word, unit.end_word, heard.phrases, must_be_own=own
        )
        if quote is not None and (quote.first_word, quote.end_word) not in used:
            return quote
    return None


OWN_DEEDS = frozenset({"difficulty", "depth", "influence", "individual_actions"})
"""Lacks that are asked about something the candidate did."""


def _units_for(lack: str, heard: _Heard) -> list[StagedUnit]:
    """The units that a question about this lack may quote, best first."""
    last, longest = (lambda unit: -unit.first_word), (lambda unit: -len(unit.text))
    home: dict[str, tuple[Stage, Callable[[StagedUnit], int]]] = {
        "missing_action": (Stage.TASK, last),
        "missing_result": (Stage.ACTION, last),
        "missing_reflection": (Stage.RESULT, last),
        "we_dilution": (Stage.ACTION, longest),
        "individual_actions": (Stage.ACTION, last),
        "unquantified": (Stage.RESULT, lambda unit: unit.first_word),
        "vague_result": (Stage.RESULT, lambda unit: unit.first_word),
        "generic_reflection": (Stage.REFLECTION, longest),
        "business_impact": (Stage.RESULT, longest),
        "second_order_effect": (Stage.RESULT, last),
        "difficulty": (Stage.ACTION, longest),
        "depth": (Stage.ACTION, longest),
        "influence": (Stage.ACTION, last),
    }
    if lack not in home:
        return []
    stage, order = home[lack]
    return sorted((unit for unit in heard.units if unit.stage is stage), key=order)


def trimmed(
    transcript: Transcript,
    first_word: int,
    end_word: int,
    phrases: ProbePhrases,
    must_be_own: bool = False,
) -> Finding | None:
    """The longest run of whole clauses within LONGEST_QUOTE_WORDS that was heard well.

    None if there is none; with must_be_own only if the candidate speaks of themselves in it.
    """
    plain = {
        index: re.sub(r"[^\w']", "", transcript.words[index].text.lower())
        for index in range(first_word, end_word)
    }
    cuts = {first_word, end_word}
    cuts |= {
        index + 1
        for index in range(first_word, end_word)
        if re.search(r"[,.;:!?]$", transcript.words[index].text)
    }
    best: tuple[int, int] | None = None
    for cut in sorted(cuts):
        first = cut
        while first < end_word and plain[first] in phrases.not_first:
            first += 1
        for end in sorted(c for c in cuts if first + SHORTEST_QUOTE_WORDS <= c):
            if end - first > LONGEST_QUOTE_WORDS or plain[end - 1] in phrases.not_last:
                continue
            if must_be_own and not any(plain[k] in phrases.own_words for k in range(first, end)):
                continue
            longer = best is None or end - first > best[1] - best[0]
            if longer and heard_clearly(transcript, first, end):
                best = (first, end)
    return finding(transcript, *best) if best else None


def spoken_quote(quote: str) -> str:
    """A quote as it is read back: no stop or comma at its end.

    >>> spoken_quote("And they took it from there,")
    'And they took it from there'
    """
    return quote.strip().rstrip(",.;:!?-").strip()
