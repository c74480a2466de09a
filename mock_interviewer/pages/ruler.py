"""The stage ruler: an answer as a bar in time, its targets above it, silence and voice below.

Places are per cent of the ruler's width, so that it needs neither script nor inline style. Bar and
targets share one scale; where an answer is far shorter than its targets these run out of the
picture, so that the answer stays large enough to be read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt

from mock_interviewer.core.analysis import Analysis
from mock_interviewer.core.delivery import PAUSE_S, Window, unclaimed_voice
from mock_interviewer.core.rubric import STORY_STAGES
from mock_interviewer.core.speech_regions import Region
from mock_interviewer.core.timing import unit_ends

MOST_STRETCHED = 2.0
"""The ruler is at most so many times as long as the answer."""
LONG_PAUSE_S = 1.0
PEAKS = 600
PLOT_HEIGHT = 100


@dataclass(frozen=True)
class Piece:
    """A unit on the ruler."""

    x: float
    width: float
    stage: str
    number: int
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Target:
    """How long a stage may take, laid end to end above the bar."""

    x: float
    width: float
    stage: str
    seconds: float


@dataclass(frozen=True)
class Border:
    """Where one stage gives way to another, and may be moved."""

    x: float
    number: int
    """Counted from the answer's start."""
    at_s: float
    first_word: int
    """The first word behind the border."""
    before: str
    after: str
    lowest_word: int
    highest_word: int
    """How far it can move without swallowing a neighbour whole."""


@dataclass(frozen=True)
class Silence:
    """A pause on the ruler."""

    x: float
    width: float
    start_s: float
    seconds: float

    @property
    def is_long(self) -> bool:
        return self.seconds >= LONG_PAUSE_S


