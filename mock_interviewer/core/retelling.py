"""The ledger of a story told again and again: what drifted, what got lost, what is said by heart.

Each telling is held against the one before it. A figure that became another is a drift; a result's
figure, a name or a signal of the earlier telling that is not in the later one is a detail lost.
Words said alike in the same order, a dozen and more, sound learned by heart. Nothing is concluded:
the person sees both and decides which is right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.comparing import Passage, same_passages
from mock_interviewer.core.drifting import Drift, FiguresTold
from mock_interviewer.core.figures import is_common
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import Signal, Stage
from mock_interviewer.core.transcript import StagedUnit, Unit, straight

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FEWEST_LETTERS = 3


@dataclass(frozen=True)
class Retelling:
    """What became of a story from one telling to the next."""

    before: str
    after: str
    """Names of the two tellings."""
    drifts: tuple[Drift, ...]
    rounded: tuple[Drift, ...]
    lost_numbers: tuple[str, ...]
    """Clauses of the earlier result whose figure is gone."""
    lost_names: tuple[str, ...]
    lost_signals: tuple[Signal, ...]
    passages: tuple[Passage, ...]

    @property
    def is_clean(self) -> bool:
        """True if nothing drifted, nothing was lost, and no passage was said by heart."""
        return not (
            self.drifts
            or self.lost_numbers
            or self.lost_names
            or self.lost_signals
            or self.passages
        )


def ledger_of(
    tellings: Sequence[tuple[str, Analysis]], language: Language
) -> tuple[Retelling, ...]:
    """Every telling of a story against the one before it, oldest first."""
    return tuple(retold(*before, *after, language) for before, after in pairwise(tellings))


def retold(
    before_name: str, before: Analysis, after_name: str, after: Analysis, language: Language
) -> Retelling:
    """One telling against an earlier one."""
    figures = FiguresTold.between(before.units, after.units, language)
    had, has = before.findings.facts.signals, after.findings.facts.signals
    words = [word.lower() for unit in after.units for word in _WORD.findall(straight(unit.text))]
    said = {*words, *(word.removesuffix("'s") for word in words)}
    return Retelling(
        before=before_name,
        after=after_name,
        drifts=figures.drifts,
        rounded=figures.rounded,
        lost_numbers=tuple(dict.fromkeys(f.unit.text for f in figures.lost if _is_result(f.unit))),
        lost_names=tuple(
            name for name in names_in(before.units, language) if name.lower() not in said
        ),
        lost_signals=tuple(s for s in Signal if s in had - has),
        passages=same_passages(before.transcript, after.transcript, language),
    )


def _is_result(unit: Unit) -> bool:
    return isinstance(unit, StagedUnit) and unit.stage is Stage.RESULT


def names_in(units: Sequence[Unit], language: Language) -> tuple[str, ...]:
    """Words written large inside a sentence, as a recogniser writes names; each once."""
    found: dict[str, None] = {}
    for unit in units:
        for match in list(_WORD.finditer(unit.text))[1:]:
            word = match[0].removesuffix("'s")
            begins = unit.text[: match.start()].rstrip()[-1:] in ".!?:"
            if word[0].isupper() and len(word) >= _FEWEST_LETTERS and not begins:
                found.setdefault(word)
    return tuple(name for name in found if not is_common(name, language))
