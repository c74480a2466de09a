"""Is one past episode told at all (rubric: The gate)? Read from how the clauses are built.

An opinion may name a company and a year, a habit may be told in the first person and with figures,
and a real story may be told in the present tense, in six lines, or in a muddle; so no single
phrase decides. What differs is how the clauses are built: in a story somebody did this, then that,
on one occasion; a habit recurs, a hypothesis would, an opinion should, a self-portrait is, advice
says you, and a row of key words has hardly any small words between them. The gate counts such
clauses in a hundred words, over the whole answer and in its densest stretch (a story may come
after a page of opinion), and weighs the counts. Shutting out a real story is worse than letting an
opinion through, so doubt passes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from mock_interviewer.core.language import Language
from mock_interviewer.core.plain_speech import speech_of
from mock_interviewer.core.transcript import StagedUnit, Transcript

TABLE = "gate"
LABEL = "no_story"
STRETCH = 4
"""Units in the stretch that is looked at by itself."""
TELLING = ("i_did", "we_did", "somebody_did", "scene_now", "occasion", "sequence")
FLOORS = "floors"
"""The table of the least frequencies; English: some six own deeds in a hundred words in the densest
stretch, and some 21 small words over all."""
FEWEST_WORDS = 12
"""With fewer words there is too little to tell a story from anything else."""


def tells_no_story(transcript: Transcript, units: Sequence[StagedUnit], language: Language) -> bool:
    """True if no single past episode is told: opinion, habit, hypothesis, self-portrait, advice."""
    found = gate_features(transcript, units, language)
    if not found or _is_told_deed_by_deed(found, language):
        return False
    weights = language.weights[TABLE][LABEL]
    total = weights["bias"] + sum(weights.get(n, 0.0) * value for n, value in found.items())
    return total > weights["threshold"]


def _is_told_deed_by_deed(found: Mapping[str, float], language: Language) -> bool:
    """Own past deeds in a row, in whole sentences, with no word of habit, hypothesis or career.

    Such an answer is a story however it is worded; the weights have seen mostly spoken ones. How
    many own deeds are a row, and how many small words make sentences (rows of key words have
    fewer), the language's floors say.
    """
    floors = language.weights[FLOORS]["told_deed_by_deed"]
    return (
        all(found[name] >= least for name, least in floors.items())
        and not any(found[group] for group in ("would", "supposing", "habit", "career"))
        and not found["self_portrait"]
    )


def gate_features(
    transcript: Transcript, units: Sequence[StagedUnit], language: Language
) -> dict[str, float]:
    """Each group's frequency, and the densest stretch's; empty where hardly anything was said.

    A frequency is log(1 + occurrences in a hundred words).
    """
    speeches = speech_of(transcript, tuple(units), language)
    counts = [speech.counts(TABLE, language) for speech in speeches]
    lengths = [len(speech.words) for speech in speeches]
    total = sum(lengths)
    if total < FEWEST_WORDS:
        return {}
    found = {
        group: _frequency(sum([row.get(group, 0) for row in counts]), total)
        for group in language.phrases[TABLE]
    }
    stretches = range(max(1, len(units) - STRETCH + 1))
    for group in TELLING:
        densest = max(
            _frequency(
                sum([row.get(group, 0) for row in counts[k : k + STRETCH]]),
                max(sum(lengths[k : k + STRETCH]), 30),
            )
            for k in stretches
        )
        found[f"densest {group}"] = densest
    return found


def _frequency(count: int, words: int) -> float:
    return math.log1p(100 * count / words)