@dataclass(frozen=True)
class Tick:
    """A mark of the time axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Ruler:
    """Everything that the ruler shows."""

    axis_s: float
    pieces: tuple[Piece, ...]
    targets: tuple[Target, ...]
    borders: tuple[Border, ...]
    silences: tuple[Silence, ...]
    fillers: tuple[tuple[float, float], ...]
    """Place and second of each stretch of voice that no word covers."""
    ticks: tuple[Tick, ...]
    wave: str | None
    """The waveform as an SVG path in a box of PEAKS by 100; None without the recording."""


def ruler_of(
    analysis: Analysis,
    regions: Sequence[Region] | None,
    samples: npt.NDArray[np.float32] | None,
) -> Ruler | None:
    """The ruler of a timed answer; None where there are no times."""
    if not analysis.transcript.is_timed or not analysis.units:
        return None
    ends = unit_ends(analysis.units)
    duration_s = max(analysis.transcript.duration_s or 0.0, ends[-1], 0.5)
    planned_s = sum(analysis.question.budgets[stage].target_s for stage in STORY_STAGES)
    axis_s = min(max(duration_s, planned_s), MOST_STRETCHED * duration_s)
    shares = _Scale(axis_s)
    return Ruler(
        axis_s=axis_s,
        pieces=tuple(
            Piece(
                shares.x(unit.start_s or 0.0),
                shares.width(unit.start_s or 0.0, end_s),
                unit.stage.value,
                number,
                unit.start_s or 0.0,
                end_s,
            )
            for number, (unit, end_s) in enumerate(zip(analysis.units, ends, strict=True))
        ),
        targets=tuple(_targets(analysis, shares)),
        borders=tuple(_borders(analysis, shares)),
        silences=tuple(_silences(analysis, regions, shares)),
        fillers=tuple(
            (shares.x((start + end) / 2), start)
            for start, end in (unclaimed_voice(analysis.transcript, regions) if regions else ())
        ),
        ticks=tuple(_ticks(shares)),
        wave=None if samples is None else wave_path(samples, duration_s, axis_s),
    )


@dataclass(frozen=True)
class _Scale:
    axis_s: float

    def x(self, at_s: float) -> float:
        return round(100 * min(at_s, self.axis_s) / self.axis_s, 3)

    def width(self, start_s: float, end_s: float) -> float:
        return round(max(0.0, self.x(end_s) - self.x(start_s)), 3)


def _targets(analysis: Analysis, shares: _Scale) -> Iterator[Target]:
    at_s = 0.0
    for stage in STORY_STAGES:
        target_s = analysis.question.budgets[stage].target_s
        width = shares.width(at_s, at_s + target_s)
        if width:
            yield Target(shares.x(at_s), width, stage.value, target_s)
        at_s += target_s


def _borders(analysis: Analysis, shares: _Scale) -> Iterator[Border]:
    runs = [list(run) for _, run in groupby(analysis.units, key=lambda unit: unit.stage)]
    for number, (before, after) in enumerate(pairwise(runs)):
        start_s = after[0].start_s or 0.0
        yield Border(
            shares.x(start_s),
            number,
            start_s,
            after[0].first_word,
            before[0].stage.value,
            after[0].stage.value,
            before[0].first_word + 1,
            after[-1].end_word - 1,
        )


def _silences(
    analysis: Analysis, regions: Sequence[Region] | None, shares: _Scale
) -> Iterator[Silence]:
    words = analysis.transcript.words
    spoken = regions or [(word.start_s or 0.0, word.end_s or 0.0) for word in words]
    for (_, end_s), (start_s, _) in pairwise(spoken):
        if start_s - end_s >= PAUSE_S:
            yield Silence(
                shares.x(end_s), shares.width(end_s, start_s), end_s, round(start_s - end_s, 2)
            )


def _ticks(shares: _Scale) -> Iterator[Tick]:
    steps_s = (s for s in (5, 10, 15, 30, 60, 120, 300, 600, 3600) if shares.axis_s <= 9 * s)
    step_s = next(steps_s, 3600 * math.ceil(shares.axis_s / (9 * 3600)))
    at_s = 0
    while at_s <= shares.axis_s * 0.985:
        yield Tick(shares.x(at_s), f"{at_s // 60}:{at_s % 60:02d}")
        at_s += step_s


def wave_path(samples: npt.NDArray[np.float32], duration_s: float, axis_s: float) -> str:
    """A waveform as a filled path, PEAKS wide for the whole axis, loudest to the full height."""
    columns = max(2, round(PEAKS * duration_s / axis_s))
    size = max(1, -(-len(samples) // columns))
    whole = np.pad(np.abs(samples), (0, -len(samples) % size)).reshape(-1, size).max(1)
    heights = np.sqrt(whole / max(float(whole.max()), 1e-4)) * (PLOT_HEIGHT / 2 - 1)
    middle = PLOT_HEIGHT / 2
    upper = " ".join(f"{n},{middle - h:.0f}" for n, h in enumerate(heights))
    lower = " ".join(f"{n},{middle + h:.0f}" for n, h in reversed(list(enumerate(heights))))
    return f"M{upper} {lower}Z"


@dataclass(frozen=True)
class PacePlot:
    """Pace in the course of the answer, as a line in a box of 100 by 100."""

    line: str
    points: tuple[tuple[float, float, float, float], ...]
    """x, y, words a minute, second."""
    lowest: int
    highest: int


def pace_plot(windows: Sequence[Window], duration_s: float | None) -> PacePlot | None:
    """The articulation of at least three windows; None of fewer, where there is no course."""
    found = [
        ((window.start_s + window.end_s) / 2, window.articulation_wpm)
        for window in windows
        if window.articulation_wpm is not None
    ]
    if len(found) < 3 or not duration_s:
        return None
    lowest = int(min(rate for _, rate in found) // 20) * 20
    highest = int(-(-max(rate for _, rate in found) // 20)) * 20
    span = max(20, highest - lowest)
    points = tuple(
        (
            round(100 * at_s / duration_s, 2),
            round(100 - 100 * (rate - lowest) / span, 2),
            rate,
            at_s,
        )
        for at_s, rate in found
    )
    return PacePlot(" ".join(f"{x},{y}" for x, y, _, _ in points), points, lowest, lowest + span)
