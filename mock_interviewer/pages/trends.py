"""Trends as small plots: one point an answer, from the first to the last, nothing smoothed."""

from __future__ import annotations

from dataclasses import dataclass

from mock_interviewer.core.progress import Told, Trend

MOST_POINTS = 40
_TOP, _BOTTOM = 8.0, 68.0
"""Where strong hire and no hire lie."""


@dataclass(frozen=True)
class Point:
    """One answer in a plot."""

    x: float
    y: float
    told: Told
    is_best: bool


@dataclass(frozen=True)
class TrendPlot:
    """The course of one question or principle."""

    trend: Trend
    title: str
    points: tuple[Point, ...]


def trend_plot(trend: Trend) -> TrendPlot:
    """The latest answers of a trend as points; x in per cent, y in pixels of a plot 76 high."""
    shown = trend.answers[-MOST_POINTS:]
    last = max(1, len(shown) - 1)
    return TrendPlot(
        trend,
        shown[-1].question if trend.name != shown[-1].principle else trend.name,
        tuple(
            Point(
                round(2 + 96 * number / last, 2),
                round(_BOTTOM - (_BOTTOM - _TOP) * (told.rank or 0) / 4, 1),
                told,
                told is trend.best,
            )
            for number, told in enumerate(shown)
        ),
    )
