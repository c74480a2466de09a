"""The ear test: hearing the words that cost a candidate the answer, while they are spoken.

An answer is spoken sentence by sentence; a key is hit at each phrase that is at fault. A key counts
for the last phrase that began before it, up to GRACE_S after its end; whatever else is hit is a
false alarm. Reaction is measured from the phrase's end, because only then can it be known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

GRACE_S = 2.5


@dataclass(frozen=True)
class Part:
    """A stretch of the answer that is spoken in one go."""

    text: str
    is_fault: bool


@dataclass(frozen=True)
class Heard:
    """One phrase at fault, and when the key came."""

    text: str
    start_s: float
    end_s: float
    hit_s: float | None

    @property
    def reaction_s(self) -> float | None:
        """After the phrase's end; negative where it was known before."""
        return None if self.hit_s is None else self.hit_s - self.end_s


@dataclass(frozen=True)
class EarScore:
    """What was heard, and what was hit without cause."""

    heard: tuple[Heard, ...]
    false_alarms: tuple[float, ...]

    @property
    def hits(self) -> int:
        return sum(phrase.hit_s is not None for phrase in self.heard)

    @property
    def reaction_s(self) -> float | None:
        """The median; None without a hit."""
        times = [p.reaction_s for p in self.heard if p.reaction_s is not None]
        return median(times) if times else None


def parts_of(text: str, faults: Sequence[str]) -> tuple[Part, ...]:
    """The answer cut at the phrases at fault; their order in the text decides.

    >>> [part.text for part in parts_of("I saw it. I told them and left.", ["told them"])]
    ['I saw it. I', 'told them', 'and left.']
    """
    plain = " ".join(text.split())
    spans = sorted(
        (at, at + len(fault)) for fault in map(_plain, faults) if (at := plain.find(fault)) >= 0
    )
    parts, at = [], 0
    for start, end in spans:
        if start < at:
            continue  # lies within the one before
        parts += [Part(plain[at:start].strip(), False), Part(plain[start:end].strip(), True)]
        at = end
    parts.append(Part(plain[at:].strip(), False))
    return tuple(part for part in parts if re.search(r"\w", part.text))


def _plain(text: str) -> str:
    return " ".join(text.split())


def score(
    parts: Sequence[Part],
    ends_s: Sequence[float],
    hits_s: Sequence[float],
    starts_at_s: float = 0.0,
) -> EarScore:
    """Which keys fell on which phrases; ends_s are the ends of all parts, in order."""
    starts_s = [starts_at_s, *ends_s[:-1]]
    faults = [
        (part.text, start, end)
        for part, start, end in zip(parts, starts_s, ends_s, strict=True)
        if part.is_fault
    ]
    taken: dict[int, float] = {}
    false_alarms = []
    for hit in sorted(hits_s):
        begun = [k for k, (_, start, end) in enumerate(faults) if start <= hit <= end + GRACE_S]
        free = [k for k in begun if k not in taken]
        if free:
            taken[free[-1]] = hit
        else:
            false_alarms.append(hit)
    heard = tuple(
        Heard(text, start, end, taken.get(k)) for k, (text, start, end) in enumerate(faults)
    )
    return EarScore(heard, tuple(false_alarms))
