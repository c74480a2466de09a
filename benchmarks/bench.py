"""`make bench`: every figure, the table in README, and results.json.

    python benchmarks/bench.py [--tiny DIR] [--base DIR] [--only NAME,...] [--write]

The parts: `fillers`, `endings`, `timing` (drill timers beside two recognisers, the analysis, the
start), `streaming` (word errors), `sphinx`, `tiny` and `base` (answers of 1, 3 and
10 minutes written along, only the last ten seconds at the speed of speech), `page`, `cohort`,
`matching` (stories and retellings). Of an engine there are parts too: `base_1min`, `base_3min`,
`base_10min`, `base_whole`. How long each took is printed after it; together they should take less
than 30 minutes on two idle cores.

Each figure is put into results.json as soon as it is measured, beside those that are there, so a
run may be stopped and gone on with part by part (--only). A part that fails is told at the end,
with exit status 1; the others are measured all the same. --tiny is the tests' tiny Whisper, --base
a Whisper of base size (benchmarks/make_base_model.py makes one with random weights); a part whose
model or browser is not there is left out and said so. --write puts the table into README.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

import cohort  # noqa: E402
import endings  # noqa: E402
import fillers  # noqa: E402
import following  # noqa: E402
import matching  # noqa: E402
import page  # noqa: E402
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
    "analysis_450_words_ms": 200,
    "analysis_450_words_tables_ms": 15,
    "cohort_speedup": 1.6,
    "cohort_lost_after_kill": 0,
    "cohort_worker_growth_mb": 20,
    "story_right": 0.9,
    "story_right_free_words": 0.9,
    "retelling_drifts_found": 1,
    "retelling_copies_found": 1,
    "retelling_false_alarms": 0,
}
"""At most so much; those of AT_LEAST at least."""
AT_LEAST = (
    "filler_precision",
    "filler_recall",
    "cohort_speedup",
    "story_right",
    "story_right_free_words",
    "retelling_drifts_found",
    "retelling_copies_found",
)


def parts(tiny: Path | None, base: Path | None) -> dict[str, Callable[[], Iterable[Figure]]]:
    """What is measured, by name; a part that cannot be is left out and said so."""
    found: dict[str, Callable[[], Iterable[Figure]]] = {
        "fillers": fillers.measure,
        "endings": endings.measure,
        "timing": lambda: timing.measure(base),
        "streaming": lambda: streaming.measure(tiny),
        "sphinx": lambda: following.measure("sphinx", None),
        "tiny": lambda: following.measure("tiny", tiny),
        "base": lambda: following.measure("base", base),
        "page": page.measure,
        "cohort": cohort.measure,
        "matching": matching.measure,
    }
    there = {"tiny": tiny, "base": base, "page": shutil.which("chromium")}
    for name, needed in there.items():
        if not needed:
            what = "Chromium" if name == "page" else "model"
            print(f"{name}: left out, there is no such {what}", file=sys.stderr)
            del found[name]
    return found


def parts_of_engines(
    tiny: Path | None, base: Path | None
) -> dict[str, Callable[[], Iterable[Figure]]]:
    """What is measured of one engine, part by part; only for --only."""
    found: dict[str, Callable[[], Iterable[Figure]]] = {}
    for engine, model in (("sphinx", None), ("tiny", tiny), ("base", base)):
        if model is None and engine != "sphinx":
            continue
        measure = partial(following.measure, engine, model)
        found[f"{engine}_whole"] = partial(measure, minutes=())
        for minutes in following.MINUTES:
            name = f"{engine}_{minutes:.0f}min"
            found[name] = partial(measure, minutes=(minutes,), is_whole=False)
    return found


def measured(chosen: Mapping[str, Callable[[], Iterable[Figure]]]) -> list[str]:
    """Measure, keep and print one figure after the other; the names of parts that failed."""
    failed = []
    for name, measure in chosen.items():
        began_s = time.monotonic()
        try:
            for figure in measure():
                keep([figure])
                spread = f"({figure.low:.3f} to {figure.high:.3f}, n = {figure.runs})"
                print(f"{figure.name:40} {figure.value:8.3f} {figure.unit} {spread}", flush=True)
        except Exception:
            traceback.print_exc()
            failed.append(name)
        print(f"{name}: {(time.monotonic() - began_s) / 60:.1f} minutes", flush=True)
    return failed


def main() -> None:
    """Measure what is asked for, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tiny", type=Path, default=TINY)
    parser.add_argument("--base", type=Path, default=BASE)
    parser.add_argument("--only", metavar="NAME,...", help="these parts, in this order")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    tiny = options.tiny if (options.tiny / "model.bin").is_file() else None
    base = options.base if (options.base / "model.bin").is_file() else None
    known = parts(tiny, base)
    names = options.only.split(",") if options.only else list(known)
    known |= parts_of_engines(tiny, base)
    if unknown := [name for name in names if name not in known]:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(known)}")
    failed = measured({name: known[name] for name in names})
    table = as_table()
    print(table)
    if options.write:
        text = README.read_text(encoding="utf-8")
        marked = f"<!-- bench -->\n{table}\n<!-- /bench -->"
        text = re.sub(r"<!-- bench -->.*<!-- /bench -->", lambda _: marked, text, flags=re.DOTALL)
        README.write_text(text, encoding="utf-8")
    if failed:
        sys.exit(f"Not measured: {', '.join(failed)}.")


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
    rows.append(
        f"Last measured part: {machine['commit']}; the others are kept from earlier runs. "
        f"On {machine['processor']}, {machine['date']}."
    )
    return "\n".join(rows)


if __name__ == "__main__":
    main()
