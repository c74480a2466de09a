"""`make bench`: every figure, the table in README, and results.json.

    python benchmarks/bench.py [--tiny DIR] [--base DIR] [--only NAME ...] [--write]

--tiny is the tests' tiny Whisper (tests/tiny_whisper if it is there), --base a Whisper of base size
(benchmarks/make_base_model.py makes one with random weights); what is not there is left out and
said so. --write puts the table into README. All of it takes about half an hour on two idle cores.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import endings  # noqa: E402
import fillers  # noqa: E402
import following  # noqa: E402
import streaming  # noqa: E402
import timing  # noqa: E402
from figures import RESULTS, Figure, keep  # noqa: E402

TINY = ROOT / "tests" / "tiny_whisper"
BASE = ROOT / "build" / "base-model"
README = ROOT / "README.md"
TARGETS = {
    "verdict_after_end_tiny_s": 1.0,
    "verdict_after_end_base_s": 2.0,
    "verdict_after_end_sphinx_s": 3.0,
    "follow_cpu_share": 0.6,
    "follow_peak_mb_1min": 700,
    "follow_peak_mb_3min": 700,
    "follow_peak_mb_10min": 700,
    "lag_words_p95_s": 9,
    "lag_stage_p95_s": 11,
    "streamed_wer_excess": 0.02,
    "false_endings": 0.01,
    "false_countdowns": 0.3,
    "ending_wait_p95_s": 7,
    "filler_precision": 0.9,
    "filler_recall": 0.8,
    "filler_false_per_min": 0.5,
    "timer_error_p99_ms": 50,
}
"""At most so much; the two of precision and recall at least."""
AT_LEAST = ("filler_precision", "filler_recall")


def main() -> None:
    """Measure, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiny", type=Path, default=TINY)
    parser.add_argument("--base", type=Path, default=BASE)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    tiny = options.tiny if (options.tiny / "model.bin").is_file() else None
    base = options.base if (options.base / "model.bin").is_file() else None
    parts: dict[str, Callable[[], Iterable[Figure]]] = {
        "fillers": fillers.measure,
        "endings": endings.measure,
        "timing": lambda: timing.measure(base),
        "streaming": lambda: streaming.measure(tiny),
        "sphinx": lambda: following.measure("sphinx", None),
    }
    for name, model in (("tiny", tiny), ("base", base)):
        if model is None:
            print(f"{name}: left out, there is no such model", file=sys.stderr)
        else:
            parts[name] = lambda name=name, model=model: following.measure(name, model)  # type: ignore[misc]
    for name, measure in parts.items():
        if not options.only or name in options.only:
            keep(measure())
    table = as_table()
    print(table)
    if options.write:
        text = README.read_text(encoding="utf-8")
        marked = f"<!-- bench -->\n{table}\n<!-- /bench -->"
        text = re.sub(r"<!-- bench -->.*<!-- /bench -->", lambda _: marked, text, flags=re.DOTALL)
        README.write_text(text, encoding="utf-8")


def as_table() -> str:
    """Every figure that has been kept, as Markdown."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8"))
    machine = kept.pop("machine")
    rows = ["| figure | value | from | to | runs | aim |", "| --- | --- | --- | --- | --- | --- |"]
    for name, figure in kept.items():
        aim = TARGETS.get(name)
        told = "" if aim is None else f"{'≥' if name in AT_LEAST else '≤'} {aim:g}"
        cells = [f"`{name}`", f"{figure['value']:g} {figure['unit']}"]
        cells += [f"{figure['low']:g}", f"{figure['high']:g}", str(figure["runs"]), told]
        rows.append(f"| {' | '.join(cells)} |")
    rows.append("")
    rows.append(f"Measured at {machine['commit']} on {machine['processor']}, {machine['date']}.")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
