"""A person's corrections: of the words that were heard, and of the stages they were put in.

The corrected text is matched word by word with the recognised one; words that stay keep their
times, words that were put in share the time of what they replace (or sit at the moment between
their neighbours). Corrected words count as heard clearly: the person said what they said.

A correction of stages is a list of marks: these words belong to that stage. Everything that no mark
covers stays as it was found. Moving a boundary and naming a unit anew are both one mark; a later
mark wins over an earlier one. When the text is corrected afterwards the marks move with the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.transcript import StagedUnit, Transcript, Word


@dataclass(frozen=True)
class StageMark:
    """The words [first_word, end_word) belong to a stage, says the person."""

    first_word: int
    end_word: int
    stage: Stage


def with_mark(marks: Sequence[StageMark], mark: StageMark) -> tuple[StageMark, ...]:
    """The marks with one more; what it covers whole is no longer needed."""
    kept = [
        old
        for old in marks
        if not (mark.first_word <= old.first_word and old.end_word <= mark.end_word)
    ]
    return (*kept, mark)


def marked(
    units: Sequence[StagedUnit], marks: Sequence[StageMark], transcript: Transcript
) -> tuple[StagedUnit, ...]:
    """The units as the person sees them: cut where a mark begins or ends, named as it says.

    Units that were named by the person carry a confidence of 1 and no deciding phrases.
    """
    if not marks:
        return tuple(units)
    borders = {word for mark in marks for word in (mark.first_word, mark.end_word)}
    named: dict[int, Stage] = {}
    for mark in marks:
        end_word = min(mark.end_word, len(transcript.words))  # a file may claim any number
        named.update(dict.fromkeys(range(max(0, mark.first_word), end_word), mark.stage))
    pieces: list[StagedUnit] = []
    for unit in units:
        for piece in _cut(unit, borders, transcript):
            stage = named.get(piece.first_word)
            if stage is not None:
                piece = replace(piece, stage=stage, confidence=1.0, because=())
            pieces.append(piece)
    return tuple(pieces)


def _cut(unit: StagedUnit, borders: set[int], transcript: Transcript) -> Iterator[StagedUnit]:
    inside = [word for word in range(unit.first_word + 1, unit.end_word) if word in borders]
    if not inside:
        yield unit
        return
    edges = [unit.first_word, *inside, unit.end_word]
    for first, end in pairwise(edges):
        text = transcript.text_of(first, end)
        yield replace(
            unit,
            first_word=first,
            end_word=end,
            text=text,
            start_s=transcript.words[first].start_s,
            end_s=transcript.words[end - 1].end_s,
            because=tuple(phrase for phrase in unit.because if phrase in text),
        )


def moved(
    marks: Sequence[StageMark], before: Sequence[str], after: Sequence[str]
) -> tuple[StageMark, ...]:
    """The marks after the text was corrected from one list of words to another.

    >>> moved([StageMark(2, 4, Stage.TASK)], "eye sore it coming".split(), "I saw it come".split())
    (StageMark(first_word=2, end_word=4, stage=<Stage.TASK: 'task'>),)
    """
    place = list(range(len(before) + 1))
    matcher = SequenceMatcher(a=list(before), b=list(after), autojunk=False)
    for _, first, end, new_first, new_end in matcher.get_opcodes():
        for word in range(first, end):
            place[word] = min(new_first + word - first, new_end)
    place[len(before)] = len(after)
    found = []
    for mark in marks:
        new_first_word = place[min(mark.first_word, len(before))]
        new_end_word = place[min(mark.end_word, len(before))]
        if new_first_word < new_end_word:
            found.append(StageMark(new_first_word, new_end_word, mark.stage))
    return tuple(found)


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
