"""What a benchmark finds: figures with their spread, kept in results.json and in README."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"


@dataclass(frozen=True)
class Figure:
    """One figure of a benchmark."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    runs: int

    def as_json(self) -> dict[str, Any]:
        return {
            "value": _short(self.value),
            "unit": self.unit,
            "low": _short(self.low),
            "high": _short(self.high),
            "runs": self.runs,
        }


def over_runs(name: str, unit: str, runs: Sequence[float]) -> Figure:
    """The median of several runs, with the least and the most."""
    return Figure(name, median(runs), unit, min(runs), max(runs), len(runs))


def share(name: str, hits: int, of: int, unit: str = "share") -> Figure:
    """A share of many, with its 95 % interval (Wilson)."""
    if not of:
        return Figure(name, 0.0, unit, 0.0, 1.0, 0)
    z, p = 1.96, hits / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * (p * (1 - p) / of + z * z / (4 * of * of)) ** 0.5
    return Figure(name, p, unit, max(0.0, middle - half), min(1.0, middle + half), of)


def quantile(values: Sequence[float], wanted: float) -> float:
    """Linear between neighbours."""
    ordered = sorted(values)
    at = wanted * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def _short(number: float) -> float:
    return float(f"{number:.4g}")


def keep(figures: Iterable[Figure]) -> dict[str, Any]:
    """Put the figures into results.json beside those of other benchmarks; the whole."""
    known: dict[str, Any] = {}
    if RESULTS.is_file():
        known = json.loads(RESULTS.read_text(encoding="utf-8"))
    known |= {figure.name: figure.as_json() for figure in figures}
    known["machine"] = machine()
    ordered = {name: known[name] for name in sorted(known)}
    RESULTS.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    return ordered


def machine() -> dict[str, str]:
    """Commit, processor and date."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    return {
        "commit": commit or "unknown",
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
    }


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
