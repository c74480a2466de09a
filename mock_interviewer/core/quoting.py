"""What may be quoted of an answer: one stretch, not longer than can be heard again in one go."""

from __future__ import annotations

from mock_interviewer.core.language import Language
from mock_interviewer.core.transcript import Transcript, Unit, straight

LONGEST_QUOTE_S = 25.0
"""Longer ones are no evidence (design: contracts)."""
UNTIMED_QUOTE_WORDS = 60
"""Where there are no times: about as much as LONGEST_QUOTE_S."""
REASONS = "reasons"
"""The table with a sentence a label, which a candidate can check against the quote."""


def shortened(transcript: Transcript, first: int, end: int) -> tuple[int, int]:
    """The words [first, end), cut where they would run over LONGEST_QUOTE_S."""
    start_s = transcript.words[first].start_s
    while end - first > 1 and start_s is not None:
        end_s = transcript.words[end - 1].end_s
        if end_s is None or end_s - start_s <= LONGEST_QUOTE_S:
            break
        end -= 1
    return first, end


def without_hanging(transcript: Transcript, first: int, end: int, language: Language) -> int:
    """The end of the words [first, end) without a last 'and the', which belongs to what follows."""
    hanging = language.pattern("units", "hanging")
    least = first + (end - first + 1) // 2
    while end > least and hanging.fullmatch(straight(transcript.words[end - 1].text)):
        end -= 1
    return end


def is_quotable(transcript: Transcript, first: int, end: int) -> bool:
    """True if the words [first, end) fit a quote whole."""
    start_s, end_s = transcript.words[first].start_s, transcript.words[end - 1].end_s
    if start_s is None or end_s is None:
        return end - first <= UNTIMED_QUOTE_WORDS
    return end_s - start_s <= LONGEST_QUOTE_S


def clear_around(
    transcript: Transcript, unit: Unit, first: int, end: int, language: Language
) -> tuple[int, int]:
    """The words [first, end) with what was heard clearly beside them in the unit.

    Where that begins behind words heard badly, it begins with the clause of the words themselves
    ('they fixed it', not 'from there and they fixed it').
    """
    words, said = transcript.words, first
    while first > unit.first_word and words[first - 1].is_clear:
        first -= 1
    while end < unit.end_word and words[end].is_clear:
        end += 1
    if first > unit.first_word:
        opening = language.pattern("units", "weak_opening")
        text = [straight(word.text.lower()) for word in words[first:end]]
        opens = (k for k in range(said - first, 0, -1) if opening.match(" ".join(text[k:])))
        first += next(opens, 0)
    return first, end
