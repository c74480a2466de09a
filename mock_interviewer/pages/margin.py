"""The transcript with findings in the margin: text in pieces, notes beside the part they belong to.

An answer is laid out in the stretches of its stages. Each stretch has its units, each unit its
text cut where something begins or ends: words that were not heard well, words that a finding
quotes, phrases that decided the stage. Notes carry numbers, which stand in the text behind the
words they are about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.rubric import Stage
from mock_interviewer.core.thoughts import Thought
from mock_interviewer.core.transcript import Finding, StagedUnit
from mock_interviewer.core.wording import Wording


@dataclass(frozen=True)
class Note:
    """Something in the margin."""

    number: int
    kind: str
    """'good', 'bad', 'noted' or 'thought'."""
    title: str
    text: str
    first_word: int
    end_word: int
    start_s: float | None
    end_s: float | None
    id: str = ""


@dataclass(frozen=True)
class Piece:
    """Words in a row that look alike."""

    text: str
    is_unclear: bool
    tone: str
    """'', 'good', 'bad' or 'noted'."""
    is_cue: bool
    first_word: int
    notes: tuple[int, ...] = ()
    """Numbers of the notes that end here."""


@dataclass(frozen=True)
class UnitText:
    """A unit with what is known of it."""

    number: int
    unit: StagedUnit
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Stretch:
    """Units of one stage in a row."""

    stage: Stage
    start_s: float | None
    end_s: float | None
    units: tuple[UnitText, ...]
    notes: tuple[Note, ...] = field(default=())


def notes_on(analysis: Analysis, thoughts: tuple[Thought, ...]) -> tuple[Note, ...]:
    """Every finding that has words, and every thought, in the order of the answer."""
    found, said = analysis.findings, Wording(analysis.language)
    entries: list[tuple[str, str, str, Finding, str]] = []
    for signal, finding in found.signals.items():
        if finding:
            entries.append(("good", said.signal(signal), "", finding, signal))
    for disqualifier, finding in found.disqualifiers.items():
        if finding and disqualifier in analysis.question.counts:
            name = said.fault(disqualifier)
            entries.append(("bad", name, finding.reason, finding, disqualifier))
    for weakness in ("we_dilution", "vague_result", "generic_reflection"):
        finding = getattr(found.weaknesses, weakness)
        if finding:
            entries.append(("bad", said.fault(weakness), finding.reason, finding, weakness))
    for noted, finding in found.noted.items():
        if finding:
            entries.append(("noted", said.noted(noted), "", finding, noted))
    plain = [
        Note(0, kind, title, text, f.first_word, f.end_word, f.start_s, f.end_s, name)
        for kind, title, text, f, name in entries
    ]
    thought = [
        Note(0, "thought", "", t.text, max(0, t.after_word - 1), t.after_word, t.at_s, t.at_s)
        for t in thoughts
    ]
    ordered = sorted((*plain, *thought), key=lambda note: (note.end_word, note.kind == "thought"))
    numbered, number = [], 0
    for note in ordered:
        number += note.kind != "thought"
        numbered.append(
            Note(
                number if note.kind != "thought" else 0,
                note.kind,
                note.title,
                note.text,
                note.first_word,
                note.end_word,
                note.start_s,
                note.end_s,
                note.id,
            )
        )
    return tuple(numbered)


def stretches_of(analysis: Analysis, notes: tuple[Note, ...]) -> tuple[Stretch, ...]:
    """The answer by stages, each with the notes on its words. Linear in words and notes."""
    tones = _tones(notes)
    ends: dict[int, list[int]] = {}
    for note in notes:
        if note.number:
            ends.setdefault(note.end_word - 1, []).append(note.number)
    stretches = []
    numbered = enumerate(analysis.units)
    for stage, run in groupby(numbered, key=lambda each: each[1].stage):
        units = list(run)
        first, end = units[0][1].first_word, units[-1][1].end_word
        stretches.append(
            Stretch(
                stage,
                units[0][1].start_s,
                units[-1][1].end_s,
                tuple(
                    UnitText(number, unit, tuple(_pieces(analysis, unit, tones, ends)))
                    for number, unit in units
                ),
                tuple(note for note in notes if first < note.end_word <= end),
            )
        )
    return tuple(stretches)


def _tones(notes: tuple[Note, ...]) -> dict[int, str]:
    """The tone of each quoted word; a fault shows through whatever else the word is quoted for."""
    tones: dict[int, str] = {}
    for kind in ("noted", "good", "bad"):
        for note in notes:
            if note.kind == kind:
                tones.update(dict.fromkeys(range(note.first_word, note.end_word), kind))
    return tones


def _pieces(
    analysis: Analysis, unit: StagedUnit, tones: dict[int, str], ends: dict[int, list[int]]
) -> Iterator[Piece]:
    words = analysis.transcript.words
    cues = _cue_words(unit)

    def look(at: int) -> tuple[bool, str, bool]:
        return (not words[at].is_clear, tones.get(at, ""), at in cues)

    at = unit.first_word
    while at < unit.end_word:
        first = at
        at += 1
        while at < unit.end_word and look(at) == look(first) and at - 1 not in ends:
            at += 1
        is_unclear, tone, is_cue = look(first)
        text = analysis.transcript.text_of(first, at)
        yield Piece(text, is_unclear, tone, is_cue, first, tuple(ends.get(at - 1, ())))


def _cue_words(unit: StagedUnit) -> set[int]:
    cues: set[int] = set()
    for phrase in unit.because:
        start = unit.text.find(phrase)
        if start >= 0:
            cues.update(range(*unit.words_at(start, start + len(phrase))))
    return cues
