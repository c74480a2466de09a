"""What was said: words with their times and probabilities, and the units they form.

A transcript is the recogniser's words in order. Times are seconds from the start of the recording
and may be unknown (plain text has none). A word that was not heard well is shown and never counts
against the speaker. A unit is a sentence or clause of at most about 30 words; units cover every
word, and a unit lasts from its first word to the first word of the next one (the last to its last
word), so that pauses belong to what came before them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from mock_interviewer.core.rubric import Stage

CLEAR_PROBABILITY = 0.5
"""Below this a word was not heard well: shown in grey, never held against the speaker."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as the recogniser printed it, without surrounding blanks."""

    text: str
    start_s: float | None = None
    end_s: float | None = None
    probability: float | None = None
    """0 to 1; None where the source states none (typed text, SRT), which counts as clear."""

    @property
    def is_clear(self) -> bool:
        return self.probability is None or self.probability >= CLEAR_PROBABILITY


@dataclass(frozen=True)
class Transcript:
    """All words of one answer, in order."""

    words: tuple[Word, ...]
    duration_s: float | None = None
    """The recording's length; None where there are no times."""
    engine: str | None = None
    """Who wrote it down, as the source claims: 'whisper base.en'."""
    language: str | None = None
    """In which language, as the source claims: 'es', 'spanish'."""
    speaker: str | None = None
    """Whose words these are, where the source has those of others too, which are left out."""

    def __hash__(self) -> int:
        """Of a few words only: an answer is looked up often among the very last ones read."""
        return hash((len(self.words), self.words[:1], self.words[-1:]))

    @cached_property
    def is_timed(self) -> bool:
        """True if every word has a start and an end."""
        return bool(self.words) and all(
            word.start_s is not None and word.end_s is not None for word in self.words
        )

    @cached_property
    def _clear_before(self) -> tuple[int, ...]:
        """How many words before each one were heard clearly; one more entry at the end."""
        return tuple(accumulate((word.is_clear for word in self.words), initial=0))

    def clear_words(self, first_word: int, end_word: int) -> int:
        """How many of the words [first_word, end_word) were heard clearly."""
        return self._clear_before[end_word] - self._clear_before[first_word]

    def text_of(self, first_word: int, end_word: int) -> str:
        """The words from first_word up to, not including, end_word, joined with single blanks."""
        return " ".join(word.text for word in self.words[first_word:end_word])

    @property
    def text(self) -> str:
        return self.text_of(0, len(self.words))


@dataclass(frozen=True)
class Unit:
    """A sentence or clause: the words [first_word, end_word) of a transcript."""

    first_word: int
    end_word: int
    text: str
    """The unit's words joined with single blanks."""
    start_s: float | None = None
    """When its first word starts."""
    end_s: float | None = None
    """When its last word ends."""

    def __hash__(self) -> int:
        return hash(self.text)

    @cached_property
    def _word_starts(self) -> list[int]:
        starts, at = [], 0
        for word in self.text.split(" "):
            starts.append(at)
            at += len(word) + 1
        return starts

    def words_at(self, start: int, end: int) -> tuple[int, int]:
        """The transcript's word range [first, end) that the text's characters [start, end) touch.

        >>> Unit(10, 14, "I wrote a fix").words_at(2, 9)
        (11, 13)
        """
        first = bisect_right(self._word_starts, start) - 1
        last = bisect_right(self._word_starts, max(start, end - 1)) - 1
        return self.first_word + max(first, 0), self.first_word + max(last, 0) + 1


@dataclass(frozen=True)
class StagedUnit(Unit):
    """A unit with the stage it serves, how sure that is, and the phrases that decided it."""

    stage: Stage = Stage.NONE
    confidence: float = 0.0
    """The probability, calibrated, that the stage is right."""
    because: tuple[str, ...] = ()
    """Words of the unit that spoke for the stage, strongest first; may be empty."""

    __hash__ = Unit.__hash__


@dataclass(frozen=True)
class Finding:
    """Something found in an answer, with the words that show it."""

    quote: str
    """Verbatim words of the transcript."""
    first_word: int
    end_word: int
    start_s: float | None = None
    end_s: float | None = None
    reason: str = ""
    """One sentence that a candidate can check against the quote."""


def straight(text: str) -> str:
    """The text with straight apostrophes: 'don’t' is the same word as 'don't', and as long."""
    return text.replace("’", "'")


def finding(transcript: Transcript, first_word: int, end_word: int, reason: str = "") -> Finding:
    """The finding that quotes the words [first_word, end_word)."""
    return Finding(
        quote=transcript.text_of(first_word, end_word),
        first_word=first_word,
        end_word=end_word,
        start_s=transcript.words[first_word].start_s,
        end_s=transcript.words[end_word - 1].end_s,
        reason=reason,
    )


def heard_clearly(transcript: Transcript, first_word: int, end_word: int) -> bool:
    """True if nine in ten of the words [first_word, end_word) were heard clearly.

    What was not heard well is never held against the speaker, so every fault asks this first.
    """
    return transcript.clear_words(first_word, end_word) >= 0.9 * (end_word - first_word)


def units_in(units: Sequence[StagedUnit], *stages: Stage) -> list[StagedUnit]:
    """The units of the given stages, in order."""
    return [unit for unit in units if unit.stage in stages]
