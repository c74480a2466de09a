"""A disqualifier, weighed within its answer.

One sentence alone says little: 'they took it from there' may be a side errand or the end of the
matter. What is truly so is mostly told a second time in other words, the speaker's own deeds do not
go on after it, and who saw the need, set the aim or says that it lay outside their work was hardly
given it by others. So the likeliest unit's score is weighed with the next one's, with the
speaker's deeds after it, and with how clearly the beginning is the speaker's own. All of it stands
in the answer; the weights are learned where the encoder's are (tools/weigh_within.py), from answers
and from minimal pairs, so that a strong answer into which one assignment was put is still heard.
Where the tables judge alone, the likeliest unit decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mock_interviewer.core.rubric import Signal

TABLE = "within_answer"
"""For each disqualifier: bias, thresholds, and a weight for each of the names below."""
OWN_BEGINNING = (Signal.SELF_INITIATED, Signal.SCOPE_BOUNDARY, Signal.GOAL_STATED)
FURTHEST = 8.0
"""No score says more than this; where there is no unit, it is this much against."""
SURE = 4.0
MOST_DEEDS = 6.0


def told_around(
    scores: Sequence[float],
    own_deeds: Sequence[float],
    likeliest: int,
    beginning: Mapping[Signal, float],
) -> dict[str, float]:
    """What the answer holds around its likeliest unit, by name.

    scores: those of the likeliest units that can be quoted, the highest first. own_deeds: the
    speaker's in each unit of the action, 0 in all others. beginning: the log odds of OWN_BEGINNING.
    """
    first, second = (max(-FURTHEST, min(FURTHEST, s)) for s in (*scores, -FURTHEST)[:2])
    return {
        "first": first,
        "second": second,
        "own_after": min(MOST_DEEDS, sum(own_deeds[likeliest + 1 :])),
    } | {signal.value: max(-SURE, min(SURE, beginning[signal])) for signal in OWN_BEGINNING}


def score(around: Mapping[str, float], table: Mapping[str, float]) -> float:
    """The log odds that the answer has the disqualifier."""
    return table["bias"] + sum(table[name] * value for name, value in around.items())
