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

from collections.abc import Mapping, Sequence

import numpy as np

from mock_interviewer.core.arrays import Floats
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
    words = np.array([len(speech.words) for speech in speeches])
    if words.sum() < FEWEST_WORDS:
        return {}
    groups = {group: at for at, group in enumerate(language.phrases[TABLE])}
    counts = np.zeros((len(units), len(groups)))
    for row, speech in zip(counts, speeches, strict=True):
        for group, count in speech.counts(TABLE, language).items():
            row[groups[group]] = count
    found = dict(zip(groups, _frequencies(counts.sum(0), words.sum()).tolist(), strict=True))
    in_stretches = _sums_of_stretches(counts), _sums_of_stretches(words[:, None]).clip(min=30)
    densest = _frequencies(*in_stretches).max(0)
    return found | {f"densest {group}": float(densest[groups[group]]) for group in TELLING}


def _sums_of_stretches(rows: Floats) -> Floats:
    """The sums of STRETCH rows, from each that has as many after it; of all, if there are fewer."""
    until = np.concatenate([np.zeros((1, rows.shape[1])), rows.cumsum(0)])
    reach = min(STRETCH, len(rows))
    sums: Floats = until[reach:] - until[:-reach]
    return sums


def _frequencies(counts: Floats, words: Floats | float) -> Floats:
    found: Floats = np.log1p(100 * counts / words)
    return found
