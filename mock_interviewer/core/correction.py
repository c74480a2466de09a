"""A person's correction of what was heard.

The corrected text is matched word by word with the recognised one; words that stay keep their
times, words that were put in share the time of what they replace (or sit at the moment between
their neighbours). Corrected words count as heard clearly: the person said what they said.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import SequenceMatcher

from mock_interviewer.core.transcript import Transcript, Word


def corrected(transcript: Transcript, text: str) -> Transcript:
    """The transcript with the person's text and, where there were any, times for every word.

    >>> heard = Transcript((Word("eye", 0.0, 0.4, 0.3), Word("went", 0.5, 0.9, 0.9)))
    >>> [(word.text, word.start_s) for word in corrected(heard, "I went").words]
    [('I', 0.0), ('went', 0.5)]
    """
    wanted = text.split()
    heard = [word.text for word in transcript.words]
    words: list[Word] = []
    matcher = SequenceMatcher(a=heard, b=wanted, autojunk=False)
    for kind, first, end, new_first, new_end in matcher.get_opcodes():
        if kind == "equal":
            kept = transcript.words[first:end]
            words += [replace(word, probability=_sure(word)) for word in kept]
        else:
            start_s, end_s = _span(transcript, first, end)
            words += _spread(wanted[new_first:new_end], start_s, end_s)
    return replace(transcript, words=tuple(words))


def _sure(word: Word) -> float | None:
    return None if word.probability is None else 1.0


def _span(transcript: Transcript, first: int, end: int) -> tuple[float | None, float | None]:
    """The time of the words [first, end), or of the gap where nothing was recognised."""
    words = transcript.words
    if not transcript.is_timed:
        return None, None
    if first < end:
        return words[first].start_s, words[end - 1].end_s
    before_s = words[first - 1].end_s if first else words[0].start_s
    after_s = words[first].start_s if first < len(words) else before_s
    return before_s, after_s


def _spread(texts: list[str], start_s: float | None, end_s: float | None) -> list[Word]:
    """New words over a stretch of time, each as long as its letters ask."""
    if start_s is None or end_s is None:
        return [Word(text) for text in texts]
    letters = sum(len(text) for text in texts)
    words, at_s = [], start_s
    for text in texts:
        length_s = (end_s - start_s) * len(text) / letters
        words.append(Word(text, at_s, at_s + length_s, 1.0))
        at_s += length_s
    return words
