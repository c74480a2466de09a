"""The one thing to change next, in a sentence with the candidate's own words in it.

What to change follows from the rule run again (core.verdict); the sentences are a language's data
(`languages/<code>/comments.toml`: one sentence a change, `{quote}` where the candidate's words go,
a second one, `<change>_unquoted`, for where there are none to quote, and `<change>_added` where
what is quoted may stay and something is to be added to it).
"""

from __future__ import annotations

from dataclasses import dataclass

from mock_interviewer.core.findings import Findings
from mock_interviewer.core.language import Language
from mock_interviewer.core.rubric import STAGE_OF_SIGNAL, Disqualifier, Stage, Verdict
from mock_interviewer.core.transcript import Finding, StagedUnit, Transcript, units_in
from mock_interviewer.core.verdict import Change, Counterfactual

LONGEST_QUOTE_WORDS = 14
WORDS_OVER = 4
"""A quote that is longer by no more than so many is not cut: its point may be its end."""


@dataclass(frozen=True)
class NextChange:
    """One thing to tell differently, and the verdict that would follow."""

    change: Change
    text: str
    verdict_if_changed: Verdict
    also: Change | None = None
    """A second thing, where only both together help."""


_STAGE_OF_CHANGE = {
    Change.PUT_A_NUMBER: Stage.RESULT,
    Change.SAY_WHAT_YOU_DID: Stage.ACTION,
    Change.NAME_THE_BOUNDARY: Stage.TASK,
    Change.NAME_THE_GAP: Stage.REFLECTION,
    Change.CLOSE_ON_WHAT_LASTED: Stage.REFLECTION,
    Change.SAY_WHAT_LASTED: Stage.RESULT,
    Change.SHORTEN_THE_SITUATION: Stage.SITUATION,
}


def _fault_of(change: Change, findings: Findings) -> Finding | None:
    """The finding that a change would mend, if it has words to quote."""
    weaknesses = findings.weaknesses
    match change:
        case Change.SAY_HOW_IT_BEGAN:
            return findings.disqualifiers[Disqualifier.ASSIGNED]
        case Change.CARRY_IT_THROUGH:
            return findings.disqualifiers[Disqualifier.HANDED_OFF]
        case Change.SAY_WHO_DECIDED:
            return findings.disqualifiers[Disqualifier.COLLECTIVE_DECISION]
        case Change.SAY_WHAT_YOU_DID:
            return weaknesses.we_dilution
        case Change.PUT_A_NUMBER:
            return weaknesses.vague_result
        case Change.NAME_THE_GAP | Change.CLOSE_ON_WHAT_LASTED:
            return weaknesses.generic_reflection
        case _:
            return None


def shortened(quote: str) -> str:
    """The first 14 words of a quote and an ellipsis; the whole if it is hardly longer."""
    words = quote.split()
    if len(words) <= LONGEST_QUOTE_WORDS + WORDS_OVER:
        return quote.rstrip(".,;:")
    return " ".join(words[:LONGEST_QUOTE_WORDS]).rstrip(".,;:") + " ..."


def _own_words(change: Change, findings: Findings, units: tuple[StagedUnit, ...]) -> str | None:
    fault = _fault_of(change, findings)
    if fault:
        return shortened(fault.quote)
    stage = _STAGE_OF_CHANGE.get(change)
    told = units_in(units, stage) if stage else []
    if stage is None or not told:
        return None
    is_ending = stage in (Stage.RESULT, Stage.REFLECTION)
    if is_ending or stage is Stage.TASK:
        for signal, home in STAGE_OF_SIGNAL.items():
            shown = findings.signals.get(signal)
            if home is stage and shown:  # to the point, which a stage's last words often are not
                return shortened(shown.quote)
    # the last thing said about the result or the lesson, the first about the rest
    return shortened((told[-1] if is_ending else told[0]).text)


def next_change(
    best: Counterfactual,
    findings: Findings,
    transcript: Transcript,
    units: tuple[StagedUnit, ...],
    language: Language,
) -> NextChange:
    """The most worthwhile change as a sentence."""
    text = _sentence(best.change, findings, units, language)
    if best.also is not None:
        second = _sentence(best.also, findings, units, language)
        text = language.sentence("comments", "both_together").format(first=text, second=second)
    return NextChange(best.change, text, best.verdict, best.also)


def _sentence(
    change: Change, findings: Findings, units: tuple[StagedUnit, ...], language: Language
) -> str:
    quote = _own_words(change, findings, units)
    if not quote:
        return language.sentence("comments", f"{change}_unquoted")
    is_added = f"{change}_added" in language.phrases["comments"] and not _fault_of(change, findings)
    key = f"{change}_added" if is_added else change
    return language.sentence("comments", key).format(quote=quote)
