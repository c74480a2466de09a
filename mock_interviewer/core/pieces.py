"""Which piece of the sound is ready to be written down while somebody still speaks.

Every piece costs Whisper a whole window of 30 s, however short it is: short pieces keep the text
close behind the speaker, long ones keep the processor free and give the recogniser more to go by.
So a piece is cut at the first good pause after `Rhythm.shortest_s`; the longer it grows, the
shorter a pause will do. A silence of SETTLED_S means that a thought is finished or being looked
for: then everything is written down, so that whoever decides about the end of the answer has all
the words. Somebody who speaks on without a pause is cut at the weakest frame (`VoiceHeard.dips`).

Pieces follow each other without gaps in the speech: together they hold every stretch exactly once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from mock_interviewer.core.speech_regions import Region, Regions
from mock_interviewer.core.voice_heard import VoiceHeard

PAD_S = 0.2
"""Silence around a piece, at most half of what there is."""
GOOD_PAUSE_S = 0.35
SETTLED_S = 1.0
SETTLED_FROM_S = 1.5
"""After SETTLED_S a piece with less speech waits until LONG_SETTLED_S."""
LONG_SETTLED_S = 1.6
ANY_PAUSE_AFTER = 1.6
"""After so many times the shortest length any pause will do."""
FORCED_AFTER = 2.0
"""After so many times the shortest length it is cut at the weakest frame."""


@dataclass(frozen=True)
class Rhythm:
    """How often pieces are cut."""

    shortest_s: float = 4.0

    def slower(self) -> Rhythm:
        """Longer pieces, for a machine that cannot keep up; up to what a window holds."""
        return Rhythm(min(self.shortest_s * 1.5, LONGEST_SHORTEST_S))


LONGEST_SHORTEST_S = 11.0
"""FORCED_AFTER times this still fits a window."""


@dataclass(frozen=True)
class Piece:
    """A stretch of the recording to be written down, with the speech in it."""

    start_s: float
    end_s: float
    regions: Regions


def next_piece(voice: VoiceHeard, from_s: float, rhythm: Rhythm) -> Piece | None:
    """The piece that begins at from_s, if one is ready; None while it is not."""
    speech = _speech_since(voice, from_s)
    if not speech:
        return None
    silence_s = voice.silence_s
    start_s, end_s = speech[0][0], speech[-1][1]
    spoken_s = end_s - start_s
    if voice.start_s is None or voice.silent_since_s is not None:
        settled_s = SETTLED_S if spoken_s >= SETTLED_FROM_S else LONG_SETTLED_S
        if silence_s >= settled_s:
            return piece_of(speech, from_s, voice.heard_s)
    for at, (_, stretch_end_s) in enumerate(speech):
        length_s = stretch_end_s - start_s
        is_last = at + 1 == len(speech)
        if is_last and voice.start_s is not None:
            break  # still being spoken
        pause_s = silence_s if is_last else speech[at + 1][0] - stretch_end_s
        is_good = length_s >= rhythm.shortest_s and pause_s >= GOOD_PAUSE_S
        if is_good or (length_s >= ANY_PAUSE_AFTER * rhythm.shortest_s and not is_last):
            until_s = voice.heard_s if is_last else speech[at + 1][0]
            return piece_of(speech[: at + 1], from_s, until_s)
    if spoken_s > FORCED_AFTER * rhythm.shortest_s:
        return _forced(voice, speech, from_s, rhythm)
    return None


def _forced(
    voice: VoiceHeard, speech: Sequence[Region], from_s: float, rhythm: Rhythm
) -> Piece | None:
    """A piece cut in the middle of a stretch, or in the last gap before it if that does."""
    start_s = speech[0][0]
    later = [dip for dip in voice.dips if dip - start_s >= rhythm.shortest_s / 2]
    if len(speech) > 1 and speech[-2][1] - start_s >= rhythm.shortest_s / 2:
        return piece_of(speech[:-1], from_s, speech[-1][0])
    if not later:
        return None
    cut_s = later[-1]
    before = [(a, min(b, cut_s)) for a, b in speech if a < cut_s]
    return Piece(max(from_s, start_s - PAD_S), cut_s, tuple(before))


def piece_of(speech: Sequence[Region], from_s: float, until_s: float) -> Piece:
    """The piece of these stretches, with a little silence around; the next sound is at until_s."""
    start_s, end_s = speech[0][0], speech[-1][1]
    before_s = min(PAD_S, max(0.0, (start_s - from_s) / 2))
    after_s = min(PAD_S, max(0.0, (until_s - end_s) / 2))
    return Piece(round(start_s - before_s, 3), round(end_s + after_s, 3), tuple(speech))


def rest_of(regions: Regions, from_s: float, duration_s: float, longest_s: float) -> list[Piece]:
    """What is left of a recording that is over, in pieces of at most about longest_s."""
    left = [(max(start, from_s), end) for start, end in regions if end > from_s + 1e-3]
    pieces: list[Piece] = []
    group: list[Region] = []
    for at, stretch in enumerate(left):
        group.append(stretch)
        following_s = left[at + 1][0] if at + 1 < len(left) else duration_s
        next_end_s = left[at + 1][1] if at + 1 < len(left) else None
        if next_end_s is None or next_end_s - group[0][0] > longest_s:
            pieces.append(piece_of(group, from_s, following_s))
            from_s, group = pieces[-1].end_s, []
    return pieces


def _speech_since(voice: VoiceHeard, from_s: float) -> list[Region]:
    """Stretches after a time, the one under way included as far as it goes."""
    first = bisect_left(voice.found, from_s, key=lambda stretch: stretch[1])
    speech = [(max(a, from_s), b) for a, b in voice.found[first:] if b > from_s + 1e-3]
    if voice.start_s is not None:
        end_s = voice.heard_s if voice.silent_since_s is None else voice.silent_since_s
        if end_s > from_s + 1e-3:
            speech.append((max(voice.start_s, from_s), end_s))
    return speech
