"""A group of answers on one page: verdicts, seconds against targets, what was weak, every file.

The plot shows every answer as a point, because a median alone hides the one who talked for five
minutes. Targets that differ within the group (levels, patterns) are all drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from mock_interviewer.core.cohort import StageSeconds, faults_in, grouped, verdict_of
from mock_interviewer.core.rubric import RUBRIC_VERSION
from mock_interviewer.core.wording import Wording
from mock_interviewer.pages.file import content_hash, style_inside
from mock_interviewer.pages.rendering import render

WIDTH = 640
HEIGHT = 42
TICK_S = 30
JITTER = (0, 5, -5, 9, -9, 3, -3, 7, -7)
"""Points of nearly the same seconds stand beside each other, the same way each time."""


@dataclass(frozen=True)
class StagePlot:
    """One stage's row of points, in units of the drawing."""

    stage: str
    points: tuple[tuple[float, float], ...]
    targets: tuple[float, ...]
    median: float | None
    told: StageSeconds


@dataclass(frozen=True)
class FileLine:
    """One answer's row in the table."""

    name: str
    source: str
    link: str | None
    verdict: str | None
    verdict_at_first: str | None
    """Where a reply took the verdict down, what the opening answer had earned."""
    error: str | None
    duration_s: float | None
    faults: tuple[str, ...]
    change: str | None


def cohort_file(answers: Sequence[tuple[str | None, Mapping[str, Any]]], said: Wording) -> str:
    """The document. answers: a link to its own report or None, and what `replay --json` tells."""
    group = grouped([told for _, told in answers])
    longest_s = max((s for stage in group.stages for s in stage.seconds), default=0.0)
    longest_s = max(longest_s, *(t for stage in group.stages for t in stage.targets_s), TICK_S)
    style = style_inside()
    return render(
        "cohort.html",
        said,
        group=group,
        plots=[_plot(stage, longest_s) for stage in group.stages],
        ticks=[(s, _x(s, longest_s)) for s in _ticks(longest_s)],
        width=WIDTH,
        height=HEIGHT,
        files=[_line(link, told) for link, told in answers],
        style=style,
        style_hash=content_hash(style),
        rubric_version=RUBRIC_VERSION,
    )


def _ticks(longest_s: float) -> range:
    step = TICK_S
    while longest_s / step > 8:
        step *= 2
    return range(0, int(longest_s) + 1, step)


def _x(seconds: float, longest_s: float) -> float:
    return round(8 + (WIDTH - 16) * seconds / longest_s, 1)


def _plot(stage: StageSeconds, longest_s: float) -> StagePlot:
    return StagePlot(
        stage.stage,
        tuple(
            (_x(seconds, longest_s), HEIGHT / 2 + JITTER[number % len(JITTER)])
            for number, seconds in enumerate(sorted(stage.seconds))
        ),
        tuple(_x(target, longest_s) for target in stage.targets_s),
        None if stage.median_s is None else _x(stage.median_s, longest_s),
        stage,
    )


def _line(link: str | None, told: Mapping[str, Any]) -> FileLine:
    source = str(told["source"])
    change = told.get("next_change")
    verdict, at_first = verdict_of(told), told.get("verdict")
    return FileLine(
        PurePath(source).name,
        source,
        link,
        verdict,
        at_first if at_first != verdict else None,
        told.get("error"),
        told.get("duration_s"),
        tuple(faults_in(told)),
        change["text"] if change else None,
    )
